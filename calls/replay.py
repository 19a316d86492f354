"""What an agent did while the network was cut, entered in the log afterwards: each action once.

The page keeps an action under a key of its own and sends it again until it is answered, so the same
one may come twice, from two tabs, or after it was done live and the answer lost. Two things make it
count once: its key (`Rejeu`, written in the transaction of what it does), and that an action tells
the state it started from and the one it wants, so that what is so already is left alone.

What does not apply any more is refused with a sentence for the agent, and leaves no key.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from allo3939.shared.anonymity import Examen
from calls import record
from calls.escalate import TransfertImpossible
from calls.models import Appel, Consultation, Demande, Rejeu
from knowledge.qualify import CheminInconnu

# An action older than this was not kept through a short cut: it gets the instant of its return.
PLAUSIBLE = timedelta(minutes=10)
# A tab keeps its actions as long as it lives; a shift is twelve hours.
KEEP = timedelta(days=2)


class Genre(StrEnum):
    """What can be done without network."""

    CHOIX = "choix"
    LIGNES = "lignes"
    CLOTURE = "cloture"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing done without network. Fields that its ``genre`` has no use for are empty."""

    cle: UUID
    genre: Genre
    age: timedelta = timedelta()
    """How long ago it was done, by the page's own clock: clocks may differ, durations do not."""
    appel: int | None = None
    demande: int | None = None
    consultation: int | None = None
    version: int | None = None
    """Of the fiche whose fork was answered."""
    depuis: list[int] = field(default_factory=list)
    """The path it started from."""
    chemin: list[int] = field(default_factory=list)
    """The path it wants: one choice more, or one less."""
    issue: str = ""
    utile: bool | None = None
    lignes: dict[str, str] = field(default_factory=dict)
    """The note and the other lines of the close panel, as `record.write_lines` takes them."""
    mots: str = ""
    confirmes: Collection[str] = ()
    """The signs of what the agent said to be nobody's, in the note."""
    note_perdue: bool = False
    """The page was loaded again meanwhile, and the line being typed with it."""


@dataclass(slots=True)
class Bilan:
    """What became of the actions."""

    faites: int = 0
    deja: int = 0
    """Entered before: sent twice, or done although the answer was lost."""
    appel_clos: Appel | None = None
    """The call that is closed now."""
    refus: list[str] = field(default_factory=list)
    """What could not be entered, and why, for the agent."""
    examen: Examen | None = None
    """What the guard said of a line, when it was refused."""
    champ: str = ""
    """That line."""


def replay(agent, actions: Sequence[Action]) -> Bilan:
    """Enter the actions in the agent's log, in their order, each in a transaction of its own."""
    bilan = Bilan()
    for action in actions:
        try:
            with transaction.atomic():
                if _once(agent, action) and _VERBS[action.genre](agent, action):
                    bilan.faites += 1
                else:
                    bilan.deja += 1
        except (record.AppelImpossible, TransfertImpossible) as refusal:
            bilan.refus.append(str(refusal))
            if isinstance(refusal, record.NoteRefusee):
                bilan.examen, bilan.champ = refusal.examen, refusal.champ
            continue
        if action.genre == Genre.CLOTURE:
            bilan.appel_clos = Appel.objects.of_agent(agent).filter(pk=action.appel).first()
        if action.note_perdue:
            bilan.refus.append(
                "La page a été rechargée pendant la coupure\u00a0: la note en cours de frappe n'a "
                "pas pu être gardée."
            )
    return bilan


def purge(*, now: datetime) -> int:
    """Delete the keys that no tab can send again; how many they were."""
    deleted, _ = Rejeu.objects.filter(rejoue_le__lt=now - KEEP).delete()
    return deleted


def _once(agent, action: Action) -> bool:
    """Whether the action comes for the first time.

    A second transaction with the same key waits here for the first one to end.
    """
    kept, created = Rejeu.objects.get_or_create(cle=action.cle, defaults={"agent": agent})
    if kept.agent_id != agent.pk:
        raise record.AppelImpossible("Une action gardée appartient à un autre agent.")
    return created


