"""The imports that were run, to be read."""

from django.contrib import admin
from django.template.loader import render_to_string

from allo3939.shared.imports import KEPT_MAX
from allo3939.shared.models import Importation


class IssueFilter(admin.SimpleListFilter):
    """Applied, or refused."""

    title = "issue"
    parameter_name = "issue"

    def lookups(self, request, model_admin):
        return [("faite", "Appliquée"), ("refusee", "Refusée")]

    def queryset(self, request, queryset):
        if self.value() == "faite":
            return queryset.applied()
        return queryset.refused() if self.value() == "refusee" else queryset


@admin.register(Importation)
class ImportationAdmin(admin.ModelAdmin):
    list_display = (
        *("commencee_le", "genre", "issue", "fichier"),
        *("ajoutes", "modifies", "inchanges", "disparus", "nombre_ecartes"),
        *("duree", "date_fichier"),
    )
    list_filter = ("genre", IssueFilter)
    date_hierarchy = "commencee_le"
    fields = ("genre", "issue", "commencee_le", "duree", "compte_rendu", "liste_ecartes")
    readonly_fields = ("issue", "duree", "compte_rendu", "liste_ecartes")
    actions = None

    @admin.display(description="issue")
    def issue(self, importation: Importation) -> str:
        return "Refusée" if "refus" in importation.rapport else "Appliquée"

    @admin.display(description="durée", ordering="secondes")
    def duree(self, importation: Importation) -> str:
        return f"{importation.secondes:.1f}\u00a0s".replace(".", ",")

    @admin.display(description="écartés")
    def nombre_ecartes(self, importation: Importation) -> int:
        return len(importation.ecartes)

    @admin.display(description="compte rendu")
    def compte_rendu(self, importation: Importation) -> str:
        """What the import says of itself: lists of sentences, under their titles."""
        return render_to_string(
            "admin/shared/compte_rendu.html",
            {"rapport": importation.rapport, "importation": importation},
        )

    @admin.display(description="enregistrements écartés")
    def liste_ecartes(self, importation: Importation) -> str:
        lines, total = importation.ecartes[:KEPT_MAX], len(importation.ecartes)
        return render_to_string("admin/shared/ecartes.html", {"ecartes": lines, "total": total})
