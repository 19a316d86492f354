"""``manage.py rebuild_index``: this host's search indexes, built anew."""

import time

from django.core.management.base import BaseCommand, CommandError

from orientation.search import FICHES, ORGANISMES


class Command(BaseCommand):
    help = "Reconstruit les index de recherche de cette machine, sans interrompre les recherches."

    def add_arguments(self, parser):
        parser.add_argument(
            "--missing",
            action="store_true",
            help="seulement ceux qui manquent ou ne s'ouvrent pas",
        )

    def handle(self, *, missing, **options):
        for index in (FICHES, ORGANISMES):
            if missing and index.is_readable():
                continue
            start = time.perf_counter()
            if not index.rebuild():
                raise CommandError(
                    f"Index {index.nom} : un autre processus l'écrit depuis plus d'une minute."
                )
            self.stdout.write(f"{index.nom} : reconstruit en {time.perf_counter() - start:.1f} s")
