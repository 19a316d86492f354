"""Accounts, sectors and the audit, for administrateurs."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.views.decorators.http import require_POST
from dsfr.models import DsfrConfig

from allo3939.accounts.audit import (
    describe,
    rights_of,
    trace,
    trace_password,
    trace_rights,
    write_csv,
)
from allo3939.accounts.enums import Acte
from allo3939.accounts.forms import JOURS, AgentCreationForm, AgentForm, SecteurForm
from allo3939.accounts.models import Agent, Secteur, Trace

# Rights come from the role, and the site's look from the templates.
admin.site.unregister([Group, DsfrConfig])


@admin.register(Agent)
class AgentAdmin(UserAdmin):
    """Rights come from the role alone: Django's groups and permissions are not shown.

    Each right given or taken is traced, in the transaction that writes it.
    """

    form = AgentForm
    add_form = AgentCreationForm
    list_display = ("username", "role", "secteur", "poste", "site", "is_active", "last_login")
    list_filter = ("role", "secteur", "is_active")
    list_select_related = ("secteur",)
    search_fields = ("username", "poste", "site")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        ("Travail", {"fields": ("role", "secteur", "poste", "site")}),
        ("Droits à part", {"fields": ("publie_sans_relecture",)}),
        ("Préférences", {"fields": ("raccourcis", "theme", "email")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        ("Travail", {"fields": ("role", "secteur", "poste", "site")}),
    )

    def save_model(self, request, obj, form, change):
        before = None
        if change:
            before = rights_of(Agent.objects.select_for_update(of=("self",)).get(pk=obj.pk))
        super().save_model(request, obj, form, change)
        trace_rights(obj, by=request.user, before=before)

    @method_decorator(transaction.atomic)
    def user_change_password(self, request, id, form_url=""):
        before: Any = self.get_object(request, unquote(id))
        response = super().user_change_password(request, id, form_url)  # no such account: 404
        agent: Any = self.get_object(request, unquote(id))
        if agent.password != before.password:
            trace_password(agent, by=request.user)
        return response


@admin.register(Secteur)
class SecteurAdmin(admin.ModelAdmin):
    form = SecteurForm
    list_display = ("nom", "numero_transfert", "ordre")
    fieldsets = (
        (None, {"fields": ("nom", "slug", "ordre", "numero_transfert")}),
        ("Transferts", {"fields": ("delai_transfert", "repli")}),
        ("Horaires", {"fields": JOURS}),
    )


@admin.register(Trace)
class TraceAdmin(admin.ModelAdmin):
    """The audit, to be read: nobody changes it, and taking it away is told in it."""

    change_list_template = "admin/accounts/trace/change_list.html"
    list_display = ("le", "acte", "objet", "par", "en_clair")
    list_filter = ("acte",)
    list_select_related = ("agent",)
    list_per_page = 100
    date_hierarchy = "le"
    search_fields = ("objet", "agent__username")
    search_help_text = "Compte, fiche, export, ou identifiant de qui l'a fait"
    fields = ("le", "acte", "objet", "par", "en_clair")
    actions = None

    def get_urls(self):
        export = self.admin_site.admin_view(self.export_view)
        return [path("export/", export, name="accounts_trace_export"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        title = {"title": "Journal des droits et des exports"}
        return super().changelist_view(request, title | (extra_context or {}))

    @admin.display(description="par", ordering="agent__username")
    def par(self, line: Trace) -> str:
        return line.agent.username if line.agent else line.details.get("relecteur", "une commande")

    @admin.display(description="détails")
    def en_clair(self, line: Trace) -> str:
        return format_html_join("\n", "<div>{}</div>", ((text,) for text in describe(line)))

    @method_decorator(require_POST)
    @method_decorator(transaction.atomic)
    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The lines of the list as it is narrowed, as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        lines = list(self.get_changelist_instance(request).get_queryset(request))
        trace(
            Acte.EXPORT,
            by=request.user,  # type: ignore[arg-type]
            objet="journal des droits et des exports",
            format="CSV",
            lignes=len(lines),
            filtres=", ".join(sorted(request.GET)) or "aucun",
        )
        name = f"journal-{timezone.localdate().isoformat()}.csv"
        response = HttpResponse(write_csv(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
