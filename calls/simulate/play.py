"""One simulated call, from pick-up to close, by the verbs of the desks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from allo3939.accounts.models import Secteur
from calls import desk, escalate, record
from calls.enums import MotifRefus
from calls.models import Appel, Demande, Transfert
from calls.simulate import profile
from calls.simulate.clock import Clock
from calls.simulate.profile import draw
from calls.simulate.staff import Equipe
from calls.simulate.subjects import ELSEWHERE, INCOMPLETE, UNKNOWN, Sujet, Sujets
from knowledge.enums import Nature
from knowledge.models import Fiche
from orientation.hours import opening
from orientation.orient import competent_bodies

FORKS_MAX = 6
UNSURE, PASSED_OVER = 0.06, 0.2  # « ne sait pas », a question of a chapter passed over
LOCATED = 0.7  # of the fiches that name a kind of office
TRIES = 2  # offers to a sector before the agent gives up


@dataclass
class Scene:
    """What every call of the day shares."""

    chance: Random
    clock: Clock
    sujets: Sujets
    secteurs: dict[str, Secteur]
    informateurs: dict[str, Equipe]
    escalated: float
    """Probability that a question is for level 2 while its sector is open."""
    opened: dict[tuple[str, datetime], bool] = field(default_factory=dict)

    def wait(self, duration: profile.Seconds) -> None:
        self.clock.forward(duration.draw(self.chance))

    def is_open(self, slug: str, at: datetime) -> bool:
        """Whether a sector answers, to five minutes."""
        key = slug, at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0)
        if key not in self.opened:
            plages = self.secteurs[slug].horaires
            self.opened[key] = opening(plages, at=key[1]).etat == "ouvert"
        return self.opened[key]


def play_call(scene: Scene, *, agent) -> Appel:
    """A whole call, picked up now and closed when it ends; the clock is then at its end."""
    appel = record.pick_up(agent)
    chance = scene.chance
    outcome = draw({**profile.WITHOUT_QUESTION, **profile.UNMET, "": 1 - _ENDED}, chance)
    if outcome in ("MU", "AA"):
        scene.wait(profile.SILENCE)
        return record.close(appel, outcome=outcome)
    scene.wait(profile.GREETING)
    if outcome == "UR":
        return record.close(appel, outcome=outcome)
    for _ in range(_questions_before_the_last(chance)):
        _answer(scene, record.current_question(appel), slug=draw(profile.LEVEL_1, chance))
        record.begin_question(appel)
        scene.wait(profile.GREETING)
    demande = record.current_question(appel)
    if outcome in profile.UNMET:
        return _close_unmet(scene, demande, outcome=outcome)
    if outcome == "AB":
        return _close_abandoned(scene, demande)
    return _close_dealt_with(scene, demande)


_ENDED = sum(profile.WITHOUT_QUESTION.values()) + sum(profile.UNMET.values())


def _questions_before_the_last(chance: Random) -> int:
    if chance.random() >= profile.SECOND_QUESTION:
        return 0
    return 2 if chance.random() < profile.THIRD_QUESTION else 1


def _close_unmet(scene: Scene, demande: Demande, *, outcome: str) -> Appel:
    """The question has no fiche, not enough in its fiche, or is not the service's business."""
    if outcome == "FI":
        _read(scene, demande, scene.sujets.draw(draw(profile.LEVEL_1, scene.chance), "reponse"))
        line = scene.chance.choice(INCOMPLETE)
    else:
        known = UNKNOWN if outcome == "PF" else ELSEWHERE
        words, line = scene.chance.choice(list(known.items()))
        scene.wait(profile.TYPING)
        record.note_search(demande, words=words)
    scene.wait(profile.EXPLAINING)
    record.hang_up(demande.appel)
    scene.wait(profile.CLOSING)
    return record.close(demande.appel, outcome=outcome, useful=None, precision=line)


def _close_abandoned(scene: Scene, demande: Demande) -> Appel:
    """The caller hangs up, often while the agent is still searching."""
    if scene.chance.random() < 0.4:
        _read(scene, demande, scene.sujets.draw(draw(profile.LEVEL_1, scene.chance), "reponse"))
    else:
        scene.wait(profile.TYPING)
    return record.close(demande.appel, outcome="AB")


def _close_dealt_with(scene: Scene, demande: Demande) -> Appel:
    """Answered, oriented or escalated, as what is done for the question makes it."""
    slug = draw(profile.SECTORS, scene.chance)
    open_now = slug in scene.secteurs and scene.is_open(slug, scene.clock.instant)
    if open_now and scene.chance.random() < scene.escalated:
        return _close_escalated(scene, demande, secteur=scene.secteurs[slug])
    _answer(scene, demande, slug=draw(profile.LEVEL_1, scene.chance))
    return _close(scene, demande)


def _close(scene: Scene, demande: Demande) -> Appel:
    record.hang_up(demande.appel)
    scene.wait(profile.CLOSING)
    demande.refresh_from_db()
    useful = draw(profile.USEFUL, scene.chance)
    outcome = record.propose_outcome(demande)
    return record.close(demande.appel, outcome=outcome, useful=useful)