def _choose(agent, action: Action) -> bool:
    """Move the path of the fiche being read by one answer; whether it had to be moved."""
    reading = Consultation.objects.in_hand_of(agent).by_reading().last()
    if reading is None or reading.pk != action.consultation:
        raise record.AppelImpossible(
            "Une réponse donnée pendant la coupure n'a pas été enregistrée\u00a0: "
            "la fiche n'est plus celle que vous lisez."
        )
    Consultation.objects.select_for_update().get(pk=reading.pk)
    reading.refresh_from_db(fields=["chemin", "version"])
    title = f"«\u00a0{reading.fiche.titre}\u00a0»"
    if reading.fiche.version != action.version:
        raise record.AppelImpossible(
            f"La fiche {title} a été publiée de nouveau pendant la coupure\u00a0: "
            "reprenez les questions, vos réponses n'ont pas été enregistrées."
        )
    path = record.read(reading).chemin
    if path == action.chemin:
        return False
    if path != action.depuis:
        raise record.AppelImpossible(
            f"Une réponse donnée pendant la coupure n'a pas été enregistrée\u00a0: {title} "
            "est à un autre cas, choisi ailleurs entre-temps."
        )
    _step(reading, action)
    return True


def _step(reading: Consultation, action: Action) -> None:
    if action.chemin == action.depuis[:-1]:
        record.step_back(reading)
        return
    try:
        if action.chemin[:-1] != action.depuis:
            raise CheminInconnu
        record.choose(reading, rank=action.chemin[-1])
    except (CheminInconnu, IndexError):
        raise record.AppelImpossible("Ce choix n'existe plus dans la fiche.") from None


def _write_lines(agent, action: Action) -> bool:
    """Keep the lines typed and the answer given meanwhile; whether there was something new."""
    demande = record.question_in_hand(agent)
    if demande is None or demande.pk != action.demande:
        typed = ", ".join(f"«\u00a0{line}\u00a0»" for line in action.lignes.values() if line)
        raise record.AppelImpossible(
            "La question est close, ce que vous aviez tapé pendant la coupure n'a pas été "
            f"enregistré\u00a0: {typed or 'rien'}."
        )
    same = all(getattr(demande, name) == line.strip() for name, line in action.lignes.items())
    if same and action.utile in (None, demande.fiche_utile):
        return False
    record.write_lines(demande, confirmed=action.confirmes, **action.lignes)
    record.save_usefulness(demande, useful=action.utile)
    return True


def _close(agent, action: Action) -> bool:
    """Close the call as the agent did; whether it was open."""
    appel = Appel.objects.of_agent(agent).select_for_update().filter(pk=action.appel).first()
    if appel is None:
        raise record.AppelImpossible("L'appel clos pendant la coupure n'est pas l'un des vôtres.")
    if appel.termine_le is not None:
        _compare(appel, action)
        return False
    demande = record.current_question(appel)
    if demande.pk != action.demande:
        raise record.AppelImpossible(
            f"L'appel n°\u00a0{appel.pk} en est à une autre question\u00a0: la clôture gardée "
            "pendant la coupure n'a pas été enregistrée, clôturez-le."
        )
    record.close(
        appel,
        outcome=action.issue,
        useful=action.utile,
        words=action.mots,
        confirmed=action.confirmes,
        at=_instant(action, demande),
        **action.lignes,
    )
    return True


def _compare(appel: Appel, action: Action) -> None:
    """Nothing to say when the call was closed that way; an empty last line was dropped."""
    closed = next((item for item in appel.demandes.all() if item.pk == action.demande), None)
    if closed is None or (closed.issue_id, closed.fiche_utile) == (action.issue, action.utile):
        return
    raise record.AppelImpossible(
        f"L'appel n°\u00a0{appel.pk} était déjà clos en {closed.issue_id}\u00a0: la clôture en "
        f"{action.issue or 'aucune issue'} gardée pendant la coupure n'a pas été enregistrée."
    )


def _instant(action: Action, demande: Demande) -> datetime:
    """When it was done, as far as the page can be believed; else now."""
    now = timezone.now()
    at = now - action.age
    plausible = timedelta() <= action.age <= PLAUSIBLE and at >= demande.commence_le
    return max(at, demande.appel.raccroche_le or at) if plausible else now


_VERBS = {Genre.CHOIX: _choose, Genre.LIGNES: _write_lines, Genre.CLOTURE: _close}
