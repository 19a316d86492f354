"""Closures of many bodies at once, counted before they are announced."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from orientation import close
from orientation.forms import FermetureForm
from orientation.models import Fermeture, TypeService

SAMPLE = 8


@admin.register(Fermeture)
class FermetureAdmin(admin.ModelAdmin):
    list_display = ("motif", "du", "au", "portee", "certitude", "etat", "auteur")
    list_filter = ("certitude",)
    list_select_related = ("auteur", "levee_par")
    search_fields = ("motif",)
    list_per_page = 50
    actions = None

    class Media:
        css = {"all": ("css/tenue.css",)}
        js = (forms.Script("js/choix-filtres.js", type="module"),)

    def has_delete_permission(self, request: HttpRequest, obj: Fermeture | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        title = {"title": "Fermetures exceptionnelles"}
        return super().changelist_view(request, title | (extra_context or {}))

    @admin.display(description="portée")
    def portee(self, fermeture: Fermeture) -> str:
        kinds, places = len(fermeture.types), len(fermeture.departements)
        return ", ".join(
            (
                f"{kinds} type{'s' if kinds > 1 else ''}" if kinds else "tous les types",
                f"{places} département{'s' if places > 1 else ''}" if places else "tout le pays",
            )
        )

    @admin.display(description="état")
    def etat(self, fermeture: Fermeture) -> str:
        return close.state_of(fermeture, at=timezone.now())

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context=None
    ) -> HttpResponse:
        """The form, then how many bodies it would close, then the announcement."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = FermetureForm(request.POST or None, initial=close.usual_day(timezone.now()))
        counted: dict[str, Any] = {}
        if form.is_valid():
            if "_annoncer" in request.POST and form.counted:
                return self._announce(request, form)
            concerned = form.concerned()
            counted = {
                "nombre": concerned.count(),
                "exemples": concerned.sample(SAMPLE),
                "marque": form.mark(),
            }
        context = {**self._page(request, "Annoncer une fermeture"), "form": form, **counted}
        status = 422 if form.errors else 200
        return render(request, "admin/orientation/fermeture.html", context, status=status)

    def _announce(self, request: HttpRequest, form: FermetureForm) -> HttpResponse:
        data = form.cleaned_data
        fermeture = close.announce(
            motif=data["motif"],
            types=data["types"],
            departements=data["territoires"],
            certitude=data["certitude"],
            du=data["du"],
            au=data["au"],
            by=request.user,  # type: ignore[arg-type]
        )
        said = "Fermeture annoncée\u00a0: les agents la voient dès maintenant."
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:orientation_fermeture_change", fermeture.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None
    ) -> HttpResponse:
        """What was announced, and the button that ends it."""
        known = object_id if object_id.isascii() and object_id.isdigit() else "0"
        fermeture = get_object_or_404(self.get_queryset(request), pk=known[:18])
        if not self.has_view_permission(request, fermeture):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request, fermeture):
                raise PermissionDenied
            close.lift(fermeture, by=request.user)  # type: ignore[arg-type]
            said = "Fermeture levée\u00a0: les horaires habituels valent de nouveau."
            self.message_user(request, said, messages.SUCCESS)
            return redirect("admin:orientation_fermeture_change", fermeture.pk)
        concerned = close.concerned(types=fermeture.types, departements=fermeture.departements)
        at = timezone.now()
        context = {
            **self._page(request, fermeture.motif),
            "fermeture": fermeture,
            "etat": close.state_of(fermeture, at=at),
            "en_cours": fermeture.levee_le is None and close.span_of(fermeture)[1] > at,
            "libelles": TypeService.objects.labels(fermeture.types),
            "nombre": concerned.count(),
            "exemples": concerned.sample(SAMPLE),
        }
        return render(request, "admin/orientation/fermeture_vue.html", context)

    def _page(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media,
        }
