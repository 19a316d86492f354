"""The directory, for every agent."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from allo3939.shared.readonly import read_only
from orientation.filters import AnnuaireFilter
from orientation.hours import opening_of, openings_of, week
from orientation.models import Organisme, TypeService

BODIES_A_PAGE = 25


class HtmxRequest(HttpRequest):
    """A request as the htmx middleware leaves it."""

    htmx: HtmxDetails


@require_safe
@vary_on_headers("HX-Request")
@read_only
def annuaire(request: HtmxRequest) -> HttpResponse:
    """Bodies by name, kind and place; htmx gets the results alone."""
    filtre = AnnuaireFilter(request.GET, queryset=Organisme.objects.present().for_list())
    valid = filtre.is_valid()
    page = Paginator(filtre.qs, BODIES_A_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    swapped = bool(request.htmx)
    context = {
        "filtre": filtre,
        "page": page,
        "lignes": list(zip(page, openings_of(page, at=timezone.now()), strict=True)),
        "requete": kept.urlencode(),
        "echange": swapped,
        # Typing keeps the focus; another page of the list takes it to its top.
        "foyer": swapped and "page" in request.GET,
    }
    template = "orientation/annuaire.html" + ("#resultats" if swapped else "")
    return render(request, template, context, status=200 if valid else 422)


@require_safe
@read_only
def organisme(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A body: where, when, how to reach it; one gone from the source is said so."""
    organisme = get_object_or_404(Organisme, pk=pk)
    context = {
        "organisme": organisme,
        "types": TypeService.objects.labels(organisme.types),
        "ouverture": opening_of(organisme, at=timezone.now()),
        "semaine": week(organisme.plages),
        "mes_signalements": organisme.signalements.by(request.user),
        "tenu": Organisme.objects.editable_by(request.user).contains(organisme),
    }
    return render(request, "orientation/organisme.html", context)
