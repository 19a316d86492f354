"""``manage.py count_usage``: how much each fiche serves, counted anew from the calls."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from calls.usage import STAKE, count_again


class Command(BaseCommand):
    help = "Recompte l'usage des fiches, jour par jour, à partir des appels."

    def add_arguments(self, parser):
        parser.add_argument(
            "--jours",
            type=int,
            default=STAKE.days,
            help=f"depuis combien (défaut\u00a0: {STAKE.days})",
        )

    def handle(self, *, jours: int, **options):
        today = timezone.localdate()
        count = count_again(on=today, since=today - timedelta(days=max(0, jours)))
        self.stdout.write(f"Jours comptés\u00a0: {count}.")
