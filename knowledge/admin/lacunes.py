"""What agents lacked, as briefs: the list, and the page from which a fiche is written."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent
from knowledge import misses, propose
from knowledge.enums import EtatLacune
from knowledge.models import Fiche, Lacune

REFUSALS = (misses.LacuneClose, propose.PropositionInterdite, ValueError)


class EtatFilter(admin.SimpleListFilter):
    """Open ones first; the others stay as history."""

    title = "état"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return EtatLacune.choices

    def queryset(self, request, queryset):
        return queryset.filter(etat=self.value()) if self.value() else queryset


class SuiteForm(forms.Form):
    """What is done with a brief; each button uses its own field."""

    responsable = forms.ModelChoiceField(
        queryset=Agent.objects.none(), label="Responsable", required=False, empty_label=None
    )
    fiche = forms.CharField(
        label="Référence de la fiche à compléter",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"size": 12, "autocomplete": "off"}),
    )
    motif = forms.CharField(
        label="Pourquoi aucune fiche n'est à écrire",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        writers = Agent.objects.filter(role=Role.REDACTEUR, is_active=True)
        self.fields["responsable"].queryset = writers  # type: ignore[attr-defined]

    def clean_fiche(self) -> Fiche | None:
        reference = self.cleaned_data["fiche"].strip().upper()
        if not reference:
            return None
        fiche = Fiche.objects.published().find(reference)
        if fiche is None:
            raise forms.ValidationError(f"Aucune fiche {reference} n'est publiée.")
        return fiche


@admin.register(Lacune)
class LacuneAdmin(admin.ModelAdmin):
    list_display = ("titre", "combien", "responsable", "suite", "ouverte_le", "etat")
    list_filter = (EtatFilter, ("responsable", admin.RelatedOnlyFieldListFilter))
    list_per_page = 50
    search_fields = ("titre",)
    actions = None

    def get_queryset(self, request):
        return Lacune.objects.for_list()

    def get_ordering(self, request):
        return ("etat", "-nombre", "-ouverte_le")

    def changelist_view(self, request, extra_context=None):
        title = {"title": "Lacunes\u00a0: ce que les agents n'ont pas trouvé"}
        return super().changelist_view(request, title | (extra_context or {}))

    @admin.display(description="fois", ordering="nombre")
    def combien(self, lacune: Lacune) -> int:
        return lacune.nombre  # type: ignore[attr-defined]

    @admin.display(description="fiche")
    def suite(self, lacune: Lacune) -> str:
        return f"{lacune.fiche.reference} · {lacune.fiche.titre}" if lacune.fiche else "—"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None
    ) -> HttpResponse:
        """The brief: the agents' own words, and what is done with them."""
        known = object_id[:18] if object_id.isascii() and object_id.isdigit() else "0"
        lacune = get_object_or_404(self.get_queryset(request), pk=known)
        if not self.has_view_permission(request, lacune):
            raise PermissionDenied
        if request.method != "POST":
            return self._show(request, lacune, SuiteForm())
        if not self.has_change_permission(request, lacune):
            raise PermissionDenied
        form = SuiteForm(request.POST)
        if not form.is_valid():
            return self._show(request, lacune, form, status=422)
        try:
            return self._follow(request, lacune, form)
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
            return self._show(request, lacune, form, status=422)

    def _follow(self, request: HttpRequest, lacune: Lacune, form: SuiteForm) -> HttpResponse:
        """Do what the button pressed asks for."""
        agent, data, post = request.user, form.cleaned_data, request.POST
        if "_ecrire" in post:
            proposition = propose.write_answer(lacune, by=agent)  # type: ignore[arg-type]
            return redirect("admin:knowledge_fiche_change", proposition.fiche_id)
        if "_completer" in post:
            if data["fiche"] is None:
                raise ValueError("Donnez la référence de la fiche à compléter.")
            propose.improve_answer(lacune, fiche=data["fiche"], by=agent)  # type: ignore[arg-type]
            return redirect("admin:knowledge_fiche_change", data["fiche"].pk)
        if "_ecarter" in post:
            misses.set_aside(lacune, motif=data["motif"])
            told = "La lacune est écartée\u00a0: elle revient si elle est cherchée de nouveau."
        elif "_rouvrir" in post:
            misses.reopen(lacune)
            told = "La lacune est rouverte."
        else:
            misses.assign(lacune, to=data["responsable"])
            told = f"La lacune est confiée à {data['responsable']}."
        self.message_user(request, told, messages.SUCCESS)
        return redirect("admin:knowledge_lacune_change", lacune.pk)

    def _show(
        self, request: HttpRequest, lacune: Lacune, form: SuiteForm, status: int = 200
    ) -> HttpResponse:
        form.fields["responsable"].initial = lacune.responsable_id
        found = misses.group_of_brief(lacune)
        context = {
            **self.admin_site.each_context(request),
            "title": lacune.titre,
            "opts": self.opts,
            "lacune": lacune,
            "groupe": found,
            "form": form,
            "ouverte": lacune.etat == EtatLacune.OUVERTE,
            "jours": misses.KEPT.days,
        }
        return render(request, "admin/knowledge/lacune.html", context, status=status)
