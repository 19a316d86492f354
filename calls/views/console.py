"""The console: one page, three regions (search, fiche, call); an action answers what changed."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from allo3939.shared.anonymity import mask
from allo3939.shared.readonly import read_only
from calls import desk, escalate, record
from calls.enums import Motif
from calls.forms import ClotureForm, EscaladeForm
from calls.models import CodeIssue
from knowledge.models import Fiche
from knowledge.qualify import CheminInconnu
from orientation.locate import find_communes
from orientation.models import Commune, Organisme
from orientation.search import search_everything

PAGE = "calls/console.html"


def _context(poste, **extra):
    return {
        "poste": poste,
        "codes": CodeIssue.objects.all() if poste.appel else [],
        "mode": "console",
        "delai": settings.TRANSFERT_DELAI_SECONDES,
        **extra,
    }


def _regions(request, *regions, status=200, **extra):
    """The named regions as they now stand: the first is the target, the others come out of band."""
    context = _context(desk.read_desk(request.user), fragment=True, **extra)
    html = [
        render_to_string(f"{PAGE}#{name}", {**context, "oob": rank > 0}, request=request)
        for rank, name in enumerate(regions)
    ]
    return HttpResponse("".join(html), status=status)


def _refused(request, message, *regions):
    return _regions(request, *regions, status=422, erreur=message)


@require_safe
@read_only
def console(request):
    return render(request, PAGE, _context(desk.read_desk(request.user)))


@require_POST
def appel(request):
    """Pick up."""
    record.pick_up(request.user)
    return _regions(request, "lecture", "recherche", "journal", foyer="recherche")


@require_POST
def recherche(request):
    """Results as typed; the words are recorded only when a result is opened.

    A POST although nothing is written: what an agent types about a caller stays out of addresses,
    and so out of every log that keeps them.
    """
    words = mask(request.POST.get("q", "").strip())[: record.WORDS_MAX]
    groups = desk.number(search_everything(words)) if len(words) >= 2 else None
    return render(request, f"{PAGE}#resultats", {"mots": words, "groupes": groups})


@require_POST
def demande(request):
    """The caller's next question."""
    poste = desk.read_desk(request.user)
    if poste.appel is None:
        return _regions(request, "lecture", "recherche", "journal")
    record.begin_question(poste.appel)
    return _regions(request, "lecture", "recherche", "journal", foyer="recherche")


@require_POST
def note(request):
    """The agent's line, saved as it is typed."""
    poste = desk.read_desk(request.user)
    if poste.demande is None:
        return HttpResponse(status=409)
    try:
        record.write_note(poste.demande, note=request.POST.get("note", ""))
    except record.NoteRefusee as refusal:
        return render(request, f"{PAGE}#note_etat", {"erreur_note": str(refusal)}, status=422)
    return render(request, f"{PAGE}#note_etat", {"note_enregistree": timezone.now()})


@require_POST
def fiche(request, reference):
    """Open a fiche for the current question."""
    poste = desk.read_desk(request.user)
    if poste.demande is None:
        return HttpResponse(status=409)
    chosen = get_object_or_404(Fiche.objects.published(), reference=reference)
    record.open_fiche(poste.demande, fiche=chosen, words=request.POST.get("q", ""))
    return _regions(request, "lecture", "journal", foyer="lecture")


@require_POST
def choix(request):
    """Answer the fork, or step back (``choix=retour``)."""
    poste = desk.read_desk(request.user)
    if poste.consultation is None:
        return HttpResponse(status=409)
    answer = request.POST.get("choix", "")
    if answer == "retour":
        record.step_back(poste.consultation)
    else:
        try:
            record.choose(poste.consultation, rank=int(answer))
        except (CheminInconnu, ValueError):
            return _refused(request, "Ce choix n'existe plus dans la fiche.", "lecture", "journal")
    return _regions(request, "lecture", "journal", foyer="lecture")


@require_safe
@read_only
def communes(request):
    """Communes for a postcode, a name or an INSEE code, as typed."""
    words = request.GET.get("commune", "").strip()
    found = find_communes(words) if len(words) >= 2 else []
    return render(request, f"{PAGE}#communes", {"communes": found, "mots_commune": words})


@require_POST
def commune(request, code_insee):
    """The caller's commune; the competent body is given when there is no choice to make."""
    chosen = get_object_or_404(Commune, pk=code_insee)
    try:
        desk.settle_commune(request.user, commune=chosen)
    except record.AppelImpossible:
        return HttpResponse(status=409)
    return _regions(request, "lieu", "journal", foyer="lieu")


@require_POST
def organisme(request, pk):
    """Give a body, found by search or among the competent ones."""
    poste = desk.read_desk(request.user)
    if poste.demande is None:
        return HttpResponse(status=409)
    chosen = get_object_or_404(Organisme.objects.present(), pk=pk)
    record.note_search(poste.demande, words=request.POST.get("q", ""))
    desk.give(poste, organisme=chosen)
    return _regions(request, "lecture", "journal", foyer="lieu")


@require_safe
@read_only
def escalade(request):
    """The sectors that may take the question, and the card."""
    poste = desk.read_desk(request.user)
    if poste.demande is None:
        return HttpResponse(status=409)
    return _panel(request, poste, EscaladeForm())


def _panel(request, poste, form, *, status=200, erreur=""):
    refused = poste.transfert if poste.transfert and poste.transfert.etat == "refusee" else None
    return render(
        request,
        "calls/_escalade.html",
        {
            "poste": poste,
            "form": form,
            "erreur": erreur,
            "routes": escalate.routes(poste.fiche, without=refused.secteur if refused else None),
            "motifs": Motif.choices,
            "carte": escalate.describe_card(poste.demande),
            "maintenant": timezone.now(),
        },
        status=status,
    )


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
        record.note_search(poste.demande, words=request.POST.get("q", ""))
        escalate.request(
            poste.demande,
            secteur=form.cleaned_data["secteur"],
            motif=form.cleaned_data["motif"],
            precision=form.cleaned_data["precision"],
            fiche=poste.fiche,
        )
    except escalate.TransfertImpossible as refusal:
        return _panel(request, poste, form, status=422, erreur=str(refusal))
    return _regions(request, "panneau_vide", "transfert", "journal", foyer="transfert")


@require_safe
@read_only
def transfert_etat(request):
    """How the transfer stands, after a push or now and then."""
    regions = ["transfert"]
    if record.open_call(request.user):  # closed meanwhile: there is no log on screen any more
        regions.append("demandes")
    return _regions(request, *regions)


@require_POST
def cloture(request):
    """Close the call with its outcome."""
    poste = desk.read_desk(request.user)
    if poste.appel is None:
        return _regions(request, "journal", "lecture", "recherche")
    form = ClotureForm(request.POST)
    if not form.is_valid():
        return _refused(request, form.faults(), "journal")
    try:
        record.close(
            poste.appel,
            outcome=form.cleaned_data["issue"],
            note=form.cleaned_data["note"],
            useful=form.cleaned_data["fiche_utile"],
            words=form.cleaned_data["q"],
        )
    except (record.AppelImpossible, escalate.TransfertImpossible) as refusal:
        return _refused(request, str(refusal), "journal")
    return _regions(request, "journal", "lecture", "recherche", foyer="appel", clos=True)
