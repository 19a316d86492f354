"""The page of a sector: its fiches by calls at stake, and what waits."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from allo3939.accounts.permissions import may_open
from allo3939.redaction.forms import FichesForm
from allo3939.redaction.sector import fiches, lines, look_around
from allo3939.shared.readonly import read_only

FICHES_A_PAGE = 20
PAGE = "redaction/secteur.html"


@require_safe
@vary_on_headers("HX-Request")
@read_only
def secteur(request: HttpRequest) -> HttpResponse:
    """The sector's fiches and what waits; htmx gets the list alone."""
    now = timezone.now()
    agent: Any = request.user
    swapped = bool(request.htmx)  # type: ignore[attr-defined]
    form = FichesForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"q": "", "voir": ""}
    found = fiches(agent, mots=asked["q"], voir=asked["voir"], at=now)
    page = Paginator(found, FICHES_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "lignes": lines(page.object_list, agent=agent, at=now),
        "requete": query.urlencode(),
        "filtre": any(asked.values()),
        "echange": swapped,
        "foyer": swapped and "page" in request.GET,
    }
    if swapped:
        return render(request, f"{PAGE}#resultats", context, status=200 if form.is_valid() else 422)
    context["alentours"] = look_around(agent, at=now)
    context["tient_annuaire"] = may_open(agent, "redaction-organismes")
    return render(request, PAGE, context, status=200 if form.is_valid() else 422)
