"""Guided questions of the source: its questionnaire, its problems and their branches."""

from __future__ import annotations

from knowledge.readxml.inline import rich, tag_of
from knowledge.readxml.structure import READERS, blocks, others, some


def _questionnaire(element, reading):
    title = element.find("Description")
    return [
        {
            "type": "questionnaire",
            "titre": rich(title, reading),
            **others(element),
            "blocs": blocks(element, reading, (title,)),
        }
    ]


def _question(element, reading):
    title = element.find("Titre")
    answers = element.findall("Choix")
    return [
        {
            "type": "choix",
            "titre": rich(title, reading),
            **others(element),
            "blocs": blocks(element, reading, (title, *answers)),
            "reponses": [_answer(answer, reading) for answer in answers],
        }
    ]


def _answer(element, reading) -> dict:
    title, chosen = element.find("Titre"), element.find("IntituleSiSelectionne")
    sets = element.find("SiSelectionne")
    return {
        "titre": rich(title, reading),
        "libelle": rich(chosen, reading),
        "affecte": _assigned(sets),
        **others(element),
        "blocs": blocks(element, reading, (title, chosen, sets)),
    }


def _branch(element, reading):
    title, chosen = element.find("Titre"), element.find("TitreChoix")
    sets = element.find("SiSelectionne")
    return [
        {
            "type": "choix",
            "titre": rich(title, reading),
            **some(libelle=rich(chosen, reading), affecte=_assigned(sets)),
            **others(element),
            "blocs": blocks(element, reading, (title, chosen, sets)),
            "reponses": [],
        }
    ]


def _assigned(element) -> list[str]:
    """The variables a choice sets: ``["T1", "non T2"]``."""
    if element is None:
        return []
    return [
        ("non " if tag_of(child) == "affecteFaux" else "") + child.get("var", "")
        for child in element
    ]


READERS |= {
    **dict.fromkeys(("Questionnaire", "Problematiques"), _questionnaire),
    "Question": _question,
    **dict.fromkeys(("Branche", "Problematique", "Accueil"), _branch),
}
