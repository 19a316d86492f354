"""The merge: what somebody else changed in the same fields, settled one by one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from knowledge import propose
from knowledge.admin.fiche.edition import CHANGE, fetch
from knowledge.forms import FusionForm
from knowledge.forms.page import own_proposition
from knowledge.propose import PropositionDepassee, PropositionInterdite


def merge(admin: ModelAdmin, request: Any, object_id: int) -> HttpResponse:
    """Three values for each field, a choice, then the form again."""
    fiche = fetch(object_id)
    if not admin.has_change_permission(request, fiche):
        raise PermissionDenied
    proposition = own_proposition(fiche, by=request.user)
    found = propose.collisions(proposition) if proposition else []
    if proposition is None or not found:
        messages.info(request, "Il n'y a plus rien à choisir.")
        return redirect(CHANGE, fiche.pk)
    form = FusionForm(request.POST or None, collisions=found)
    if request.method == "POST" and form.is_valid():
        try:
            propose.merge(proposition, by=request.user, choix=form.choix())
        except (PropositionDepassee, PropositionInterdite) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Vos choix sont gardés. Relisez, puis soumettez.")
        return redirect(CHANGE, fiche.pk)
    context = {
        **admin.admin_site.each_context(request),
        "title": f"{fiche.reference} · {fiche.titre}",
        "opts": admin.opts,
        "original": fiche,
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "admin/knowledge/fiche/fusion.html", context, status=status)
