"""How much each fiche serves: opened in calls, closing a question, leading to an escalation.

Counted by day into `knowledge.UsageFiche`, which lists read instead of a year of calls.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max
from django.utils import timezone

from allo3939.shared.cache import remember, remembered
from calls.models import OrientationDonnee
from calls.record.outcome import ESCALADE, REPONDU
from knowledge import stakes
from knowledge.enums import Nature
from knowledge.models import UsageFiche

STAKE = timedelta(days=90)
"""The span in which calls at stake are counted."""
_DAY = timedelta(days=1)

# The question ends on the day that counts its end: once, were it opened before midnight.
_COUNT = """
WITH lue AS (
  SELECT c.fiche_id, c.demande_id, d.issue_id, d.fiche_utile, d.termine_le, f.nature,
    row_number() OVER (PARTITION BY c.demande_id ORDER BY c.lue_le DESC, c.id DESC) AS rang,
    row_number() OVER (
      PARTITION BY c.demande_id, f.nature ORDER BY c.lue_le DESC, c.id DESC
    ) AS rang_nature
  FROM calls_consultation c
  JOIN calls_demande d ON d.id = c.demande_id
  JOIN knowledge_fiche f ON f.id = c.fiche_id
  WHERE c.ouverte_le >= %(debut)s AND c.ouverte_le < %(fin)s
)
INSERT INTO knowledge_usagefiche (fiche_id, jour, consultations, reponses, escalades)
SELECT fiche_id, %(jour)s, count(DISTINCT demande_id),
  count(*) FILTER (WHERE rang_nature = 1 AND nature = %(reponse)s AND issue_id = %(repondu)s
    AND fiche_utile IS NOT FALSE AND termine_le < %(fin)s),
  count(*) FILTER (WHERE rang = 1 AND issue_id = %(escalade)s AND termine_le < %(fin)s)
FROM lue GROUP BY fiche_id ORDER BY fiche_id
ON CONFLICT (fiche_id, jour) DO UPDATE SET
  consultations = excluded.consultations,
  reponses = excluded.reponses,
  escalades = excluded.escalades
"""


def count_day(day: date) -> int:
    """Count a day, anew if it was counted before; returns how many fiches were opened.

    ``consultations`` are the questions in which the fiche was opened, ``reponses`` those it
    answered (the last answer fiche read, not said useless), ``escalades`` those escalated from it
    (the last fiche read). One statement: a second run at the same time does no harm.
    """
    zone = timezone.get_default_timezone()
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "jour": day,
                "debut": datetime.combine(day, time.min, zone),
                "fin": datetime.combine(day + _DAY, time.min, zone),
                "reponse": Nature.REPONSE,
                "repondu": REPONDU,
                "escalade": ESCALADE,
            },
        )
        counted = cursor.rowcount
    stakes.renew()
    return counted


def catch_up(*, on: date) -> int:
    """Count the days left to count, that day included; returns how many.

    From the last day counted, which was not over; all of `STAKE` the first time.
    """
    last = UsageFiche.objects.aggregate(last=Max("jour"))["last"]
    start = on - STAKE if last is None else min(last, on - _DAY)
    return sum(1 for day in days(start, on) if count_day(day) >= 0)


def count_again(*, on: date, since: date) -> int:
    """Count every day from ``since`` to ``on`` anew; returns how many."""
    return sum(1 for day in days(since, on) if count_day(day) >= 0)


def days(first: date, last: date) -> Iterator[date]:
    """Each day from one to another, both included."""
    while first <= last:
        yield first
        first += _DAY


# Bodies given ------------------------------------------------------------------------------------


def times_given(bodies: Collection[UUID], *, on: date) -> dict[UUID, int]:
    """How often each of these bodies was given in the last `STAKE`, those never given left out.

    Counted once a day for a body, whose calls of a year are not read again at each page.
    """
    key = f"donnees:{connection.settings_dict['NAME']}:{on}"
    known: dict[int, int] = remembered([key]).get(key, {})
    missing = [body for body in bodies if body.int not in known]
    if missing:
        known |= {body.int: 0 for body in missing}
        given = OrientationDonnee.objects.filter(
            organisme__in=missing, donnee_le__gte=days_ago(on, STAKE)
        )
        counts = given.order_by().values_list("organisme").annotate(n=Count("pk"))
        known |= {body.int: n for body, n in counts}
        remember({key: known}, seconds=86_400)
    return {body: n for body in bodies if (n := known[body.int])}


def days_ago(day: date, span: timedelta) -> datetime:
    """The first instant of the day so long before."""
    return datetime.combine(day - span, time.min, timezone.get_default_timezone())
