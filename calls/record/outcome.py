"""The outcome of a question, and what follows from it."""

from __future__ import annotations

import redis
from django.core.cache import cache
from django.utils import timezone

from allo3939.shared.changes import EVERYTHING, Kept, record_change
from allo3939.shared.composed import Composed
from calls import escalate
from calls.enums import ESCALADES, NumeroUrgence
from calls.models import CodeIssue, Consultation, Demande, Transfert
from calls.record.faults import AppelImpossible, LigneManquante
from calls.record.reading import read
from knowledge import learn, misses
from knowledge.enums import GenreManque, Nature
from knowledge.models import Fiche
from knowledge.search import counting_fiches
from knowledge.target import find_target

REPONDU, ORIENTE, ESCALADE, PAS_DE_FICHE, ABANDONNE = "RE", "OR", "ES", "PF", "AB"
URGENCE = "UR"
MANQUES = {PAS_DE_FICHE: GenreManque.PAS_DE_FICHE, "FI": GenreManque.INSUFFISANTE}
CODES_MAX = 15
NUMEROS_DONNES = frozenset(numero.nom for numero in NumeroUrgence)
TAUGHT_KEPT = 26 * 3600  # seconds: as long as a question may be put right, the longest day too
GENRE = "codes"  # of the lines that tell every process to read the codes again

_CODES = Kept(GENRE, read=lambda: list(CodeIssue.objects.all()))
_ANSWER = Composed(
    lambda demande: (
        Consultation.objects.filter(demande=demande)
        .of_answers()
        .defer("fiche__contenu", "fiche__parcours", "fiche__texte")
        .order_by("-lue_le", "-pk")[:1]
    )
)
_LAST_READ = Composed(
    lambda demande: (
        Consultation.objects.filter(demande=demande).with_sector().order_by("-lue_le", "-pk")[:1]
    )
)
_TAKEN = Composed(
    lambda demande: Transfert.objects.filter(demande=demande, etat__in=ESCALADES).order_by(
        "-prepare_le"
    )[:1]
)


def propose_outcome(demande: Demande) -> str:
    """The outcome code that follows from what was done for the question."""
    if any(transfert.etat in ESCALADES for transfert in demande.transferts.all()):
        return ESCALADE
    outside = [given.exterieur for given in demande.orientations.all() if given.exterieur]
    if any(name in NUMEROS_DONNES for name in outside):
        return URGENCE
    if outside:
        return ORIENTE  # the case of the fiche says to go elsewhere
    natures = {consultation.fiche.nature for consultation in demande.consultations.all()}
    if Nature.REPONSE in natures:
        return REPONDU
    if demande.orientations.all() or Nature.ESCALADE in natures:
        return ORIENTE
    return PAS_DE_FICHE if demande.question else ABANDONNE


def outcome_codes() -> list[CodeIssue]:
    """All of them, in their order."""
    return _CODES.get()


def change_codes() -> None:
    """Have every process read them again: inside the transaction that changes them."""
    record_change(GENRE, [EVERYTHING])


def find_code(code: str) -> CodeIssue:
    """The outcome of these two letters; raises `AppelImpossible`."""
    issue = next((each for each in outcome_codes() if each.code == code), None)
    # One that was added just now may be on the agent's page and not yet known here.
    issue = issue or CodeIssue.objects.filter(code=code).first()
    if issue is None:
        raise AppelImpossible("Choisissez une issue avant de clore.")
    return issue


def check_outcome(demande: Demande, *, issue: CodeIssue) -> None:
    """Raise `AppelImpossible` for an outcome that what was done does not allow.

    « Escaladé » needs a transfer that a sector has not sent back, and that outcome only; some
    outcomes ask for one line that says what is missing.
    """
    if issue.code == ESCALADE != propose_outcome(demande):
        raise AppelImpossible("Aucun secteur n'a pris cet appel\u00a0: choisissez une autre issue.")
    if issue.demande_precision and not demande.precision:
        raise LigneManquante(
            f"«\u00a0{issue.libelle}\u00a0»\u00a0: dites en une ligne ce qui manque.",
            issue=issue.code,
        )


def answer_read(demande: Demande) -> Consultation | None:
    """The reading that answered: the last one of an answer fiche."""
    consultation = _ANSWER.first(demande.pk)
    if consultation is not None:
        consultation.demande = demande  # known: not to be fetched again
    return consultation


def teach(demande: Demande, piste: misses.Piste | None = None) -> None:
    """Let the search learn from the fiche that answered: the last answer fiche of the question.

    By the words that opened it; where these are not known, by those of the question when it was
    searched only once. Nothing is learnt from a fiche that the agent did not find useful.
    """
    if not teaches(demande):
        return
    consultation = answer_read(demande)
    if consultation is None:
        return
    words = piste.words_that_opened(consultation.fiche.reference) if piste else ""
    if not words and len(demande.recherches) == 1:
        words = demande.recherches[0]
    learnt = learn.teach(words, fiche=consultation.fiche, count=counting_fiches())
    if learnt:
        _remember(demande, fiche=consultation.fiche, mots=learnt)


def report_gap(demande: Demande) -> None:
    """Tell rédacteurs of a question that no fiche answers, or that one answered badly."""
    genre = MANQUES.get(demande.issue_id or "")
    if genre is not None:
        read = answer_read(demande)
        misses.closed(
            texte=demande.question,
            precision=demande.precision,
            genre=genre,
            fiche=read.fiche if read and genre == GenreManque.INSUFFISANTE else None,
            agent=demande.appel.agent_id,
        )


def retract_gap(demande: Demande, *, issue: str) -> None:
    """The outcome that told of a gap was put right."""
    genre = MANQUES.get(issue)
    if genre is not None:
        misses.retract(
            texte=demande.question or demande.precision,
            genre=genre,
            agent=demande.appel.agent_id,
            since=demande.commence_le,
        )


def teaches(demande: Demande) -> bool:
    """Whether the search learns from the question as it now stands."""
    return demande.issue_id == REPONDU and demande.fiche_utile is not False


def unteach(demande: Demande) -> None:
    """Take back what the question taught when it was closed, as far as that is still known."""
    try:
        kept = cache.get(_key(demande))
        cache.delete(_key(demande))
    except redis.RedisError:
        return
    fiche = Fiche.objects.filter(pk=kept["fiche"]).first() if kept else None
    if kept and fiche:
        learn.unteach(kept["mots"], fiche=fiche, taught=kept["le"])


def _remember(demande: Demande, *, fiche: Fiche, mots: list[str]) -> None:
    """Keep for the day what was taught: no table says it, and it may have to be taken back."""
    kept = {"fiche": fiche.pk, "mots": mots, "le": timezone.now()}
    try:
        cache.set(_key(demande), kept, TAUGHT_KEPT)
    except redis.RedisError:
        return


def _key(demande: Demande) -> str:
    return f"appris:{demande.pk}"


def sector_of(demande: Demande) -> int | None:
    """The sector that took the question, else the one its fiche belongs to."""
    transfert = _TAKEN.first(demande.pk)
    if transfert is not None:
        return transfert.secteur_id
    consultation = _LAST_READ.first(demande.pk)
    if consultation is None:
        return None
    cible = find_target(read(consultation).cible)
    secteur = escalate.designated_sector(consultation.fiche, cible)
    return secteur.pk if secteur else None
