"""The day: an agent's own calls, and the counts for superviseurs."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from allo3939.shared.readonly import read_only
from calls.count import count_day
from calls.models import Appel

CALLS_A_PAGE = 40


@require_safe
@read_only
def mes_appels(request):
    today = timezone.localdate()
    calls = Appel.objects.of_agent(request.user).on(today).with_log()
    page = Paginator(calls, CALLS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "calls/mes_appels.html", {"page": page, "jour": today})


@require_safe
@read_only
def supervision(request):
    today = timezone.localdate()
    return render(request, "calls/supervision.html", {"jour": today, "bilan": count_day(today)})
