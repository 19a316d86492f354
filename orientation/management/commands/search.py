"""``manage.py search "TEXT"``: the ranking of the page, on a terminal."""

import json

from django.core.management.base import BaseCommand

from allo3939.shared.index import Trouvaille, refresh
from knowledge.search import FICHES, search_fiches
from orientation.search import ORGANISMES, search_everything, search_organismes


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

    def handle(self, *, texte, ou, limit, **options):
        refresh(FICHES, ORGANISMES, wait=True)
        found: list[Trouvaille]
        if ou == "fiches":
            found = search_fiches(texte, limit=limit)
        elif ou == "organismes":
            found = search_organismes(texte, limit=limit)
        else:
            found = list(search_everything(texte, limit_fiches=limit, limit_organismes=limit))
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
            self.stdout.write(json.dumps(lines, ensure_ascii=False))
            return
        for line in found:
            self.stdout.write(
                f"{line.score:7.2f}  {line.genre:9}  {line.cle}  {line.titre_entier}"
                f"  ({line.complement})"
            )
        if not found:
            self.stdout.write("Aucun résultat.")