def _answer(scene: Scene, demande: Demande, *, slug: str) -> None:
    """Level 1 reads the fiche, says it, and gives the competent office when there is one."""
    if scene.chance.random() < profile.ORIENTED and _orient(scene, demande):
        return
    fiche = _read(scene, demande, scene.sujets.draw(slug, Nature.REPONSE))
    scene.wait(profile.SAYING)
    if fiche.organismes and scene.chance.random() < LOCATED:
        _locate(scene, demande)


def _orient(scene: Scene, demande: Demande) -> bool:
    """Search for the caller's office itself and give it; False where none is competent."""
    kind, commune = draw(profile.KINDS, scene.chance), scene.sujets.commune()
    found = competent_bodies(commune, kinds=[kind]) if commune else []
    if commune is None or not found:
        return False
    scene.wait(profile.TYPING)
    record.find_body(demande, words=f"{kind.replace('_', ' ')} {commune.nom.lower()}")
    desk.give(desk.read_desk(demande.appel.agent), organisme=found[0].organisme)
    scene.wait(profile.SAYING)
    return True


def _read(scene: Scene, demande: Demande, sujet: Sujet) -> Fiche:
    """Search for the fiche, open it and answer its forks."""
    chance = scene.chance
    scene.wait(profile.TYPING)
    fiche = scene.sujets.read(sujet.pk)
    consultation = record.open_fiche(demande, fiche=fiche, words=scene.sujets.words(sujet))
    lecture = record.read(consultation)
    while lecture.fourche and len(lecture.chemin) < FORKS_MAX:
        scene.wait(profile.ANSWERING)
        choices = {choice["rang"]: _weight(choice) for choice in lecture.fourche["choix"]}
        lecture = record.choose(consultation, rank=draw(choices, chance))
    return fiche


def _weight(choice: dict) -> float:
    if choice["ne_sait_pas"]:
        return UNSURE
    return PASSED_OVER if choice["rang"] == 0 else 1 / choice["rang"]


def _locate(scene: Scene, demande: Demande) -> None:
    """Ask for the commune, and give a competent body, the first when there is a choice."""
    commune = scene.sujets.commune()
    if commune is None:
        return
    scene.wait(profile.LOCATING)
    agent = demande.appel.agent
    desk.settle_commune(agent, commune=commune)
    if demande.orientations.exists():
        return
    poste = desk.read_desk(agent)
    if poste.a_donner:
        desk.give(poste, organisme=poste.a_donner[0].organisme)


# Level 2 ------------------------------------------------------------------------------------------


def _close_escalated(scene: Scene, demande: Demande, *, secteur: Secteur) -> Appel:
    """Qualify with a fiche, offer the question to the sector until somebody takes it, close."""
    fiche = _read(scene, demande, scene.sujets.draw(secteur.slug, Nature.ESCALADE, Nature.REPONSE))
    for _ in range(TRIES):
        scene.wait(profile.CLOSING)
        transfert = escalate.request(
            demande, secteur=secteur, motif=draw(profile.REASONS, scene.chance), fiche=fiche
        )
        answer = _sector_answers(scene, transfert)
        if answer == "parti":
            return record.close(demande.appel, outcome="AB")
        if answer != "refus":
            break
    demande.refresh_from_db()
    appel = _close(scene, demande)
    if answer == "accepte":
        _finish(scene, transfert)
    return appel


def _sector_answers(scene: Scene, transfert: Transfert) -> str:
    """``accepte``, ``refus`` (by somebody, or by nobody in time), ``niveau_1`` or ``parti``."""
    chance = scene.chance
    drawn = chance.random()
    if drawn < profile.LEFT:
        scene.wait(profile.ANSWER_OF_SECTOR)
        return "parti"
    if drawn < profile.LEFT + profile.EXPIRED and transfert.echeance:
        scene.clock.instant = transfert.echeance
        scene.clock.forward(chance.uniform(1, 6))
        escalate.expire_overdue()
        return "refus"
    scene.wait(profile.ANSWER_OF_SECTOR)
    informateur = scene.informateurs[transfert.secteur.slug].free_at(scene.clock.instant)
    if drawn < profile.LEFT + profile.EXPIRED + profile.REFUSED:
        reason = draw(profile.REFUSALS, chance)
        escalate.refuse(transfert, by=informateur, reason=reason)
        return "niveau_1" if reason == MotifRefus.NIVEAU_1 else "refus"
    escalate.accept(transfert, by=informateur)
    return "accepte"


def _finish(scene: Scene, transfert: Transfert) -> None:
    """The informateur answers, longer than the agent's call, and closes."""
    transfert.refresh_from_db()  # the agent's close has transferred it
    closed, informateur = scene.clock.instant, transfert.informateur
    assert informateur is not None  # noqa: S101  # accepted
    scene.wait(profile.LEVEL_2)
    escalate.finish(
        transfert,
        by=informateur,
        result=draw(profile.RESULTS, scene.chance),
        level_1=draw(profile.COULD_LEVEL_1, scene.chance),
    )
    equipe = scene.informateurs[transfert.secteur.slug]
    equipe.busy(informateur, until=scene.clock.instant)
    scene.clock.instant = closed
