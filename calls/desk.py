"""What stands on the desk of an agent: the call, the question, the fiche, the bodies, the transfer.

One reading for the whole console, so that a page and its regions always tell the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from allo3939.accounts.models import Secteur
from calls import escalate, record, thread, wait
from calls.enums import OUVERTS, EtatTransfert
from calls.models import Appel, Consultation, Demande, Transfert
from knowledge.qualify import Lecture
from knowledge.speak import dictate
from knowledge.target import Cible, find_target
from orientation.hours import Ouverture, describe, opening_of, openings_of
from orientation.models import Commune, Organisme
from orientation.orient import competent_bodies
from orientation.phones import in_pairs

BODIES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Guichet:
    """A body for the caller, with its hours now and how sure its competence is."""

    organisme: Organisme
    garantie: str
    ouverture: Ouverture
    commune: Commune | None
    """The commune it was found for."""
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
    venue_de: Consultation | None = None
    """The consultation whose link led to this one: « Échap » goes back to it."""
    lecture: Lecture | None = None
    cible: Cible | None = None
    """Where the case reached leads; None: what is said is the answer."""
    guichets: list[Guichet] = field(default_factory=list)
    transfert: Transfert | None = None
    reroute_de: Transfert | None = None
    """The transfer that a wrong sector sent on as this one."""
    issue_proposee: str = ""
    repondue: bool = False
    """Something was read or given: « F2 » opens the next line, « Échap » goes back to search."""
    changee: bool = False
    """The fiche was published again since the agent opened it."""

    @property
    def fiche(self):
        return self.consultation.fiche if self.consultation else None

    @property
    def secteur(self):
        """The sector the question belongs to, as the case reached or its fiche says."""
        return escalate.designated_sector(self.fiche, self.cible)

    @property
    def phrase(self) -> str:
        """What to say before the transfer."""
        return escalate.sentence(self.transfert) if self.transfert else ""

    @property
    def transfert_montre(self) -> str:
        """The transfer and its state, as the page sends them back to ask what has changed."""
        return f"{self.transfert.pk}.{self.transfert.etat}" if self.transfert else ""

    @property
    def en_transit(self) -> bool:
        """Whether the transfer may still change without the agent."""
        return self.transfert is not None and self.transfert.etat not in escalate.BACK

    @property
    def attente(self) -> wait.Attente | None:
        """The wait left for the offer; None when it is unknown, or nothing is offered."""
        if self.transfert is None or self.transfert.etat != EtatTransfert.PROPOSEE:
            return None
        return wait.expected_wait_of(self.transfert, at=timezone.now())

    @property
    def phrase_proposee(self) -> str:
        """What would be said before a transfer to the sector designated."""
        if self.secteur is None:
            return ""
        return escalate.sentence_for(self.secteur, fiche=self.fiche, lecture=self.lecture)

    @property
    def cible_donnee(self) -> bool:
        """Whether the outside body that the case leads to was given already."""
        if self.demande is None or self.cible is None or not self.cible.titre:
            return False
        given = self.demande.orientations.all()
        return any(item.exterieur == self.cible.titre for item in given)

    @property
    def dictee(self) -> str:
        """What is said at this point of the path, as plain text, with the bodies given."""
        if self.fiche is None or self.lecture is None:
            return ""
        at = timezone.now()
        bodies = [_told(guichet, at=at) for guichet in self.donnes]
        return dictate(self.fiche, self.lecture, bodies=bodies, on=timezone.localdate(at))

    @property
    def donnes(self) -> list[Guichet]:
        return [guichet for guichet in self.guichets if guichet.donne]

    @property
    def a_donner(self) -> list[Guichet]:
        return [guichet for guichet in self.guichets if not guichet.donne]


def read_desk(agent) -> Poste:
    """The agent's desk; an empty one outside a call. A constant number of queries."""
    appel = record.open_call(agent)
    if appel is None:
        return Poste()
    demandes = list(appel.demandes.all())
    demande = demandes[-1]
    consultation = thread.in_front(demande)
    lecture = record.read(consultation) if consultation else None
    transferts = list(demande.transferts.all())
    given = list(demande.orientations.all())
    transfert = transferts[-1] if transferts else None
    offered = any(item.etat in OUVERTS for item in transferts)
    return Poste(
        appel=appel,
        demande=demande,
        consultation=consultation,
        venue_de=thread.came_from(demande, consultation),
        lecture=lecture,
        cible=find_target(lecture.cible) if lecture else None,
        guichets=_counters(appel.commune, lecture, given),
        transfert=transfert,
        reroute_de=_sent_on_by(transfert, transferts),
        issue_proposee=record.propose_outcome(demande),
        repondue=bool(given or transferts or consultation) and not offered,
        changee=consultation is not None and record.has_changed(consultation),
    )


