"""Propositions: which wait for whom, and the screen on which a colleague decides."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.timesince import timesince
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from allo3939.shared.readonly import read_only
from knowledge.enums import EN_COURS, EtatProposition
from knowledge.enums import GesteProposition as G
from knowledge.forms.decision import DecisionForm, GardeeForm, LienForm
from knowledge.models import LienRelecture, Proposition
from knowledge.propose import (
    PropositionDepassee,
    PropositionEnCollision,
    PropositionInterdite,
    links,
    review,
)
from knowledge.propose.leading import leading_here
from knowledge.publish import PublicationImpossible
from knowledge.qualify import CheminInconnu, parse_path, read
from knowledge.target import find_target

PAGE = "admin/knowledge/proposition/approbation.html"
REFUSALS = (
    *(PropositionDepassee, PropositionEnCollision, PropositionInterdite, PublicationImpossible),
    *(links.LienInutilisable, ValueError),
)
DONE = {
    EtatProposition.PUBLIEE: "est publiée",
    EtatProposition.APPROUVEE: "est approuvée",
    EtatProposition.A_CORRIGER: "est renvoyée à son auteur",
    EtatProposition.ECARTEE: "est écartée",
}


class EnCoursFilter(admin.SimpleListFilter):
    """What is not over, unless the whole past is asked for."""

    title = "suivi"
    parameter_name = "suivi"

    def lookups(self, request, model_admin):
        return [("toutes", "Toutes, même closes")]

    def choices(self, changelist):
        [current, every] = list(super().choices(changelist))
        return [current | {"display": "En cours"}, every]

    def queryset(self, request, queryset):
        closed = self.value() == "toutes" or "etat__exact" in request.GET
        return queryset if closed else queryset.pending()


@admin.register(Proposition)
class PropositionAdmin(admin.ModelAdmin):
    """What waits for somebody first, then by the calls at stake."""

    list_display = (
        *("reference", "titre", "etat", "importance", "motif", "effet", "appels", "auteur"),
        *("secteur", "attend_depuis"),
    )
    list_display_links = ("reference", "titre")
    list_select_related = False  # `for_list` does it
    list_filter = (EnCoursFilter, "etat", "importance", "fiche__secteur")
    list_per_page = 50
    search_fields = ("fiche__reference", "fiche__titre", "motif")
    search_help_text = "Référence ou titre de la fiche, motif"
    actions = None

    def get_queryset(self, request):
        since = timezone.localdate() - review.USAGE
        return Proposition.objects.visible_to(request.user).for_list().ranked(since=since)

    def get_ordering(self, request):
        return ("rang", "-appels", "depuis", "-modifiee_le")

    def get_urls(self):
        link = self.admin_site.admin_view(self.link_view)
        urls = [
            path("<int:pk>/lien/", link, name="knowledge_proposition_link"),
            path("<int:pk>/lien/<int:lien>/", link, name="knowledge_proposition_revoke"),
        ]
        return [*urls, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Propositions"} | (extra_context or {}))

    @admin.display(description="fiche", ordering="fiche__reference")
    def reference(self, proposition: Proposition) -> str:
        return proposition.fiche.reference

    @admin.display(description="titre", ordering="fiche__titre")
    def titre(self, proposition: Proposition) -> str:
        return proposition.fiche.titre

    @admin.display(description="effet", ordering="effet_le", empty_value="")
    def effet(self, proposition: Proposition) -> str:
        return f"{proposition.effet_le:%d/%m/%Y}" if proposition.effet_le else ""

    @admin.display(description="secteur", ordering="fiche__secteur")
    def secteur(self, proposition: Proposition) -> str:
        return str(proposition.fiche.secteur or "")

    @admin.display(description="appels (90 j)", ordering="appels")
    def appels(self, proposition: Any) -> int | str:
        return proposition.appels if proposition.etat in EN_COURS else ""

    @admin.display(description="attend depuis", ordering="soumise_le")
    def attend_depuis(self, proposition: Proposition) -> str:
        if proposition.blocage:
            return "publication empêchée"
        if proposition.etat != EtatProposition.A_RELIRE or proposition.soumise_le is None:
            return ""
        return timesince(proposition.soumise_le, depth=1)

    def history_view(self, request, object_id, extra_context=None):
        """Its way stands on its page."""
        return redirect(reverse("admin:knowledge_proposition_change", args=[object_id]))

    @method_decorator(never_cache)
    @method_decorator(read_only)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None
    ) -> HttpResponse:
        """The difference, the fiche as it would be read, what surrounds it, and the decision."""
        known = object_id if object_id.isascii() and object_id.isdigit() else "0"
        proposition = self._find(request, int(known[:18]))
        if "liens" in request.GET:
            return render(request, f"{PAGE}#liens", {"fiches": leading_here(proposition.fiche)})
        if request.method != "POST":
            return self._show(request, proposition)
        gestes = review.gestures(proposition, request.user)  # type: ignore[arg-type]
        form = DecisionForm(request.POST, gestes=gestes)
        if not form.is_valid():
            return self._show(request, proposition, form=form, erreur=form.faults(), status=422)
        return self._decide(request, proposition, form)

    def _decide(
        self, request: HttpRequest, proposition: Proposition, form: DecisionForm
    ) -> HttpResponse:
        sent: Any = form.cleaned_data
        try:
            review.act(
                proposition,
                G(sent["geste"]),
                by=request.user,  # type: ignore[arg-type]
                revision=sent["revision"],
                commentaire=sent["commentaire"],
                effet_le=sent["effet_le"],
            )
        except REFUSALS as refusal:
            fresh = self._find(request, proposition.pk)
            return self._show(request, fresh, form=form, erreur=str(refusal), status=422)
        proposition.refresh_from_db(fields=["etat", "effet_le"])
        self.message_user(request, _told(proposition, sent["geste"]), messages.SUCCESS)
        if sent["geste"] in (G.COMMENTER, G.PROGRAMMER):
            return redirect("admin:knowledge_proposition_change", proposition.pk)
        return redirect("admin:boite")  # to the next that waits

    @method_decorator(require_POST)
    def link_view(self, request: HttpRequest, pk: int, lien: int | None = None) -> HttpResponse:
        """Make a link for somebody without account, shown this once; or close one."""
        proposition = self._find(request, pk)
        agent: Any = request.user
        if lien is not None:
            links.revoke(get_object_or_404(LienRelecture, pk=lien, proposition=pk), by=agent)
            self.message_user(request, "Le lien est fermé.", messages.SUCCESS)
            return redirect("admin:knowledge_proposition_change", pk)
        form = LienForm(request.POST)
        if not form.is_valid():
            return self._show(request, proposition, lien=form, status=422)
        try:
            made, jeton = links.create(
                proposition, by=agent, relecteur=form.cleaned_data["relecteur"]
            )
        except REFUSALS as refusal:
            return self._show(request, proposition, erreur=str(refusal), status=422)
        address = request.build_absolute_uri(reverse("relecture", args=[jeton]))
        return self._show(request, proposition, nouveau=made, adresse=address)

    def _find(self, request: HttpRequest, pk: int) -> Proposition:
        if not self.has_view_permission(request):
            raise PermissionDenied
        visible = Proposition.objects.visible_to(request.user).for_page()
        return get_object_or_404(visible, pk=pk)

    def _show(
        self,
        request: HttpRequest,
        proposition: Proposition,
        *,
        form: DecisionForm | None = None,
        lien: GardeeForm | None = None,
        status: int = 200,
        **extra: Any,
    ) -> HttpResponse:
        agent: Any = request.user
        dossier = review.read_file(proposition)
        gestes = review.gestures(proposition, agent)
        lecture = _reading(dossier, request.GET.get("chemin", dossier.chemin))
        context = {
            "proposition": proposition,
            "dossier": dossier,
            "fiche": dossier.fiche,
            "lecture": lecture,
            "cible": find_target(lecture.cible),
            "mode": "page",
            "parametres": "#apercu",
            "gestes": gestes,
            "form": form or DecisionForm(gestes=gestes),
            "lien": lien or LienForm(),
            "peut_lier": G.APPROUVER in gestes,
            "maintenant": timezone.now(),
            **extra,
        }
        return render(request, PAGE, context, status=status)


def _reading(dossier: review.Dossier, chemin: str):
    fiche = dossier.fiche
    try:
        return read(fiche.contenu, parse_path(chemin), fiche.a_dire)
    except CheminInconnu:
        return read(fiche.contenu, [], fiche.a_dire)


def _told(proposition: Proposition, geste: str) -> str:
    reference = proposition.fiche.reference
    if geste == G.COMMENTER:
        return f"{reference}\u00a0: votre commentaire est enregistré."
    if proposition.etat == EtatProposition.PROGRAMMEE and proposition.effet_le:
        return f"{reference}\u00a0: la proposition paraîtra le {proposition.effet_le:%d/%m/%Y}."
    done = DONE[EtatProposition(proposition.etat)]
    return f"{reference}\u00a0: la proposition {done}."
