"""``manage.py simulate_day --date 2026-03-17 --calls 8000``: a plausible day, for demonstration."""

from __future__ import annotations

import sys
from datetime import date

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from calls.count import count_day
from calls.simulate import JourImpossible, simulate_day

CALLS = 8000


class Command(BaseCommand):
    help = (
        "Simule une journée d'appels plausible (démonstration seulement)\u00a0: mêmes verbes que "
        "les postes, agents fictifs compris."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--date", required=True, type=date.fromisoformat, help="2026-03-17\u00a0; pas à venir"
        )
        parser.add_argument(
            "--calls", type=int, default=CALLS, help=f"appels de la journée entière ({CALLS})"
        )
        parser.add_argument("--seed", type=int, help="la même graine refait la même journée")

    def handle(self, *args, date: date, calls: int, seed: int | None, **options) -> None:
        if calls < 1:
            raise CommandError("Il faut au moins un appel.")
        with tqdm(total=calls, unit="appel", disable=not sys.stderr.isatty()) as bar:
            try:
                bilan = simulate_day(date, calls=calls, seed=seed, report=lambda _: bar.update())
            except (JourImpossible, ImproperlyConfigured) as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{bilan.appels} appels simulés le {date:%d/%m/%Y}, par {bilan.teleconseillers} "
            f"téléconseillers et {bilan.informateurs} informateurs."
        )
        day = count_day(date)
        if not day.demandes:
            return
        for code, count in zip(day.codes, day.totaux.nombres, strict=True):
            self.stdout.write(f"  {code!s:<24} {count:>6}  {count / day.demandes:6.1%}")
        for line in day.lignes:
            share = line.total / day.demandes
            self.stdout.write(
                f"  {line.secteur:<24} {line.total:>6}  {share:6.1%}  "
                f"{line.transferts} transferts, {line.acceptes} acceptés"
            )
