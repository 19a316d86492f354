"""``manage.py evaluate_search FILE.jsonl``: how well the search of fiches answers."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from allo3939.shared.index import refresh
from knowledge.evaluate import (
    RANKS,
    NoQuestion,
    ask,
    measure,
    measure_categories,
    read_questions,
)
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
            answers = ask(questions, search=search_fiches)
            measures = measure(answers)
        except NoQuestion as error:
            raise CommandError(
                "Aucune question du fichier n'attend une fiche de cette base."
            ) from error
        categories = measure_categories(answers)
        if options["json"]:
            self.stdout.write(json.dumps(measures | {"categories": categories}))
            return
        for name, value in measures.items():
            self.stdout.write(f"{name:13} {value}")
        if categories:
            self.stdout.write(f"\n{'':16}{'n':>4}" + "".join(f"{'@' + str(k):>8}" for k in RANKS))
        for name, values in categories.items():
            shares = "".join(f"{values[f'success@{k}']:8.3f}" for k in RANKS)
            self.stdout.write(f"{name:16}{values['questions']:4}{shares}")
