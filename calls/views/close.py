"""The end of a call: the lines saved as they are typed, the emergency card, the close."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from allo3939.shared.anonymity import review
from calls import desk, escalate, propose, record
from calls.enums import NumeroUrgence
from calls.forms import ClotureForm, LignesForm, UrgenceForm
from calls.views.regions import PAGE, refused, regions


@require_POST
def note(request):
    """A line or an answer of the close panel, saved as it is given."""
    current = record.question_in_hand(request.user)
    if current is None:
        return HttpResponse(status=409)
    form = LignesForm(request.POST)
    if not form.is_valid():
        return render(request, f"{PAGE}#note_etat", {"erreur_note": form.faults()}, status=422)
    record.save_usefulness(current, useful=form.cleaned_data["fiche_utile"])
    confirmed = record.answers(current, confirmed=form.confirmed)
    examen = review(" \n".join(form.lines().values()), confirmed=confirmed)
    context = {"examen": examen, "note_enregistree": timezone.now() if examen.passe else None}
    if examen.passe:
        record.write_lines(current, confirmed=confirmed, **form.lines())
    return render(request, f"{PAGE}#note_etat", context, status=200 if examen.passe else 422)


@require_POST
def raccroche(request):
    """The conversation is over: what follows is after-call work."""
    current = record.question_in_hand(request.user)
    if current is None:
        return HttpResponse(status=409)
    record.hang_up(current.appel)
    return regions(request, "duree")


@require_POST
def reprise(request):
    """The conversation goes on after all."""
    current = record.question_in_hand(request.user)
    if current is None:
        return HttpResponse(status=409)
    try:
        record.resume(current.appel)
    except record.AppelImpossible as refusal:
        return regions(request, "duree", status=422, erreur_duree=str(refusal))
    return regions(request, "duree")


@require_http_methods(["GET", "POST"])
def urgence(request):
    """The emergency card; a POST records the number that was given."""
    poste = desk.read_desk(request.user)
    if poste.demande is None:
        return HttpResponse(status=409)
    if request.method == "POST":
        form = UrgenceForm(request.POST)
        if not form.is_valid():
            return HttpResponse(status=404)
        given = NumeroUrgence(form.cleaned_data["numero"])
        record.give_outside(poste.demande, titre=given.nom, said=f"{given.nom}, {given.pour}")
    names = set(poste.demande.orientations.values_list("exterieur", flat=True))
    return regions(request, "urgence", "journal", numeros=NumeroUrgence, donnes=names)


@require_POST
def cloture(request):
    """Close the call with its outcome."""
    appel = record.call_in_hand(request.user)
    if appel is None:
        return regions(request, "journal", "lecture", "recherche", foyer="appel")
    form = ClotureForm(request.POST)
    if not form.is_valid():
        return refused(request, form.faults(), "journal", cloture=form)
    try:
        record.close(
            appel,
            outcome=form.cleaned_data["issue"],
            useful=form.cleaned_data["fiche_utile"],
            words=form.cleaned_data["q"],
            confirmed=form.confirmed,
            at=None,
            **form.lines(),
        )
    except (record.AppelImpossible, escalate.TransfertImpossible) as refusal:
        place = getattr(refusal, "champ", "")
        seen = {"examen": getattr(refusal, "examen", None), "examen_de": place}
        focus = "precision" if place == "precision" else "erreur"
        return refused(request, str(refusal), "journal", cloture=form, foyer=focus, **seen)
    recent = propose.propose_recent(request.user)
    names = ("journal", "lecture", "recherche")
    return regions(request, *names, foyer="appel", clos=appel, liste=recent)
