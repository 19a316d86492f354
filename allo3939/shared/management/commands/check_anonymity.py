"""``manage.py check_anonymity FILE.jsonl``: what the anonymity guard says of each line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from allo3939.shared.anonymity import check
from allo3939.shared.anonymity.publics import Registered


class Command(BaseCommand):
    help = (
        "Juge des textes\u00a0: lit des lignes JSON (id, texte) et écrit pour chacune ce que la "
        "garde d'anonymat y voit (id, flag, bloque, reasons)."
    )

    without_directory = False
    directory = Registered()

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "fichier", metavar="FILE.jsonl", help="«\u00a0-\u00a0» pour l'entrée standard"
        )

    def handle(self, *args, **options) -> None:
        for line in self._lines(options["fichier"]):
            found = check(line["texte"], is_public=self._is_public)
            answer = {
                "id": line.get("id"),
                "flag": bool(found),
                "bloque": any(each.certain for each in found),
                "reasons": list(
                    dict.fromkeys(f"{each.libelle}\u00a0: {each.raison}" for each in found)
                ),
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _is_public(self, value: str) -> bool | None:
        """What the directory says; nothing where it was never installed."""
        if self.without_directory:
            return None
        try:
            return self.directory(value)
        except DatabaseError:
            self.without_directory = True
            self.stderr.write("L'annuaire ne se lit pas\u00a0: aucun numéro n'y sera cherché.")
            return None

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        if name != "-" and not Path(name).is_file():
            raise CommandError(f"«\u00a0{name}\u00a0» n'est pas un fichier.")
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
        for number, row in enumerate(text.split("\n"), 1):
            if not row.strip():
                continue
            try:
                line = json.loads(row)
            except ValueError as error:
                # The line itself stays out of the message: it may identify somebody.
                raise CommandError(f"Ligne {number}\u00a0: ce n'est pas du JSON.") from error
            if not isinstance(line, dict) or not isinstance(line.get("texte"), str):
                raise CommandError(f"Ligne {number}\u00a0: il manque «\u00a0texte\u00a0».")
            yield line
