"""The imports that were applied, to be read."""

from django.contrib import admin
from django.utils.html import format_html_join

from allo3939.shared.models import Importation


@admin.register(Importation)
class ImportationAdmin(admin.ModelAdmin):
    list_display = (
        *("commencee_le", "genre", "fichier", "date_fichier"),
        *("ajoutes", "modifies", "inchanges", "disparus", "nombre_ecartes", "secondes"),
    )
    list_filter = ("genre",)
    date_hierarchy = "commencee_le"
    readonly_fields = ("liste_ecartes",)
    exclude = ("ecartes",)
    actions = None

    @admin.display(description="écartés")
    def nombre_ecartes(self, importation: Importation) -> int:
        return len(importation.ecartes)

    @admin.display(description="enregistrements écartés")
    def liste_ecartes(self, importation: Importation) -> str:
        rows = ((line.get("reference", ""), line.get("reason", "")) for line in importation.ecartes)
        return format_html_join("", "<div>{} : {}</div>", rows) or "aucun"
