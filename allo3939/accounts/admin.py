"""Accounts and sectors, for administrateurs."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from dsfr.models import DsfrConfig

from allo3939.accounts.forms import JOURS, AgentCreationForm, SecteurForm
from allo3939.accounts.models import Agent, Secteur

# Rights come from the role, and the site's look from the templates.
admin.site.unregister([Group, DsfrConfig])


@admin.register(Agent)
class AgentAdmin(UserAdmin):
    """Rights come from the role alone: Django's groups and permissions are not shown."""

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
        ("Préférences", {"fields": ("raccourcis", "theme", "email")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        ("Travail", {"fields": ("role", "secteur", "poste", "site")}),
    )


@admin.register(Secteur)
class SecteurAdmin(admin.ModelAdmin):
    form = SecteurForm
    list_display = ("nom", "numero_transfert", "ordre")
    fieldsets = (
        (None, {"fields": ("nom", "slug", "ordre", "numero_transfert")}),
        ("Transferts", {"fields": ("delai_transfert", "repli")}),
        ("Horaires", {"fields": JOURS}),
    )
