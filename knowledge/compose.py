"""The block tree of a fiche born here, composed from the fields a rédacteur types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.blocks import Block, Inline, bullets, paragraph
from knowledge.enums import Nature, TypeBureau
from knowledge.markdown import read_markdown
from knowledge.parcours import NSP, Fin, Suite, TropDeCombinaisons, decide

if TYPE_CHECKING:
    from knowledge.models import Fiche

_REFERENCE = re.compile(r"A39-\d{4}")
_REFERENCE_KEPT = re.compile(r"(\bA39-\d{4}\b)")
TITRES = {
    "pieces": "Pièces à réunir",
    "cout": "Coût",
    "delai": "Délai",
    "texte": "Texte de référence",
    "definition": "Définition",
    "exemples_dans": "Relève de ce secteur",
    "exemples_hors": "N'en relève pas",
}


def compose(fiche: Fiche) -> list[Block]:
    """The blocks of a native fiche: what escalation needs, the lists, the parcours compiled to
    nested forks, the reference text, then services, offices and sources."""
    blocks: list[Block] = []
    if fiche.nature == Nature.ESCALADE:
        if fiche.definition:
            blocks.append(_chapter("definition", [paragraph(fiche.definition)]))
        blocks += _lists(exemples_dans=fiche.exemples_dans)
        if fiche.exemples_hors:
            examples = [[{"type": "paragraphe", "texte": _linked(e)}] for e in fiche.exemples_hors]
            blocks.append(
                _chapter("exemples_hors", [{"type": "liste", "genre": "puce", "items": examples}])
            )
    blocks += _lists(pieces=fiche.pieces, cout=fiche.cout, delai=fiche.delai)
    blocks += compile_parcours(fiche.parcours)
    if fiche.texte.strip():
        blocks.append(_chapter("texte", read_markdown(fiche.texte)))
    blocks += [
        {
            "type": "service",
            "id": "",
            "genre": "",
            "titre": service["titre"],
            "url": service.get("url", ""),
            "cerfa": "",
            "source": "",
            "format": "",
            "poids": "",
            "blocs": [],
            "notices": [],
        }
        for service in fiche.services
    ]
    blocks += _offices(fiche.organismes)
    blocks += [
        {"type": "source", "titre": source["titre"], "url": source.get("url", "")}
        for source in fiche.sources
    ]
    return blocks


def compile_parcours(parcours: dict) -> list[Block]:
    """Questions and issues as nested forks, « Ne sait pas » the last case of each.

    After each answer, only the questions that still decide something are asked
    (`knowledge.parcours.decide`); then the blocks of the issue come. A draft with too many
    combinations to try gives nothing.
    """
    if not parcours.get("issues"):
        return []
    try:
        return _blocks(decide(parcours))
    except TropDeCombinaisons:
        return []


def _blocks(suite: Suite) -> list[Block]:
    if isinstance(suite, Fin):
        return _issue_blocks(suite.issue) if suite.issue else []
    question = suite.question
    return [
        {
            "type": "fourche",
            "question": question["texte"],
            "aide": question.get("aide", ""),
            "genre": "question",
            "cas": [_case(choice, after) for choice, after in suite.suites],
        }
    ]


def _case(choice: dict, after: Suite) -> dict:
    """One answer to a question.

    A parcours that has not passed the checks (a draft being previewed) may leave an answer
    without an issue: the case is then empty.
    """
    case = {"titre": choice["libelle"], "condition": "", "a_dire": "", "organismes": []}
    if choice["code"] == NSP:
        case["ne_sait_pas"] = True
    if isinstance(after, Fin) and after.issue:
        issue = after.issue
        case |= {
            "issue": issue["titre"],
            "a_dire": issue.get("a_dire", ""),
            "organismes": list(issue.get("organismes", [])),
        }
        if issue.get("cible"):
            case["cible"] = issue["cible"]
    return case | {"blocs": _blocks(after)}


def _issue_blocks(issue: dict) -> list[Block]:
    lists = _lists(**{role: issue.get(role, []) for role in ("pieces", "cout", "delai")})
    return lists + _offices(issue.get("organismes", []))


def _chapter(role: str, blocks: list[Block]) -> Block:
    return {
        "type": "chapitre",
        "titre": [TITRES[role]],
        "niveau": 1,
        "role": role,
        "numerote": False,
        "blocs": blocks,
    }


def _lists(**lines: list[str]) -> list[Block]:
    return [_chapter(role, [bullets(texts)]) for role, texts in lines.items() if texts]


def _linked(text: str) -> Inline:
    """« … → fiche A39-0101 » with the reference as a link: one click to where the example goes."""
    return [
        {"m": "fiche", "reference": part, "c": [part]} if _REFERENCE.fullmatch(part) else part
        for part in _REFERENCE_KEPT.split(text)
        if part
    ]


def _offices(codes: list[str]) -> list[Block]:
    labels = dict(TypeBureau.choices)
    return [
        {
            "type": "bureau",
            "id": "",
            "genre": "",
            "titre": str(labels.get(code, code)),
            "complement": "",
            "pivot": code,
            "urls": [],
            "source": "",
            "blocs": [],
        }
        for code in codes
    ]
