"""What the shell of every page needs."""

from functools import partial

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
    """``navigation``: the (URL name, label) pairs open to the agent, told where a page shows them;
    ``demonstration``: a flag.
    """
    return {
        "navigation": partial(_navigation, getattr(request, "user", None)),
        "demonstration": settings.DEMONSTRATION,
    }


def _navigation(agent):
    if agent is None or not agent.is_authenticated:
        return []
    return [
        (name, _label(agent, name, label)) for name, label in NAVIGATION if may_open(agent, name)
    ]


def _label(agent, name, label):
    return f"Secteur {agent.secteur}" if name == "secteur" else label
