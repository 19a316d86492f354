"""Writing on a fiche of the sector, or a new one: the rédacteurs' form on a page of its own.

What the form asks while it is typed (autosave, checks, preview) is `knowledge.views.edition`.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from allo3939.redaction.sector import gaps_of
from allo3939.shared.readonly import read_only
from knowledge import propose
from knowledge.forms import build, keep
from knowledge.forms.page import (
    addresses,
    only_opened,
    own_proposition,
    sent_back,
    writing_others,
)
from knowledge.misses import LacuneClose
from knowledge.models import Fiche, Proposition
from knowledge.propose import (
    PropositionDepassee,
    PropositionEnCollision,
    PropositionInterdite,
)
from knowledge.publish import PublicationImpossible


@require_http_methods(["GET", "HEAD", "POST"])
@read_only
def fiche(request: HttpRequest, reference: str) -> HttpResponse:
    """Write on a fiche: open one's proposition at the first save, or go on with it."""
    kept = Fiche.objects.editable_by(request.user).for_page()
    return _write(request, get_object_or_404(kept, reference=reference))


@require_http_methods(["GET", "HEAD", "POST"])
@read_only
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Write a fiche that does not exist yet, in the sector; created by its first save."""
    return _write(request, None)


@require_POST
def combler(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what answers a gap of the sector: on its fiche where there is one, else a new one."""
    agent: Any = request.user
    lacune = get_object_or_404(gaps_of(agent.secteur), pk=pk)
    try:
        if lacune.fiche is not None:
            written = propose.improve_answer(lacune, fiche=lacune.fiche, by=agent)
        else:
            written = propose.write_answer(lacune, by=agent)
    except (PropositionInterdite, LacuneClose) as refusal:
        messages.error(request, str(refusal))
        return redirect("redaction-secteur")
    return redirect("redaction-fiche", written.fiche.reference)


def _write(request: HttpRequest, found: Fiche | None) -> HttpResponse:
    agent: Any = request.user
    own = own_proposition(found, by=agent)
    if request.method != "POST":
        return _show(request, found, build(found, by=agent, proposition=own))
    form = build(found, by=agent, proposition=own, data=request.POST)
    if "_tableau" in request.POST:
        return _show(request, found, form)
    try:
        if "_retirer" in request.POST and own is not None:
            return _withdraw(request, own)
        saved = keep(form, found, by=agent)
    except PropositionInterdite as refusal:
        return _show(request, found, form, status=403, erreurs=[str(refusal)])
    except PropositionDepassee as refusal:
        return _show(request, found, form, status=409, erreurs=[str(refusal)])
    if saved is None:
        messages.info(request, "Rien n'a été changé.")
        return redirect(request.path)
    if "_soumettre" in request.POST:
        return _submit(request, saved)
    messages.success(request, "La proposition est enregistrée.")
    return redirect("redaction-fiche", saved.fiche.reference)


def _withdraw(request: HttpRequest, own: Proposition) -> HttpResponse:
    """Taken back as it was last kept."""
    propose.withdraw(own, by=request.user)  # type: ignore[arg-type]
    messages.success(request, "La proposition est retirée. Vous pouvez la reprendre.")
    return redirect(own)


def _submit(request: HttpRequest, saved: Proposition) -> HttpResponse:
    """The proposition's own page once it is submitted, or what keeps it here."""
    agent: Any = request.user
    try:
        propose.submit(saved, by=agent)
    except PropositionEnCollision:
        return redirect("redaction-proposition-fusion", saved.pk)
    except PublicationImpossible as refusal:
        kept = own_proposition(saved.fiche, by=agent)
        form = build(saved.fiche, by=agent, proposition=kept)
        return _show(request, saved.fiche, form, status=422, erreurs=refusal.erreurs)
    messages.success(request, "La proposition est soumise à relecture.")
    return redirect(saved)


def _show(request, found, form, *, status=200, erreurs=()):
    context = {
        "fiche": found,
        "form": form,
        "erreurs": erreurs,
        "adresses": addresses(found),
        "proposition": form.proposition,
    }
    if found is not None:
        others = writing_others(found, by=request.user)
        context["autres"] = others
        context["ouvreurs"] = only_opened(found, by=request.user, writing=others)
        own = Proposition.objects.of_fiche(found).of_author(request.user)
        context["soumises"] = list(own.submitted())
    if form.proposition is not None:
        context["mot"] = sent_back(form.proposition)
    return render(request, "redaction/fiche.html", context, status=status)
