"""A process that keeps the servers of an installation of its own, told what to do line by line.

It first fills the base with one sector, its agents and a session for each, and says them. Then, on
stdin: ``balayage`` asks for the sweep of unanswered transfers, ``nouveau`` empties the log of
calls. Each time it answers with all transfers, as ``[state, informateur]``.
"""

import json
import sys
from importlib import import_module

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from allo3939.accounts.models import Agent, Secteur  # noqa: E402
from calls.models import Appel, Transfert  # noqa: E402
from calls.tasks import expire_transferts  # noqa: E402

BACKEND = "allo3939.accounts.backends.RoleBackend"


def say(value):
    print(json.dumps(value), flush=True)


def session_of(agent):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(agent.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    session.create()
    return session.session_key


call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
secteur = Secteur.objects.create(slug="justice", nom="Justice", numero_transfert="01 99 00 39 04")
roles = {"camille": "teleconseiller", "ines": "informateur", "tom": "informateur"}
say(
    {
        name: session_of(
            Agent.objects.create(
                username=name, role=role, secteur=secteur if role == "informateur" else None
            )
        )
        for name, role in roles.items()
    }
)
for line in sys.stdin:
    order = line.strip()
    if order == "balayage":
        expire_transferts.delay()
    elif order == "nouveau":
        Appel.objects.all().delete()
    rows = Transfert.objects.order_by("pk").values_list("etat", "informateur__username")
    say(list(rows))
    connection.close()
