"""The hand-over of a question, from the console: the panel, how it stands, what the agent says.

Answers with the regions of the console's page.
"""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from allo3939.accounts.models import Secteur
from allo3939.shared.anonymity import review
from allo3939.shared.readonly import read_only
from calls import desk, escalate, record
from calls.enums import Motif
from calls.forms import EscaladeForm, PriseForm
from calls.views.console import _typed
from calls.views.regions import refused, regions


@require_safe
@read_only
def escalade(request):
    """The sectors that may take the question, and the card."""
    poste = desk.read_desk(request.user)
    if poste.demande is None:
        return HttpResponse(status=409)
    last = poste.transfert
    initial = {"motif": last.motif, "precision": last.precision} if last else {}
    return _panel(request, poste, EscaladeForm(initial=initial))


def _panel(request, poste, form, *, status=200, erreur=""):
    found = escalate.routes(poste.fiche, cible=poste.cible, last=poste.transfert)
    replies = escalate.closed_bodies(found)
    context = {
        "poste": poste,
        "form": form,
        "erreur": erreur,
        "routes": found,
        "replis": replies,
        "designe_ferme": any(route.designe and route.fermee for route in found),
        "a_donner": poste.a_donner[: escalate.FIRST_BODIES - len(replies)],
        "motifs": Motif.choices,
        "carte": escalate.describe_card(poste.demande),
        "examen": review(form["precision"].value() or "", confirmed=form.confirmed),
    }
    return render(request, "calls/_escalade.html", context, status=status)


@require_POST
def transfert(request):
    """Save the card, then offer it to the sector."""
    poste = desk.read_desk(request.user)
    if poste.demande is None:
        return HttpResponse(status=409)
    form = EscaladeForm(request.POST)
    if not form.is_valid():
        return _panel(request, poste, form, status=422)
    try:
        record.note_search(poste.demande, words=_typed(request, "q"))
        escalate.request(
            poste.demande,
            secteur=form.cleaned_data["secteur"],
            motif=form.cleaned_data["motif"],
            precision=form.cleaned_data["precision"],
            fiche=poste.fiche,
            confirmed=form.confirmed,
        )
    except escalate.TransfertDejaEnCours:
        pass  # sent twice, after a cut: the first one is what the agent must see
    except escalate.TransfertImpossible as refusal:
        return _panel(request, poste, form, status=422, erreur=str(refusal))
    return regions(request, "panneau_vide", "transfert", "journal", foyer="transfert")


@require_POST
def transfert_suite(request):
    """The agent has put the caller through, alone or in a conference."""
    form = PriseForm(request.POST)
    if not form.is_valid():
        return _told(request, form.faults(), status=422)
    return _follow(request, partial(escalate.transfer, mode=form.cleaned_data["mode"]))


@require_POST
def transfert_parti(request):
    """The caller has hung up before the transfer."""
    return _follow(request, escalate.caller_gone)


def _follow(request, verb):
    """The transfer once the verb is done, or why it could not be."""
    poste = desk.read_desk(request.user)
    if poste.transfert is None:
        return HttpResponse(status=409)
    try:
        verb(poste.transfert, by=request.user)
    except escalate.TransfertImpossible as refusal:
        return _told(request, str(refusal), status=422)
    return _told(request)


def _told(request, fault="", *, status=200, focus=True):
    """What a transfer changes, each region out of band: a push may have replaced any of them."""
    poste = desk.read_desk(request.user)
    # Closed meanwhile: there is no log on screen any more.
    log = ["journal_lignes"] if poste.appel else []
    return regions(
        *(request, "panneau_vide", "transfert", *log),
        status=status,
        foyer="transfert" if focus else "",
        erreur_transfert=fault,
    )


@require_POST
def repli(request, slug):
    """Give the body that stands in for a closed sector."""
    closed = get_object_or_404(Secteur, slug=slug)
    try:
        said = desk.give_fallback(desk.read_desk(request.user), secteur=closed)
    except record.AppelImpossible as refusal:
        return refused(request, str(refusal), "lecture", "journal")
    return regions(request, "lecture", "journal", foyer="lecture", repli_dit=said)


@require_safe
@read_only
def transfert_etat(request):
    """How the transfer stands, after a push or now and then; nothing when nothing has changed."""
    poste = desk.read_desk(request.user)
    if request.GET.get("etat", "") == poste.transfert_montre:
        return HttpResponse(status=204)
    return _told(request, focus=False)
