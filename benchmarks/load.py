"""Calls at four times the peak, through the real front, with locust.

Once, an hour before (a base that can be thrown away; about ten minutes):

    export VAR_DIR=/tmp/charge DEMONSTRATION=true
    python manage.py run --port 8000               (loads the demonstration data; leave it running)
    python manage.py simulate_day --date 2026-03-17 --calls 8000
    python benchmarks/fill_calls.py 2026-03-17 1500000

Then, in another terminal with the same variables, less than two minutes and less than four:

    python benchmarks/load.py http://127.0.0.1:8000 [RATE] [SECONDS]
    python benchmarks/load.py http://127.0.0.1:8000 [RATE] [SECONDS] --climb

RATE requests a second in all (default 28, four times the peak) for SECONDS (default 60), by agents
with a year of calls behind them where `fill_calls.py` made some; the calls of the run are deleted
afterwards. Prints p50, p95, p99 and errors by kind of request, and the ratio of each p50 to the
bare Django view's in the same run; then says whether the limits are held: search p95 ≤ 60 ms, fiche
and save p95 ≤ 50 ms, no error.

With ``--climb`` each rate is held for SECONDS (default 18) and goes up by a quarter until the
limits are not held, twice in a row, or else down until they are, or until there is no time left;
one line for each rate, and the highest one held. So few requests make a rough p95: a rate that is
not held gets a second try.

The client runs on the same machine and takes a part of it, which is told beside those of the front,
of PostgreSQL and of everything else, in per cent of one core. Without arguments, does nothing.
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

RATE, SECONDS, AGENTS = 28.0, 60, 60
STEP, RATE_MIN = 1.25, 4.0  # from a rate to the next; below, too few requests tell nothing
CLIMB_SECONDS, CLIMB_TIME = 18, 200  # of one rate; after how many no other is begun
RAMP = 15  # seconds in which agents begin; not counted
LIMITS = {"search": 60, "communes": 60, "fiche": 50, "save": 50}  # ms, p95
QUESTIONS, COMMUNES = 200, 500
WORDS_MAX = 14  # letters typed before a result is opened: `console.md`
HERE = Path(__file__).resolve().parent


def describe_world() -> dict:
    """What agents ask: words of titles with their fiche, and communes."""
    from allo3939.shared.analyse import fold
    from knowledge.models import Fiche
    from orientation.models import Commune

    fiches = list(Fiche.objects.published().values_list("titre", "reference").order_by("pk"))
    communes = Commune.objects.exclude(population=None).order_by("-population")
    chance = random.Random(3939)
    questions = chance.sample(fiches, min(QUESTIONS, len(fiches)))
    return {
        "questions": [(fold(title).lower()[:WORDS_MAX].strip(), ref) for title, ref in questions],
        "communes": list(communes.values_list("pk", "nom")[:COMMUNES]),
    }


def run(url: str, *, rate: float, seconds: int, world: Path, ramp: int = RAMP) -> dict[str, dict]:
    """One run of locust; its figures by kind of request."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                *(sys.executable, "-m", "locust", "-f", str(HERE / "journey.py"), "--headless"),
                *("--users", str(AGENTS), "--spawn-rate", str(AGENTS / ramp)),
                *("--run-time", f"{seconds + ramp}s", "--reset-stats", "--only-summary"),
                *("--host", url, "--csv", f"{folder}/run", "--loglevel", "ERROR"),
            ],
            env=os.environ | {"A39_LOAD_WORLD": str(world), "A39_LOAD_RATE": str(rate)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        with Path(f"{folder}/run_stats.csv").open() as file:
            return {row["Name"]: row for row in csv.DictReader(file)}


class Cores:
    """Whose the cores were from one instant to another, in per cent of one core."""

    def __init__(self) -> None:
        self.start, self.before, self.client = time.monotonic(), _spent(), _of_ended_children()

    def __str__(self) -> str:
        after, lasted = _spent(), time.monotonic() - self.start
        told: Counter[str] = Counter(front=0, postgres=0)
        for key, seconds in after.items():  # process by process: one that has ended counts for none
            told[key[0]] += seconds - self.before.get(key, 0)
        told["locust"] = _of_ended_children() - self.client
        told["rest"] = told.pop("all") - told.total()
        return ", ".join(f"{name} {100 * spent / lasted:.0f} %" for name, spent in told.items())


def _spent() -> dict[tuple[str, int], float]:
    """Seconds of processor so far, by what they went to and process."""
    import psutil

    whole = psutil.cpu_times()
    busy = sum(whole) - whole.idle - whole.iowait - whole.guest - whole.guest_nice
    spent = {("all", 0): busy}
    for process in psutil.process_iter():
        try:
            parent = process.parent()
            line = [*process.cmdline(), *(parent.cmdline() if parent else [])]
            name = "front" if "allo3939.asgi:application" in line else process.name()
            times = process.cpu_times()
        except psutil.Error:
            continue
        if name in ("front", "postgres"):
            spent[name, process.pid] = times.user + times.system
    return spent


def _of_ended_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def show(figures: dict[str, dict]) -> None:
    bare = float(figures["bare view"]["Median Response Time"]) or 1.0
    print(f"  {'':16} {'count':>7} {'errors':>7} {'p50':>6} {'p95':>6} {'p99':>6} {'× bare':>7}")
    for name, row in figures.items():
        p50 = float(row["Median Response Time"])
        print(
            f"  {name:16} {row['Request Count']:>7} {row['Failure Count']:>7}"
            f" {row['50%']:>6} {row['95%']:>6} {row['99%']:>6} {p50 / bare:7.1f}"
        )


def faults(figures: dict[str, dict], *, rate: float) -> list[str]:
    """What is beyond the limits; nothing when all are held."""
    found = []
    for name, row in figures.items():
        limit = LIMITS.get(name.partition(":")[0])
        if limit and float(row["95%"]) > limit:
            found.append(f"{name} p95 {row['95%']} ms > {limit}")
    whole = figures["Aggregated"]
    if int(whole["Failure Count"]):
        found.append(f"{whole['Failure Count']} errors")
    if float(whole["Requests/s"]) < 0.95 * rate:
        found.append(f"only {float(whole['Requests/s']):.1f} requests/s")
    return found


def main(url: str, *, rate: float, seconds: int, climb: bool) -> None:
    from screens import machine, screens_with_a_past

    from calls.models import Appel

    print(f"{Appel.objects.count():,} calls in the tables, {machine()}")
    with screens_with_a_past(AGENTS) as agents, tempfile.TemporaryDirectory() as folder:
        world = Path(folder) / "world.json"
        world.write_text(
            json.dumps({**describe_world(), "screens": [screen.headers for screen in agents]})
        )
        if climb:
            climb_from(rate, url=url, seconds=seconds, world=world)
            return
        cores = Cores()
        figures = run(url, rate=rate, seconds=seconds, world=world)
        found = faults(figures, rate=rate)
        print(f"{rate:.0f} requests/s for {seconds} s; cores: {cores}")
        show(figures)
        print("  limits held" if not found else "  NOT held: " + "; ".join(found))


def climb_from(rate: float, *, url: str, seconds: int, world: Path) -> None:
    """Up by a quarter until a rate is missed twice, else down until one is held."""
    print("   rate/s  search  communes  fiche   save  p95 in ms; whose the cores are")
    start, highest, tried, down = time.monotonic(), 0.0, False, False
    while rate >= RATE_MIN and time.monotonic() - start < CLIMB_TIME:
        cores = Cores()
        figures = run(url, rate=rate, seconds=seconds, world=world, ramp=RAMP // 2)
        worst = {kind: slowest(figures, kind) for kind in LIMITS}
        found = faults(figures, rate=rate)
        print(
            f"  {rate:7.0f} {worst['search']:7.0f} {worst['communes']:9.0f} {worst['fiche']:6.0f}"
            f" {worst['save']:6.0f}  {'held' if not found else 'NOT held'}; {cores}",
            flush=True,
        )
        if not found:
            highest = rate
            if down:
                break
            rate, tried = rate * STEP, False
        elif not tried:
            tried = True  # once more
        elif highest:
            break
        else:
            rate, tried, down = rate / STEP, False, True
    print(f"highest rate held: {highest:.0f} requests/s" if highest else "no rate is held")


def slowest(figures: dict[str, dict], kind: str) -> float:
    """The highest p95 among the requests of a kind."""
    names = [name for name in figures if name.partition(":")[0] == kind]
    return max((float(figures[name]["95%"]) for name in names), default=0.0)


if __name__ == "__main__":
    climb = "--climb" in sys.argv
    numbers = [arg for arg in sys.argv[2:] if not arg.startswith("--")]
    if len(sys.argv) < 2:
        print("load.py URL [RATE] [SECONDS] [--climb]: nothing to do without the address.")
    else:
        main(
            sys.argv[1],
            rate=float(numbers[0]) if numbers else RATE,
            seconds=int(numbers[1]) if len(numbers) > 1 else CLIMB_SECONDS if climb else SECONDS,
            climb=climb,
        )
