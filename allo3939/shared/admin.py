"""The imports that were applied, to be read."""

from django.contrib import admin
from django.template.loader import render_to_string
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
    readonly_fields = ("compte_rendu", "liste_ecartes")
    exclude = ("ecartes", "rapport")
    actions = None

    @admin.display(description="écartés")
    def nombre_ecartes(self, importation: Importation) -> int:
        return len(importation.ecartes)

    @admin.display(description="compte rendu")
    def compte_rendu(self, importation: Importation) -> str:
        """What the import says of itself: lists of sentences, under their titles."""
        return render_to_string("admin/shared/compte_rendu.html", {"rapport": importation.rapport})

    @admin.display(description="enregistrements écartés")
    def liste_ecartes(self, importation: Importation) -> str:
        rows = ((line.get("reference", ""), line.get("reason", "")) for line in importation.ecartes)
        return format_html_join("", "<div>{} : {}</div>", rows) or "aucun"
