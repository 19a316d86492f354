"""The first account of an installation; the others are made in the administration."""

from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from allo3939.accounts.audit import trace_rights
from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent, Secteur


class Command(BaseCommand):
    help = "Crée un agent ; le mot de passe est demandé."

    def add_arguments(self, parser):
        parser.add_argument("identifiant")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--secteur", default="", help="code du secteur, selon le rôle")

    def handle(self, *args, identifiant: str, role: str, secteur: str, **options):
        agent = Agent(username=identifiant, role=role)
        if secteur:
            agent.secteur = Secteur.objects.filter(slug=secteur).first()
            if agent.secteur is None:
                raise CommandError(f"Il n'y a pas de secteur « {secteur} ».")
        try:
            agent.full_clean(exclude=["password"])
            password = getpass("Mot de passe : ")
            validate_password(password, agent)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        agent.set_password(password)
        with transaction.atomic():
            agent.save()
            trace_rights(agent, by=None)
        self.stdout.write(f"{agent.get_role_display()} « {identifiant} » créé.")
