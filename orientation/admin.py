"""The rédacteurs' pages of the directory: bodies to be read, labels to be worded."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from orientation.models import Organisme, TypeService


@admin.register(Organisme)
class OrganismeAdmin(admin.ModelAdmin):
    """What the import has written; the source is corrected at the source."""

    list_display = ("nom", "code_postal", "commune_nom", "departement_code", "etat")
    list_filter = ("etat",)
    search_fields = ("nom", "ancien_code_pivot")
    search_help_text = "Nom, ou ancien code («\u00a0mairie-77188-01\u00a0»)"
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Organisme | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Organisme | None = None) -> bool:
        return False


@admin.register(TypeService)
class TypeServiceAdmin(admin.ModelAdmin):
    """Labels are ours; codes are DILA's and are never changed."""

    list_display = ("libelle", "code")
    search_fields = ("libelle", "code")
    list_per_page = 100
    actions = None

    def get_readonly_fields(
        self, request: HttpRequest, obj: TypeService | None = None
    ) -> tuple[str, ...]:
        return ("code",) if obj else ()
