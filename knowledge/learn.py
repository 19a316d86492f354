"""Ranking that learns from the fiches that closed questions.

A question closed with the outcome *répondu* teaches, for each word of its search that matters, that
the word led to the fiche. What is learnt fades, is bounded, and can be set aside word by word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from allo3939.shared.analyse import stem
from allo3939.shared.changes import EVERYTHING, Kept, record_change
from allo3939.shared.index import Trouvaille
from allo3939.shared.models import Changement
from knowledge.enums import Etat
from knowledge.models import Apprentissage, Fiche
from knowledge.vocabulary import mattering

GENRE = "apprentissage"  # of the lines that tell every process to read again what was learnt
HALF_LIFE = timedelta(days=90)  # after which a close counts half
LIFT_MAX = 0.25  # the most a score may gain: a near tie is turned, a clear winner stays
DOUBT = 3.0  # closes after which a word is half as convincing as it can be
LATE = timedelta(seconds=30)  # a close may be committed this long after its own hour
WORD_MAX = 60  # letters, as the table


@dataclass
class Savoir:
    """What was learnt, by stem: how much each fiche answered for it lately, and all of them."""

    fiches: dict[str, dict[str, float]] = field(default_factory=dict)
    totaux: dict[str, float] = field(default_factory=dict)

    def add(self, mot: str, poids: Mapping[str, float]) -> None:
        """What a word taught, fiche by fiche; words with the same stem add up."""
        racine = stem(mot)
        known = self.fiches.get(racine)
        if known is None:
            self.fiches[racine] = dict(poids)
        else:
            for reference, weight in poids.items():
                known[reference] = known.get(reference, 0.0) + weight
        self.totaux[racine] = self.totaux.get(racine, 0.0) + sum(poids.values())

    def lift(self, mots: Iterable[str], reference: str) -> float:
        """What the score of the fiche gains for these stems, from 0 to `LIFT_MAX`.

        A word convinces by how often it was closed, a fiche by its share of these closes; a word
        that taught nothing weighs against, so that one word in common does not carry a sentence.
        """
        count, sum_ = 0, 0.0
        for racine in mots:
            count += 1
            total = self.totaux.get(racine)
            if total:
                share = self.fiches[racine].get(reference, 0.0) / total
                sum_ += share * total / (total + DOUBT)
        return LIFT_MAX * sum_ / count if count else 0.0


def lift(
    mots: tuple[str, ...], lines: list[Trouvaille], *, savoir: Savoir | None = None
) -> list[Trouvaille]:
    """The results with their scores raised by what closed calls taught, best first.

    Nothing but memory is read; without `SEARCH_LEARNS` the results are left as they are.
    """
    if savoir is None:
        if not settings.SEARCH_LEARNS:
            return lines
        savoir = _SAVOIR.get()
    if not any(mot in savoir.totaux for mot in mots):
        return lines
    raised = [
        replace(line, score=round(line.score * (1 + savoir.lift(mots, line.cle)), 3))
        for line in lines
    ]
    raised.sort(key=lambda line: (-line.score, line.titre_entier, line.cle))
    return raised


def words_to_learn(text: str, *, count: Callable[[str], int]) -> list[str]:
    """The folded words of a search that may be kept: those that matter and that fiches hold.

    ``count`` gives the fiches that hold a word. A caller's name, an address, a slip of the keys
    are in no fiche.
    """
    forms = {word.forme for word in mattering(text) if len(word.forme) <= WORD_MAX}
    return sorted(form for form in forms if count(form))


@transaction.atomic(savepoint=False)
def teach(
    text: str, *, fiche: Fiche, count: Callable[[str], int], now: datetime | None = None
) -> list[str]:
    """Note that a question searched with these words was answered by the fiche; the words learnt.

    Each word gains one, after what it had has faded. The order of the rows is that of the words, so
    that two closes never wait for each other.
    """
    mots = words_to_learn(text, count=count) if settings.SEARCH_LEARNS else []
    if not mots:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO knowledge_apprentissage AS a (mot, fiche_id, poids, le, ecarte)"
            " SELECT mot, %(fiche)s, 1, %(now)s, false FROM unnest(%(mots)s::text[]) AS mot"
            " ORDER BY mot"
            " ON CONFLICT (mot, fiche_id) DO UPDATE SET le = greatest(a.le, excluded.le), poids ="
            " 1 + a.poids * power(0.5, greatest(0, extract(epoch FROM excluded.le - a.le))"
            " / %(half_life)s)",
            {
                "fiche": fiche.pk,
                "now": now or timezone.now(),
                "mots": mots,
                "half_life": HALF_LIFE.total_seconds(),
            },
        )
    return mots


@transaction.atomic
def unteach(mots: Iterable[str], *, fiche: Fiche, taught: datetime) -> None:
    """Take back one close that taught these words at that instant, at once on every process."""
    rows = Apprentissage.objects.select_for_update().filter(fiche=fiche, mot__in=list(mots))
    for row in rows.order_by("mot"):
        row.poids = max(0.0, row.poids - faded(1.0, since=taught, now=row.le))
        row.save(update_fields=["poids"])
    record_change(GENRE, [EVERYTHING])


def faded(poids: float, *, since: datetime, now: datetime) -> float:
    """What is left of a weight that was noted then."""
    return poids * 0.5 ** (max(timedelta(0), now - since) / HALF_LIFE)


@transaction.atomic
def set_aside(rows: Iterable[Apprentissage], *, ecarte: bool) -> int:
    """Set rows aside, or count them again, at once on every process; returns how many changed."""
    keys = [row.pk for row in rows]
    changed = Apprentissage.objects.filter(pk__in=keys).exclude(ecarte=ecarte)
    count = changed.update(ecarte=ecarte)
    if count:
        record_change(GENRE, [EVERYTHING])
    return count


@transaction.atomic
def announce() -> bool:
    """Tell every process to read again what was learnt, if anything was since the last time.

    Called every minute: a line at each close would make every process read at each close.
    """
    line = Changement.objects.filter(genre=GENRE).order_by("-id").first()
    rows = Apprentissage.objects.all()
    if line is not None:
        rows = rows.learnt_since(line.ecrit_le - LATE)
    if not rows.exists():
        return False
    record_change(GENRE, [EVERYTHING])
    return True


def _read() -> Savoir:
    """In one query that fades and gathers by word: the rows themselves take four times as long."""
    savoir = Savoir()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mot, array_agg(f.reference), array_agg(poids * power(0.5,"
            " greatest(0, extract(epoch FROM now() - le)) / %s))"
            " FROM knowledge_apprentissage a JOIN knowledge_fiche f ON f.id = a.fiche_id"
            " WHERE NOT ecarte AND f.etat = %s GROUP BY mot",
            [HALF_LIFE.total_seconds(), Etat.PUBLIEE],
        )
        for mot, references, weights in cursor.fetchall():
            savoir.add(mot, dict(zip(references, weights, strict=True)))
    return savoir


_SAVOIR: Kept[Savoir] = Kept(GENRE, read=_read)


def strength(row: Apprentissage, *, savoir: Savoir | None = None) -> float:
    """What a search for this one word gains for the fiche, as searches now apply it."""
    return (savoir or _SAVOIR.get()).lift([stem(row.mot)], row.fiche.reference)


def weight_now(row: Apprentissage) -> float:
    """The closes of a row, each as it counts today."""
    return faded(row.poids, since=row.le, now=timezone.now())
