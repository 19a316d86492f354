"""``manage.py render_fiches [REFERENCE…]``: the published fiches as HTML, in JSON Lines."""

import json

from django.core.management.base import BaseCommand, CommandError

from knowledge.models import Fiche
from knowledge.render.whole import render_whole

_AT_A_TIME = 50  # fiches in memory


class Command(BaseCommand):
    help = (
        "Écrit les fiches publiées, une par ligne, en JSON\u00a0: {reference, html}. "
        "Sans référence, toutes."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("references", metavar="REFERENCE", nargs="*")

    def handle(self, *args, **options) -> None:
        fiches = Fiche.objects.published().for_page().order_by("reference")
        wanted = list(dict.fromkeys(options["references"]))
        if wanted:
            fiches = fiches.filter(reference__in=wanted)
        met = set()
        for fiche in fiches.iterator(chunk_size=_AT_A_TIME):
            line = {"reference": fiche.reference, "html": render_whole(fiche)}
            self.stdout.write(json.dumps(line, ensure_ascii=False))
            met.add(fiche.reference)
        absent = [reference for reference in wanted if reference not in met]
        if absent:
            raise CommandError(
                "Aucune fiche publiée ne porte cette référence\u00a0: " + ", ".join(absent)
            )
