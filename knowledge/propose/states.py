"""The states of a proposition as one machine: every arrow stands in `ARROWS`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from allo3939.accounts.models import Agent
from knowledge.enums import EN_COURS
from knowledge.enums import EtatProposition as E
from knowledge.enums import GesteProposition as G
from knowledge.models import EtapeProposition, Fiche, Proposition
from knowledge.propose.rights import PropositionDepassee

ARROWS: dict[G, tuple[tuple[E, ...], E]] = {
    G.SOUMETTRE: ((E.BROUILLON, E.A_CORRIGER), E.A_RELIRE),
    G.CORRIGER: ((E.A_RELIRE, E.APPROUVEE, E.PROGRAMMEE), E.A_CORRIGER),
    G.APPROUVER: ((E.A_RELIRE,), E.APPROUVEE),
    G.PROGRAMMER: ((E.APPROUVEE, E.PROGRAMMEE), E.PROGRAMMEE),
    G.PUBLIER: ((E.APPROUVEE, E.PROGRAMMEE), E.PUBLIEE),
    G.FORCER: ((E.BROUILLON, E.A_CORRIGER, E.A_RELIRE), E.PUBLIEE),
    G.ECARTER: ((E.A_RELIRE, E.APPROUVEE, E.PROGRAMMEE), E.ECARTEE),
    G.RETIRER: (EN_COURS, E.RETIREE),  # type: ignore[dict-item]
    G.REPRENDRE: ((E.RETIREE, E.ECARTEE), E.BROUILLON),
}
_DECISIONS = (G.APPROUVER, G.CORRIGER, G.ECARTER, G.FORCER)


def lock(proposition: Proposition) -> Proposition:
    """The row as it stands now, after the fiche's: everybody locks them in this order."""
    Fiche.objects.select_for_update().get(pk=proposition.fiche_id)
    rows = Proposition.objects.select_for_update(of=("self",)).select_related("fiche", "auteur")
    return rows.get(pk=proposition.pk)


def move(
    proposition: Proposition,
    geste: G,
    *,
    by: Agent | None,
    relecteur: str = "",
    commentaire: str = "",
    **fields: Any,
) -> Proposition:
    """Follow an arrow of a locked proposition, write its fields and its line of history.

    Raises `PropositionDepassee` when no arrow leaves the state it is in.
    """
    sources, target = ARROWS[geste]
    if proposition.etat not in sources:
        raise PropositionDepassee(explain(proposition))
    now = timezone.now()
    for name, value in {"etat": target, **fields}.items():
        setattr(proposition, name, value)
    if geste in _DECISIONS:
        proposition.decidee_le = now
    proposition.save()
    tell(proposition, geste, by=by, relecteur=relecteur, commentaire=commentaire)
    return proposition


def tell(
    proposition: Proposition,
    geste: G,
    *,
    by: Agent | None,
    relecteur: str = "",
    commentaire: str = "",
) -> EtapeProposition:
    """One line of the proposition's way."""
    return EtapeProposition.objects.create(
        proposition=proposition,
        geste=geste,
        agent=by,
        relecteur=relecteur,
        commentaire=commentaire.strip(),
    )


def explain(proposition: Proposition) -> str:
    """Why a proposition cannot be changed as asked any more."""
    return {
        E.BROUILLON: "La proposition est encore en cours d'écriture.",
        E.A_RELIRE: "La proposition attend une relecture\u00a0: retirez-la pour la reprendre.",
        E.A_CORRIGER: "La proposition a été renvoyée à son auteur.",
        E.APPROUVEE: "La proposition est déjà approuvée.",
        E.PROGRAMMEE: "La proposition est déjà approuvée et programmée.",
        E.PUBLIEE: "La proposition est déjà publiée.",
        E.ECARTEE: "La proposition a été écartée.",
        E.RETIREE: "La proposition a été retirée par son auteur.",
    }[E(proposition.etat)]
