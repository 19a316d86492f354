"""``manage.py create_consumer NOM``: a token for who reads the API; it is shown once."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from orientation.models import Consommateur
from orientation.tokens import issue, renew


class Command(BaseCommand):
    help = "Crée un consommateur de l'API et montre son jeton, une seule fois."

    def add_arguments(self, parser) -> None:
        parser.add_argument("nom", metavar="NOM", help="organisme et usage")
        parser.add_argument("--par-minute", type=int, default=120, help="requêtes par minute")
        parser.add_argument(
            "--renew", action="store_true", help="remplacer le jeton d'un consommateur connu"
        )

    def handle(self, *args, **options) -> None:
        known = Consommateur.objects.filter(nom=options["nom"]).first()
        if options["renew"]:
            if known is None:
                raise CommandError(f"Aucun consommateur «\u00a0{options['nom']}\u00a0».")
            token = renew(known)
        elif known is not None:
            raise CommandError(
                f"«\u00a0{options['nom']}\u00a0» existe déjà\u00a0: --renew change son jeton."
            )
        elif options["par_minute"] < 1:
            raise CommandError("Au moins une requête par minute.")
        else:
            _, token = issue(options["nom"], par_minute=options["par_minute"])
        self.stdout.write(token)
