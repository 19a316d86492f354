"""Fiches and propositions as rédacteurs write them, for the tests of what follows."""

from __future__ import annotations

from datetime import date

from knowledge import propose
from knowledge.models import Fiche, Theme
from knowledge.publish import publish

A_DIRE = "L'acte de naissance se demande à la mairie du lieu de naissance."
AUTRE = "L'acte de naissance se demande en ligne, ou à la mairie du lieu de naissance."
OU = {
    "code": "ou",
    "texte": "Où est-il né ?",
    "choix": [
        {"code": "france", "libelle": "En France"},
        {"code": "ailleurs", "libelle": "Ailleurs"},
    ],
}
PARCOURS = {
    "questions": [OU],
    "issues": [
        {"titre": "né en France", "si": {"ou": ["france"]}, "a_dire": "À la mairie."},
        {"titre": "né ailleurs", "si": {"ou": ["ailleurs", "nsp"]}, "a_dire": "À Nantes."},
    ],
}


def make_fiche(secteur, *, reference="A39-0900", published=True, **fields) -> Fiche:
    """A complete answer fiche of the sector."""
    theme, _ = Theme.objects.get_or_create(
        code="etat-civil", defaults={"titre": "État civil", "secteur": secteur}
    )
    fiche = Fiche(
        **{
            "reference": reference,
            "nature": "reponse",
            "origine": "allo3939",
            "titre": "Acte de naissance",
            "a_dire": A_DIRE,
            "mots_cles": ["acte"],
            "theme": theme,
            "secteur": secteur,
            "sources": [{"titre": "Code civil", "url": ""}],
            "verifiee_le": date(2026, 11, 3),
            **fields,
        }
    )
    if not published:
        fiche.save()
        return fiche
    return publish(fiche, by=None)


def write(
    fiche, agent, *, motif="Demande en ligne", importance="precision", effet_le=None, **champs
):
    """A proposition of the agent, saved as the form would."""
    proposition = propose.open_proposition(fiche, by=agent)
    edited = propose.as_typed(proposition)
    for name, value in (champs or {"a_dire": AUTRE}).items():
        setattr(edited, name, value)
    return propose.save(
        proposition,
        by=agent,
        edited=edited,
        lue=None,
        revision=proposition.revision,
        motif=motif,
        importance=importance,
        effet_le=effet_le,
    )


def submit(fiche, agent, **told):
    """The same, sent for review."""
    return propose.submit(write(fiche, agent, **told), by=agent)


def programme(fiche, agent, *, approver, effet_le, **told):
    """The same, agreed to by a colleague for its day."""
    proposition = submit(fiche, agent, effet_le=effet_le, **told)
    return propose.approve(proposition, by=approver)
