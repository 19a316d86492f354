"""What stands on the desk of an agent: the call, the question, the fiche, the bodies, the transfer.

One reading for the whole console, so that a page and its regions always tell the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from django.utils import timezone

from allo3939.shared.index import Trouvaille
from calls import record
from calls.models import Appel, Consultation, Demande, Transfert
from knowledge.qualify import Lecture
from orientation.hours import Ouverture, describe, opening_of
from orientation.models import Commune, Organisme
from orientation.orient import competent_bodies
from orientation.search import Resultats

BODIES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Guichet:
    """A body for the caller, with its hours now and how sure its competence is."""

    organisme: Organisme
    garantie: str
    ouverture: Ouverture
    type_code: str = ""
    """The kind of office it was found for."""
    donne: bool = False
    """It was given to the caller for this question."""


@dataclass(frozen=True, slots=True)
class Poste:
    """The console of one agent at one instant."""

    appel: Appel | None = None
    demande: Demande | None = None
    consultation: Consultation | None = None
    lecture: Lecture | None = None
    guichets: list[Guichet] = field(default_factory=list)
    transfert: Transfert | None = None
    issue_proposee: str = ""
    repondue: bool = False
    """Something was read or given for the question: the next search opens the next line."""

    @property
    def fiche(self):
        return self.consultation.fiche if self.consultation else None

    @property
    def donnes(self) -> list[Guichet]:
        return [guichet for guichet in self.guichets if guichet.donne]

    @property
    def a_donner(self) -> list[Guichet]:
        return [guichet for guichet in self.guichets if not guichet.donne]


@dataclass(frozen=True, slots=True)
class Ligne:
    """A result with the digit that opens it; the digits run through the groups."""

    rang: int
    trouvaille: Trouvaille
    defaut: bool
    """« Entrée » opens it."""


@dataclass(frozen=True, slots=True)
class Groupe:
    """Results of one kind, and the page that opens them."""

    titre: str
    badge: str
    teinte: str
    vue: str
    lignes: list[Ligne]


def number(found: Resultats) -> list[Groupe]:
    """The results in the order in which they are shown; groups without a result are left out."""
    first = [items[0] for items in (found.reponses, found.escalades, found.organismes) if items]
    default = max(first, key=_title_hits, default=None)
    rank = count(1)
    kinds = (
        ("Fiches de réponse", "N1", "info", "console-fiche", found.reponses),
        ("Fiches d'escalade", "N2", "purple-glycine", "console-fiche", found.escalades),
        ("Annuaire", "", "", "console-organisme", found.organismes),
    )
    return [
        Groupe(
            title,
            badge,
            tint,
            view,
            [Ligne(next(rank), item, defaut=item is default) for item in items],
        )
        for title, badge, tint, view, items in kinds
        if items
    ]


def _title_hits(found: Trouvaille) -> int:
    """Words of the search in the title. « Entrée » opens the first line of the group whose first
    title says most of them, the upper group when they say as many: "mairie le mans" is a body.
    """
    return sum(len(text.split()) for text, hit in found.titre if hit)


def read_desk(agent) -> Poste:
    """The agent's desk; an empty one outside a call. A constant number of queries."""
    appel = record.open_call(agent)
    if appel is None:
        return Poste()
    demandes = list(appel.demandes.all())
    demande = demandes[-1]
    consultations = list(demande.consultations.all())
    consultation = consultations[-1] if consultations else None
    lecture = record.read(consultation) if consultation else None
    transferts = list(demande.transferts.all())
    given = list(demande.orientations.all())
    return Poste(
        appel=appel,
        demande=demande,
        consultation=consultation,
        lecture=lecture,
        guichets=_counters(appel.commune, lecture, given),
        transfert=transferts[-1] if transferts else None,
        issue_proposee=record.propose_outcome(demande),
        repondue=bool(given or transferts or (lecture and lecture.complet)),
    )


def bodies_for(commune: Commune | None, lecture: Lecture | None, *, at: datetime) -> list[Guichet]:
    """The competent bodies for the commune, for the kinds of office in force in the fiche."""
    if commune is None or lecture is None or not lecture.organismes:
        return []
    found = competent_bodies(commune, kinds=lecture.organismes)[:BODIES_SHOWN]
    return [
        Guichet(item.organisme, item.garantie, opening_of(item.organisme, at=at), item.type_code)
        for item in found
    ]


def settle_commune(agent, *, commune: Commune) -> None:
    """Keep the caller's commune, and give the competent body when there is no choice to make:
    exactly one body of the first kind of office that has any.
    """
    poste = read_desk(agent)
    if poste.appel is None:
        raise record.AppelImpossible("Aucun appel n'est en cours.")
    record.set_commune(poste.appel, commune=commune)
    poste = read_desk(agent)
    to_give = poste.a_donner
    first_kind = [guichet for guichet in to_give if guichet.type_code == to_give[0].type_code]
    if len(first_kind) == 1:
        give(poste, organisme=first_kind[0].organisme)


def give(poste: Poste, *, organisme: Organisme) -> None:
    """Record a body as given, with how sure its competence is and its hours as the agent said."""
    if poste.appel is None or poste.demande is None:
        raise record.AppelImpossible("Aucun appel n'est en cours.")
    at = timezone.now()
    shown = {guichet.organisme.pk: guichet.garantie for guichet in poste.guichets}
    said = f"{organisme.nom}\u00a0: {describe(opening_of(organisme, at=at), at=at)}"
    record.give_body(
        poste.demande,
        organisme=organisme,
        commune=poste.appel.commune,
        garantie=shown.get(organisme.pk, ""),
        said=said,
    )


def _counters(commune, lecture, given) -> list[Guichet]:
    at = timezone.now()
    done = [
        Guichet(item.organisme, item.garantie, opening_of(item.organisme, at=at), donne=True)
        for item in given
    ]
    known = {guichet.organisme.pk for guichet in done}
    others = [g for g in bodies_for(commune, lecture, at=at) if g.organisme.pk not in known]
    return done + others
