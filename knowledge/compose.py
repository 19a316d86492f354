"""The block tree of a fiche born here, composed from the fields a rédacteur types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from knowledge.blocks import Block, bullets, paragraph
from knowledge.enums import Nature, TypeBureau
from knowledge.markdown import read_markdown

if TYPE_CHECKING:
    from knowledge.models import Fiche

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
        blocks += _lists(exemples_dans=fiche.exemples_dans, exemples_hors=fiche.exemples_hors)
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
    """Questions and issues as nested forks.

    After each answer, only the questions that still tell the remaining issues apart are asked;
    once one issue remains its blocks come.
    """
    issues = parcours.get("issues", [])
    if not issues:
        return []
    return _fork_or_issue(parcours.get("questions", []), issues)


def matching(issues: list[dict], answers: Mapping[str, str]) -> list[dict]:
    """The issues that accept all these answers (question code → choice code).

    An issue without a condition on a question does not care about its answer.
    """
    return [
        issue
        for issue in issues
        if all(
            answers[question] in accepted
            for question, accepted in issue.get("si", {}).items()
            if question in answers
        )
    ]


def _fork_or_issue(questions: list[dict], issues: list[dict]) -> list[Block]:
    for rank, question in enumerate(questions):
        remaining = [
            matching(issues, {question["code"]: choice["code"]}) for choice in question["choix"]
        ]
        if all(kept == issues for kept in remaining):
            continue
        later = questions[rank + 1 :]
        cases = [
            _case(choice, later, kept)
            for choice, kept in zip(question["choix"], remaining, strict=True)
        ]
        return [
            {"type": "fourche", "question": question["texte"], "genre": "question", "cas": cases}
        ]
    return _issue_blocks(issues[0])


def _case(choice: dict, questions: list[dict], issues: list[dict]) -> dict:
    """One answer to a question.

    A parcours that has not passed the checks (a draft being previewed) may leave an answer
    without an issue: the case is then empty.
    """
    blocks = _fork_or_issue(questions, issues) if issues else []
    case = {"titre": choice["libelle"], "condition": "", "a_dire": "", "organismes": []}
    if issues and not any(block["type"] == "fourche" for block in blocks):
        issue = issues[0]
        case |= {
            "issue": issue["titre"],
            "a_dire": issue.get("a_dire", ""),
            "organismes": list(issue.get("organismes", [])),
        }
    return case | {"blocs": blocks}


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
