"""The desk of an informateur: the sector's queue, the card before the voice, the answer."""

from functools import partial

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from allo3939.shared.anonymity import review
from allo3939.shared.cache import Moment
from allo3939.shared.readonly import read_only
from calls import escalate, week
from calls import presence as presences
from calls.board import read_board
from calls.enums import EtatPresence, MotifRefus, Niveau1, Resultat
from calls.forms import PresenceForm, PriseForm, RefusForm, ReponseForm, ReroutageForm
from calls.models import Transfert
from knowledge.acknowledge import acknowledge, to_read
from knowledge.forms import LuForm
from knowledge.models import Fiche
from knowledge.target import find_target

PAGE = "calls/secteur.html"
DESK = ("carte", "file", "clos", "chiffres", "statut")
# Made once for all who see the same: only what an administrator changes may be so late on screen.
ALIKE = Moment[str](seconds=5)


def _context(agent, *, shown=None, **extra):
    """The queue, the transfer shown (in hand, else the oldest offered) and the sector's figures."""
    tableau = read_board(agent, at=timezone.now())
    key = tableau.en_main or (shown.pk if shown else tableau.shown())
    transfert = shown if shown and shown.pk == key else _card(key)
    return {
        **_queue(tableau, key),
        **_figures(tableau),
        **_of_card(tableau, transfert),
        "clos": Transfert.objects.closed_by(agent, timezone.localdate()),
        **extra,
    }


def _card(key):
    return Transfert.objects.for_card().get(pk=key) if key else None


def _queue(tableau, key):
    """What the queue shows: ``key`` is that of the card on screen."""
    return {"en_attente": Transfert.objects.among(tableau.en_attente), "montre": key}


def _figures(tableau):
    return {
        "vu": tableau.vu,
        "secteur": tableau.secteur,
        "nombre_en_attente": len(tableau.en_attente),
        "presence": tableau.presence,
        "equipe": tableau.equipe,
        "horaires": tableau.horaires,
    }


def _of_card(tableau, transfert):
    """What the card shows. Offered then in hand, it is the same: later states change nothing."""
    place = "main" if transfert and transfert.pk == tableau.en_main else "file"
    return {
        "transfert": transfert,
        "carte_montree": f"{transfert.pk}.{place}" if transfert else "",
        "delai": settings.TRANSFERT_DELAI_SECONDES,
        "motifs_refus": MotifRefus.choices,
        "resultats": Resultat.choices,
        "niveaux": Niveau1.choices,
        "autres_secteurs": escalate.other_sectors(tableau.secteur),
    }


def _regions(request, *regions, status=200, **extra):
    """The named regions as they now stand: the first is the target, the others out of band."""
    context = _context(request.user, **extra)
    html = [_html(name, oob=rank > 0, **context) for rank, name in enumerate(regions)]
    return HttpResponse("".join(html), status=status)


def _html(name, **context):
    # Without the request: nothing of the page around a region is needed.
    return render_to_string(f"{PAGE}#{name}", context)


def _transfer(agent, pk):
    return get_object_or_404(Transfert.objects.visible_to(agent).with_question(), pk=pk)


@require_safe
@read_only
def secteur(request):
    seen = week.read_week(request.user.secteur, at=timezone.now())
    return render(request, PAGE, _context(request.user, foyer=True, semaine=seen))


@require_safe
@read_only
def file(request):
    """What has changed for the sector since what the page says that it shows; 204 for nothing.

    A card that is the one on screen is left alone: an answer being filled in, or a fiche being
    read, never moves under the informateur's eyes. All pages of a sector ask at the same instant:
    what they show alike is written once.
    """
    tableau = read_board(request.user, at=timezone.now())
    on_screen = request.GET.get("carte", "")
    key = tableau.shown(on_screen.partition(".")[0])
    card = "" if key is None else f"{key}.{'main' if key == tableau.en_main else 'file'}"
    same_card = card == on_screen
    same_closed = request.GET.get("clos") == str(tableau.nombre_clos)
    if same_card and same_closed and request.GET.get("vu") == tableau.vu:
        return HttpResponse(status=204)
    html = [_queue_alike(tableau, key), _figures_alike(tableau)]
    if not same_closed:
        closed = Transfert.objects.closed_by(request.user, timezone.localdate())
        html.append(_html("clos", clos=closed, oob=True))
    if not same_card:
        html.append(_card_alike(tableau, key))
    return HttpResponse("".join(html))


def _queue_alike(tableau, key):
    seen = ("file", tableau.en_attente, key)
    return ALIKE.get(seen, lambda: _html("file", **_queue(tableau, key)))


def _figures_alike(tableau):
    seen = ("chiffres", tableau.secteur.pk, tableau.vu)
    figures = {**_figures(tableau), "oob": True}
    return ALIKE.get(seen, lambda: _html("chiffres", **figures) + _html("statut", **figures))


