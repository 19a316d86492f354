"""The commune of a call: whether it is found, and how long the console takes to say the office.

    python benchmarks/communes.py [EVERY]

Needs a database with communes and a directory. Every commune of today is sought by its name with
its département, by its name alone and by each of its postcodes; then the 3,000 most populated with
one error in the name, of each kind, drawn with a fixed seed. With EVERY, one in so many is sought:
all of them take some ten minutes. Last, the milliseconds of the three requests of the console, from
the postcode to the sentence, beside a page that does nothing. What is written is rolled back.
"""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from allo3939.accounts.enums import Role  # noqa: E402
from calls import record  # noqa: E402
from calls.models import Demande  # noqa: E402
from knowledge.models import Fiche  # noqa: E402
from orientation.enums import TypeCommune  # noqa: E402
from orientation.locate import look_up, normalise, warm  # noqa: E402
from orientation.locate.names import read_names  # noqa: E402
from orientation.models import Commune, Competence  # noqa: E402

MISTYPED = 3_000
DRAWS = 2  # errors of each kind in each name
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


def place_of(commune: Commune, text: str) -> int:
    """Where the commune stands among what is proposed, from 1; 0 when it is not."""
    codes = [each.commune.code_insee for each in look_up(text).propositions]
    return codes.index(commune.code_insee) + 1 if commune.code_insee in codes else 0


def say(name: str, asked: int, good: int, missed: list[str], seconds: float) -> None:
    print(
        f"  {name:44} {good:6} of {asked:6}  {100 * good / max(asked, 1):7.3f} %"
        f"   {1000 * seconds / max(asked, 1):5.1f} ms each"
    )
    for text in missed[:12]:
        print(f"      {text}")


def seek(
    name: str,
    asked: Iterator[tuple[Commune, str]],
    *,
    first: int,
    excused: Callable[[Commune, str], str] = lambda commune, text: "",
) -> None:
    """Print how many are among the ``first`` proposals, and the others with why, if it is known."""
    start, count, good, missed, excuses = time.perf_counter(), 0, 0, [], Counter[str]()
    for commune, text in asked:
        count += 1
        if 1 <= (at := place_of(commune, text)) <= first:
            good += 1
        elif reason := excused(commune, text):
            excuses[reason] += 1
        else:
            missed.append(f"{commune}: {text!r}, place {at}")
    say(name, count, good, missed, time.perf_counter() - start)
    for reason, number in excuses.items():
        print(f"      {number} besides: {reason}")
    if missed:
        print(f"      {len(missed)} without such a reason")


def mistyped(communes: list[Commune], kind: str, *, beside: bool) -> Iterator[tuple[Commune, str]]:
    for commune in communes:
        draw = random.Random(f"{commune.pk}{kind}")
        for _ in range(DRAWS):
            wrong = mistype(normalise(commune.nom), kind, draw)
            yield commune, f"{wrong} {commune.departement_id.lower()}" if beside else wrong


def another_name(commune: Commune, text: str) -> str:
    """Why a mistyped name may rightly give others first."""
    names = read_names()
    name, _, code = text.rpartition(" ")
    if code != commune.departement_id.lower():
        name, code = text, ""
    if others := names.spelled(name, code=code.upper()):
        return "" if commune.pk in others else "it is exactly the name of another commune"
    alike = look_up(text, limit=3).propositions
    bigger = [each for each in alike if (each.commune.population or 0) >= (commune.population or 0)]
    return "three more populated ones are as close" if len(bigger) == 3 else ""


def seek_postcodes(communes: list[Commune]) -> None:
    """Each postcode is asked once, and must give all of its communes."""
    by_code: dict[str, set[str]] = {}
    for commune in communes:
        for code in commune.codes_postaux:
            by_code.setdefault(code, set()).add(commune.pk)
    start, good, missed = time.perf_counter(), 0, []
    for code, wanted in by_code.items():
        found = {each.commune.pk for each in look_up(code).propositions}
        good += len(wanted & found)
        missed += [f"{code}: {pk}" for pk in sorted(wanted - found)]
    asked = sum(map(len, by_code.values()))
    say(f"each of its postcodes ({len(by_code)} in all)", asked, good, missed, 0)
    print(f"      {1000 * (time.perf_counter() - start) / len(by_code):.1f} ms for each postcode")


def find_all(every: int) -> None:
    today = Commune.objects.filter(type=TypeCommune.ACTUELLE).select_related("departement")
    communes = list(today.order_by("pk"))
    print(f"{len(communes)} communes, one in {every}")
    some = communes[::every]
    seek(
        "name with the code of the département, first",
        ((each, f"{each.nom} {each.departement_id}") for each in some),
        first=1,
    )
    seek(
        "name with the name of the département, first",
        ((each, f"{each.nom}, {each.departement.nom}") for each in some),
        first=1,
    )
    seek_postcodes(communes)
    seek("its INSEE code, in the list", ((each, each.pk) for each in some), first=1_000)
    largest = sorted(communes, key=lambda each: -(each.population or 0))[:MISTYPED]
    for beside in (False, True):
        for kind in KINDS:
            seek(
                f"{kind}, {'with the département' if beside else 'name alone'}, first three",
                mistyped(largest[::every], kind, beside=beside),
                first=3,
                excused=another_name,
            )


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
    whole: Times = []
    bare: list[float] = []
    for rank, commune in enumerate(communes):
        count = rank % 10 == 0
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
    print(f"{len(communes)} communes in one call; a bare page takes {middle:.2f} ms")
    for name, (times, queries) in steps.items():
        if times:
            measure(name, times, queries, middle)
    measure("postcode typed to sentence shown", whole, set(), middle)


def main(every: int) -> None:
    start = time.perf_counter()
    warm()
    print(f"Names read in {1000 * (time.perf_counter() - start):.0f} ms, once in each process")
    find_all(every)
    with transaction.atomic():
        console_requests()
        transaction.set_rollback(True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
