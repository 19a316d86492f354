"""Imported fiches that changed under what we add to them: a rédacteur reads, keeps or revises."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timesince import timesince

from knowledge.conflicts import ConflitDepasse, settle
from knowledge.forms import OverlayForm
from knowledge.models import Conflit, Fiche
from knowledge.propose import PropositionEnCollision
from knowledge.publish import PublicationImpossible
from knowledge.reuse import as_typed


class EtatFilter(admin.SimpleListFilter):
    """Open ones, or those that stay as history."""

    title = "état"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return [("ouverts", "À régler"), ("regles", "Réglés")]

    def queryset(self, request, queryset):
        match self.value():
            case "ouverts":
                return queryset.open()
            case "regles":
                return queryset.settled()
        return queryset


@admin.register(Conflit)
class ConflitAdmin(admin.ModelAdmin):
    list_display = ("reference", "titre", "etat", "depuis", "ajouts")
    list_display_links = ("reference", "titre")
    list_filter = (EtatFilter,)
    list_per_page = 50
    ordering = (F("regle_le").desc(nulls_first=True), "ouvert_le")
    search_fields = ("fiche__reference", "fiche__titre")
    search_help_text = "Référence ou titre de la fiche"
    actions = None

    def get_queryset(self, request):
        return Conflit.objects.for_page().order_by(*self.ordering)

    def changelist_view(self, request, extra_context=None):
        title = {"title": "Fiches changées à la source sous ce que nous y ajoutons"}
        return super().changelist_view(request, title | (extra_context or {}))

    @admin.display(description="fiche", ordering="fiche__reference")
    def reference(self, conflit: Conflit) -> str:
        return conflit.fiche.reference

    @admin.display(description="titre", ordering="fiche__titre")
    def titre(self, conflit: Conflit) -> str:
        return conflit.fiche.titre

    @admin.display(description="ouvert depuis", ordering="ouvert_le")
    def depuis(self, conflit: Conflit) -> str:
        return timesince(conflit.ouvert_le, conflit.regle_le, depth=1)

    @admin.display(description="ce que nous y ajoutons")
    def ajouts(self, conflit: Conflit) -> str:
        return ", ".join(named(conflit))

    @admin.display(description="état")
    def etat(self, conflit: Conflit) -> str:
        if conflit.regle_le is None:
            return "à régler"
        return f"{conflit.get_decision_display()} ({conflit.regle_par})"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None
    ) -> HttpResponse:
        """What changed, beside what we add: keep it, or save it revised."""
        known = object_id if object_id.isascii() and object_id.isdigit() else "0"
        conflit = get_object_or_404(self.get_queryset(request), pk=known[:18])
        if not self.has_view_permission(request, conflit):
            raise PermissionDenied
        if request.method != "POST":
            return self._show(request, conflit, OverlayForm(instance=as_typed(conflit.fiche)))
        if not self.has_change_permission(request, conflit):
            raise PermissionDenied
        return self._settle(request, conflit)

    def _settle(self, request: HttpRequest, conflit: Conflit) -> HttpResponse:
        version = request.POST.get("version", "")
        revised = "_revoir" in request.POST
        form = OverlayForm(request.POST if revised else None, instance=as_typed(conflit.fiche))
        if revised and not form.is_valid():
            return self._show(request, conflit, form, status=422)
        try:
            settle(
                conflit,
                by=request.user,  # type: ignore[arg-type]
                version=int(version) if version.isascii() and version.isdigit() else -1,
                overlay=form.instance if revised else None,
            )
        except (ConflitDepasse, PublicationImpossible, PropositionEnCollision) as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:knowledge_conflit_change", conflit.pk)
        reference = conflit.fiche.reference
        done = "part en relecture" if revised else "reste tel quel"
        self.message_user(
            request, f"{reference}\u00a0: ce que nous y ajoutons {done}.", messages.SUCCESS
        )
        return redirect("admin:knowledge_conflit_changelist")

    def _show(
        self, request: HttpRequest, conflit: Conflit, form: OverlayForm, status: int = 200
    ) -> HttpResponse:
        fiche = conflit.fiche
        kept = [block for block in fiche.contenu if block["type"] == "introduction"]
        context = {
            **self.admin_site.each_context(request),
            "title": f"{fiche.reference} · {fiche.titre}",
            "opts": self.opts,
            "conflit": conflit,
            "fiche": fiche,
            "form": form,
            "introduction": kept[:1],
            "ajouts": named(conflit),
            "peut_regler": conflit.regle_le is None
            and self.has_change_permission(request, conflit),
        }
        return render(request, "admin/knowledge/conflit.html", context, status=status)


def named(conflit: Conflit) -> list[str]:
    """The fields of the overlay as the forms call them."""
    fields = {field.name: str(field.verbose_name) for field in Fiche._meta.fields}
    return [fields[name] for name in conflit.surcharge]
