"""Those who keep the directory: partenaires for their sector's kinds, rédacteurs for all.

The admin shows the same forms around the same functions (`save`, `answer`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from allo3939.shared.readonly import read_only
from orientation import close, correct, report
from orientation.amend import FicheChangee, amend
from orientation.enums import EtatSignalement, ObjetSignalement
from orientation.filters import TenueFilter
from orientation.forms import JoursForm, OrganismeForm, ReponseForm
from orientation.hours import openings_of
from orientation.models import Organisme, Signalement, TypeService
from orientation.views.annuaire import HtmxRequest

BODIES_A_PAGE = 25
REFUSALS = (FicheChangee, correct.CorrectionRefusee, report.SignalementImpossible)


@require_safe
@vary_on_headers("HX-Request")
@read_only
def organismes(request: HtmxRequest) -> HttpResponse:
    """The bodies the agent keeps, those with a report first; htmx gets the results alone."""
    kinds = TypeService.objects.editable_by(request.user)
    kept = Organisme.objects.editable_by(request.user).for_keeping()
    filtre = TenueFilter(request.GET, queryset=kept, kinds=kinds)
    page = Paginator(filtre.qs, BODIES_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    swapped = bool(request.htmx)
    context = {
        "form": filtre.form,
        "page": page,
        "requete": query.urlencode(),
        "echange": swapped,
        "foyer": swapped and "page" in request.GET,
        "types": kinds,
    }
    template = "orientation/redaction/organismes.html" + ("#resultats" if swapped else "")
    return render(request, template, context, status=422 if filtre.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@read_only
def organisme(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a body right, give it exceptional hours."""
    body = get_object_or_404(Organisme.objects.editable_by(request.user), pk=pk)
    saisie = save(request, body)
    if saisie.done:
        messages.success(request, saisie.done)
        return redirect("redaction-organisme", body.pk)
    context = body_context(body, saisie)
    template = "orientation/redaction/organisme.html"
    return render(request, template, context, status=saisie.status)


@require_http_methods(["GET", "HEAD", "POST"])
@read_only
def signalement(request: HttpRequest, pk: int) -> HttpResponse:
    """What an agent said is wrong, and the answer."""
    kept = Signalement.objects.editable_by(request.user).for_page()
    said = get_object_or_404(kept, pk=pk)
    saisie = answer(request, said)
    if saisie.done:
        messages.success(request, saisie.done)
        return redirect("redaction-organismes")
    context = report_context(said, saisie)
    template = "orientation/redaction/signalement.html"
    return render(request, template, context, status=saisie.status)


# --- Shared with the admin ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Saisie:
    """The forms of a page after a request, and what was done in words; "" when nothing was."""

    form: OrganismeForm
    jours: JoursForm
    reponse: ReponseForm
    done: str = ""

    @property
    def status(self) -> int:
        """422 for what was typed and refused."""
        forms = (self.form, self.jours, self.reponse)
        return 422 if any(form.is_bound for form in forms) or self.form.refus else 200


def save(request: HttpRequest, organisme: Organisme) -> Saisie:
    """Do what the page of a body asks: correct, withdraw, verify, give or take back days."""
    post = request.POST
    agent: Any = request.user
    form = OrganismeForm(organisme=organisme)
    idle = Saisie(form, JoursForm(), ReponseForm())
    if request.method != "POST":
        return idle
    if "_jours" in post:
        jours, done = _save_days(request, organisme)
        return Saisie(form, jours, ReponseForm(), done)
    if pk := post.get("_rendre", ""):
        held = organisme.horaires_exceptionnels.in_force(since=timezone.localdate())
        horaire = get_object_or_404(held, pk=int(pk) if pk.isdecimal() else 0)
        close.restore_days(horaire, by=agent)
        return replace(idle, done="Les horaires de la semaine valent de nouveau.")
    if champ := post.get("_retirer"):
        correction = get_object_or_404(organisme.corrections.in_force(), champ=champ)
        correct.withdraw(correction, by=agent)
        label = correction.get_champ_display()
        return replace(idle, done=f"{label}\u00a0: la valeur de la source est rétablie.")
    if "_verifier" in post:
        correct.verify(organisme, by=agent)
        return replace(idle, done="La fiche est notée vérifiée aujourd'hui.")
    form, done = _save_columns(request, organisme)
    return Saisie(form, JoursForm(), ReponseForm(), done)


def _save_columns(request: HttpRequest, organisme: Organisme) -> tuple[OrganismeForm, str]:
    form = OrganismeForm(request.POST, organisme=organisme)
    if not form.is_valid():
        return form, ""
    data = form.cleaned_data
    try:
        done = amend(
            organisme,
            values=form.values,
            lu=data["lu"],
            by=request.user,  # type: ignore[arg-type]
            motif=data["motif"],
        )
    except REFUSALS as refusal:
        return _refused(form, refusal), ""
    labels = ", ".join(each.get_champ_display().lower() for each in done)
    return form, f"Corrigé\u00a0: {labels}." if done else "Rien n'a été changé."


def _save_days(request: HttpRequest, organisme: Organisme) -> tuple[JoursForm, str]:
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


def answer(request: HttpRequest, signalement: Signalement) -> Saisie:
    """Do what the page of a report asks: answer it, by a correction or by words."""
    agent: Any = request.user
    body = signalement.organisme
    champs = columns_to_correct(signalement)
    if request.method != "POST":
        return Saisie(OrganismeForm(organisme=body, champs=champs), JoursForm(), ReponseForm())
    reponse = ReponseForm(request.POST)
    typed = OrganismeForm(request.POST, organisme=body, champs=champs)
    if not reponse.is_valid():
        return Saisie(typed, JoursForm(), reponse)
    etat, words = reponse.cleaned_data["etat"], reponse.cleaned_data["reponse"]
    if etat == EtatSignalement.CORRIGE and not typed.is_valid():
        return Saisie(typed, JoursForm(), reponse)
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
        return Saisie(_refused(typed, refusal), JoursForm(), reponse)
    told = "1 signalement clos" if count == 1 else f"{count} signalements clos"
    done = f"{told}\u00a0: {EtatSignalement(etat).label.lower()}."
    return Saisie(typed, JoursForm(), reponse, done)


def columns_to_correct(signalement: Signalement) -> tuple[str, ...]:
    """What may be put right from the page of a report: nothing for a body that is no more."""
    if signalement.objet == ObjetSignalement.DISPARU:
        return ()
    return report.COLUMNS[signalement.objet]


def body_context(organisme: Organisme, saisie: Saisie) -> dict[str, Any]:
    """What the page of a body to put right shows."""
    now = timezone.localdate()
    return {
        "organisme": organisme,
        "form": saisie.form,
        "jours": saisie.jours,
        "types": TypeService.objects.labels(organisme.types),
        "exceptionnels": organisme.horaires_exceptionnels.in_force(since=now),
        "signalements": organisme.signalements.open().for_page(),
        "ouverture": openings_of([organisme], at=timezone.now())[0],
    }


def report_context(signalement: Signalement, saisie: Saisie) -> dict[str, Any]:
    """What the page of a report shows."""
    body = signalement.organisme
    same = body.signalements.open().about(body, objets=[signalement.objet]).for_page()
    return {
        "signalement": signalement,
        "organisme": body,
        "types": TypeService.objects.labels(body.types),
        "memes": [each for each in same if each.pk != signalement.pk],
        "form": saisie.form,
        "reponse": saisie.reponse,
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