def _card_alike(tableau, key):
    """The card on screen; the one in hand is of nobody else."""

    def make():
        return _html("carte", **_of_card(tableau, _card(key)), oob=True)

    return make() if tableau.en_main else ALIKE.get(("carte", tableau.secteur.pk, key), make)


@require_POST
def presence(request):
    """Take a break, or be free again."""
    form = PresenceForm(request.POST)
    if not form.is_valid():
        return _regions(request, "chiffres", "statut", status=422)
    paused = form.cleaned_data["etat"] == EtatPresence.PAUSE
    (presences.pause if paused else presences.resume)(request.user)
    return _regions(request, "chiffres", "statut")


@require_safe
@read_only
def carte(request, pk):
    """Look at one card of the queue."""
    transfert = _transfer(request.user, pk)
    if Transfert.objects.answerable_by(request.user).numbered(str(pk)).exists():
        return _regions(request, "carte", "file", shown=transfert, foyer=True)
    return _regions(request, "carte", "file", foyer=True, erreur=escalate.explain(transfert))


@require_POST
def accepter(request, pk):
    return _answer(request, pk, escalate.accept)


@require_POST
def refuser(request, pk):
    form = RefusForm(request.POST)
    if not form.is_valid():
        transfert = _transfer(request.user, pk)
        return _refused(request, form.faults(), shown=transfert, refus=True)
    return _answer(request, pk, partial(escalate.refuse, reason=form.cleaned_data["motif"]))


@require_POST
def consulter(request, pk):
    """Answer the teleconseiller while the caller waits."""
    return _answer(request, pk, escalate.consult)


@require_POST
def prendre(request, pk):
    """The caller is here, alone or with the teleconseiller."""
    form = PriseForm(request.POST)
    if not form.is_valid():
        _transfer(request.user, pk)
        return _refused(request, form.faults())
    return _answer(request, pk, partial(escalate.transfer, mode=form.cleaned_data["mode"]))


@require_POST
def rendre(request, pk):
    """Give the question back to the teleconseiller."""
    return _answer(request, pk, escalate.hand_back)


@require_POST
def parti(request, pk):
    """The caller has hung up before the transfer."""
    return _answer(request, pk, escalate.caller_gone)


@require_POST
def rerouter(request, pk):
    """Send the question on to the right sector."""
    transfert = _transfer(request.user, pk)
    form = ReroutageForm(request.POST)
    try:
        if not form.is_valid():
            raise escalate.TransfertImpossible(form.faults())
        right, reason = form.cleaned_data["secteur"], form.cleaned_data["raison"]
        escalate.reroute(
            transfert,
            by=request.user,
            secteur=right,
            reason=reason,
            confirmed=form.confirmed,
        )
    except escalate.TransfertImpossible as refusal:
        examen = review(form["raison"].value() or "", confirmed=form.confirmed)
        return _refused(
            *(request, str(refusal)),
            shown=_still_offered(transfert),
            reroutage=form,
            examen=examen,
        )
    return _regions(request, *DESK, foyer=True)


def _still_offered(transfert):
    return Transfert.objects.waiting().for_card().numbered(str(transfert.pk)).first()


@require_POST
def clore(request, pk):
    form = ReponseForm(request.POST)
    if not form.is_valid():
        _transfer(request.user, pk)
        return _refused(request, form.faults(), reponse=form)
    result, level_1 = form.cleaned_data["resultat"], form.cleaned_data["niveau_1"]
    return _answer(request, pk, partial(escalate.finish, result=result, level_1=level_1))


def _answer(request, pk, verb):
    """The desk once the verb is done to the transfer, or why it could not be."""
    transfert = _transfer(request.user, pk)
    try:
        verb(transfert, by=request.user)
    except escalate.TransfertImpossible as refusal:
        return _refused(request, str(refusal))
    return _regions(request, *DESK, foyer=True)


def _refused(request, message, **extra):
    return _regions(request, *DESK, status=422, foyer=True, erreur=message, **extra)


@require_safe
@read_only
def fiche(request, pk, reference):
    """A fiche of the card, at the case the agent had reached."""
    transfert = _transfer(request.user, pk)
    return _read_fiche(request, transfert, _fiche(reference))


@require_POST
def lu(request, pk, reference):
    """What changed in the fiche has been read."""
    transfert, read = _transfer(request.user, pk), _fiche(reference)
    form = LuForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=409)
    acknowledge(read, by=request.user, version=form.cleaned_data["version"])
    return _read_fiche(request, transfert, read)


def _fiche(reference):
    return get_object_or_404(Fiche.objects.readable().for_page(), reference=reference)


def _read_fiche(request, transfert, found):
    lecture = escalate.read_as_seen(transfert, fiche=found)
    context = {
        "fiche": found,
        "lecture": lecture,
        "cible": find_target(lecture.cible),
        "a_lire": to_read(found, agent=request.user),
        "transfert": transfert,
    }
    return render(request, f"{PAGE}#fiche_lue", context)
