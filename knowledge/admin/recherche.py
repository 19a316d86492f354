"""Synonyms, pins, and what closed calls taught: what rédacteurs keep for the search."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from simple_history.admin import SimpleHistoryAdmin

from allo3939.shared.index import refresh
from knowledge import learn, misses, pins, vocabulary
from knowledge.forms.fields import LinesField
from knowledge.models import Apprentissage, Epingle, Synonyme
from knowledge.search import FICHES, Essai, count_fiches, search_fiches, try_epingle, try_synonyme


class EssaiForm(forms.ModelForm):
    """A form that can be tried out: « Essayer » gives the page back as typed, with the effect."""

    essai = forms.CharField(
        label="Essayer avec",
        max_length=200,
        required=False,
        help_text="Une phrase d'usager\u00a0; vide, ce sont les mots ci-dessus.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    source = ""
    """The field whose words are tried by default."""

    @property
    def tried(self) -> bool:
        return "_essayer" in self.data

    def is_valid(self) -> bool:
        return super().is_valid() and not self.tried

    @property
    def resultat(self) -> Essai | None:
        """The effect of what is typed, or of what is kept; None while it cannot be told."""
        if self.is_bound and (not self.tried or self.errors):
            return None
        if not self.is_bound and not self.instance.pk:
            return None
        typed = self.cleaned_data["essai"].strip() if self.is_bound else ""
        return self.try_out(typed or getattr(self.instance, self.source))

    def try_out(self, texte: str) -> Essai:
        raise NotImplementedError


class SynonymeForm(EssaiForm):
    """One line of the vocabulary, checked as the search reads it."""

    source = "expression"
    equivalents = LinesField(
        label="Ce qu'écrivent les fiches",
        rows=3,
        required=True,
        help_text="Un par ligne\u00a0: le nom officiel, le sigle déplié.",
    )

    class Meta:
        model = Synonyme
        fields = ("expression", "equivalents", "deux_sens", "actif", "note")
        help_texts = {
            "expression": "Le mot de l'usager, l'ancien nom ou le sigle. Accents, pluriels et "
            "majuscules sont indifférents.",
            "note": "Pourquoi, pour vos collègues.",
        }

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.remarques: list[str] = []
        if self.errors:
            return
        verdict = vocabulary.check(self.instance, count=count_fiches)
        self.remarques = verdict.remarques
        for name, faults in verdict.fautes.items():
            self.add_error(name, faults)

    def try_out(self, texte: str) -> Essai:
        return try_synonyme(self.instance, texte=texte)


class EpingleForm(EssaiForm):
    """Words and the fiche that comes first for them."""

    source = "mots"

    class Meta:
        model = Epingle
        fields = ("mots", "fiche", "actif", "note")
        help_texts = {
            "mots": "L'ordre, les accents et les pluriels sont indifférents. Un mot de plus qui "
            "compte, et l'épingle ne joue pas.",
            "fiche": "Elle passe première de son groupe\u00a0: réponses ou escalades.",
            "note": "Pourquoi, pour vos collègues.",
        }

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            for fault in pins.check_words(self.instance):
                self.add_error("mots", fault)

    def try_out(self, texte: str) -> Essai:
        return try_epingle(self.instance, texte=texte)


class RechercheAdmin(SimpleHistoryAdmin):
    """What the pages of synonyms and pins share: the try-out, the history, no deletion."""

    change_form_template = "admin/knowledge/recherche/change_form.html"
    object_history_list_template = "admin/knowledge/recherche/historique.html"
    list_per_page = 100
    view_on_site = False
    titre_ajout = ""

    class Media:
        css = {"all": ("css/admin-fiche.css", "css/admin-recherche.css")}

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        extra = {} if object_id else {"title": self.titre_ajout}
        return super().changeform_view(request, object_id, form_url, extra | (extra_context or {}))

    def revert_disabled(self, request, obj=None):
        return True

    def history_view_title(self, request, obj):
        return f"Historique de {obj}"


@admin.register(Synonyme)
class SynonymeAdmin(RechercheAdmin):
    """Other names of things; one out of service is kept."""

    form = SynonymeForm
    titre_ajout = "Ajouter un synonyme"
    list_display = ("expression", "liste_equivalents", "deux_sens", "actif", "note")
    list_filter = ("actif", "deux_sens")
    search_fields = ("expression", "equivalents", "note")
    search_help_text = "Mot de l'usager, nom officiel ou note"
    actions = None
    fieldsets = (
        (None, {"fields": ("expression", "equivalents", "deux_sens", "actif", "note")}),
        ("Ce que cela change", {"fields": ("essai",), "classes": ("a39-essai",)}),
    )

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Synonymes"} | (extra_context or {}))

    @admin.display(description="ce qu'écrivent les fiches")
    def liste_equivalents(self, synonyme: Synonyme) -> str:
        return ", ".join(synonyme.equivalents)

    def get_changeform_initial_data(self, request):
        suggested = misses.suggest_synonyme(request.GET.get("manquee", ""))
        return {"actif": True} | suggested

    def save_model(self, request, obj, form, change):
        vocabulary.save(obj, by=request.user)
        for remarque in form.remarques:
            self.message_user(request, remarque, messages.WARNING)


class TientFilter(admin.SimpleListFilter):
    """The pins whose fiche is not first any more."""

    title = "tenue"
    parameter_name = "tenue"

    def lookups(self, request, model_admin):
        return [("non", "Ne tient plus")]

    def queryset(self, request, queryset):
        return queryset.failing() if self.value() == "non" else queryset


@admin.register(Epingle)
class EpingleAdmin(RechercheAdmin):
    """Pins, those that no longer hold first, with the reason."""

    form = EpingleForm
    titre_ajout = "Ajouter une épingle"
    list_display = ("mots", "tient", "raison", "fiche", "verifiee_le", "actif")
    list_filter = (TientFilter, "actif")
    list_select_related = ("fiche",)
    search_fields = ("mots", "fiche__reference", "fiche__titre")
    search_help_text = "Mots, référence ou titre de la fiche"
    autocomplete_fields = ("fiche",)
    actions = ("verifier",)
    fieldsets = (
        (None, {"fields": ("mots", "fiche", "actif", "note")}),
        ("Ce que cela change", {"fields": ("essai",), "classes": ("a39-essai",)}),
    )

    def get_queryset(self, request):
        return Epingle.objects.failing_first()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if "fiche" in form.base_fields:  # chosen here, written on its own page
            widget = form.base_fields["fiche"].widget
            widget.can_add_related = widget.can_change_related = widget.can_view_related = False
        return form

    def changelist_view(self, request, extra_context=None):
        refresh(FICHES)  # and with it the pins this process knows
        return super().changelist_view(request, {"title": "Épingles"} | (extra_context or {}))

    def get_ordering(self, request):
        return ("-tombe", "-actif", "mots")

    @admin.display(description="tient", boolean=True)
    def tient(self, epingle: Epingle) -> bool | None:
        if not epingle.actif:
            return None
        reason = pins.explain(epingle)
        return None if epingle.verifiee_le is None and not epingle.tombe else not reason  # type: ignore[attr-defined]

    @admin.display(description="raison")
    def raison(self, epingle: Epingle) -> str:
        return pins.explain(epingle)

    @admin.action(description="Vérifier maintenant", permissions=["change"])
    def verifier(self, request, queryset):
        failing = [
            epingle
            for epingle in queryset.select_related("fiche")
            if epingle.actif and not pins.check(epingle, search=search_fiches).tient
        ]
        for epingle in failing:
            self.message_user(
                request,
                f"{epingle} ne tient plus\u00a0: {pins.explain(epingle)}.",
                messages.WARNING,
            )
        if not failing:
            self.message_user(request, "Toutes les épingles choisies tiennent.", messages.SUCCESS)

    def save_model(self, request, obj, form, change):
        pins.save(obj, by=request.user)
        if obj.actif:
            transaction.on_commit(partial(pins.check, obj, search=search_fiches))


@admin.register(Apprentissage)
class ApprentissageAdmin(admin.ModelAdmin):
    """What closed calls taught: to be read, and set aside where it is wrong."""

    list_display = ("mot", "fiche", "hausse", "poids_actuel", "ecarte", "le")
    list_filter = ("ecarte",)
    list_select_related = ("fiche",)
    list_per_page = 100
    show_full_result_count = False
    search_fields = ("mot", "fiche__reference", "fiche__titre")
    search_help_text = "Mot, référence ou titre de la fiche"
    readonly_fields = ("mot", "fiche", "hausse", "poids_actuel", "le")
    fields = (*readonly_fields, "ecarte")
    actions = ("ecarter", "retablir")

    class Media:
        css = {"all": ("css/admin-recherche.css",)}

    def has_add_permission(self, request) -> bool:
        return False

    @admin.display(description="hausse")
    def hausse(self, row: Apprentissage) -> str:
        return "aucune" if row.ecarte else f"+{learn.strength(row):.0%}".replace("%", "\u00a0%")

    @admin.display(description="réponses", ordering="poids")
    def poids_actuel(self, row: Apprentissage) -> str:
        return f"{learn.weight_now(row):.1f}".replace(".", ",")

    def save_model(self, request, obj, form, change):
        learn.set_aside([obj], ecarte=form.cleaned_data["ecarte"])

    @admin.action(description="Écarter du classement", permissions=["change"])
    def ecarter(self, request, queryset):
        self._set_aside(request, queryset, ecarte=True)

    @admin.action(description="Compter de nouveau", permissions=["change"])
    def retablir(self, request, queryset):
        self._set_aside(request, queryset, ecarte=False)

    def _set_aside(self, request, queryset, *, ecarte: bool) -> None:
        count = learn.set_aside(queryset, ecarte=ecarte)
        state = "ne comptent plus" if ecarte else "comptent de nouveau"
        self.message_user(request, f"Lignes qui {state}\u00a0: {count}.", messages.SUCCESS)

    def changelist_view(self, request, extra_context: dict[str, Any] | None = None):
        refresh(FICHES)  # and with it what this process has learnt
        title = {"title": "Ce que les appels clos ont appris à la recherche"}
        return super().changelist_view(request, title | (extra_context or {}))
