"""A day of the telephone in a few minutes: invented calls at an agent's extension, as events."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from allo3939.accounts.models import Agent
from calls.models import Appel
from calls.telephony import Genre, SimulatedSwitch, StandardInjoignable, extension_of

# Seconds of each moment of a call, at normal speed.
RINGS, SPEAKS, WAITS, RESTS = 4.0, 60.0, 15.0, 25.0


class Command(BaseCommand):
    help = (
        "Simule le standard téléphonique au poste d'un agent\u00a0: envoie, signés, les événements "
        "d'appels inventés à l'adresse où un vrai standard les enverrait."
    )

    def add_arguments(self, parser):
        parser.add_argument("--agent", default="tele1", help="identifiant")
        parser.add_argument("--calls", type=int, default=1, help="nombre d'appels")
        parser.add_argument(
            "--speed",
            type=float,
            default=1.0,
            help="10\u00a0: dix fois plus vite",
        )
        parser.add_argument(
            "--patience",
            type=float,
            default=60.0,
            help="secondes laissées à l'agent pour clore, avant l'appel suivant",
        )
        parser.add_argument("--url", default="", help="défaut\u00a0: TELEPHONIE_SIMULE_URL")
        parser.add_argument(
            "--disorder",
            action="store_true",
            help="répète et retarde des événements, comme un réseau le fait",
        )

    def handle(self, *args, agent: str, calls: int, speed: float, url: str, **options):
        self.agent = self.find(agent)
        poste = extension_of(self.agent)
        if speed <= 0:
            raise CommandError("La vitesse est un nombre positif.")
        self.pace, self.disorder = 1 / speed, options["disorder"]
        self.switch, self.counted, self.set_aside = SimulatedSwitch(url), 0, 0
        try:
            for number in range(1, calls + 1):
                self.stdout.write(f"Appel {number} au poste {poste}")
                self.call(poste, held=number % 2 == 0)
                if number < calls:
                    self.wait_for_the_close(options["patience"])
        except StandardInjoignable as error:
            raise CommandError(
                "Le bureau n'a pas reçu l'événement\u00a0: est-il lancé à cette adresse, avec le "
                f"même TELEPHONIE_SECRET\u00a0? ({self.switch.address})"
            ) from error
        self.stdout.write(f"{self.counted} événements comptés, {self.set_aside} écartés.")

    def find(self, username: str) -> Agent:
        if not settings.TELEPHONIE_SECRET:
            raise CommandError("TELEPHONIE_SECRET est vide\u00a0: aucun événement n'est reçu.")
        if settings.TELEPHONIE_STANDARD != "simule":
            raise CommandError("Le standard est un vrai\u00a0: TELEPHONIE_STANDARD=simule.")
        agent = Agent.objects.filter(username=username, is_active=True).first()
        if agent is None:
            raise CommandError(f"Aucun agent actif ne s'appelle {username}.")
        if not extension_of(agent):
            raise CommandError(f"{username} n'a pas de numéro de poste.")
        return agent

    def call(self, poste: str, *, held: bool) -> None:
        """One call; every other one waits a moment on hold."""
        self.say("sonne", self.switch.ring(poste), wait=RINGS)
        self.say("décroché", self.switch.answer(poste), wait=SPEAKS)
        if held:
            self.say("en attente", self.switch.tell(poste, Genre.HELD), wait=WAITS)
            self.say("repris", self.switch.tell(poste, Genre.ANSWERED), wait=SPEAKS)
        if self.disorder:
            late = self.switch.tell(poste, Genre.RINGING, sequence=0)
            self.say("sonnerie répétée", late)
        self.say("raccroché", self.switch.hang_up(poste), wait=RESTS)
        if self.disorder:
            late = self.switch.tell(poste, Genre.HELD, sequence=2)
            self.say("attente arrivée trop tard", late)

    def wait_for_the_close(self, patience: float) -> None:
        """A switch offers no call to an agent who is still writing the last one."""
        end = time.monotonic() + patience
        while time.monotonic() < end and Appel.objects.open_of(self.agent).exists():
            time.sleep(0.2)

    def say(self, what: str, reason: str, *, wait: float = 0.0) -> None:
        self.set_aside += bool(reason)
        self.counted += not reason
        self.stdout.write(f"  {what}" + (f"\u00a0: {reason}" if reason else ""))
        time.sleep(wait * self.pace)
