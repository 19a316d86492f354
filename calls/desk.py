"""What stands on the desk of an agent: the call, the question, the fiche, the bodies, the transfer.

One reading for the whole console, so that a page and its regions always tell the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.models import Secteur
from calls import escalate, notice, record, thread, wait
from calls.enums import OUVERTS, EtatTransfert
from calls.models import Appel, Consultation, Demande, OrientationDonnee, Transfert
from knowledge.qualify import Lecture
from knowledge.speak import dictate
from knowledge.target import Cible, find_target
from orientation.card import Acces, read_access
from orientation.hours import Ouverture, openings_of
from orientation.models import Commune, Organisme
from orientation.orient import Orientation, competent_bodies
from orientation.phones import in_pairs
from orientation.say import sentence

BODIES_SHOWN = 9  # as many as there are digits to choose
_UNKNOWN = Ouverture("inconnu")


@dataclass(frozen=True, slots=True)
class Guichet:
    """A body for the caller, with its hours now and how sure its competence is."""

    organisme: Organisme
    garantie: str = ""
    commune: Commune | None = None
    """The commune it was found for."""
    type_code: str = ""
    """The kind of office it was found for."""
    pourquoi: str = ""
    """Why it is competent, in words; "" for one given without a fiche that asks for it."""
    donne: bool = False
    """It was given to the caller for this question."""
    ouverture: Ouverture = _UNKNOWN
    phrase: str = ""
    """What is said of it now, first."""

    @property
    def acces(self) -> Acces:
        return read_access(self.organisme, self.ouverture, at=timezone.now())


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
    def nouvelles(self) -> notice.Nouvelles:
        """What changed in the fiche, for this agent; read only where the fiche is shown."""
        if self.appel is None:
            return notice.Nouvelles()
        return notice.news_of(self.consultation, agent=self.appel.agent)

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
        bodies = [_told(guichet) for guichet in self.donnes]
        return dictate(self.fiche, self.lecture, bodies=bodies, on=timezone.localdate())

    def offered(self, pk: UUID) -> Organisme | None:
        """The body of this key among those on the desk, where it is still to be given."""
        bodies = (guichet.organisme for guichet in self.guichets)
        return next((each for each in bodies if each.pk == pk and each.etat == "present"), None)

    @property
    def donnes(self) -> list[Guichet]:
        """The last one given first: it is the one that is being said."""
        return [guichet for guichet in self.guichets if guichet.donne]

    @property
    def a_donner(self) -> list[Guichet]:
        return [guichet for guichet in self.guichets if not guichet.donne]


def read_desk(agent) -> Poste:
    """The agent's desk; an empty one outside a call. A constant number of queries."""
    appel = record.open_call(agent)
    if appel is None:
        return Poste()
    return _lay_out(appel)


def _lay_out(appel: Appel) -> Poste:
    """The desk of a call whose log was read."""
    demande = _last_question(appel)
    consultation = thread.in_front(demande)
    lecture = record.read(consultation) if consultation else None
    transferts = list(demande.transferts.all())
    given = list(demande.orientations.all())
    transfert = transferts[-1] if transferts else None
    return Poste(
        appel=appel,
        demande=demande,
        consultation=consultation,
        venue_de=thread.came_from(demande, consultation),
        lecture=lecture,
        cible=find_target(lecture.cible) if lecture else None,
        guichets=_counters(appel.commune, lecture, given, at=timezone.now()),
        transfert=transfert,
        reroute_de=_sent_on_by(transfert, transferts),
        issue_proposee=record.propose_outcome(demande),
        repondue=bool(given or transferts or consultation) and not _is_offered(demande),
        changee=consultation is not None and record.has_changed(consultation),
    )


def _last_question(appel: Appel) -> Demande:
    """The question being dealt with, of a call whose log was read."""
    return list(appel.demandes.all())[-1]


def _sent_on_by(transfert: Transfert | None, transferts: list[Transfert]) -> Transfert | None:
    origin = transfert.reroute_de_id if transfert else None
    return next((item for item in transferts if item.pk == origin), None)


def _is_offered(demande: Demande) -> bool:
    return any(transfert.etat in OUVERTS for transfert in demande.transferts.all())


