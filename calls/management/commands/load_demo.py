"""Demonstration data: communes, a generated directory, fiches, accounts. Never in production."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from allo3939.accounts.demo import accounts_table, create_accounts, refuse_outside_demonstration
from knowledge.demo import load_editing
from knowledge.load import load_secteurs

ORGANISMES = 55_000


class Command(BaseCommand):
    help = "Charge les données de démonstration ; ne refait rien de ce qui est déjà là."

    def add_arguments(self, parser):
        parser.add_argument(
            "--comptes", action="store_true", help="affiche les comptes et s'arrête là"
        )

    def handle(self, *args, comptes: bool, **options):
        if comptes:
            self.stdout.write(accounts_table())
            return
        try:
            refuse_outside_demonstration()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        streams = {"stdout": self.stdout, "stderr": self.stderr}
        self.stdout.write("Communes…")
        call_command("import_communes", apply=True, **streams)
        # Before the directory: the kinds of office are given to the sectors as they are met.
        load_secteurs(settings.BASE_DIR / "fixtures" / "secteurs.toml")
        self.stdout.write("Annuaire…")
        call_command("import_annuaire", str(self.directory_file(streams)), apply=True, **streams)
        self.stdout.write("Fiches…")
        call_command("load_fiches", **streams)
        # Last, and at once: `run` takes a base with agents for a complete one.
        with transaction.atomic():
            created = create_accounts()
            proposed = load_editing(settings.BASE_DIR / "fixtures" / "redaction.toml")
        self.stdout.write(f"Comptes de démonstration créés : {created}.")
        self.stdout.write(f"Propositions de démonstration écrites : {proposed}.")

    def directory_file(self, streams) -> Path:
        """The generated directory, made once for the installation."""
        path = Path(settings.VAR_DIR) / "annuaire-demo.json.gz"
        if not path.exists():
            unfinished = path.with_name(f"en-cours-{path.name}")
            call_command("generate_annuaire", str(unfinished), count=ORGANISMES, **streams)
            unfinished.rename(path)
        return path
