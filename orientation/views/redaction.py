"""Those who keep the directory: partenaires for their sector's kinds, rédacteurs for all.

The admin shows the same forms around the same functions (`save_body`, `save_days`, `answer`).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from allo3939.shared.readonly import read_only
from orientation import close, correct, report
from orientation.amend import FicheChangee, amend
from orientation.enums import EtatSignalement, ObjetSignalement
from orientation.forms import JoursForm, OrganismeForm, ReponseForm, TenueForm
from orientation.hours import openings_of
from orientation.models import HoraireExceptionnel, Organisme, Signalement, TypeService
from orientation.views.annuaire import HtmxRequest

BODIES_A_PAGE = 25
REFUSALS = (FicheChangee, correct.CorrectionRefusee, report.SignalementImpossible)


@require_safe
@vary_on_headers("HX-Request")
@read_only
def organismes(request: HtmxRequest) -> HttpResponse:
    """The bodies the agent keeps, those with a report first; htmx gets the results alone."""
    kinds = TypeService.objects.editable_by(request.user)
    form = TenueForm(request.GET, kinds=kinds)
    kept = form.narrow(Organisme.objects.editable_by(request.user).for_keeping())
    page = Paginator(kept, BODIES_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    swapped = bool(request.htmx)
    context = {
        "form": form,
        "page": page,
        "requete": query.urlencode(),
        "echange": swapped,
        "foyer": swapped and "page" in request.GET,
        "types": kinds,
    }
    template = "orientation/redaction/organismes.html" + ("#resultats" if swapped else "")
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@read_only
def organisme(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a body right."""
    body = get_object_or_404(Organisme.objects.editable_by(request.user), pk=pk)
    form, done = save_body(request, body)
    if done:
        messages.success(request, done)
        return redirect("redaction-organisme", body.pk)
    context = body_context(body, form=form)
    status = 422 if form.is_bound else 200
    return render(request, "orientation/redaction/organisme.html", context, status=status)


