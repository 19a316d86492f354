"""Searches that found nothing, or had to be worded again before a fiche was opened; questions
closed for want of a fiche.

While an agent types, each search and its number of results is appended to a list in Redis, one per
question, for an hour. It is read once, when something is opened or the question ends. What is kept
then names no call, and its agent only so that the fiche that answers can be told to who missed it.
Without Redis no search is kept, and searches go on.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest

import redis
from django.utils import timezone
from rapidfuzz.distance import OSA

from allo3939.shared.anonymity import mask
from allo3939.shared.push import redis_client
from knowledge.enums import GenreManque
from knowledge.models import Fiche, Lacune, RechercheManquee
from knowledge.vocabulary import mattering

KEPT = timedelta(days=90)
PREFIX = "a39:piste:"
HOUR = 3600  # seconds a question's list lives
STEPS_MAX = 300
TEXT_MAX = 200
PATIENCE = 30.0  # seconds without Redis before it is tried again: no keystroke waits for it
SLIP = 0.8  # two texts this alike are one search whose spelling was corrected
READING = 1.0  # seconds on screen from which a list was looked at, not only typed through

logger = logging.getLogger(__name__)
_next_try = 0.0


@dataclass(frozen=True, slots=True)
class Pas:
    """A step of a question: words searched with the results they had, or words that opened."""

    texte: str
    resultats: int
    le: float
    """When, in seconds."""
    ouvert: str | None = None
    """The reference of the fiche that was opened with these words, "" for anything else."""


@dataclass
class Piste:
    """The steps of one question, in order."""

    pas: list[Pas] = field(default_factory=list)

    def since_last_opening(self) -> list[Pas]:
        openings = [rank for rank, step in enumerate(self.pas) if step.ouvert is not None]
        return self.pas[openings[-1] + 1 if openings else 0 :]

    def words_that_opened(self, reference: str) -> str:
        """The words in the box when the fiche was last opened, "" when not known."""
        found = [step.texte for step in self.pas if step.ouvert == reference]
        return found[-1] if found else ""


# While the agent types ----------------------------------------------------------------------------


def note(key: str, *, texte: str, resultats: int) -> None:
    """Remember a search as typed: one round trip to Redis, never an error."""
    _append(key, [_clean(texte), resultats, _now()])


def opened(key: str, *, texte: str, fiche: Fiche | None = None, agent: int | None = None) -> None:
    """Something was opened with these words: what was missed before it is kept.

    ``agent`` is the key of who searched.
    """
    now, texte = _now(), _clean(texte)
    piste = _read(key)
    if piste.pas:
        found = missed(piste.since_last_opening(), opened_with=texte, until=now)
        _keep(found, fiche=fiche, agent=agent)
    _append(key, [texte, 0, now, fiche.reference if fiche else ""])


def ended(key: str, *, agent: int | None = None) -> Piste:
    """The question is over: what was missed since the last opening is kept; returns its steps."""
    piste = _read(key)
    if piste.pas:
        _keep(missed(piste.since_last_opening(), until=_now()), fiche=None, agent=agent)
        _try(lambda client: client.delete(PREFIX + key))
    return piste


def _now() -> float:
    """Seconds, rounded in one way: no step may lie after the end of the question."""
    return round(time.time(), 2)


def _clean(texte: str) -> str:
    return mask(texte)[:TEXT_MAX]


def _append(key: str, step: list) -> None:
    def push(client: redis.Redis) -> None:
        with client.pipeline(transaction=False) as pipe:
            pipe.rpush(PREFIX + key, json.dumps(step))
            pipe.ltrim(PREFIX + key, -STEPS_MAX, -1)
            pipe.expire(PREFIX + key, HOUR)
            pipe.execute()

    _try(push)


def _read(key: str) -> Piste:
    rows = _try(lambda client: client.lrange(PREFIX + key, 0, -1)) or []
    return Piste([Pas(*json.loads(row)) for row in rows])


def _try(action: Callable[[redis.Redis], object]):
    global _next_try
    if time.monotonic() < _next_try:
        return None
    try:
        return action(redis_client())
    except redis.RedisError as error:
        _next_try = time.monotonic() + PATIENCE
        logger.warning("searches are not followed for %.0f s: %s", PATIENCE, error)
        return None


# What was missed ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Manque:
    """A miss, before it is kept."""

    texte: str
    genre: GenreManque
    suite: str = ""
    precision: str = ""


@dataclass(slots=True)
class Arret:
    """A search the agent stopped at: from when to when its results were on screen."""

    texte: str
    resultats: int
    debut: float
    fin: float | None = None

    def was_read(self, until: float) -> bool:
        return (until if self.fin is None else self.fin) - self.debut >= READING


def settled(steps: Iterable[Pas]) -> list[Arret]:
    """The searches an agent stopped at, from each state of the box.

    Typing on makes one search longer and deleting letters does not make another: the next one
    begins when other letters follow, or a further word after a list that stayed empty.
    """
    found: list[Arret] = []
    for step in steps:
        last = found[-1] if found else None
        if last is None:
            found.append(Arret(step.texte, step.resultats, step.le))
            continue
        if step.texte == last.texte:
            continue
        if last.fin is None:
            last.fin = step.le
        longer = step.texte.startswith(last.texte)
        stayed_empty = not last.resultats and last.was_read(step.le)
        if longer and not (stayed_empty and step.texte[len(last.texte)] == " "):
            found[-1] = Arret(step.texte, step.resultats, step.le)
        elif longer or not last.texte.startswith(step.texte):
            found.append(Arret(step.texte, step.resultats, step.le))
    return found


def missed(steps: Iterable[Pas], *, until: float, opened_with: str = "") -> list[Manque]:
    """The misses among the steps up to an instant; `opened_with` are the words that opened.

    Without result: always one, with the words that followed. With results: one when what followed
    were other words, neither a correction of the same nor words added or taken away. A list that
    was not looked at (`READING`) is none.
    """
    stops = settled(steps)
    searches = [stop for stop in stops if stop.was_read(until) or stop is stops[-1]]
    following = [search.texte for search in searches[1:]]
    last = searches[-1].texte if searches else ""
    if searches and opened_with and opened_with != last:
        if opened_with.startswith(last):  # opened before the list of the whole text had come
            searches, following = searches[:-1], following[:-1]
        following.append(opened_with)
    found = []
    for search, suite in zip_longest(searches, following[: len(searches)]):
        if not search.was_read(until):
            continue
        if not search.resultats:
            found.append(Manque(search.texte, GenreManque.SANS_RESULTAT, suite or ""))
        elif suite and _other_words(search.texte, suite):
            found.append(Manque(search.texte, GenreManque.REFORMULEE, suite))
    return [miss for miss in found if key_of(miss.texte)]


def _other_words(before: str, after: str) -> bool:
    first, second = (frozenset(key_of(text).split()) for text in (before, after))
    if first <= second or second <= first:
        return False
    return OSA.normalized_similarity(before.lower(), after.lower()) < SLIP


def key_of(texte: str) -> str:
    """The group of a text: the stems of its words that matter, in alphabetical order."""
    stems = sorted({word.racine for word in mattering(texte)})
    return " ".join(stems)[:TEXT_MAX]


def closed(
    *, texte: str, precision: str, genre: GenreManque, fiche: Fiche | None, agent: int
) -> None:
    """A question was closed for want of a fiche (``fiche`` None), or of a better one.

    Both texts went through the anonymity guard; the words searched make the group, else the line
    that says what was missing.
    """
    miss = Manque(texte or precision, genre, precision=precision)
    if key_of(miss.texte):
        _keep([miss], fiche=fiche, agent=agent)


def retract(*, texte: str, genre: GenreManque, agent: int, since: datetime) -> None:
    """Take back the last miss an agent closed a question with: the outcome was put right."""
    rows = RechercheManquee.objects.closed_by(agent, genre=genre, since=since)
    last = rows.filter(cle=key_of(mask(texte))).order_by("-le").first()
    if last is not None:
        last.delete()


def _keep(misses: list[Manque], *, fiche: Fiche | None, agent: int | None) -> None:
    if not misses:
        return
    keys = [key_of(mask(miss.texte)) for miss in misses]
    briefs = {key: brief for brief in Lacune.objects.open().of_keys(keys) for key in brief.cles}
    now = timezone.now()
    RechercheManquee.objects.bulk_create(
        RechercheManquee(
            texte=mask(miss.texte)[:TEXT_MAX],
            genre=miss.genre,
            suite=mask(miss.suite),
            precision=mask(miss.precision)[:TEXT_MAX],
            fiche=fiche,
            agent_id=agent,
            cle=key,
            lacune=briefs.get(key),
            le=now,
        )
        for miss, key in zip(misses, keys, strict=True)
    )


def purge(*, now: datetime) -> int:
    """Delete what is older than `KEPT`; returns how many."""
    count, _ = RechercheManquee.objects.older_than(now - KEPT).delete()
    return count
