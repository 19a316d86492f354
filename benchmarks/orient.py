"""From a postcode typed to the sentence shown, beside a bare query, in one run.

    python benchmarks/orient.py [COUNT]

Needs a database with communes and a directory. COUNT communes (600 by default) are drawn at random,
always the same, each with one to four kinds of office; a strike and exceptional hours are in force.
Prints milliseconds of each step, on the clock and of this process alone, how many queries it makes,
and the ratio to the time of one body read by its key. What is written is rolled back.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from orientation.hours import openings_of  # noqa: E402
from orientation.locate import find_communes  # noqa: E402
from orientation.models import Commune, Fermeture, HoraireExceptionnel, Organisme  # noqa: E402
from orientation.orient import competent_bodies  # noqa: E402
from orientation.say import sentence  # noqa: E402

GOAL = 30.0  # milliseconds from the postcode to the sentence, at the 95th percentile
KINDS = (
    *("mairie", "cpam", "caf", "prefecture", "sous_pref", "tj", "france_services", "sip", "pmi"),
    *("france_travail", "mission_locale", "point_justice", "gendarmerie", "msa", "carsat"),
)
STEPS = ("bare", "postcode", "bodies", "hours", "sentences", "chosen", "typed")
T = TypeVar("T")


class Measures:
    """Milliseconds and queries of each step, run after run."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {step: [] for step in STEPS}
        self.own: dict[str, list[float]] = {step: [] for step in STEPS}
        self.queries: dict[str, list[int]] = {step: [] for step in STEPS}

    def measure(self, step: str, act: Callable[[], T]) -> T:
        made = 0

        def count(execute, *args):
            nonlocal made
            made += 1
            return execute(*args)

        with connection.execute_wrapper(count):
            started, busy = time.perf_counter(), time.thread_time()
            result = act()
            spent, busy = time.perf_counter() - started, time.thread_time() - busy
        self.times[step].append(spent * 1000)
        self.own[step].append(busy * 1000)
        self.queries[step].append(made)
        return result

    def add(self, step: str, *parts: str) -> None:
        """A step made of those just measured."""
        self.times[step].append(sum(self.times[part][-1] for part in parts))
        self.own[step].append(sum(self.own[part][-1] for part in parts))
        self.queries[step].append(sum(self.queries[part][-1] for part in parts))

    def at(self, share: float, times: list[float]) -> float:
        ordered = sorted(times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    def show(self) -> None:
        bare = self.at(0.5, self.times["bare"])
        print(
            f"{'':10} {'p50 ms':>8} {'p95 ms':>8} {'own p95':>8} {'ratio p50':>10} {'queries':>8}"
        )
        for step in STEPS:
            p50, p95 = (self.at(share, self.times[step]) for share in (0.5, 0.95))
            own = self.at(0.95, self.own[step])
            made = f"{min(self.queries[step])}–{max(self.queries[step])}"
            print(f"{step:10} {p50:8.2f} {p95:8.2f} {own:8.2f} {p50 / bare:8.1f} {made:>8}")
        p95 = self.at(0.95, self.times["typed"])
        print(f"goal p95 ≤ {GOAL:.0f} ms, typed: {'held' if p95 <= GOAL else 'NOT HELD'}")


def disturb(bodies: list[Organisme]) -> None:
    """A strike in some départements, and exceptional hours of bodies that will be met."""
    agent = get_user_model().objects.first()
    now = timezone.now()
    for types in (["cpam"], ["mairie"], []):
        Fermeture.objects.create(
            motif="grève",
            types=types,
            departements=["72", "75", "77"],
            du=now - timedelta(days=1),
            au=now + timedelta(days=2),
            auteur=agent,
        )
    HoraireExceptionnel.objects.bulk_create(
        HoraireExceptionnel(
            organisme=body,
            du=now.date(),
            au=now.date() + timedelta(days=7),
            plages=[{"debut": "10:00", "fin": "12:00"}],
            motif="horaires d'été",
            auteur=agent,
        )
        for body in bodies
    )


def run(measures: Measures, commune: Commune, kinds: list[str], key: object) -> None:
    at = timezone.now()
    postcode = commune.codes_postaux[0]
    measures.measure("bare", lambda: Organisme.objects.get(pk=key))
    measures.measure("postcode", lambda: find_communes(postcode))
    found = measures.measure("bodies", lambda: competent_bodies(commune, kinds=kinds))
    given = [each.organisme for each in found]
    states = measures.measure("hours", lambda: openings_of(given, at=at))
    pairs = list(zip(given, states, strict=True))
    measures.measure("sentences", lambda: [sentence(*pair, at=at) for pair in pairs])
    measures.add("chosen", "bodies", "hours", "sentences")
    measures.add("typed", "postcode", "chosen")


def main(count: int) -> None:
    draw = random.Random(39)
    communes = [each for each in Commune.objects.order_by("pk") if each.codes_postaux]
    keys = list(Organisme.objects.order_by("pk").values_list("pk", flat=True))
    if not communes or not keys:
        sys.exit("No communes or no directory: start the demonstration once, then run this again.")
    print(f"{len(keys)} bodies, {count} communes drawn among {len(communes)}")
    measures = Measures()
    with transaction.atomic():
        disturb(list(Organisme.objects.filter(pk__in=draw.sample(keys, min(2000, len(keys))))))
        for rank in range(count + 20):
            commune = draw.choice(communes)
            kinds = draw.sample(KINDS, draw.randint(1, 4))
            run(Measures() if rank < 20 else measures, commune, kinds, draw.choice(keys))
        transaction.set_rollback(True)
    measures.show()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