def open_fiche(agent, *, fiche, words: str) -> tuple[Poste, bool]:
    """Read for the question in hand a fiche that `find_published` gave: the desk as it then stands,
    and whether a call was picked up for it, there being none.
    """
    appel = record.open_call(agent)
    picked_up = appel is None
    if appel is None:
        record.pick_up(agent)
        appel = record.open_call(agent)
    if appel is None:  # closed meanwhile, from another window
        raise record.AppelImpossible("Cet appel est clos.")
    record.open_fiche(_last_question(appel), fiche=fiche, words=words)
    return _lay_out(appel), picked_up


def follow(agent, step: Callable[[Consultation], object]) -> Poste | None:
    """Take a step in the fiche in front of the agent (`record.choose`…): the desk as it then
    stands, None without a fiche.
    """
    appel = record.open_call(agent)
    reading = thread.in_front(_last_question(appel)) if appel else None
    if appel is None or reading is None:
        return None
    step(reading)
    return _lay_out(appel)


@transaction.atomic
def settle_commune(agent, *, commune: Commune) -> Poste:
    """Keep the caller's commune, and give the competent body when there is no choice to make:
    exactly one body of the first kind of office that has any. The desk as it then stands.
    """
    appel = record.open_call(agent)
    if appel is None:
        raise record.AppelImpossible("Aucun appel n'est en cours.")
    record.set_commune(appel, commune=commune)
    poste = _lay_out(appel)
    to_give = poste.a_donner
    first_kind = [guichet for guichet in to_give if guichet.type_code == to_give[0].type_code]
    return give(poste, organisme=first_kind[0].organisme) if len(first_kind) == 1 else poste


def give(poste: Poste, *, organisme: Organisme) -> Poste:
    """Record a body as given, with how sure its competence is and what the agent said.

    The desk as it then stands, without reading it again.
    """
    if poste.appel is None or poste.demande is None:
        raise record.AppelImpossible("Aucun appel n'est en cours.")
    shown = [guichet for guichet in poste.guichets if guichet.organisme.pk == organisme.pk]
    # One found by search: nothing is known of its competence.
    guichet = shown[0] if shown else _now([Guichet(organisme)], at=timezone.now())[0]
    record.give_body(
        poste.demande,
        organisme=organisme,
        commune=poste.appel.commune,
        garantie=guichet.garantie,
        said=guichet.phrase,
    )
    given = replace(guichet, commune=poste.appel.commune, donne=True)
    others = [each for each in poste.guichets if each is not guichet]
    return replace(
        poste,
        guichets=[given, *others],
        issue_proposee=record.propose_outcome(poste.demande),
        repondue=not _is_offered(poste.demande),
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


def _told(guichet: Guichet) -> str:
    """A body as it is copied: name, what is said of its hours, address, phones in pairs."""
    organisme = guichet.organisme
    phones = (in_pairs(phone["numero"]) for phone in organisme.telephones)
    parts = (organisme.nom, organisme.adresse_en_ligne, *phones)
    return "- " + ", ".join(part for part in parts if part) + f"\n  {guichet.phrase}"


def _counters(
    commune: Commune | None,
    lecture: Lecture | None,
    given: Sequence[OrientationDonnee],
    *,
    at: datetime,
) -> list[Guichet]:
    """The bodies given, the last one first, then the other competent ones, likeliest first."""
    competent: list[Orientation] = []
    if commune is not None and lecture is not None and lecture.organismes:
        competent = competent_bodies(commune, kinds=lecture.organismes)[:BODIES_SHOWN]
    why = {item.organisme.pk: item.pourquoi for item in reversed(competent)}
    known = {item.organisme_id for item in given}
    found = [
        Guichet(
            item.organisme, item.garantie, item.commune, "", why.get(item.organisme.pk, ""), True
        )
        for item in reversed(given)
        if item.organisme is not None
    ] + [
        Guichet(item.organisme, item.garantie, commune, item.type_code, item.pourquoi)
        for item in competent
        if item.organisme.pk not in known
    ]
    return _now(found, at=at)


def _now(guichets: Sequence[Guichet], *, at: datetime) -> list[Guichet]:
    """The same with their hours and what is said of them at an instant."""
    states = openings_of([guichet.organisme for guichet in guichets], at=at)
    return [
        replace(guichet, ouverture=state, phrase=sentence(guichet.organisme, state, at=at))
        for guichet, state in zip(guichets, states, strict=True)
    ]
