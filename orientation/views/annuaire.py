"""The directory, for every agent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import replace_url
from django_htmx.middleware import HtmxDetails

from allo3939.shared.readonly import read_only
from orientation.columns import columns, members
from orientation.export import (
    ODS_ROWS,
    ListeTropLongue,
    note_export,
    stream_csv,
    write_list_ods,
)
from orientation.facets import Criteres, narrow
from orientation.forms.annuaire import AnnuaireForm, shareable, without_dropped, without_page
from orientation.hours import openings_of
from orientation.map import draw
from orientation.models import Organisme
from orientation.sheet import read_sheet

BODIES_A_PAGE = 25


class HtmxRequest(HttpRequest):
    """A request as the htmx middleware leaves it."""

    htmx: HtmxDetails


@require_safe
@vary_on_headers("HX-Request")
@read_only
def annuaire(request: HtmxRequest) -> HttpResponse:
    """Bodies by name, place and facets; htmx gets the results alone.

    Whoever types has nothing of it in the address bar: it shows the facets and the page only.
    """
    query, held, at = without_dropped(request.GET), columns(), timezone.now()
    form = AnnuaireForm(query, columns=held)
    valid = form.is_valid()
    selection = narrow(
        held, form.criteres if valid else Criteres(), at=at, unfolded=query.getlist("voir")
    )
    found = members(selection.trouves) if valid else []
    page = Paginator(found, BODIES_A_PAGE).get_page(query.get("page"))
    bodies = list(Organisme.objects.for_list().among(held.ids[body] for body in page))
    swapped, dropped = bool(request.htmx), "sans" in request.GET
    context = {
        "form": form,
        "selection": selection,
        "page": page,
        "lignes": list(zip(bodies, openings_of(bodies, at=at), strict=True)),
        "carte": draw(held, selection.trouves, shown=list(page)),
        "requete": without_page(query),
        "ods_max": ODS_ROWS,
        "retour": shareable(query),
        "echange": swapped,
        "vider": swapped and dropped,
        # Typing keeps the focus; another page of the list takes it to its top.
        "foyer": swapped and (dropped or "page" in query),
    }
    template = "orientation/annuaire.html" + ("#resultats" if swapped else "")
    response = render(request, template, context, status=200 if valid else 422)
    if not swapped:
        return response
    return replace_url(response, f"{reverse('annuaire')}?{context['retour']}".rstrip("?"))


@require_safe
@read_only
def annuaire_csv(request: HttpRequest) -> HttpResponseBase:
    """The whole list as it is narrowed, in the order of the page."""
    pks = _pks(request)
    if pks is None:
        return _refuse("Critères inconnus.")
    agent: Any = request.user
    note_export(agent, kind="CSV", rows=len(pks), criteria=shareable(request.GET))
    response = StreamingHttpResponse(stream_csv(pks), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_filename("csv")}"'
    return response


@require_safe
@read_only
def annuaire_ods(request: HttpRequest) -> HttpResponseBase:
    """The same for a spreadsheet; a list that is too long for one is refused."""
    pks = _pks(request)
    if pks is None:
        return _refuse("Critères inconnus.")
    try:
        content = write_list_ods(pks)
    except ListeTropLongue as error:
        return _refuse(str(error))
    agent: Any = request.user
    note_export(agent, kind="ODS", rows=len(pks), criteria=shareable(request.GET))
    return FileResponse(content, as_attachment=True, filename=_filename("ods"))


def _pks(request: HttpRequest) -> list[UUID] | None:
    """The identifiers of the bodies that the address asks for; None when it cannot be read."""
    held = columns()
    form = AnnuaireForm(request.GET, columns=held)
    if not form.is_valid():
        return None
    selection = narrow(held, form.criteres, at=timezone.now())
    return [held.ids[body] for body in members(selection.trouves)]


def _refuse(message: str) -> HttpResponse:
    return HttpResponse(message, status=422, content_type="text/plain; charset=utf-8")


def _filename(extension: str) -> str:
    return f"annuaire-{timezone.localdate().isoformat()}.{extension}"


@require_safe
@read_only
def organisme(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A body: where, when, how to reach it; one gone from the source is said so."""
    organisme = get_object_or_404(Organisme.objects.select_related("verifie_par"), pk=pk)
    context = {
        "organisme": organisme,
        "feuille": read_sheet(organisme, at=timezone.now()),
        "retour": shareable(request.GET),
        "mes_signalements": organisme.signalements.by(request.user),
        "tenu": Organisme.objects.editable_by(request.user).contains(organisme),
    }
    return render(request, "orientation/organisme.html", context)
