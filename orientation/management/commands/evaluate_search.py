"""``manage.py evaluate_search FILE.jsonl``: how well the search of fiches answers."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from allo3939.shared.index import refresh
from knowledge.evaluate import (
    RANKS,
    NoQuestion,
    Question,
    ask,
    evaluate,
    measure,
    measure_categories,
    read_questions,
    simulate_calls,
    split,
)
from knowledge.learn import Savoir
from knowledge.search import FICHES, count_fiches, search_fiches, search_with

COMPARED = ("questions", "success@1", "success@3", "success@5", "mrr")


class Command(BaseCommand):
    help = "Mesure la recherche de fiches sur un fichier de questions (question, fiches)."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--with-usage",
            action="store_true",
            help="montre ce qu'apprendraient des appels simulés\u00a0; n'écrit rien",
        )
        parser.add_argument("--seed", type=int, default=3939, help="du hasard des appels simulés")

    def handle(self, *, fichier, **options):
        try:
            questions = read_questions(fichier)
        except (OSError, ValueError) as error:
            raise CommandError(f"{fichier} : {error}") from error
        refresh(FICHES, wait=True)  # outside the measured time
        try:
            answers = ask(questions, search=search_fiches)
            measures: dict = measure(answers)
            if options["with_usage"]:
                measures["usage"] = self.with_usage(questions, seed=options["seed"])
        except NoQuestion as error:
            raise CommandError(
                "Aucune question du fichier n'attend une fiche de cette base."
            ) from error
        categories = measure_categories(answers)
        if options["json"]:
            self.stdout.write(json.dumps(measures | {"categories": categories}))
            return
        usage = measures.pop("usage", {})
        for name, value in measures.items():
            self.stdout.write(f"{name:13} {value}")
        if categories:
            self.stdout.write(f"\n{'':16}{'n':>4}" + "".join(f"{'@' + str(k):>8}" for k in RANKS))
        for name, values in categories.items():
            shares = "".join(f"{values[f'success@{k}']:8.3f}" for k in RANKS)
            self.stdout.write(f"{name:16}{values['questions']:4}{shares}")
        for part, ways in usage.items():
            self.stdout.write(f"\n{part:28}" + "".join(f"{way:>10}" for way in ways))
            for name in COMPARED:
                row = (ways[way][name] for way in ways)
                self.stdout.write(f"{name:28}" + "".join(f"{value:10}" for value in row))

    def with_usage(self, questions: list[Question], *, seed: int) -> dict[str, dict[str, dict]]:
        """The measures without and with what calls about one half of the questions teach."""
        asked, others = split(questions, seed=seed)
        ways = {
            "sans": search_with(Savoir()),
            "avec": search_with(
                simulate_calls(asked, search=search_fiches, count=count_fiches, seed=seed)
            ),
        }
        parts = {"questions déjà posées": asked, "autres questions": others}
        return {
            part: {way: evaluate(half, search=search) for way, search in ways.items()}
            for part, half in parts.items()
        }
