"""``manage.py import_communes``: communes and départements of the official geographic code."""

from __future__ import annotations

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from orientation.communes import CommunesIllisibles, load_communes


class Command(BaseCommand):
    help = (
        "Charge les communes et les départements de fixtures/communes. "
        "Sans --apply, montre seulement ce qui changerait."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--apply", action="store_true", help="écrire les changements")
        parser.add_argument("--json", action="store_true", help="rendre le compte rendu en JSON")

    def handle(self, *args, **options) -> None:
        try:
            report = load_communes(apply=options["apply"])
        except CommunesIllisibles as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report)))
            return
        self.stdout.write(
            f"Communes ajoutées\u00a0: {report.added}, modifiées\u00a0: {report.changed}, "
            f"inchangées\u00a0: {report.unchanged}, disparues\u00a0: {report.gone}"
        )
        if not options["apply"]:
            self.stdout.write("Essai à blanc, rien n'est écrit (--apply pour écrire)")
