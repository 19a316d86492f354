"""The rédacteur's inbox, in the Django admin."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from allo3939.accounts.models import Agent
from allo3939.admin import Site
from allo3939.redaction import inbox
from allo3939.redaction.forms import BoiteForm
from allo3939.redaction.inbox import Bilan, Genre
from allo3939.shared.readonly import read_only
from calls.usage import STAKE

PAGE = 30
SESSION = "boite"  # where what was last done is kept, to be taken back
REGRET = timedelta(minutes=10)
REFUSALS_TOLD = 3

site = cast(Site, admin.site)


@require_safe
@read_only
def boite(request: HttpRequest) -> HttpResponse:
    """What waits for the rédacteur, the most calls at stake first."""
    today = timezone.localdate()
    form = BoiteForm(request.GET)
    form.is_valid()
    whole = inbox.open_inbox(cast(Agent, request.user), on=today)
    around, kept = form.narrow(whole)
    shown = kept if form.cleaned_data.get("genre") else kept.to_do()
    page = Paginator(shown.affaires, PAGE).get_page(request.GET.get("page"))
    inbox.tell_reasons(page.object_list)
    context = {
        **site.each_context(request),
        "title": "Boîte de réception",
        "form": form,
        "boite": shown,
        "tout": around.to_do().total,
        "genres": _kinds(around, chosen=form.cleaned_data.get("genre", "")),
        "gestes": [(name, label) for name, label in inbox.GESTES.items() if _useful(name, page)],
        "page": page,
        "programmees": around.programmed(),
        "prochaines": None if shown.total else inbox.next_reviews(on=today),
        "regret": _regret(request),
        "jours": STAKE.days,
    }
    return render(request, "admin/redaction/boite.html", context)


@require_POST
def agir(request: HttpRequest) -> HttpResponse:
    """Deal with the chosen ones at once, then back to the list as it was."""
    try:
        bilan = inbox.act(
            request.POST.get("geste", ""),
            request.POST.getlist("cle"),
            by=cast(Agent, request.user),
        )
    except inbox.GesteInconnu:
        return HttpResponseBadRequest("Geste inconnu.")
    if bilan.faits:
        told = f"{inbox.GESTES[bilan.geste]}\u00a0: {bilan.nombre}."
        request.session[SESSION] = {
            "geste": bilan.geste,
            "faits": bilan.faits,
            "texte": told,
            "le": timezone.now().isoformat(),
        }
    _tell(request, bilan, nothing="Rien n'était choisi.")
    return redirect(_back(request))


@require_POST
def annuler(request: HttpRequest) -> HttpResponse:
    """Take back what was last done."""
    done = request.session.pop(SESSION, None)
    if done is None:
        messages.warning(request, "Il n'y a plus rien à annuler.")
        return redirect(_back(request))
    bilan = inbox.undo(done["geste"], done["faits"], by=cast(Agent, request.user))
    if bilan.faits:
        messages.success(request, f"Annulé\u00a0: {bilan.nombre}.")
    _tell(request, bilan, nothing="Rien n'a pu être annulé.")
    return redirect(_back(request))


def _kinds(boite: inbox.Boite, *, chosen: str) -> list[dict]:
    """Each kind with its digit and how many wait; the programmed ones stand apart."""
    return [
        {"digit": digit, "genre": genre, "nombre": count, "choisi": genre == chosen}
        for digit, (genre, count) in enumerate(boite.counts().items(), 1)
        if genre != Genre.PROGRAMMEE
    ]


def _useful(geste: str, page) -> bool:
    return any(geste in affaire.gestes for affaire in page.object_list)


def _regret(request: HttpRequest) -> str:
    """What was last done, as long as it may be taken back."""
    done = request.session.get(SESSION)
    if done is None or timezone.now() - datetime.fromisoformat(done["le"]) > REGRET:
        return ""
    return done["texte"]


def _tell(request: HttpRequest, bilan: Bilan, *, nothing: str) -> None:
    for refusal in bilan.refus[:REFUSALS_TOLD]:
        messages.warning(request, refusal)
    if len(bilan.refus) > REFUSALS_TOLD:
        messages.warning(request, f"Autres refus\u00a0: {len(bilan.refus) - REFUSALS_TOLD}.")
    if bilan.passees:
        messages.info(request, f"Déjà réglé, ou en main\u00a0: {bilan.passees}.")
    if bilan.autres:
        messages.info(request, f"Ne se règle pas ainsi\u00a0: {bilan.autres}.")
    if not (bilan.faits or bilan.refus or bilan.passees or bilan.autres):
        messages.info(request, nothing)


def _back(request: HttpRequest) -> str:
    """The list as it was filtered, or the whole of it."""
    url = request.POST.get("retour", "")
    ours = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if ours and url.startswith("/administration/boite/") else "admin:boite"


site.add_page("boite/", boite, name="boite")
site.add_page("boite/agir/", agir, name="boite-agir")
site.add_page("boite/annuler/", annuler, name="boite-annuler")
