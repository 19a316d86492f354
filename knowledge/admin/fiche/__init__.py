"""The rédacteurs' pages of fiches in the Django admin: the list, the editor, the history."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.urls import path
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin

from knowledge import review, stakes
from knowledge.admin.fiche import edition, fusion, historique
from knowledge.models import Fiche, Theme


class ThemeFilter(admin.SimpleListFilter):
    """The themes of the sectors and of level 1; the imported tree has hundreds."""

    title = "thème"
    parameter_name = "theme"

    def lookups(self, request, model_admin):
        return [(theme.pk, str(theme)) for theme in Theme.objects.authored()]

    def queryset(self, request, queryset):
        return queryset.filter(theme=self.value()) if self.value() else queryset


class FicheList(ChangeList):
    """The links to the fiches keep the filters; Django resolves each address again to add them."""

    def __init__(self, request, *options, **named) -> None:
        super().__init__(request, *options, **named)
        kept, self.preserved_filters = self.preserved_filters, ""
        self._kept = f"?{kept}" if kept else ""

    def url_for_result(self, result) -> str:
        return super().url_for_result(result) + self._kept


@admin.register(Fiche)
class FicheAdmin(SimpleHistoryAdmin):
    """Fiches born here are edited whole; an imported one only gets its local overlay.

    Nothing is published from here: what is typed is a proposition, which somebody else approves.
    """

    list_display = (
        *("reference", "titre", "appels", "en_cours", "revue", "etat"),
        *("de_secteur", "titre_theme"),
    )
    list_display_links = ("reference", "titre")
    list_filter = ("nature", "etat", "origine", "demonstration", "secteur", ThemeFilter)
    list_select_related = ("secteur", "theme__secteur")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("reference", "titre", "a_dire", "mots_cles")
    search_help_text = "Référence, titre, texte à dire ou mot-clé"
    ajout = "Écrire une fiche"
    ordering = ("reference",)
    actions = None
    view_on_site = False

    def get_urls(self):
        merge = self.admin_site.admin_view(self.merge_view)
        page = path("<int:object_id>/fusion/", merge, name="knowledge_fiche_merge")
        return [page, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Fiches"} | (extra_context or {}))

    def get_changelist(self, request, **options):
        return FicheList

    def get_queryset(self, request):
        fiches = super().get_queryset(request)
        if request.resolver_match.view_name != "admin:knowledge_fiche_changelist":
            return fiches
        return fiches.for_changelist(stakes.since(timezone.localdate() - review.USE))

    @admin.display(description="proposition", empty_value="")
    def en_cours(self, fiche: Fiche) -> str:
        return "en cours" if fiche.en_cours else ""  # type: ignore[attr-defined]

    @admin.display(description="à revoir le", ordering="a_revoir_le", empty_value="")
    def revue(self, fiche: Fiche) -> str | None:
        return f"{fiche.a_revoir_le:%d/%m/%Y}" if fiche.a_revoir_le else None

    @admin.display(description="appels, 90 j", ordering="appels")
    def appels(self, fiche: Fiche) -> int:
        return fiche.appels  # type: ignore[attr-defined]

    @admin.display(description="secteur", ordering="secteur")
    def de_secteur(self, fiche: Fiche) -> str:
        return str(fiche.secteur or "Niveau 1")

    @admin.display(description="thème", ordering="theme__titre")
    def titre_theme(self, fiche: Fiche) -> str:
        return fiche.theme.titre if fiche.theme else ""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return edition.edit(self, request, object_id)

    def merge_view(self, request, object_id):
        return fusion.merge(self, request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        return historique.history(self, request, object_id)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        return historique.past(self, request, object_id, version_id)


@admin.register(Theme)
class ThemeAdmin(admin.ModelAdmin):
    """The themes fiches born here hang in; the tree of service-public.fr comes with its import."""

    list_display = ("titre", "secteur", "code", "ordre")
    list_filter = ("secteur",)
    search_fields = ("titre", "code")
    fields = ("titre", "code", "secteur", "ordre")
    actions = None

    def get_queryset(self, request):
        return Theme.objects.authored()
