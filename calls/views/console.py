"""The console: one page, three regions (search, fiche, call); an action answers what changed."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from allo3939.shared.readonly import read_only
from calls import commands, desk, escalate, notice, propose, record, thread
from calls.forms import (
    ClotureForm,
    FrappeForm,
    RechercheForm,
    SuiteForm,
)
from calls.views.regions import PAGE
from calls.views.regions import context as _context
from calls.views.regions import refused as _refused
from calls.views.regions import regions as _regions
from knowledge.acknowledge import acknowledge
from knowledge.forms import LuForm
from knowledge.qualify import CheminInconnu
from knowledge.redirect import find_published
from orientation.locate import commune_of, look_up, warm
from orientation.models import Organisme


@require_safe
@read_only
def console(request):
    warm()
    poste = desk.read_desk(request.user)
    place = "lecture" if poste.consultation else "recherche" if poste.appel else "appel"
    recent = None if poste.consultation else propose.propose_recent(request.user)
    return render(request, PAGE, _context(poste, foyer=place, liste=recent))


@require_POST
def appel(request):
    """Pick up."""
    record.pick_up(request.user)
    return _next_question(request)


def _next_question(request, **extra):
    """The desk before a question: the fiches of the hour, and the focus in the box."""
    recent = propose.propose_recent(request.user)
    regions = ("lecture", "recherche", "journal")
    return _regions(request, *regions, foyer="recherche", liste=recent, **extra)


def _log(poste):
    """What a step with a fiche open changes of the log: its lines, never the form being filled."""
    return "journal_lignes" if poste.consultation else "journal"


def _typed(request, box):
    """The words of a box; none when they are not text, or a command."""
    form = RechercheForm(request.POST)
    words = record.clean_words(form.cleaned_data[box]) if form.is_valid() else ""
    return "" if commands.is_command(words) else words


@require_POST
def recherche(request):
    """Results as typed; the words are recorded only when a result is opened.

    A POST although nothing is written: what an agent types about a caller stays out of addresses,
    and so out of every log that keeps them.
    """
    box = RechercheForm(request.POST)
    if box.is_valid() and commands.is_command(box.cleaned_data["q"]):
        palette = commands.read(box.cleaned_data["q"])
        return HttpResponse(render_to_string(f"{PAGE}#resultats", {"palette": palette}))
    words = _typed(request, "q")
    form = FrappeForm(request.POST)
    page = form.cleaned_data if form.is_valid() else {}
    if words:
        changed = notice.changed_references(request.user)
        found = propose.propose(words, shown=page.get("vus", ()), changed=changed)
    else:
        found = propose.propose_recent(request.user)
    if words and found:
        record.follow_search(
            request.user, demande_pk=page.get("demande"), words=words, results=found.total
        )
    # Without the request: nothing of the page around the list is needed.
    return HttpResponse(render_to_string(f"{PAGE}#resultats", {"mots": words, "liste": found}))


@require_POST
def demande(request):
    """The caller's next question."""
    poste = desk.read_desk(request.user)
    if poste.appel is None:
        return _regions(request, "lecture", "recherche", "journal", foyer="appel")
    form = ClotureForm(request.POST)
    if not form.is_valid():
        return _refused(request, form.faults(), "lecture", "journal")
    try:
        record.begin_question(
            poste.appel,
            words=_typed(request, "q"),
            outcome=form.outcome_chosen(over=poste.issue_proposee),
            confirmed=form.confirmed,
            **form.lines(),
        )
    except record.LigneManquante as refusal:
        asked = f"{refusal} Puis F2."
        chosen = {"foyer": "precision", "cloture": form.with_outcome(refusal.issue)}
        return _refused(request, asked, "lecture", "journal", **chosen)
    except (record.AppelImpossible, escalate.TransfertImpossible) as refusal:
        place = getattr(refusal, "champ", "note")
        seen = getattr(refusal, "examen", None)
        return _refused(request, str(refusal), "lecture", "journal", examen=seen, examen_de=place)
    return _next_question(request)


