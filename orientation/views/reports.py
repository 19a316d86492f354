"""An agent reports a body, sees the answer, takes the report back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from allo3939.shared.readonly import read_only
from orientation import report
from orientation.forms import SignalementForm
from orientation.models import Organisme, Signalement
from orientation.views.annuaire import HtmxRequest

PAGE = "orientation/signaler.html"


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@read_only
def signaler(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """What may be wrong with a body, one digit each; then said in the live region."""
    agent: Any = request.user
    organisme = get_object_or_404(Organisme, pk=pk)
    if request.method != "POST":
        return _panel(request, organisme, SignalementForm())
    form = SignalementForm(request.POST)
    if not form.is_valid():
        return _panel(request, organisme, form, faute=form.faults())
    try:
        signalement = report.report(organisme, **form.cleaned_data, by=agent)
    except report.SignalementImpossible as refusal:
        return _panel(request, organisme, form, faute=str(refusal))
    said = f"Signalé\u00a0: {signalement.get_objet_display()}."
    return _told(request, organisme, said, signalement=signalement)


def _panel(
    request: HtmxRequest, organisme: Organisme, form: SignalementForm, *, faute: str = ""
) -> HttpResponse:
    context = {
        "organisme": organisme,
        "form": form,
        "faute": faute,
        "objets": SignalementForm.base_fields["objet"].choices,  # type: ignore[attr-defined]
        "ouverts": organisme.signalements.open().by(request.user),
    }
    template = f"{PAGE}#panneau" if request.htmx else PAGE
    return render(request, template, context, status=422 if faute else 200)


@require_POST
@vary_on_headers("HX-Request")
def signalement_retirer(request: HtmxRequest, pk: int) -> HttpResponse:
    """Take back one's own report; another agent's is not found."""
    agent: Any = request.user
    signalement = get_object_or_404(Signalement.objects.by(request.user).for_page(), pk=pk)
    organisme = signalement.organisme
    try:
        report.withdraw(signalement, by=agent)
        said = "Signalement retiré."
    except report.SignalementImpossible as refusal:
        said = str(refusal)
    return _told(request, organisme, said)


def _told(
    request: HtmxRequest, organisme: Organisme, said: str, *, signalement: Signalement | None = None
) -> HttpResponse:
    """What was done: in the live region and at the foot of the card, or on the body's page."""
    if not request.htmx:
        messages.success(request, said)
        return redirect(organisme)
    context = {"organisme": organisme, "signalement": signalement, "dit": said}
    return render(request, f"{PAGE}#dit", context)
