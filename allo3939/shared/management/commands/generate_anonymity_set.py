"""``manage.py generate_anonymity_set``: invented notes that judge the anonymity guard."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand, CommandError

from allo3939.shared.anonymity.sample import generate


class Command(BaseCommand):
    help = (
        "Écrit des notes inventées, toujours les mêmes pour une graine, avec ce qui en est attendu "
        "(id, texte, attendu, genre)."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--seed", type=int, default=3939, help="graine du tirage")
        parser.add_argument("--lines", type=int, default=2000, help="nombre de lignes")

    def handle(self, *args, **options) -> None:
        if options["lines"] < 1:
            raise CommandError("--lines doit être positif.")
        for line in generate(seed=options["seed"], lines=options["lines"]):
            row = {"id": line.id, "texte": line.texte, "attendu": line.attendu, "genre": line.genre}
            self.stdout.write(json.dumps(row, ensure_ascii=False))
