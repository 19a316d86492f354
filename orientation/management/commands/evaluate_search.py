"""``manage.py evaluate_search FILE.jsonl``: how well the search of fiches answers."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from allo3939.shared.index import refresh
from knowledge.evaluate import NoQuestion, evaluate, read_questions
from knowledge.search import FICHES, search_fiches


class Command(BaseCommand):
    help = "Mesure la recherche de fiches sur un fichier de questions (question, fiches)."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, fichier, **options):
        try:
            questions = read_questions(fichier)
        except (OSError, ValueError) as error:
            raise CommandError(f"{fichier} : {error}") from error
        refresh(FICHES, wait=True)  # outside the measured time
        try:
            measures = evaluate(questions, search=search_fiches)
        except NoQuestion as error:
            raise CommandError(
                "Aucune question du fichier n'attend une fiche de cette base."
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps(measures))
            return
        for name, value in measures.items():
            self.stdout.write(f"{name:13} {value}")
