"""Who has read the changes of answers, by team."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from allo3939.shared.readonly import read_only
from knowledge.acknowledge import follow_changes, recent_changes

CHANGES_A_PAGE = 20


@require_safe
@read_only
def lectures(request):
    """The counts by site; for the change ``?detail=``, the desks of those who have not read."""
    page = Paginator(recent_changes(), CHANGES_A_PAGE).get_page(request.GET.get("page"))
    suivis = follow_changes(list(page), detail=request.GET.get("detail", ""))
    context = {"page": page, "suivis": suivis}
    return render(request, "calls/lectures.html", context)
