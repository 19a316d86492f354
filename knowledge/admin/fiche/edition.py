"""The editor of a fiche: the rédacteur's own proposition, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from knowledge import propose
from knowledge.author import fiches_leading_to
from knowledge.enums import SOUMISES, Etat, Nature, Origine
from knowledge.forms import build, keep
from knowledge.forms.page import (
    addresses,
    last_taken_back,
    only_opened,
    own_proposition,
    sent_back,
    writing_others,
)
from knowledge.models import Fiche, Proposition
from knowledge.propose import (
    PropositionDepassee,
    PropositionEnCollision,
    PropositionInterdite,
)
from knowledge.publish import PublicationImpossible, restore, withdraw

CHANGE = "admin:knowledge_fiche_change"
MERGE = "admin:knowledge_fiche_merge"
REFUSALS = (PropositionDepassee, PropositionInterdite, PropositionEnCollision,
            PublicationImpossible, ValueError)  # fmt: skip


def fetch(object_id: Any) -> Fiche:
    """The fiche of a page's address."""
    text = str(object_id)
    known = text if text.isascii() and text.isdigit() and len(text) < 19 else "0"
    fiche = Fiche.objects.for_page().with_key(known)
    if fiche is None:
        raise Http404("Cette fiche n'existe pas.")
    return fiche


def edit(admin: ModelAdmin, request: Any, object_id: str | None) -> HttpResponse:
    """The form on what the rédacteur has in writing; every button answers with this page again."""
    fiche = fetch(object_id) if object_id else None
    if not admin.has_change_permission(request, fiche):
        raise PermissionDenied
    if request.method != "POST":
        form = build(
            fiche,
            by=request.user,
            proposition=own_proposition(fiche, by=request.user),
            initial=None if fiche else _suggested(request),
        )
        return _show(admin, request, fiche, form)
    act = next((act for name, act in ACTS.items() if name in request.POST), None)
    if act is not None and fiche is not None:
        try:
            act(request, fiche)
        except REFUSALS as error:
            messages.error(request, str(error))
        return redirect(CHANGE, fiche.pk)
    return _keep(admin, request, fiche)


def _keep(admin: ModelAdmin, request: Any, fiche: Fiche | None) -> HttpResponse:
    """Save what is typed, then submit it or publish it without review where that is asked."""
    own = own_proposition(fiche, by=request.user)
    form = build(fiche, by=request.user, proposition=own, data=request.POST)
    if "_tableau" in request.POST:  # more rows: the page comes back as typed, nothing is saved
        return _show(admin, request, fiche, form)
    try:
        proposition = keep(form, fiche, by=request.user)
    except (PropositionDepassee, PropositionInterdite) as error:
        form.add_error(None, str(error))
        return _show(admin, request, fiche, form, status=409)
    if proposition is None:
        messages.info(request, "Rien n'a été changé.")
        return redirect(CHANGE, fiche.pk) if fiche else redirect(request.path)
    if not form.is_valid():
        messages.warning(request, f"Un champ est à corriger\u00a0: {form.first_fault()}")
    return _go_on(request, proposition)


def _go_on(request: Any, proposition: Proposition) -> HttpResponse:
    fiche = proposition.fiche
    try:
        if "_soumettre" in request.POST:
            propose.submit(proposition, by=request.user)
            done = "votre proposition attend une relecture."
        elif "_forcer" in request.POST:
            reason = request.POST.get("motif_force", "")
            propose.force(proposition, by=request.user, motif=reason)
            done = "publiée sans relecture."
        else:
            done = "votre proposition est enregistrée."
        messages.success(request, f"{fiche.reference}\u00a0: {done}")
    except PropositionEnCollision as error:
        messages.warning(request, f"{error} Choisissez champ par champ, puis soumettez.")
        return redirect(MERGE, fiche.pk)
    except PublicationImpossible as error:
        for fault in error.erreurs:
            messages.error(request, fault)
    except REFUSALS as error:
        messages.error(request, str(error))
    return redirect(CHANGE, fiche.pk)


