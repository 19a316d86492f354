"""Calls at four times the peak, through the real front, with locust.

    manage.py run --port 8000                      (in another terminal, the same VAR_DIR)
    python benchmarks/load.py http://127.0.0.1:8000 [RATE] [SECONDS] [--climb]

RATE requests a second in all (default 28, four times the peak) for SECONDS (default 60), by agents
with a year of calls behind them where `fill_calls.py` made some; the calls of the run are deleted
afterwards. Prints p50, p95, p99 and errors by kind of request, and the ratio of each p50 to the
bare Django view's in the same run; then says whether the limits are held: search p95 ≤ 60 ms, fiche
and save p95 ≤ 50 ms, no error. With ``--climb`` the rate then goes up by a quarter until they are
not, twice in a row, or else down until they are; the highest one held is told. The client runs on
the same machine and takes a part of it. Without arguments, does nothing.
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

RATE, SECONDS, AGENTS = 28.0, 60, 60
STEP, RATE_MIN = 1.25, 4.0  # from a rate to the next; below, too few requests tell nothing
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


def run(url: str, *, rate: float, seconds: int, world: Path) -> dict[str, dict]:
    """One run of locust; its figures by kind of request."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                *(sys.executable, "-m", "locust", "-f", str(HERE / "journey.py"), "--headless"),
                *(
                    "--users",
                    str(AGENTS),
                    "--spawn-rate",
                    str(AGENTS / RAMP),
                    "--run-time",
                    f"{seconds + RAMP}s",
                ),
                *("--host", url, "--csv", f"{folder}/run", "--only-summary", "--loglevel", "ERROR"),
                *("--reset-stats",),
            ],
            env=os.environ | {"A39_LOAD_WORLD": str(world), "A39_LOAD_RATE": str(rate)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        with Path(f"{folder}/run_stats.csv").open() as file:
            return {row["Name"]: row for row in csv.DictReader(file)}


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

    print(f"{Appel.objects.count():,} calls in the tables")
    with screens_with_a_past(AGENTS) as agents, tempfile.TemporaryDirectory() as folder:
        world = Path(folder) / "world.json"
        world.write_text(
            json.dumps({**describe_world(), "screens": [screen.headers for screen in agents]})
        )
        highest, missed, lost = 0.0, False, 0
        while lost < 2:
            figures = run(url, rate=rate, seconds=seconds, world=world)
            found = faults(figures, rate=rate)
            print(f"{rate:.0f} requests/s for {seconds} s, {machine()}")
            show(figures)
            print("  limits held" if not found else "  NOT held: " + "; ".join(found), flush=True)
            if not climb:
                return
            if found:
                missed, lost = True, lost + 1
                if not highest and lost == 2:  # down, until one is held
                    rate, lost = rate / STEP, 0
            elif missed and not highest:
                highest, lost = rate, 2
            else:
                highest, lost = rate, 0
                rate *= STEP
            if rate < RATE_MIN:
                break
        print(f"highest rate held: {highest:.0f} requests/s" if highest else "no rate is held")


if __name__ == "__main__":
    numbers = [arg for arg in sys.argv[2:] if not arg.startswith("--")]
    if len(sys.argv) < 2:
        print("load.py URL [RATE] [SECONDS] [--climb]: nothing to do without the address.")
    else:
        main(
            sys.argv[1],
            rate=float(numbers[0]) if numbers else RATE,
            seconds=int(numbers[1]) if len(numbers) > 1 else SECONDS,
            climb="--climb" in sys.argv,
        )
