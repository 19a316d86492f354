"""The commune of a call: whether it is found, and how long the console takes to say the office.

    python benchmarks/communes.py [EVERY]

Needs a database with communes and a directory. Every commune of today is sought by its name with
its département, by its code, and each postcode must give all of its communes; then the 3,000 most
populated with one error in the name, of each kind, drawn with a fixed seed: alone and beside the
département. With EVERY, one in so many is sought. As many processes as the machine has cores share
the work. Last, in one process, the milliseconds of the three requests of the console, from the
postcode to the sentence, beside a page that does nothing. What is written is rolled back.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from allo3939 import asgi  # noqa: E402, F401  # sets how often Python looks for garbage
from allo3939.accounts.enums import Role  # noqa: E402
from calls import record  # noqa: E402
from calls.models import Appel, Demande  # noqa: E402
from knowledge.models import Fiche  # noqa: E402
from orientation.enums import TypeCommune  # noqa: E402
from orientation.locate import (  # noqa: E402
    codes_proposed,
    look_up,
    normalise,
    read_names,
    warm,
)
from orientation.locate.names import Names  # noqa: E402
from orientation.models import Commune, Competence  # noqa: E402

MISTYPED = 3_000
DRAWS = 2  # errors of each kind in each name
CHUNKS = 16  # shares of one way to seek, for the processes to take in turn
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
CALLS = 300
HTMX = {"HX-Request": "true"}


def mistype(name: str, kind: str, draw: random.Random) -> str:
    """One error in a normalised name, among its letters, never at none of them."""
    letters = [at for at, char in enumerate(name) if char.isalpha()]
    at = draw.choice(letters)
    if kind == "substitution":
        return name[:at] + draw.choice(ALPHABET.replace(name[at], "")) + name[at + 1 :]
    if kind == "omission":
        return name[:at] + name[at + 1 :]
    if kind == "insertion":
        return name[:at] + draw.choice(ALPHABET) + name[at:]
    pairs = [one for one in letters if one + 1 in letters and name[one] != name[one + 1]]
    if not pairs:
        return mistype(name, "substitution", draw)
    at = draw.choice(pairs)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


KINDS = ("substitution", "omission", "insertion", "transposition")


# --- Found --------------------------------------------------------------------------------------

Sought = tuple[Commune, str]
"""A commune, and the words by which it must be found."""


@dataclass
class Count:
    """What became of the communes sought in one way."""

    asked: int = 0
    good: int = 0
    work: float = 0.0
    """Seconds of the processes that sought them."""
    missed: list[str] = field(default_factory=list)
    excused: Counter[str] = field(default_factory=Counter)
    """Missed for a reason that is right: others must come first."""

    def add(self, other: Count) -> None:
        self.asked += other.asked
        self.good += other.good
        self.work += other.work
        self.missed += other.missed
        self.excused += other.excused


def with_code(communes: list[Commune]) -> Iterator[Sought]:
    return ((each, f"{each.nom} {each.departement_id}") for each in communes)


def with_departement(communes: list[Commune]) -> Iterator[Sought]:
    return ((each, f"{each.nom}, {each.departement.nom}") for each in communes)


def by_insee(communes: list[Commune]) -> Iterator[Sought]:
    return ((each, each.pk) for each in communes)


def mistyped(communes: list[Commune], *, kind: str, beside: bool) -> Iterator[Sought]:
    for commune in communes:
        draw = random.Random(f"{commune.pk}{kind}")
        for _ in range(DRAWS):
            wrong = mistype(normalise(commune.nom), kind, draw)
            yield commune, f"{wrong} {commune.departement_id.lower()}" if beside else wrong


def another_name(commune: Commune, text: str, names: Names) -> str:
    """Why a mistyped name may rightly give others first."""
    name, _, code = text.rpartition(" ")
    if code != commune.departement_id.lower():
        name, code = text, ""
    within = names.within(code.upper())
    others = names.spelled(name) if within is None else names.spelled(name) & within
    if others:
        own = commune.pk in [names.codes[number] for number in others]
        return "" if own else "it is exactly the name of another commune"
    alike = codes_proposed(text, names=names, limit=3)
    bigger = [each for each in alike if names.codes.index(each) < names.codes.index(commune.pk)]
    return "three more populated ones are as close" if len(bigger) == 3 else ""


def seek(asked: Iterable[Sought], *, first: int, forgive: bool) -> Count:
    """How many are among the ``first`` proposals; the others, with why where it is known."""
    start, count, names = time.process_time(), Count(), shared_names()
    for commune, text in asked:
        count.asked += 1
        codes = codes_proposed(text, names=names)
        place = codes.index(commune.pk) + 1 if commune.pk in codes else 0
        if 1 <= place <= first:
            count.good += 1
        elif forgive and (reason := another_name(commune, text, names)):
            count.excused[reason] += 1
        else:
            count.missed.append(f"{commune}: {text!r}, place {place}")
    count.work = time.process_time() - start
    return count


def seek_postcodes(by_code: list[tuple[str, set[str]]]) -> Count:
    """Each postcode is asked once, and must give all of its communes."""
    start, count, names = time.process_time(), Count(), shared_names()
    for code, wanted in by_code:
        found = set(codes_proposed(code, names=names))
        count.asked += len(wanted)
        count.good += len(wanted & found)
        count.missed += [f"{code}: {pk}" for pk in sorted(wanted - found)]
    count.work = time.process_time() - start
    return count


Way = tuple[str, str, int, bool]
"""How to seek: what is said of it, the texts, among how many first, whether others may be right."""


def ways() -> Iterator[tuple[Way, bool]]:
    """Each way to seek, and whether only the most populated are sought so."""
    yield ("name with the code of the département, first", "with_code", 1, False), False
    yield ("name with the name of the département, first", "with_departement", 1, False), False
    yield ("its INSEE code, in the list", "by_insee", 1_000, False), False
    for beside in (False, True):
        for kind in KINDS:
            where = "with the département" if beside else "name alone"
            yield (f"{kind}, {where}, first three", f"{kind}/{beside:d}", 3, True), True


_COMMUNES: list[Commune] = []  # read before the processes part, for them all
_NAMES: list[Names] = []


def shared_names() -> Names:
    return _NAMES[0]


def check_sample(every: int) -> None:
    """What is proposed on screen is what is measured: seen on a few, each by two queries."""
    for commune in _COMMUNES[::every]:
        shown = [each.commune.pk for each in look_up(commune.nom).propositions]
        assert shown == codes_proposed(commune.nom, names=shared_names()), commune


def work(job: tuple[str, int, bool, int, int, int]) -> Count:
    texts, first, forgive, start, step, size = job
    some = _COMMUNES[:size][start::step]
    kind, _, beside = texts.partition("/")
    asked = (
        mistyped(some, kind=kind, beside=beside == "1")
        if beside
        else {"with_code": with_code, "with_departement": with_departement, "by_insee": by_insee}[
            texts
        ](some)
    )
    return seek(asked, first=first, forgive=forgive)


def find_all(every: int) -> None:
    today = Commune.objects.filter(type=TypeCommune.ACTUELLE).select_related("departement")
    _COMMUNES[:] = sorted(today, key=lambda each: (-(each.population or 0), each.pk))
    by_code: dict[str, set[str]] = {}
    for commune in _COMMUNES:
        for code in commune.codes_postaux:
            by_code.setdefault(code, set()).add(commune.pk)
    _NAMES[:] = [read_names()]
    check_sample(200 * every)
    connections.close_all()
    connection.close_pool()
    cores = os.cpu_count() or 1
    print(f"{len(_COMMUNES)} communes, one in {every}, {cores} processes")
    started = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        codes = sorted(by_code.items())[::every]
        parts = [codes[rank::CHUNKS] for rank in range(CHUNKS)]
        say(f"each of its postcodes ({len(codes)})", pool.imap_unordered(seek_postcodes, parts))
        for (name, texts, first, forgive), largest in ways():
            size = MISTYPED if largest else len(_COMMUNES)
            jobs = [
                (texts, first, forgive, rank * every, CHUNKS * every, size)
                for rank in range(CHUNKS)
            ]
            say(name, pool.imap_unordered(work, jobs))
    print(f"  {time.perf_counter() - started:.0f} s in all")


def say(name: str, counts: Iterable[Count]) -> None:
    whole = Count()
    for each in counts:
        whole.add(each)
    print(
        f"  {name:48} {whole.good:6} of {whole.asked:6}"
        f"  {100 * whole.good / max(whole.asked, 1):7.3f} %"
        f"   {1000 * whole.work / max(whole.asked, 1):5.2f} ms each",
        flush=True,
    )
    for reason, number in whole.excused.items():
        print(f"      {number} besides: {reason}")
    if whole.missed:
        print(f"      {len(whole.missed)} without such a reason")
    for text in sorted(whole.missed)[:20]:
        print(f"      {text}")


# --- Requests -----------------------------------------------------------------------------------


Times = list[tuple[float, float]]
"""Seconds by the clock, and of this process's own work: the second does not see other programs."""


