"""Questions that no sector took, for superviseurs, live."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from allo3939.shared.readonly import read_only
from calls import escalate


@require_safe
@read_only
def alertes(request):
    """The questions in progress that were sent back three times or more."""
    return render(request, "calls/_alertes.html", {"alertes": escalate.sent_back_questions()})
