"""The rédacteurs' pages in the Django admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe
from simple_history.admin import SimpleHistoryAdmin

from knowledge import misses, review
from knowledge.author import check_fiche, fiches_leading_to, inspect, notice_parcours
from knowledge.compose import compose
from knowledge.diagram import describe
from knowledge.enums import Importance, Nature, Origine
from knowledge.forms import FicheForm, OverlayForm
from knowledge.models import Fiche, Theme
from knowledge.publish import PUBLICATION, publish, save_draft, withdraw
from knowledge.qualify import CheminInconnu, parse_path, read
from knowledge.target import find_target

PREVIEW_SECONDS = 3600
_ISSUE = "admin/knowledge/fiche/_cas.html"
_ABOUT = ("reference", "etat", "version", "publiee_le")
_SPOKEN = ("À dire", {"fields": ("a_dire",)})
_WHAT_CHANGES = ("Pour les agents", {"fields": ("importance", "raison")})
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
    list_display = (
        *("reference", "titre", "appels", "a_revoir_le", "en_cours", "etat"),
        *("secteur", "titre_theme", "nature", "version"),
    )
    list_display_links = ("reference", "titre")
    list_filter = ("nature", "etat", "origine", "demonstration", "secteur", ThemeFilter)
    list_select_related = ("secteur", "theme__secteur")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("reference", "titre", "a_dire", "mots_cles")
    search_help_text = "Référence, titre, texte à dire ou mot-clé"
    ordering = ("reference",)
    actions = None
    view_on_site = False

    class Media:
        css = {"all": ("css/admin-fiche.css",)}
        js = (
            forms.Script("js/admin-tables.js", type="module"),
            forms.Script("js/admin-mots.js", type="module"),
            forms.Script("js/admin-controle.js", type="module"),
        )

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview_view)
        pages = [
            ("apercu/", view, "preview"),
            ("parcours/", self.admin_site.admin_view(self.diagram_view), "diagram"),
            ("controle/", self.admin_site.admin_view(self.check_view), "check"),
        ]
        urls = [
            path(prefix + address, page, name=f"knowledge_fiche_{name}")
            for address, page, name in pages
            for prefix in ("", "<int:object_id>/")
        ]
        return [*urls, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Fiches"} | (extra_context or {}))

    def get_queryset(self, request):
        fiches = super().get_queryset(request)
        if request.resolver_match.view_name != "admin:knowledge_fiche_changelist":
            return fiches
        return fiches.for_changelist(since=timezone.localdate() - review.USE)

    @admin.display(description="proposition")
    def en_cours(self, fiche: Fiche) -> str:
        return "en cours" if fiche.en_cours else ""  # type: ignore[attr-defined]

    @admin.display(description="appels, 90 j", ordering="appels")
    def appels(self, fiche: Fiche) -> int:
        return fiche.appels  # type: ignore[attr-defined]

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
                _WHAT_CHANGES,
            ]
        names = ["head", "escalade", "answer", "text"]
        if obj is not None and obj.nature == Nature.REPONSE:
            names.remove("escalade")
        sets = [_NATIVE[name] for name in names]
        sets.insert(1, _SPOKEN)
        if obj is None:
            return sets
        if obj.publiee_le:
            sets.append(_WHAT_CHANGES)
        return [("Publication", {"fields": (_ABOUT,)}), *sets]

    def get_changeform_initial_data(self, request):
        suggested = misses.suggest_fiche(request.GET.get("manquee", ""))
        typed = super().get_changeform_initial_data(request)
        return {"nature": Nature.REPONSE} | suggested | typed

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
                for leading in fiches_leading_to(fiche.reference):
                    text = f"Un cas de la fiche {leading} mène encore à celle-ci."
                    self.message_user(request, text, messages.WARNING)
            return redirect("admin:knowledge_fiche_change", object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        if "_publier" not in request.POST and not _imported(obj):
            save_draft(obj, by=request.user)
            return
        data = form.cleaned_data
        publish(
            obj,
            by=request.user,
            raison=data.get("raison") or PUBLICATION,
            importance=data.get("importance") or Importance.PRECISION,
        )

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
        if request.method == "POST":
            return self._keep_typed(request, object_id)
        fiche, typed = self._draft(request, object_id)
        if not _imported(fiche):
            fiche.contenu = compose(fiche)
        context = {"fiche": fiche, "parametres": "&essai=1" if typed else ""}
        return self._show(request, context)

    def diagram_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        """The drawing of the questions: as stored, or as just typed, as for `preview_view`."""
        if request.method == "POST":
            return self._keep_typed(request, object_id)
        fiche, typed = self._draft(request, object_id)
        context = {"fiche": fiche, "schema": describe(fiche), "brouillon": True, "essai": typed}
        return render(request, "knowledge/parcours.html", context)

    def _keep_typed(self, request: HttpRequest, object_id: int | None) -> HttpResponse:
        fiche = get_object_or_404(Fiche.objects.for_page(), pk=object_id) if object_id else None
        typed = self._read_form(request, fiche).instance
        cache.set(_typed_key(request, object_id), typed, PREVIEW_SECONDS)
        return redirect(f"{request.path}?essai=1")

    def _draft(self, request: HttpRequest, object_id: int | None) -> tuple[Fiche, bool]:
        """The fiche as stored, or as just typed, and whether it is the latter."""
        fiche = get_object_or_404(Fiche.objects.for_page(), pk=object_id) if object_id else None
        typed = "essai" in request.GET
        if typed:
            fiche = cache.get(_typed_key(request, object_id)) or fiche
        if fiche is None:
            raise Http404("Cet aperçu n'est plus gardé.")
        return fiche, typed

    @method_decorator(require_POST)
    def check_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        """What is to be told of the fiche as just typed; nothing is saved.

        JSON: ``controle`` (the region beside the tables), ``resume`` (one line, to be announced),
        ``bloquants`` (how many faults), ``codes`` (hidden fields by name), ``conditions`` (those
        of each issue, in the order of the rows).
        """
        fiche = get_object_or_404(Fiche.objects.native(), pk=object_id) if object_id else None
        form = self._read_form(request, fiche)
        found = inspect(form.instance)
        part = "admin/knowledge/fiche/_controle.html"
        return JsonResponse(
            {
                "controle": render_to_string(part, {"controle": found}, request),
                "resume": render_to_string(f"{part}#resume", {"controle": found}, request).strip(),
                "bloquants": found.bloquants,
                "codes": {k: v for row in form.questions for k, v in row.hidden().items()},
                "conditions": [
                    render_to_string(f"{_ISSUE}#conditions", {"form": row}, request)
                    for row in form.issues
                ],
            }
        )

    def _read_form(self, request: HttpRequest, fiche: Fiche | None):
        """The form as just typed, its instance filled as far as it goes."""
        form_class = self.get_form(request, fiche, change=fiche is not None)
        form = form_class(request.POST, instance=fiche)
        form.is_valid()
        return form

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
        context |= {"lecture": lecture, "cible": find_target(lecture.cible), "mode": "page"}
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


def _typed_key(request: HttpRequest, object_id: int | None) -> str:
    return f"apercu:{request.user.pk}:{object_id or ''}"


def _imported(fiche: Fiche | None) -> bool:
    return fiche is not None and fiche.origine == Origine.SERVICE_PUBLIC