def _withdraw(request: Any, fiche: Fiche) -> None:
    """Take back one's proposition: the one named, else the one in writing."""
    proposition = _own(request, fiche)
    propose.withdraw(proposition, by=request.user)
    messages.success(request, "Proposition retirée. Rien n'en est perdu\u00a0: vous pouvez la "
                     "reprendre.")  # fmt: skip


def _restart(request: Any, fiche: Fiche) -> None:
    """Write again what was withdrawn or set aside; what waits for a review is withdrawn first."""
    proposition = _own(request, fiche)
    if proposition.etat in SOUMISES:
        proposition = propose.withdraw(proposition, by=request.user)
    propose.restart(proposition, by=request.user)
    messages.success(request, "Vous écrivez de nouveau votre proposition.")


def _archive(request: Any, fiche: Fiche) -> None:
    if fiche.origine == Origine.SERVICE_PUBLIC:
        raise PropositionInterdite("Seule la source retire une fiche de Service-Public.gouv.fr.")
    withdraw(fiche, by=request.user)
    text = f"{fiche.reference} est archivée\u00a0: les agents ne la trouvent plus."
    messages.success(request, text)
    for leading in fiches_leading_to(fiche.reference):
        text = f"Un cas de la fiche {leading} mène encore à celle-ci."
        messages.warning(request, text)


def _restore(request: Any, fiche: Fiche) -> None:
    restored = restore(fiche, by=request.user)
    state = "de nouveau trouvée par les agents" if restored.etat == Etat.PUBLIEE else "un brouillon"
    messages.success(request, f"{fiche.reference} est {state}.")


ACTS: dict[str, Callable[[Any, Fiche], None]] = {
    "_archiver": _archive,
    "_retablir": _restore,
    "_retirer": _withdraw,
    "_reprendre": _restart,
}


def _own(request: Any, fiche: Fiche) -> Proposition:
    """One of the rédacteur's own on this fiche, by its number in the button pressed; without a
    number, the one in writing."""
    number = request.POST.get("_retirer") or request.POST.get("_reprendre") or ""
    if number.isascii() and number.isdigit() and len(number) < 19:
        own = Proposition.objects.of_fiche(fiche).of_author(request.user).for_page()
        found = own.in_bulk([int(number)]).get(int(number))
    else:
        found = own_proposition(fiche, by=request.user)
    if found is None:
        raise PropositionDepassee("Cette proposition n'est plus là\u00a0: rechargez la page.")
    return found


def _suggested(request: HttpRequest) -> dict[str, Any]:
    """What the address fills in a new fiche."""
    typed = {name: request.GET[name] for name in ("titre", "nature") if name in request.GET}
    return {"nature": Nature.REPONSE} | typed


def _show(
    admin: ModelAdmin, request: Any, fiche: Fiche | None, form: Any, status: int = 200
) -> HttpResponse:
    proposition = form.proposition
    mine = Proposition.objects.of_fiche(fiche).of_author(request.user) if fiche else None
    others = writing_others(fiche, by=request.user) if fiche else []
    context = {
        **admin.admin_site.each_context(request),
        "title": f"{fiche.reference} · {fiche.titre}" if fiche else "Écrire une fiche",
        "opts": admin.opts,
        "original": fiche,
        "form": form,
        "proposition": proposition,
        "adresses": addresses(fiche),
        "autres": others,
        "ouvreurs": only_opened(fiche, by=request.user, writing=others) if fiche else [],
        "miennes": list(mine.submitted().for_list()) if mine is not None else [],
        "reprenable": last_taken_back(fiche, by=request.user) if not proposition else None,
        "collisions": propose.collisions(proposition) if proposition else [],
        "a_corriger": sent_back(proposition) if proposition else None,
        "peut_forcer": request.user.publie_sans_relecture,
    }
    return render(request, "admin/knowledge/fiche/change_form.html", context, status=status)
