"""``manage.py generate_annuaire OUT``: an invented directory, in DILA's format."""

from __future__ import annotations

import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from orientation.communes import CommunesIllisibles
from orientation.generate import FormatInconnu, generate_annuaire


class Command(BaseCommand):
    help = "Écrit un annuaire inventé, au format de la DILA, toujours le même pour une graine."

    def add_arguments(self, parser) -> None:
        parser.add_argument("out", metavar="OUT", help="fichier .json, .json.gz ou .tar.bz2")
        parser.add_argument("--count", type=int, default=55_000, help="nombre d'organismes")
        parser.add_argument("--seed", type=int, default=1, help="graine du tirage")

    def handle(self, *args, **options) -> None:
        if options["count"] < 1:
            raise CommandError("--count doit être positif.")
        clock = time.monotonic()
        try:
            written = generate_annuaire(
                Path(options["out"]), count=options["count"], seed=options["seed"]
            )
        except (FormatInconnu, CommunesIllisibles, OSError) as error:
            raise CommandError(str(error)) from error
        seconds = f"{time.monotonic() - clock:.1f}".replace(".", ",")
        self.stdout.write(f"{written} organismes écrits en {seconds}\u00a0s")
