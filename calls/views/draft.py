"""From the desk of an informateur to a fiche put right, or written."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from calls import draft
from calls.forms import SuiteForm
from calls.models import Transfert
from knowledge.models import Fiche


@require_POST
def ecrire(request, pk):
    """A proposition filled from a call one has taken, on the fiche named, else on a new one."""
    own = Transfert.objects.visible_to(request.user).taken_by(request.user)
    transfert = get_object_or_404(own.for_card(), pk=pk)
    if "reference" not in request.POST:
        proposition = draft.write_fiche(transfert, by=request.user)
        return redirect("redaction-fiche", proposition.fiche.reference)
    form = SuiteForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    kept = Fiche.objects.editable_by(request.user).readable()
    fiche = get_object_or_404(kept, reference=form.cleaned_data["reference"])
    draft.correct_fiche(transfert, fiche=fiche, by=request.user)
    return redirect("redaction-fiche", fiche.reference)
