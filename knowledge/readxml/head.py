"""Where a document stands in its source: all that its head says of it, nothing left out."""

from __future__ import annotations

import re

from lxml import etree

from knowledge.blocks import Block
from knowledge.readxml.inline import Reading, plain, tag_of
from knowledge.readxml.links import link
from knowledge.readxml.structure import blocks, others, some

DC = "{http://purl.org/dc/elements/1.1/}"
# Children of the root that say what the document is and where it stands, not what it says.
HEAD = frozenset(
    (
        *("SurTitre", "Audience", "Canal", "Cible", "FilDAriane", "Theme", "SousThemePere"),
        *("SousDossierPere", "DossierPere", "RechercheGuideePere", "FichePrecedente"),
        "FicheSuivante",
    )
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# Told by a key of their own, or of no use to a reader: the schema stands in ``SourceFiche``.
_TOLD = (
    *("profilsPro", "questionnaireUrl"),
    "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation",
)
# What the head's elements may hold; anything else is read as blocks.
_KNOWN = {
    "FilDAriane": ("Niveau",),
    "Theme": ("Titre", "Audience"),
    "DossierPere": ("Titre", "SousDossier", "Fiche"),
    "DossierPere/SousDossier": ("Titre", "Fiche"),
}


def in_head(element: etree._Element) -> bool:
    return element.tag in HEAD or str(element.tag).startswith(DC)


def iso(text: str) -> str:
    """The day inside a text such as « modified 2024-11-01 », or ""."""
    found = _DATE.search(text)
    return found[0] if found else ""


def frame(root: etree._Element, reading: Reading) -> Block:
    """The ``cadre`` block: Dublin Core's mentions, publics, breadcrumb, place, sister fiches."""
    found = {
        "type": "cadre",
        **some(
            mentions=[
                {"nom": tag_of(child), "texte": text}
                for child in root
                if child.tag.startswith(DC) and (text := plain(child))
            ],
            surtitre=plain(root.find("SurTitre")),
            publics=[{"titre": plain(child)} for child in root.findall("Audience")],
            canal=plain(root.find("Canal")),
            cible=plain(root.find("Cible")),
            fil=[_step(level) for level in root.findall("FilDAriane/Niveau")],
            themes=[_theme(theme) for theme in root.findall("Theme")],
            sous_theme=_place(root.find("SousThemePere")),
            sous_dossier=_place(root.find("SousDossierPere")),
            importante_le=iso(root.get("dateDerniereModificationImportante", "")),
            profils=root.get("profilsPro"),
            questionnaire=root.get("questionnaireUrl"),
        ),
        **others(root, *_TOLD),
    }
    dossier = root.find("DossierPere")
    if dossier is not None:
        groups = [
            {
                **some(reference=group.get("ID")),
                "titre": plain(group.find("Titre")),
                "liens": _sisters(group),
            }
            for group in dossier.findall("SousDossier")
        ]
        found["dossier"] = {
            "reference": dossier.get("ID", ""),
            "titre": plain(dossier.find("Titre")),
            "groupes": groups,
            "liens": _sisters(dossier),
        }
    for key, tags in (
        ("voisines", ("FichePrecedente", "FicheSuivante")),
        ("liens", ("RechercheGuideePere",)),
    ):
        links = [b for tag in tags for child in root.findall(tag) for b in link(child, reading)]
        found |= some(**{key: links})
    return found | some(blocs=_rest(root, reading))


def _rest(root: etree._Element, reading: Reading) -> list[Block]:
    """What DILA may add to the head, and this reader has no place for."""
    return [
        block
        for path, known in _KNOWN.items()
        for element in root.findall(path)
        if any(child.tag not in known for child in element)
        for block in blocks(element, reading, tuple(c for c in element if c.tag in known))
    ]


def _step(level: etree._Element) -> dict:
    return {
        "titre": plain(level),
        **some(reference=level.get("ID"), genre=level.get("type")),
        **others(level, "ID", "type"),
    }


def _theme(theme: etree._Element) -> dict:
    return {
        "reference": theme.get("ID", ""),
        "titre": plain(theme.find("Titre")),
        **some(publics=[{"titre": plain(child)} for child in theme.findall("Audience")]),
    }


def _place(element: etree._Element | None) -> dict | None:
    if element is None:
        return None
    return {"reference": element.get("ID", ""), "titre": plain(element)}


def _sisters(group: etree._Element) -> list[dict]:
    return [
        {"reference": child.get("ID", ""), "titre": plain(child)}
        for child in group.findall("Fiche")
    ]