def _sent_on_by(transfert: Transfert | None, transferts: list[Transfert]) -> Transfert | None:
    origin = transfert.reroute_de_id if transfert else None
    return next((item for item in transferts if item.pk == origin), None)


def bodies_for(commune: Commune | None, lecture: Lecture | None, *, at: datetime) -> list[Guichet]:
    """The competent bodies for the commune, for the kinds of office in force in the fiche."""
    if commune is None or lecture is None or not lecture.organismes:
        return []
    found = competent_bodies(commune, kinds=lecture.organismes)[:BODIES_SHOWN]
    states = openings_of([item.organisme for item in found], at=at)
    return [
        Guichet(item.organisme, item.garantie, ouverture, commune, item.type_code)
        for item, ouverture in zip(found, states, strict=True)
    ]


def settle_commune(agent, *, commune: Commune) -> None:
    """Keep the caller's commune, and give the competent body when there is no choice to make:
    exactly one body of the first kind of office that has any.

    A body given for another commune in the same question was a mistake: it is taken back.
    """
    poste = read_desk(agent)
    if poste.appel is None or poste.demande is None:
        raise record.AppelImpossible("Aucun appel n'est en cours.")
    record.set_commune(poste.appel, commune=commune)
    record.take_back_bodies(poste.demande, except_for=commune)
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


def give_outside(poste: Poste) -> None:
    """Record as given the outside body that the case reached leads to."""
    cible = poste.cible
    if poste.demande is None or cible is None or not cible.titre:
        raise record.AppelImpossible("Ce cas ne mène à aucun organisme extérieur.")
    said = ", ".join(filter(None, (cible.titre, cible.telephone, cible.url)))
    record.give_outside(poste.demande, titre=cible.titre, said=said)


def give_fallback(poste: Poste, *, secteur: Secteur) -> str:
    """Record as given the body that stands in for a closed sector; the sentence to say."""
    if poste.demande is None or not secteur.repli:
        raise record.AppelImpossible("Aucun organisme ne remplace ce secteur.")
    said = escalate.fallback_sentence(secteur, at=timezone.now())
    record.give_outside(poste.demande, titre=secteur.repli, said=said)
    return said


def _told(guichet: Guichet, *, at: datetime) -> str:
    """A body as it is dictated: name, hours, address, phones in pairs."""
    organisme = guichet.organisme
    phones = (in_pairs(phone["numero"]) for phone in organisme.telephones)
    parts = (
        organisme.nom,
        describe(guichet.ouverture, at=at),
        organisme.adresse_en_ligne,
        *phones,
    )
    return "- " + ", ".join(part for part in parts if part)


def _counters(commune, lecture, given) -> list[Guichet]:
    at = timezone.now()
    kept = [item for item in given if item.organisme]
    states = openings_of([item.organisme for item in kept], at=at)
    done = [
        Guichet(item.organisme, item.garantie, ouverture, item.commune, donne=True)
        for item, ouverture in zip(kept, states, strict=True)
    ]
    known = {guichet.organisme.pk for guichet in done}
    others = [g for g in bodies_for(commune, lecture, at=at) if g.organisme.pk not in known]
    return done + others
