"""What the shell of every page needs."""

from django.conf import settings

from allo3939.accounts.permissions import may_open

NAVIGATION = (
    ("console", "Console"),
    ("secteur", "Secteur"),
    ("redaction-secteur", "Fiches du secteur"),
    ("supervision", "Supervision"),
    ("supervision-flash", "Flash"),
    ("lectures", "Changements lus"),
    ("annuaire", "Annuaire"),
    ("redaction-organismes", "Tenue de l'annuaire"),
    ("mes-appels", "Mes appels"),
    ("admin:index", "Administration"),
)


def shell(request):
    """``navigation``: the (URL name, label) pairs open to the agent; ``demonstration``: a flag."""
    agent = getattr(request, "user", None)
    connected = agent is not None and agent.is_authenticated
    return {
        "navigation": [
            (name, _label(agent, name, label))
            for name, label in NAVIGATION
            if connected and may_open(agent, name)
        ],
        "demonstration": settings.DEMONSTRATION,
    }


def _label(agent, name, label):
    return f"Secteur {agent.secteur}" if name == "secteur" else label
