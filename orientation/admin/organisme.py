"""Bodies, to be put right by hand, and the kinds of office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from allo3939.shared.readonly import read_only
from orientation.models import Departement, Organisme, TypeService
from orientation.past import read_past
from orientation.views import redaction


class TenueFilter(admin.SimpleListFilter):
    """What a rédacteur has to look at."""

    title = "tenue"
    parameter_name = "tenue"

    def lookups(self, request, model_admin):
        return [
            ("signales", "Signalement à traiter"),
            ("corriges", "Corrigé par nous"),
            ("depasses", "Source changée sous une correction"),
            ("disparus", "Disparu de la source"),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "signales":
                return queryset.reported()
            case "corriges":
                return queryset.corrected()
            case "depasses":
                return queryset.overtaken()
            case "disparus":
                return queryset.gone()
        return queryset


class TypeFilter(admin.SimpleListFilter):
    title = "type d'organisme"
    parameter_name = "type"
    template = "admin/orientation/filtre.html"

    def lookups(self, request, model_admin):
        return [(kind.pk, kind.libelle) for kind in TypeService.objects.all()]

    def queryset(self, request, queryset):
        return queryset.of_kind(self.value()) if self.value() else queryset


class DepartementFilter(admin.SimpleListFilter):
    title = "département"
    parameter_name = "departement"
    template = "admin/orientation/filtre.html"

    def lookups(self, request, model_admin):
        return [(each.pk, f"{each.pk} {each.nom}") for each in Departement.objects.all()]

    def queryset(self, request, queryset):
        code = self.value()
        return queryset.in_departement(code) if code else queryset


@admin.register(Organisme)
class OrganismeAdmin(admin.ModelAdmin):
    """The source's words, and ours over them: the page of a partenaire within the admin."""

    list_display = (
        "nom",
        "code_postal",
        "commune_nom",
        "a_traiter",
        "corrige",
        "verifie_le",
        "etat",
    )
    list_filter = (TenueFilter, TypeFilter, DepartementFilter)
    search_fields = ("nom", "ancien_code_pivot")
    search_help_text = "Nom, ou ancien code («\u00a0mairie-77188-01\u00a0»)"
    list_per_page = 50
    show_full_result_count = False
    actions = None

    class Media:
        css = {"all": ("css/tenue.css",)}
        js = (forms.Script("js/edition-tables.js", type="module"),)

    def get_queryset(self, request: HttpRequest) -> Any:
        return Organisme.objects.for_keeping()

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        title = {"title": "Organismes de l'annuaire"}
        return super().changelist_view(request, title | (extra_context or {}))

    @admin.display(description="signalements")
    def a_traiter(self, organisme: Any) -> str:
        return str(organisme.signales or "")

    @admin.display(description="corrigé", boolean=True)
    def corrige(self, organisme: Any) -> bool | None:
        return organisme.tenus > 0 or None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Organisme | None = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None
    ) -> HttpResponse:
        """Columns, reports and exceptional hours of a body."""
        organisme = self._found(request, object_id)
        if request.method == "POST" and not self.has_change_permission(request, organisme):
            raise PermissionDenied
        saisie = redaction.save(request, organisme)
        if saisie.done:
            self.message_user(request, saisie.done, messages.SUCCESS)
            return redirect("admin:orientation_organisme_change", organisme.pk)
        context = redaction.body_context(organisme, saisie) | self._page(request, organisme)
        template = "admin/orientation/organisme.html"
        return render(request, template, context, status=saisie.status)

    @method_decorator(require_safe)
    @method_decorator(read_only)
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context=None
    ) -> HttpResponse:
        """Corrections, reports, exceptional hours, imports: who and when."""
        organisme = self._found(request, object_id)
        context = self._page(request, organisme) | {
            "organisme": organisme,
            "passe": read_past(organisme),
        }
        return render(request, "admin/orientation/historique.html", context)

    def _found(self, request: HttpRequest, object_id: str) -> Organisme:
        organisme: Organisme = get_object_or_404(Organisme, pk=_key(object_id))
        if not self.has_view_permission(request, organisme):
            raise PermissionDenied
        return organisme

    def _page(self, request: HttpRequest, organisme: Organisme) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": organisme.nom,
            "opts": self.opts,
            "media": self.media,
            "ou": "admin",
        }


def _key(object_id: str) -> str:
    """The identifier in an address, or one that no body has."""
    try:
        return str(Organisme._meta.pk.to_python(object_id))
    except ValidationError:
        return "0" * 32


@admin.register(TypeService)
class TypeServiceAdmin(admin.ModelAdmin):
    """Labels and sectors are ours; codes are DILA's and are never changed."""

    list_display = ("libelle", "code", "secteur")
    list_filter = ("secteur",)
    list_select_related = ("secteur",)
    search_fields = ("libelle", "code")
    list_per_page = 100
    actions = None

    def get_readonly_fields(
        self, request: HttpRequest, obj: TypeService | None = None
    ) -> tuple[str, ...]:
        return ("code",) if obj else ()
