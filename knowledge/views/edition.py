"""What the form of a proposition asks while it is typed, in the admin and on the sectors' pages.

Each address takes a fiche by its reference, or none for one that is not created yet.
"""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allo3939.shared.readonly import read_only
from knowledge import reuse
from knowledge.compose import compose
from knowledge.diagram import describe
from knowledge.enums import Origine
from knowledge.forms import build, controle, keep
from knowledge.forms.page import (
    addresses,
    edit_address,
    only_opened,
    own_proposition,
    writing_others,
)
from knowledge.models import BlocPartage, Fiche
from knowledge.propose import PropositionDepassee, PropositionInterdite
from knowledge.qualify import CheminInconnu, parse_path, read
from knowledge.search import search_fiches
from knowledge.target import find_target

PREVIEW_SECONDS = 3600
FOUND_MAX = 8
_CHECK = "knowledge/edition/_controle.html"
_ISSUE = "knowledge/edition/_cas.html"


@require_POST
def verifier(request: Any, reference: str = "") -> HttpResponse:
    """What is to be told of the form as just typed; nothing is saved.

    JSON: ``controle`` (the region beside the tables), ``resume`` (one line, to be announced),
    ``bloquants`` (how many faults), ``codes`` (hidden fields by name), ``conditions`` (those of
    each issue, in the order of the rows).
    """
    form = _typed(request, _fiche(request, reference))
    found = controle(form)
    return JsonResponse(
        {
            "controle": render_to_string(_CHECK, {"controle": found}, request),
            "resume": render_to_string(f"{_CHECK}#resume", {"controle": found}, request).strip(),
            "bloquants": found.bloquants,
            "codes": {
                name: value
                for table in form.tables[2:3]
                for row in table
                for name, value in row.hidden().items()
            },
            "conditions": [
                render_to_string(f"{_ISSUE}#conditions", {"form": row}, request)
                for table in form.tables[3:]
                for row in table
            ],
        }
    )


@require_POST
def enregistrer(request: Any, reference: str = "") -> HttpResponse:
    """Keep what is typed, at a pause; a new fiche is created by the first.

    JSON: ``etat`` (to be announced), ``revision``, ``autres`` (the notice of who else writes), and
    for a fiche just created ``page`` and ``adresses``. 409 when another window saved first, 403
    when it may not be written, with ``etat`` in words.
    """
    fiche = _fiche(request, reference)
    form = _typed(request, fiche)
    if fiche is None and not request.POST.get("titre", "").strip():
        return JsonResponse({"etat": "Donnez un titre\u00a0: la fiche sera gardée."}, status=422)
    try:
        proposition = keep(form, fiche, by=request.user)
    except (PropositionDepassee, PropositionInterdite) as error:
        status = 409 if isinstance(error, PropositionDepassee) else 403
        return JsonResponse({"etat": f"Non enregistré\u00a0: {error}"}, status=status)
    told: dict[str, Any] = {"etat": "Rien à enregistrer.", "revision": 0}
    if proposition is not None:
        told["etat"] = f"Enregistré à {timezone.localtime():%H:%M}"
        told["etat"] += "." if form.is_valid() else f". À corriger\u00a0: {form.first_fault()}"
        told["revision"] = proposition.revision
        if fiche is None:
            fiche = proposition.fiche
            told["page"] = edit_address(fiche, by=request.user)
            told["adresses"] = addresses(fiche)
    others = writing_others(fiche, by=request.user) if fiche else []
    opened = only_opened(fiche, by=request.user, writing=others) if fiche else []
    around = {"autres": others, "ouvreurs": opened}
    told["autres"] = render_to_string("knowledge/edition/_autres.html", around, request)
    return JsonResponse(told)


@require_safe
@read_only
def liens(request: Any) -> HttpResponse:
    """Published fiches that answer to some words, and shared blocks: JSON, ``reference`` and
    ``titre`` of each fiche, ``nom``, ``titre`` and ``valeur`` of the day of each block."""
    words = request.GET.get("q", "").strip()[:200]
    found = search_fiches(words, limit=FOUND_MAX) if words else []
    fiches = [
        {"reference": each.cle, "titre": "".join(text for text, _ in each.titre)} for each in found
    ]
    blocs = BlocPartage.objects.called(words).with_value(on=timezone.localdate())[:FOUND_MAX]
    return JsonResponse({"fiches": fiches, "blocs": [_block(bloc) for bloc in blocs]})


def _block(bloc: Any) -> dict[str, str]:
    return {"nom": bloc.nom, "titre": bloc.titre, "valeur": bloc.valeur or "sans valeur"}


@require_http_methods(["GET", "HEAD", "POST"])
@read_only
def apercu(request: Any, reference: str = "") -> HttpResponse:
    """The fiche as agents will see it: as it is kept, or as just typed (POST, kept an hour)."""
    fiche = _fiche(request, reference)
    if request.method == "POST":
        return _keep_typed(request, fiche)
    shown, typed = _draft(request, fiche)
    if shown.origine != Origine.SERVICE_PUBLIC:
        shown.contenu = compose(shown)
    try:
        chemin = parse_path(request.GET.get("chemin", ""))
        lecture = read(shown.contenu, chemin, shown.a_dire)
    except CheminInconnu:
        lecture = read(shown.contenu, [], shown.a_dire)
    context = {
        "fiche": shown,
        "parametres": "&essai=1" if typed else "",
        "lecture": lecture,
        "cible": find_target(lecture.cible),
        "mode": "page",
        "retour": fiche and edit_address(fiche, by=request.user),
    }
    return render(request, "knowledge/apercu.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@read_only
def dessin(request: Any, reference: str = "") -> HttpResponse:
    """The drawing of the questions: as they are kept, or as just typed, as for `apercu`."""
    fiche = _fiche(request, reference)
    if request.method == "POST":
        return _keep_typed(request, fiche)
    shown, typed = _draft(request, fiche)
    context = {
        "fiche": shown,
        "schema": describe(shown),
        "brouillon": True,
        "essai": typed,
        "retour": fiche and edit_address(fiche, by=request.user),
    }
    return render(request, "knowledge/parcours.html", context)


def _fiche(request: Any, reference: str) -> Fiche | None:
    if not reference:
        return None
    return get_object_or_404(
        Fiche.objects.editable_by(request.user).for_page(), reference=reference
    )


def _typed(request: Any, fiche: Fiche | None) -> Any:
    """The form as just typed, on the author's own proposition where there is one."""
    own = own_proposition(fiche, by=request.user)
    return build(fiche, by=request.user, proposition=own, data=request.POST)


def _keep_typed(request: Any, fiche: Fiche | None) -> HttpResponse:
    form = _typed(request, fiche)
    form.is_valid()
    cache.set(_key(request, fiche), form.instance, PREVIEW_SECONDS)
    return redirect(f"{request.path}?essai=1")


def _draft(request: Any, fiche: Fiche | None) -> tuple[Fiche, bool]:
    """The fiche with the author's proposition on it, or as just typed, and whether it is the
    latter; shared blocks at their value of the day."""
    typed = cache.get(_key(request, fiche)) if "essai" in request.GET else None
    shown = typed
    if shown is None and fiche is not None:
        own = own_proposition(fiche, by=request.user)
        shown = build(fiche, by=request.user, proposition=own).instance
    if shown is None:
        raise Http404("Cet aperçu n'est plus gardé.")
    return reuse.expand(shown, on=timezone.localdate()), typed is not None


def _key(request: HttpRequest, fiche: Fiche | None) -> str:
    return f"apercu:{request.user.pk}:{fiche.pk if fiche else ''}"
