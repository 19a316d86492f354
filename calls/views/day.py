"""The day: an agent's own calls, one of them told again and put right, counts for superviseurs."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from allo3939.shared.readonly import read_only
from calls import rectify, retell
from calls.count import count_day
from calls.forms import RectificationForm
from calls.models import Appel, CodeIssue, Demande, Rectification
from calls.record import AppelImpossible
from knowledge.target import find_target

CALLS_A_PAGE = 40
PAGE = "calls/appel.html"


@require_safe
@read_only
def mes_appels(request):
    today = timezone.localdate()
    calls = Appel.objects.of_agent(request.user).on(today).with_log()
    page = Paginator(calls, CALLS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "calls/mes_appels.html", {"page": page, "jour": today})


@require_safe
@read_only
def appel(request, pk):
    """One call: its steps, each fiche as it was, and the forms that put it right.

    ``?lecture=`` is the consultation to read again; without it, the last one in front.
    """
    shown = _call(request, pk)
    asked = request.GET.get("lecture", "")
    reading = _reading(shown, asked)
    again = retell.read_again(reading) if reading else None
    context = {
        "relecture": again,
        "cible": find_target(again.lecture.cible) if again and again.lecture else None,
        "appel": shown,
    }
    if request.htmx:
        return render(request, f"{PAGE}#relecture", context)
    return render(request, PAGE, context | _steps(request, shown))


def _call(request, pk):
    calls = Appel.objects.visible_to(request.user).numbered(str(pk))
    return get_object_or_404(calls.with_log().with_corrections())


def _reading(shown, asked):
    """The consultation of this key in the call, else the last one that was in front."""
    readings = [
        reading for demande in shown.demandes.all() for reading in demande.consultations.all()
    ]
    chosen = [reading for reading in readings if str(reading.pk) == asked]
    by_time = sorted(readings, key=lambda reading: (reading.lue_le, reading.pk))
    return (chosen or by_time or [None])[-1]


def _steps(request, shown, *, forms=None):
    """What stands beside the fiche: the steps of each question, its history, its form."""
    return {
        "questions": [
            {
                "demande": demande,
                "moments": retell.tell(shown, demande),
                "rectifiable": rectify.may_rectify(demande, by=request.user),
                "form": (forms or {}).get(demande.pk) or RectificationForm.of(demande),
            }
            for demande in shown.demandes.all()
        ],
        "codes": CodeIssue.objects.all(),
        "a_soi": shown.agent_id == request.user.pk,
    }


@require_POST
def rectifier(request, pk):
    """Put a closed question of the day right."""
    demande = get_object_or_404(Demande.objects.visible_to(request.user).numbered(str(pk)))
    form = RectificationForm(request.POST)
    try:
        if form.is_valid():
            rectify.rectify(demande, by=request.user, confirmed=form.confirmed, **form.cleaned_data)
            return _told(request, demande)
    except AppelImpossible as refusal:
        form.add_error(None, str(refusal))
    return _told(request, demande, forms={demande.pk: form}, status=422)


@require_POST
def annuler_rectification(request, pk):
    """Put back what a question said before a change."""
    changes = Rectification.objects.by_author(request.user).numbered(str(pk))
    change = get_object_or_404(changes.select_related("demande"))
    try:
        rectify.go_back(change, by=request.user)
    except AppelImpossible as refusal:
        form = RectificationForm.of(change.demande, fault=str(refusal))
        return _told(request, change.demande, forms={change.demande_id: form}, status=422)
    return _told(request, change.demande)


def _told(request, demande, *, forms=None, status=200):
    """The question as it now stands, in its place on the page of the call."""
    shown = _call(request, demande.appel_id)
    context = {"appel": shown, **_steps(request, shown, forms=forms), "change": demande.pk}
    if request.htmx:
        return render(request, f"{PAGE}#journal_appel", context, status=status)
    reading = _reading(shown, "")
    again = retell.read_again(reading) if reading else None
    return render(request, PAGE, context | {"relecture": again}, status=status)


@require_safe
@read_only
def supervision(request):
    today = timezone.localdate()
    return render(request, "calls/supervision.html", {"jour": today, "bilan": count_day(today)})
