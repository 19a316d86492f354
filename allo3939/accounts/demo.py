"""Demonstration accounts: at least one agent of each role, one password that everybody knows."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from allo3939.accounts.audit import trace_rights
from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent, Secteur

MOT_DE_PASSE = "allo-service-public"


class Compte(NamedTuple):
    identifiant: str
    role: Role
    secteur: str = ""
    poste: str = ""
    site: str = ""


COMPTES = (
    Compte("tele1", Role.TELECONSEILLER, "", "Poste 214", "Le Mans 2"),
    Compte("tele2", Role.TELECONSEILLER, "", "Poste 108", "Metz 1"),
    Compte("info-interieur", Role.INFORMATEUR, "interieur", "Poste 31", "Metz"),
    Compte("info-travail", Role.INFORMATEUR, "travail", "Poste 32", "Lille"),
    Compte("info-consommation", Role.INFORMATEUR, "consommation", "Poste 33", "Montpellier"),
    Compte("info-justice", Role.INFORMATEUR, "justice", "Poste 34", "Rennes"),
    Compte("info-fiscalite", Role.INFORMATEUR, "fiscalite", "Poste 35", "Amiens"),
    Compte("info-logement", Role.INFORMATEUR, "logement", "Poste 36", "Lyon"),
    Compte("redacteur", Role.REDACTEUR, "", "Poste 51", "Paris"),
    Compte("redactrice", Role.REDACTEUR, "", "Poste 52", "Paris"),
    Compte("partenaire", Role.PARTENAIRE, "logement", "", "Lyon"),
    Compte("superviseur", Role.SUPERVISEUR, "", "", "Le Mans 2"),
    Compte("admin", Role.ADMINISTRATEUR),
)


def refuse_outside_demonstration() -> None:
    if not settings.DEMONSTRATION:
        raise ImproperlyConfigured(
            "Les données de démonstration demandent DEMONSTRATION=true : "
            "elles contiennent des comptes au mot de passe connu de tous."
        )


@transaction.atomic
def create_accounts() -> int:
    """Create the demonstration accounts that are missing, and say how many there were to create.

    The sectors must be there. Raises ``ImproperlyConfigured`` outside demonstration.
    """
    refuse_outside_demonstration()
    known = set(Agent.objects.values_list("username", flat=True))
    secteurs = {secteur.slug: secteur for secteur in Secteur.objects.all()}
    password = make_password(MOT_DE_PASSE)
    missing = [
        Agent(
            username=compte.identifiant,
            password=password,
            role=compte.role,
            secteur=secteurs.get(compte.secteur),
            poste=compte.poste,
            site=compte.site,
        )
        for compte in COMPTES
        if compte.identifiant not in known
    ]
    Agent.objects.bulk_create(missing)
    for agent in missing:
        trace_rights(agent, by=None)
    return len(missing)


def accounts_table() -> str:
    """The demonstration accounts present in the base, as lines to print; empty without any."""
    names = [compte.identifiant for compte in COMPTES]
    agents = {
        agent.username: agent
        for agent in Agent.objects.filter(username__in=names).select_related("secteur")
    }
    rows = [(name, MOT_DE_PASSE, _role(agents[name])) for name in names if name in agents]
    if not rows:
        return ""
    lines = [("Identifiant", "Mot de passe", "Rôle"), *rows]
    return "\n".join(f"  {name:<18} {password:<21} {role}" for name, password, role in lines)


def _role(agent: Agent) -> str:
    label = str(Role(agent.role).label)
    return f"{label} ({agent.secteur})" if agent.secteur else label
