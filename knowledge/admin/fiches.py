"""The rédacteurs' pages in the Django admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from simple_history.admin import SimpleHistoryAdmin

from knowledge.author import check_fiche, notice_parcours
from knowledge.compose import compose
from knowledge.enums import Nature, Origine
from knowledge.forms import FicheForm, OverlayForm
from knowledge.models import Fiche, Theme
from knowledge.publish import publish, save_draft, withdraw
from knowledge.qualify import CheminInconnu, parse_path, read

PREVIEW_SECONDS = 3600
_ABOUT = ("reference", "etat", "version", "publiee_le")
_SPOKEN = ("À dire", {"fields": ("a_dire",)})
_NATIVE = {
    "head": ("La fiche", {"fields": ("nature", "titre", "theme", "secteur", "mots_cles")}),
    "escalade": (
        "Qualifier et escalader",
        {"fields": ("definition", "exemples_dans", "exemples_hors", "cible", "confondu_avec")},
    ),
    "answer": ("Ce qu'il faut savoir", {"fields": ("pieces", "cout", "delai", "organismes")}),
    "text": ("Texte de référence et vérification", {"fields": ("texte", "verifiee_le")}),
}


class ThemeFilter(admin.SimpleListFilter):
    """The themes of the sectors and of level 1; the imported tree has hundreds."""

    title = "thème"
    parameter_name = "theme"

    def lookups(self, request, model_admin):
        return [(theme.pk, str(theme)) for theme in Theme.objects.authored()]

    def queryset(self, request, queryset):
        return queryset.filter(theme=self.value()) if self.value() else queryset


@admin.register(Fiche)
class FicheAdmin(SimpleHistoryAdmin):
    """Fiches born here are edited whole; an imported one only gets its local overlay."""

    change_form_template = "admin/knowledge/fiche/change_form.html"
    object_history_list_template = "admin/knowledge/fiche/historique.html"
    list_display = ("reference", "titre", "nature", "etat", "secteur", "titre_theme", "version")
    list_display_links = ("reference", "titre")
    list_filter = ("nature", "etat", "origine", "demonstration", "secteur", ThemeFilter)
    list_select_related = ("secteur", "theme__secteur")
    list_per_page = 50
    search_fields = ("reference", "titre", "a_dire", "mots_cles")
    search_help_text = "Référence, titre, texte à dire ou mot-clé"
    ordering = ("reference",)
    actions = None
    view_on_site = False

    class Media:
        css = {"all": ("css/admin-fiche.css",)}
        js = (forms.Script("js/admin-mots.js", type="module"),)

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview_view)
        previews = [
            path(address, view, name="knowledge_fiche_preview")
            for address in ("apercu/", "<int:object_id>/apercu/")
        ]
        return [*previews, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Fiches"} | (extra_context or {}))

    @admin.display(description="thème", ordering="theme__titre")
    def titre_theme(self, fiche: Fiche) -> str:
        return fiche.theme.titre if fiche.theme else ""

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["form"] = OverlayForm if _imported(obj) else FicheForm
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        return (*_ABOUT, "titre", "url", "modifiee_le") if _imported(obj) else _ABOUT

    def get_fieldsets(self, request, obj=None):
        if _imported(obj):
            about = ("titre", *_ABOUT, "url", "modifiee_le")
            return [
                ("Fiche de Service-Public.gouv.fr (lecture seule)", {"fields": about}),
                ("Ce que nous y ajoutons", {"fields": OverlayForm.Meta.fields}),
            ]
        names = ["head", "escalade", "answer", "text"]
        if obj is not None and obj.nature == Nature.REPONSE:
            names.remove("escalade")
        sets = [_NATIVE[name] for name in names]
        sets.insert(1, _SPOKEN)
        return sets if obj is None else [("Publication", {"fields": (_ABOUT,)}), *sets]

    def get_changeform_initial_data(self, request):
        return {"nature": Nature.REPONSE} | super().get_changeform_initial_data(request)

    @method_decorator(transaction.atomic)
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        fiche = self.get_object(request, object_id) if object_id else None
        if request.method == "POST" and fiche is not None:
            # What the form is checked against is what it replaces: an import, or another
            # rédacteur, may be writing this row now.
            Fiche.objects.select_for_update().get(pk=fiche.pk)
        if request.method == "POST" and "_archiver" in request.POST and object_id:
            if fiche is None:
                raise Http404
            if self.has_change_permission(request, fiche) and not _imported(fiche):
                withdraw(fiche, by=request.user)
                self.message_user(request, f"{fiche.reference} est archivée.", messages.SUCCESS)
            return redirect("admin:knowledge_fiche_change", object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        verb = publish if "_publier" in request.POST or _imported(obj) else save_draft
        verb(obj, by=request.user)

    def response_add(self, request, obj, post_url_continue=None):
        return self._stay(request, obj)

    def response_change(self, request, obj):
        return self._stay(request, obj)

    def _stay(self, request: HttpRequest, fiche: Fiche) -> HttpResponse:
        """Back to the form, with what is left to do before publishing."""
        state = "publiée" if "_publier" in request.POST else "enregistrée"
        self.message_user(request, f"{fiche.reference} est {state}.", messages.SUCCESS)
        if not _imported(fiche):
            for error in check_fiche(fiche):
                self.message_user(request, f"Avant de publier : {error}", messages.WARNING)
            for notice in notice_parcours(fiche.parcours):
                self.message_user(request, f"À relire : {notice}", messages.INFO)
        return redirect("admin:knowledge_fiche_change", fiche.pk)

    def preview_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        """The fiche as agents will see it: as stored, or as just typed (POST, kept an hour).

        Without an ``object_id``, one that has not been saved yet.
        """
        fiche = get_object_or_404(Fiche.objects.for_page(), pk=object_id) if object_id else None
        key = f"apercu:{request.user.pk}:{object_id or ''}"
        if request.method == "POST":
            form_class = self.get_form(request, fiche, change=fiche is not None)
            form = form_class(request.POST, instance=fiche)
            form.is_valid()
            cache.set(key, form.instance, PREVIEW_SECONDS)
            return redirect(f"{request.path}?essai=1")
        typed = "essai" in request.GET
        if typed:
            fiche = cache.get(key) or fiche
        if fiche is None:
            raise Http404("Cet aperçu n'est plus gardé.")
        if not _imported(fiche):
            fiche.contenu = compose(fiche)
        context = {"fiche": fiche, "parametres": "&essai=1" if typed else ""}
        return self._show(request, context)

    @method_decorator(require_safe)
    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """A past version, read as agents had it; nothing is changed from here."""
        try:
            past = get_object_or_404(Fiche.history.model, id=object_id, history_id=version_id)
        except ValueError as error:
            raise Http404("Cette version n'existe pas.") from error
        if not self.has_view_permission(request):
            raise Http404
        return self._show(request, {"fiche": past.instance, "le": past.history_date})

    def history_view_title(self, request, obj):
        return f"Historique de {obj.reference}"

    def revert_disabled(self, request, obj=None):
        return True

    def _show(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        fiche = context["fiche"]
        try:
            chemin = parse_path(request.GET.get("chemin", ""))
            lecture = read(fiche.contenu, chemin, fiche.a_dire)
        except CheminInconnu:
            lecture = read(fiche.contenu, [], fiche.a_dire)
        context |= {"lecture": lecture, "mode": "page"}
        return render(request, "knowledge/apercu.html", context)


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


def _imported(fiche: Fiche | None) -> bool:
    return fiche is not None and fiche.origine == Origine.SERVICE_PUBLIC
