"""The searches agents missed, as a list to work through."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from allo3939.shared.readonly import read_only
from knowledge import misses, propose
from knowledge.models import RechercheManquee

PAGE = 25


@admin.register(RechercheManquee)
class RechercheManqueeAdmin(admin.ModelAdmin):
    """Groups of searches, the most frequent first; nothing is typed here."""

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def get_urls(self):
        view = self.admin_site.admin_view(self.settle_view)
        return [
            path("traiter/", view, name="knowledge_recherchemanquee_settle"),
            path(
                "prendre/",
                self.admin_site.admin_view(self.take_view),
                name="knowledge_recherchemanquee_take",
            ),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    @method_decorator(read_only)
    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        page = Paginator(misses.group(), PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Recherches manquées",
            "opts": self.model._meta,
            "page": page,
            "jours": misses.KEPT.days,
        }
        return render(request, "admin/knowledge/recherche/manquees.html", context)

    @method_decorator(require_POST)
    def take_view(self, request: HttpRequest) -> HttpResponse:
        """A group becomes a brief that the rédacteur owns; its fiche is begun at once if asked."""
        found = misses.find_group(request.POST.get("groupe", ""))
        if found is None:
            self.message_user(request, "Ce groupe vient d'être traité.", messages.WARNING)
            return redirect("admin:knowledge_recherchemanquee_changelist")
        lacune = misses.take(found, by=request.user)  # type: ignore[arg-type]
        if "_ecrire" in request.POST:
            proposition = propose.write_answer(lacune, by=request.user)  # type: ignore[arg-type]
            return redirect("admin:knowledge_fiche_change", proposition.fiche_id)
        return redirect("admin:knowledge_lacune_change", lacune.pk)

    @method_decorator(require_POST)
    def settle_view(self, request: HttpRequest) -> HttpResponse:
        """A group is dealt with, up to the last search that was on screen."""
        until = parse_datetime(request.POST.get("jusqu_a", ""))
        if until is None or until.tzinfo is None:
            return HttpResponseBadRequest("Date absente ou illisible.")
        count = misses.settle(request.POST.getlist("cle"), until=until)
        self.message_user(request, f"Recherches traitées\u00a0: {count}.", messages.SUCCESS)
        return redirect("admin:knowledge_recherchemanquee_changelist")
