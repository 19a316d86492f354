"""``manage.py search "TEXT"``: the ranking of the page, on a terminal."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand

from allo3939.shared.index import Trouvaille, refresh
from allo3939.shared.query import Comprehension
from knowledge.search import FICHES
from orientation.search import ORGANISMES, search_everything


class Command(BaseCommand):
    help = "Cherche dans les fiches et l'annuaire, dans l'ordre de la page de l'agent."

    def add_arguments(self, parser):
        parser.add_argument("texte")
        parser.add_argument(
            "--in", dest="ou", choices=("fiches", "organismes", "tout"), default="tout"
        )
        parser.add_argument(
            "--limit",
            type=int,
            default=10,
            help="nombre de résultats\u00a0; avec «\u00a0tout\u00a0», de chaque groupe",
        )
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--explain",
            action="store_true",
            help="avec --json, un objet\u00a0: les lignes et ce qui a été compris",
        )

    def handle(self, *, texte, ou, limit, **options):
        refresh(FICHES, ORGANISMES, wait=True)
        found: list[Trouvaille]
        if ou == "tout":
            results = search_everything(texte, limit_fiches=limit, limit_organismes=limit)
            found, understood = list(results), results.compris
        else:
            index = FICHES if ou == "fiches" else ORGANISMES
            search = index.search(texte, limit=limit)
            found, understood = search.lignes, search.compris
        if options["json"]:
            lines = [
                {
                    "cle": line.cle,
                    "genre": line.genre,
                    "titre": line.titre_entier,
                    "complement": line.complement,
                    "score": line.score,
                }
                for line in found
            ]
            shown = {"lignes": lines, "compris": [asdict(each) for each in understood]}
            self.stdout.write(
                json.dumps(shown if options["explain"] else lines, ensure_ascii=False)
            )
            return
        for each in understood:
            if said := _say(each):
                self.stdout.write(said)
        for line in found:
            self.stdout.write(
                f"{line.score:7.2f}  {line.genre:9}  {line.cle}  {line.titre_entier}"
                f"  ({line.complement})"
            )
        if not found:
            self.stdout.write("Aucun résultat.")


def _say(each: Comprehension) -> str:
    """What a word was read as; nothing for a word taken as it is."""
    if each.genre == "inconnu":
        return f"{each.dit}\u00a0: mot inconnu"
    return f"{each.dit} → {', '.join(each.lu)}" if each.lu else ""
