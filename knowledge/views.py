"""The page of a fiche, outside a call."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from allo3939.shared.readonly import read_only
from knowledge.models import Fiche
from knowledge.qualify import CheminInconnu, parse_path, read


@require_safe
@read_only
def fiche(request: HttpRequest, reference: str) -> HttpResponse:
    """A fiche at one point of its forks; an archived one stays readable from old calls."""
    fiche = get_object_or_404(Fiche.objects.readable().for_page(), reference=reference)
    try:
        chemin = parse_path(request.GET.get("chemin", ""))
        lecture = read(fiche.contenu, chemin, fiche.a_dire)
    except CheminInconnu as error:
        raise Http404("Ce chemin n'existe pas dans la fiche.") from error
    context = {"fiche": fiche, "lecture": lecture, "mode": "page"}
    return render(request, "knowledge/fiche.html", context)


@require_safe
@read_only
def ressource(request: HttpRequest, reference: str) -> HttpResponse:
    raise Http404
