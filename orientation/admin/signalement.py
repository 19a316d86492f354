"""The reports of agents, as a queue."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from allo3939.shared.readonly import read_only
from orientation.filters import FileFilter
from orientation.models import Signalement
from orientation.report import queue
from orientation.views import redaction

BODIES_A_PAGE = 25


@admin.register(Signalement)
class SignalementAdmin(admin.ModelAdmin):
    """Open reports by body, the longest waiting first; each is answered on its page."""

    class Media:
        css = {"all": ("css/tenue.css",)}
        js = (forms.Script("js/edition-tables.js", type="module"),)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Signalement | None = None) -> bool:
        return False

    @method_decorator(require_safe)
    @method_decorator(read_only)
    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        filtre = FileFilter(request.GET, queryset=Signalement.objects.open())
        narrowed = filtre.qs
        page = Paginator(narrowed.bodies(), BODIES_A_PAGE).get_page(request.GET.get("page"))
        kept = request.GET.copy()
        kept.pop("page", None)
        context = {
            **self.admin_site.each_context(request),
            "title": "Signalements à traiter",
            "opts": self.opts,
            "media": self.media,
            "form": filtre.form,
            "page": page,
            "groupes": queue(page.object_list, narrowed),
            "requete": kept.urlencode(),
        }
        return render(request, "admin/orientation/signalements.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None
    ) -> HttpResponse:
        """What the agent said and saw, the record today, the answer."""
        known = object_id if object_id.isascii() and object_id.isdigit() else "0"
        signalement = get_object_or_404(Signalement.objects.for_page(), pk=known[:18])
        if not self.has_view_permission(request, signalement):
            raise PermissionDenied
        if request.method == "POST" and not self.has_change_permission(request, signalement):
            raise PermissionDenied
        saisie = redaction.answer(request, signalement)
        if saisie.done:
            self.message_user(request, saisie.done, messages.SUCCESS)
            return redirect("admin:orientation_signalement_changelist")
        context = redaction.report_context(signalement, saisie) | {
            **self.admin_site.each_context(request),
            "title": signalement.organisme.nom,
            "opts": self.opts,
            "media": self.media,
            "ou": "admin",
        }
        template = "admin/orientation/signalement.html"
        return render(request, template, context, status=saisie.status)