@require_POST
def jours(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Exceptional hours of a body."""
    body = get_object_or_404(Organisme.objects.editable_by(request.user), pk=pk)
    form, done = save_days(request, body)
    if done:
        messages.success(request, done)
        return redirect("redaction-organisme", body.pk)
    context = body_context(body, form=OrganismeForm(organisme=body), jours=form)
    return render(request, "orientation/redaction/organisme.html", context, status=422)


@require_POST
def jours_retirer(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the weekly hours hold again."""
    kept = HoraireExceptionnel.objects.editable_by(request.user)
    horaire = get_object_or_404(kept, pk=pk)
    close.restore_days(horaire)
    messages.success(request, "Les horaires de la semaine valent de nouveau.")
    return redirect("redaction-organisme", horaire.organisme_id)


@require_http_methods(["GET", "HEAD", "POST"])
@read_only
def signalement(request: HttpRequest, pk: int) -> HttpResponse:
    """What an agent said is wrong, and the answer."""
    kept = Signalement.objects.editable_by(request.user).for_page()
    said = get_object_or_404(kept, pk=pk)
    form, reponse, done = answer(request, said)
    if done:
        messages.success(request, done)
        return redirect("redaction-organismes")
    context = report_context(said, form=form, reponse=reponse)
    status = 422 if reponse.is_bound else 200
    return render(request, "orientation/redaction/signalement.html", context, status=status)


# --- Shared with the admin ----------------------------------------------------------------------


def save_body(request: HttpRequest, organisme: Organisme) -> tuple[OrganismeForm, str]:
    """The form of a body after this request, and what was done in words; "" when nothing was."""
    agent: Any = request.user
    if request.method != "POST":
        return OrganismeForm(organisme=organisme), ""
    if champ := request.POST.get("_retirer"):
        held = get_object_or_404(organisme.corrections.in_force(), champ=champ)
        correct.withdraw(held, by=agent)
        return OrganismeForm(organisme=organisme), (
            f"{held.get_champ_display()}\u00a0: la valeur de la source est rétablie."
        )
    if "_verifier" in request.POST:
        correct.verify(organisme, by=agent)
        return OrganismeForm(organisme=organisme), "La fiche est notée vérifiée aujourd'hui."
    form = OrganismeForm(request.POST, organisme=organisme)
    if not form.is_valid():
        return form, ""
    try:
        done = amend(
            organisme,
            values=form.values,
            lu=form.cleaned_data["lu"],
            by=agent,
            motif=form.cleaned_data["motif"],
        )
    except REFUSALS as refusal:
        return _refused(form, refusal), ""
    labels = ", ".join(each.get_champ_display().lower() for each in done)
    return form, f"Corrigé\u00a0: {labels}." if done else "Rien n'a été changé."


def save_days(request: HttpRequest, organisme: Organisme) -> tuple[JoursForm, str]:
    """As `save_body`, for exceptional hours."""
    form = JoursForm(request.POST)
    if not form.is_valid():
        return form, ""
    data = form.cleaned_data
    try:
        close.except_days(
            organisme,
            du=data["du"],
            au=data["au"],
            plages=data["heures"],
            motif=data["motif"],
            by=request.user,  # type: ignore[arg-type]
        )
    except close.FermetureImpossible as refusal:
        form.add_error(None, str(refusal))
        return form, ""
    return form, "Horaires exceptionnels annoncés\u00a0: les agents les voient dès maintenant."


def answer(
    request: HttpRequest, signalement: Signalement
) -> tuple[OrganismeForm, ReponseForm, str]:
    """The forms of a report after this request, and what was answered in words, or ""."""
    agent: Any = request.user
    body = signalement.organisme
    champs = columns_to_correct(signalement)
    if request.method != "POST":
        return OrganismeForm(organisme=body, champs=champs), ReponseForm(), ""
    reponse = ReponseForm(request.POST)
    typed = OrganismeForm(request.POST, organisme=body, champs=champs)
    if not reponse.is_valid():
        return typed, reponse, ""
    etat, words = reponse.cleaned_data["etat"], reponse.cleaned_data["reponse"]
    if etat == EtatSignalement.CORRIGE and not typed.is_valid():
        return typed, reponse, ""
    try:
        if etat == EtatSignalement.CORRIGE:
            count = report.settle_by_correcting(
                signalement,
                values=typed.values,
                lu=typed.cleaned_data["lu"],
                reponse=words,
                by=agent,
            )
        else:
            count = report.settle(signalement, etat=etat, reponse=words, by=agent)
    except REFUSALS as refusal:
        reponse.add_error(None, str(refusal))
        return _refused(typed, refusal), reponse, ""
    told = "1 signalement clos" if count == 1 else f"{count} signalements clos"
    return typed, reponse, f"{told}\u00a0: {EtatSignalement(etat).label.lower()}."


def columns_to_correct(signalement: Signalement) -> tuple[str, ...]:
    """What may be put right from the page of a report: nothing for a body that is no more."""
    if signalement.objet == ObjetSignalement.DISPARU:
        return ()
    return report.COLUMNS[signalement.objet]


def body_context(
    organisme: Organisme, *, form: OrganismeForm, jours: JoursForm | None = None
) -> dict[str, Any]:
    """What the page of a body to put right shows."""
    now = timezone.localdate()
    return {
        "organisme": organisme,
        "form": form,
        "jours": jours or JoursForm(),
        "types": TypeService.objects.labels(organisme.types),
        "exceptionnels": organisme.horaires_exceptionnels.in_force(since=now),
        "signalements": organisme.signalements.open().for_page(),
        "ouverture": openings_of([organisme], at=timezone.now())[0],
    }


def report_context(
    signalement: Signalement, *, form: OrganismeForm, reponse: ReponseForm
) -> dict[str, Any]:
    """What the page of a report shows."""
    body = signalement.organisme
    same = body.signalements.open().about(body, objets=[signalement.objet]).for_page()
    return {
        "signalement": signalement,
        "organisme": body,
        "types": TypeService.objects.labels(body.types),
        "memes": [each for each in same if each.pk != signalement.pk],
        "form": form,
        "reponse": reponse,
        "ouvert": signalement.etat == EtatSignalement.A_TRAITER,
        "montre": signalement.montre,
    }


def _refused(form: OrganismeForm, refusal: Exception) -> OrganismeForm:
    """The form with what was refused; what has changed meanwhile is read again."""
    if isinstance(refusal, FicheChangee):
        fresh = Organisme.objects.get(pk=form.organisme.pk)
        form = OrganismeForm(organisme=fresh, champs=form.champs)
        form.refus = str(refusal)
    else:
        form.add_error(None, str(refusal))
    return form
