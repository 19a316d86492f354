"""How the console answers: the regions that changed, each as a full reload would show it."""

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string

from calls import desk, record

PAGE = "calls/console.html"


def context(poste, **extra):
    """What every region of the console may show."""
    return {
        "poste": poste,
        "codes": record.outcome_codes() if poste.appel else [],
        "mode": "console",
        "delai": settings.TRANSFERT_DELAI_SECONDES,
        **extra,
    }


def regions(request, *names, status=200, poste=None, **extra):
    """The named regions as they now stand: the first is the target, the others come out of band.

    ``poste`` when the desk was just read.
    """
    shown = context(poste or desk.read_desk(request.user), fragment=True, **extra)
    html = [
        render_to_string(f"{PAGE}#{name}", {**shown, "oob": rank > 0}, request=request)
        for rank, name in enumerate(names)
    ]
    return HttpResponse("".join(html), status=status)


def refused(request, message, *names, **extra):
    """The regions with the reason of a refusal, which takes the focus."""
    return regions(request, *names, status=422, erreur=message, **{"foyer": "erreur", **extra})
