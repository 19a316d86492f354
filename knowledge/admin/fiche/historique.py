"""The history of a fiche: each version, who and why, what changed, and back to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from knowledge import propose
from knowledge.admin.fiche.edition import CHANGE, REFUSALS, fetch
from knowledge.forms.page import edit_address
from knowledge.models import Fiche
from knowledge.qualify import CheminInconnu, parse_path, read
from knowledge.target import find_target
from knowledge.versions import as_of, changed_words, line_of, lines, with_publications

PER_PAGE = 30


def history(admin: ModelAdmin, request: Any, object_id: str) -> HttpResponse:
    """The versions, newest first; ``?le=`` the one agents had at an instant, ``?ligne=`` what a
    line changed, word by word. A POST goes back to a line, by a proposition."""
    fiche = fetch(object_id)
    if not admin.has_view_permission(request, fiche):
        raise PermissionDenied
    if request.method == "POST":
        return _revert(admin, request, fiche)
    page = Paginator(lines(fiche), PER_PAGE).get_page(request.GET.get("p"))
    chosen = line_of(fiche, request.GET.get("ligne", ""))
    typed = request.GET.get("le", "")
    instant = _instant(typed)
    to_come = instant is not None and instant > timezone.now()
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Historique de {fiche.reference}",
        "opts": admin.opts,
        "original": fiche,
        "page": page,
        "lignes": with_publications(fiche, page),
        "choisie": chosen,
        "passages": changed_words(fiche, chosen) if chosen else [],
        "le_saisi": typed,
        "le": instant,
        "a_venir": to_come,
        "alors": as_of(fiche, at=instant) if instant and not to_come else None,
        "peut_ecrire": admin.has_change_permission(request, fiche),
    }
    return render(request, "admin/knowledge/fiche/historique.html", context)


def _revert(admin: ModelAdmin, request: Any, fiche: Fiche) -> HttpResponse:
    if not admin.has_change_permission(request, fiche):
        raise PermissionDenied
    row = line_of(fiche, request.POST.get("_revenir", ""))
    if row is None:
        raise Http404("Cette version n'existe pas.")
    try:
        propose.revert(fiche, to=row.history_id, by=request.user)
    except REFUSALS as error:
        messages.error(request, str(error))
        return redirect("admin:knowledge_fiche_history", fiche.pk)
    text = "Votre proposition reprend cette version. Relisez-la, puis soumettez-la."
    messages.success(request, text)
    return redirect(CHANGE, fiche.pk)


@require_safe
def _past(request: Any, fiche: Fiche, row: Any) -> HttpResponse:
    try:
        lecture = read(row.contenu, parse_path(request.GET.get("chemin", "")), row.a_dire)
    except CheminInconnu:
        lecture = read(row.contenu, [], row.a_dire)
    context = {
        "fiche": row.instance,
        "le": row.history_date,
        "lecture": lecture,
        "cible": find_target(lecture.cible),
        "mode": "page",
        "retour": edit_address(fiche, by=request.user),
    }
    return render(request, "knowledge/apercu.html", context)


def past(admin: ModelAdmin, request: Any, object_id: str, version_id: str) -> HttpResponse:
    """A past version, read as agents had it; nothing is changed from here."""
    fiche = fetch(object_id)
    row = line_of(fiche, str(version_id))
    if row is None or not admin.has_view_permission(request, fiche):
        raise Http404("Cette version n'existe pas.")
    return _past(request, fiche, row)


def _instant(text: str) -> datetime | None:
    """An instant as typed, in French time; None when it is none."""
    try:
        instant = parse_datetime(text)
    except ValueError:
        return None
    if instant is None:
        return None
    return instant if timezone.is_aware(instant) else timezone.make_aware(instant)