@require_POST
def fiche(request, reference):
    """Open a fiche for the current question; one opened between two calls picks up.

    One that the source merged into another opens that one.
    """
    chosen = find_published(reference)
    if chosen is None:
        raise Http404("Cette fiche n'est pas publiée.")
    words = _typed(request, "q")
    poste, just_picked_up = desk.open_fiche(request.user, fiche=chosen, words=words)
    regions = ["lecture", "journal", *(["recherche"] if just_picked_up else [])]
    return _regions(request, *regions, poste=poste, foyer="lecture")


@require_POST
def suite(request):
    """Follow a link to another fiche, for the same question."""
    reading = record.reading_in_hand(request.user)
    if reading is None:
        return HttpResponse(status=409)
    form = SuiteForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=404)
    reference = form.cleaned_data["reference"]
    linked = find_published(reference)
    if linked is None:
        return _regions(request, "lecture", status=422, foyer="lecture", absente=reference)
    thread.follow_link(reading, fiche=linked)
    return _regions(request, "lecture", "journal", foyer="lecture")


@require_POST
def retour(request):
    """Return from a fiche to the one whose link led to it, at the case it was left at."""
    reading = record.reading_in_hand(request.user)
    if reading is None:
        return HttpResponse(status=409)
    thread.go_back(reading)
    left = reading.fiche.reference if reading.depuis_id else ""
    return _regions(request, "lecture", "journal", foyer="lecture", revenue_de=left)


@require_POST
def lu(request):
    """What changed in the fiche has been read."""
    reading = record.reading_in_hand(request.user)
    form = LuForm(request.POST)
    if reading is None or not form.is_valid():
        return HttpResponse(status=409)
    acknowledge(reading.fiche, by=request.user, version=form.cleaned_data["version"])
    return _regions(request, "lecture", foyer="lecture")


@require_POST
def choix(request):
    """Answer the fork, or step back (``choix=retour``)."""
    answer = request.POST.get("choix", "")

    def step(reading):
        if answer == "retour":
            record.step_back(reading)
        else:
            record.choose(reading, rank=int(answer))

    try:
        poste = desk.follow(request.user, step)
    except (CheminInconnu, ValueError):
        return _refused(request, "Ce choix n'existe plus dans la fiche.", "lecture", "journal")
    if poste is None:
        return HttpResponse(status=409)
    return _regions(request, "lecture", _log(poste), poste=poste, foyer="lecture")


@require_POST
def communes(request):
    """Communes for a postcode, a name or an INSEE code, as typed. A POST, as `recherche`."""
    words = _typed(request, "commune")
    found = look_up(words) if len(words) >= 2 else None
    return render(request, f"{PAGE}#communes", {"communes": found, "mots_commune": words})


@require_POST
def commune(request, code_insee):
    """The caller's commune; the competent body is given when there is no choice to make."""
    chosen = commune_of(code_insee)
    if chosen is None:
        raise Http404("Aucune commune n'a ce code.")
    try:
        poste = desk.settle_commune(request.user, commune=chosen)
    except record.AppelImpossible:
        return HttpResponse(status=409)
    return _regions(request, "lieu", "dictee", _log(poste), poste=poste, foyer="lieu")


@require_POST
def organisme(request, pk):
    """Give a body, found by search or among the competent ones."""
    poste = desk.read_desk(request.user)
    if poste.demande is None:
        return HttpResponse(status=409)
    chosen = poste.offered(pk) or get_object_or_404(Organisme.objects.to_give(), pk=pk)
    record.find_body(poste.demande, words=_typed(request, "q"))
    poste = desk.give(poste, organisme=chosen)
    # Chosen among the competent ones: the fiche stays as it is. Found by search: it comes back.
    changed = ("lieu", "dictee") if request.htmx.target == "lieu" else ("lecture",)
    return _regions(request, *changed, _log(poste), poste=poste, foyer="lieu")


@require_safe
@read_only
def ouvertures(request):
    """Whether the offices on screen are open, read again after exceptional hours were pushed."""
    poste = desk.read_desk(request.user)
    if not poste.guichets:
        return HttpResponse(status=204)
    return _regions(request, "ouvertures", "dictee")


@require_POST
def exterieur(request):
    """Give the outside body that the case reached leads to."""
    try:
        desk.give_outside(desk.read_desk(request.user))
    except record.AppelImpossible as refusal:
        return _refused(request, str(refusal), "lecture", "journal")
    return _regions(request, "lecture", "journal", foyer="lecture")