def measure(name: str, times: Times, queries: set[int], bare: float) -> None:
    middle, high, own, own_high = (
        1000 * sorted(each[which] for each in times)[int(len(times) * part)]
        for which in (0, 1)
        for part in (0.5, 0.95)
    )
    counts = f"   {'/'.join(str(each) for each in sorted(queries))} queries" if queries else ""
    print(
        f"  {name:34} p50 {middle:6.2f} ms   p95 {high:6.2f} ms"
        f"   own work p50 {own:5.2f} ms   p95 {own_high:5.2f} ms"
        f"   x{middle / bare:4.0f} the bare page{counts}"
    )


def timed(ask: Callable[[], object], queries: set[int], *, count: bool) -> tuple[float, float]:
    if count:
        with CaptureQueriesContext(connection) as captured:
            ask()
        queries.add(len(captured))
    start, work = time.perf_counter(), time.process_time()
    ask()
    return time.perf_counter() - start, time.process_time() - work


def console_requests() -> None:
    """The postcode typed, the commune chosen, another body given, for communes drawn at random."""
    fiche = Fiche.objects.published().filter(reference="A39-0101").first()
    if fiche is None:
        sys.exit("The demonstration fiches are not in this database.")
    agent = get_user_model().objects.create_user(
        f"banc-{time.time_ns()}", password=None, role=Role.TELECONSEILLER
    )
    client = Client(headers=HTMX)
    client.force_login(agent, backend="allo3939.accounts.backends.RoleBackend")
    demande = record.current_question(record.pick_up(agent))
    consultation = record.open_fiche(demande, fiche=fiche)
    record.choose(consultation, rank=1)
    record.choose(consultation, rank=2)
    served = Competence.objects.filter(type_code="prefecture").order_by("?")[:CALLS]
    draw = random.Random(3939)
    communes = list(
        Commune.objects.exclude(codes_postaux=[]).filter(
            pk__in=[row.commune_insee for row in served]
        )
    ) or list(Commune.objects.exclude(codes_postaux=[]).order_by("?")[:CALLS])
    draw.shuffle(communes)
    names = ("communes (postcode typed)", "commune (chosen: the sentence)", "organisme (given)")
    steps: dict[str, tuple[Times, set[int]]] = {name: ([], set()) for name in names}
    gc.collect()
    gc.freeze()  # as the front does once it is warm
    whole: Times = []
    bare: list[float] = []
    for rank, commune in enumerate(communes):
        count = rank % 10 == 0
        if count:
            gc.collect()  # between two pages, as the front does
        # As at the first commune of a call: nothing was given yet.
        demande.orientations.all().delete()
        Appel.objects.filter(pk=demande.appel_id).update(commune=None)
        start = time.perf_counter()
        client.get(reverse("sante-vivant"))
        bare.append(time.perf_counter() - start)
        orders = (
            (names[0], reverse("console-communes"), {"commune": commune.codes_postaux[0]}),
            (names[1], reverse("console-commune", args=[commune.pk]), {}),
        )
        spent, worked = 0.0, 0.0
        for name, address, data in orders:
            times, queries = steps[name]
            times.append(timed(lambda: client.post(address, data), queries, count=count))  # noqa: B023
            spent, worked = spent + times[-1][0], worked + times[-1][1]
        whole.append((spent, worked))
        given = Demande.objects.get(pk=demande.pk).orientations.first()
        if given and given.organisme_id:
            address = reverse("console-organisme", args=[given.organisme_id])
            times, queries = steps[names[2]]
            times.append(timed(lambda: client.post(address), queries, count=count))  # noqa: B023
    middle = 1000 * sorted(bare)[len(bare) // 2]
    print(f"{len(communes)} communes, each the first of a call; a bare page takes {middle:.2f} ms")
    for name, (times, queries) in steps.items():
        if times:
            measure(name, times, queries, middle)
    measure("postcode typed to sentence shown", whole, set(), middle)


def main(every: int) -> None:
    start = time.perf_counter()
    warm()  # as a process does
    print(f"Names read in {1000 * (time.perf_counter() - start):.0f} ms, once in each process")
    find_all(every)
    with transaction.atomic():
        console_requests()
        transaction.set_rollback(True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
