"""The page of a link: somebody without account reads a proposition and answers once."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from allo3939.shared.readonly import read_only
from knowledge.forms.decision import ReponseForm
from knowledge.models import LienRelecture
from knowledge.propose import PropositionDepassee, as_fiche, links
from knowledge.propose.compare import compare, first_change, try_paths
from knowledge.qualify import CheminInconnu, Lecture, parse_path, read
from knowledge.target import find_target

PAGE = "knowledge/relecture.html"
END = "knowledge/relecture_close.html"
HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


def kept_apart(view):
    """No cache, no search engine and no other site learns the address, which is the key."""

    @wraps(view)
    def wrapped(*args, **kwargs) -> HttpResponse:
        response = view(*args, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return wrapped


# Without referrer a browser tells no origin either, so that Django could not compare them: whoever
# can send the form knows the address, and no session gives it any right.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@kept_apart
@read_only
@sensitive_variables("jeton")
def relecture(request: HttpRequest, jeton: str) -> HttpResponse:
    """The change, the fiche as it would be read, and why; then the answer."""
    lien = links.find(jeton)
    if lien is None:
        return _close(request, "Ce lien n'existe pas. Vérifiez qu'il est entier.", status=404)
    if not links.may_open(lien):
        return _close(request, "Ce lien a été ouvert trop souvent. Réessayez dans une minute.", 429)
    try:
        links.check_usable(lien)
        if request.method == "POST":
            return _answer(request, lien)
    except links.LienInutilisable as refusal:
        return _close(request, str(refusal), status=410)
    if request.method == "GET" and "chemin" not in request.GET:
        links.note_reading(lien)
    return _show(request, lien, ReponseForm())


def _answer(request: HttpRequest, lien: LienRelecture) -> HttpResponse:
    form = ReponseForm(request.POST)
    if not form.is_valid():
        return _show(request, lien, form, erreur=form.faults(), status=422)
    data = form.cleaned_data
    try:
        if data["accord"]:
            links.approve(lien, revision=data["revision"], commentaire=data["commentaire"])
        else:
            links.answer(lien, revision=data["revision"], commentaire=data["commentaire"])
    except PropositionDepassee as refusal:
        lien.proposition.refresh_from_db()
        return _show(request, lien, form, erreur=str(refusal), status=409)
    told = "Votre accord est enregistré." if data["accord"] else "Votre remarque est enregistrée."
    return _close(request, f"{told} Merci de votre relecture.", status=200)


def _show(
    request: HttpRequest,
    lien: LienRelecture,
    form: ReponseForm,
    *,
    erreur: str = "",
    status: int = 200,
) -> HttpResponse:
    proposition = lien.proposition
    fiche = as_fiche(proposition)
    paths = try_paths(proposition, after=fiche)
    lecture = _reading(request, fiche, first_change(proposition, paths))
    context: dict[str, Any] = {
        "lien": lien,
        "proposition": proposition,
        "fiche": fiche,
        "passages": compare(proposition, after=fiche),
        "lecture": lecture,
        "cible": find_target(lecture.cible),
        "mode": "page",
        "parametres": "#apercu",
        "form": form,
        "erreur": erreur,
    }
    return render(request, PAGE, context, status=status)


def _reading(request: HttpRequest, fiche: Any, start: str) -> Lecture:
    try:
        path = parse_path(request.GET.get("chemin", start))
        return read(fiche.contenu, path, fiche.a_dire)
    except CheminInconnu:
        return read(fiche.contenu, [], fiche.a_dire)


def _close(request: HttpRequest, message: str, status: int) -> HttpResponse:
    return render(request, END, {"message": message}, status=status)
