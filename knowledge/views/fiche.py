"""The pages of fiches and of what the source delivers beside them, outside a call."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from allo3939.shared.readonly import read_only
from knowledge.acknowledge import acknowledge, to_read
from knowledge.diagram import describe
from knowledge.enums import Etat
from knowledge.forms import LuForm
from knowledge.models import Fiche, Ressource, Theme
from knowledge.qualify import CheminInconnu, parse_path, read
from knowledge.redirect import follow
from knowledge.render import public_address
from knowledge.speak import dictate
from knowledge.target import find_target


@require_safe
@read_only
def fiche(request: HttpRequest, reference: str) -> HttpResponse:
    """A fiche at one point of its forks; an archived one stays readable from old calls.

    One that the source merged leads to its target, unless ``?ancienne`` asks for it as it was.
    """
    fiche = Fiche.objects.readable().for_page().find(reference)
    if fiche is None or (fiche.etat != Etat.PUBLIEE and "ancienne" not in request.GET):
        moved = _moved(request, reference, fiche)
        if moved is not None:
            return moved
    if fiche is None:
        raise Http404("Cette fiche n'existe pas.")
    try:
        chemin = parse_path(request.GET.get("chemin", ""))
        lecture = read(fiche.contenu, chemin, fiche.a_dire)
    except CheminInconnu as error:
        raise Http404("Ce chemin n'existe pas dans la fiche.") from error
    before = request.GET.get("de")
    agent: Any = request.user
    context = {
        "fiche": fiche,
        "lecture": lecture,
        "cible": find_target(lecture.cible),
        "dictee": dictate(fiche, lecture, on=timezone.localdate()),
        "mode": "page",
        "a_lire": to_read(fiche, agent=agent),
        "ancienne": Fiche.objects.readable().find(before) if before else None,
    }
    return render(request, "knowledge/fiche.html", context)


@require_POST
def lu(request: Any, reference: str) -> HttpResponse:
    """What changed in the fiche has been read; back to where it was read."""
    fiche = get_object_or_404(Fiche.objects.readable(), reference=reference)
    form = LuForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=409)
    acknowledge(fiche, by=request.user, version=form.cleaned_data["version"])
    response = HttpResponse()
    response["HX-Redirect"] = request.htmx.current_url_abs_path or fiche.get_absolute_url()
    return response


@require_safe
@read_only
def parcours(request: HttpRequest, reference: str) -> HttpResponse:
    """The questions of a fiche as a drawing and a table, to be read at a desk or printed."""
    fiche = get_object_or_404(Fiche.objects.readable().for_page(), reference=reference)
    schema = describe(fiche)
    if schema is None:
        raise Http404("Cette fiche n'a pas de questions à poser.")
    return render(request, "knowledge/parcours.html", {"fiche": fiche, "schema": schema})


@require_safe
@read_only
def ressource(request: HttpRequest, reference: str) -> HttpResponse:
    """An online service, a definition… (``R…``), or a theme or dossier with its fiches (``N…``)."""
    found = Ressource.objects.readable().find(reference)
    theme = Theme.objects.with_place().find(reference)
    if found is None and theme is None:
        moved = _moved(request, reference, None)
        absent = {"reference": reference, "url": public_address(reference)}
        return moved or render(request, "knowledge/ressource_absente.html", absent, status=404)
    context: dict[str, Any] = {
        "ressource": found,
        "reference": reference,
        "titre": found.titre if found else theme.titre,
        "url": public_address(reference),
        "theme": theme,
        "sous_themes": theme.enfants.all() if theme else (),
        "fiches": Fiche.objects.published().hanging_in(theme) if theme else (),
    }
    return render(request, "knowledge/ressource.html", context)


def _moved(request: HttpRequest, reference: str, kept: Fiche | None) -> HttpResponse | None:
    """Where the source's redirections lead, or a page that says that we have not their target."""
    end = follow(reference)
    if end is None:
        return None
    if end.held == "fiche":
        # What was read in an old call stays one click away.
        before = f"?de={reference}" if kept is not None else ""
        return redirect(reverse("fiche", args=[end.reference]) + before)
    if end.held:
        return redirect("ressource", end.reference)
    url = end.url or public_address(end.reference)
    context = {"reference": reference, "vers": end.reference, "url": url, "ancienne": kept}
    return render(request, "knowledge/renvoi.html", context)
