"""Load the demonstration's sectors, themes and fiches."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from knowledge.load import load_fiches, load_secteurs


class Command(BaseCommand):
    help = "Charge les secteurs, les thèmes et les fiches de démonstration (fixtures/)."

    def add_arguments(self, parser):
        parser.add_argument("--fixtures", default=str(settings.BASE_DIR / "fixtures"))

    def handle(self, *args, **options):
        fixtures = Path(options["fixtures"])
        if not (fixtures / "secteurs.toml").is_file():
            raise CommandError(f"Il n'y a pas de secteurs.toml dans {fixtures}.")
        secteurs, themes = load_secteurs(fixtures / "secteurs.toml")
        self.stdout.write(f"{secteurs} secteurs, {themes} thèmes")
        for bilan in load_fiches(fixtures / "fiches"):
            self.stdout.write(
                f"{bilan.fichier} : {bilan.ajoutees} ajoutées, {bilan.modifiees} modifiées, "
                f"{bilan.inchangees} inchangées, {len(bilan.ecartees)} écartées"
            )
            for line in bilan.ecartees:
                self.stderr.write(f"  {line['reference']} : {line['reason']}")
