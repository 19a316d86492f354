"""Shared blocks: one place for a text, where it is used, its values and who approved them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from knowledge import share
from knowledge.models import BlocPartage, Fiche, Proposition, ValeurBloc


class BlocForm(forms.ModelForm):
    class Meta:
        model = BlocPartage
        fields = ("titre", "code", "genre", "note")
        help_texts = {
            "code": "Le nom dans les textes\u00a0: avec «\u00a0smic-horaire\u00a0», on écrit "
            "{bloc:smic-horaire}. Il ne change plus ensuite.",
            "note": "Pourquoi ce bloc, pour vos collègues.",
        }


class ValeurForm(forms.ModelForm):
    """A value to come."""

    class Meta:
        model = ValeurBloc
        fields = ("texte", "du", "au", "source", "importance")
        widgets = {
            "texte": forms.Textarea(attrs={"rows": 2, "cols": 60}),
            "du": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "au": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "source": forms.TextInput(attrs={"class": "vTextField"}),
        }
        help_texts = {
            "texte": "Tel qu'on le lira dans les fiches\u00a0: «\u00a011,88\u00a0€\u00a0».",
            "importance": "Décide des agents prévenus, dans chaque fiche qui nomme ce bloc.",
        }


@admin.register(BlocPartage)
class BlocPartageAdmin(admin.ModelAdmin):
    form = BlocForm
    list_display = ("titre", "nom", "genre", "valeur_du_jour", "a_approuver")
    list_filter = ("genre",)
    search_fields = ("titre", "code")
    prepopulated_fields = {"code": ("titre",)}
    actions = None

    def get_queryset(self, request):
        return BlocPartage.objects.with_value(on=timezone.localdate())

    @admin.display(description="s'écrit")
    def nom(self, bloc: BlocPartage) -> str:
        return bloc.nom

    @admin.display(description="valeur du jour")
    def valeur_du_jour(self, bloc: Any) -> str:
        return bloc.valeur or "aucune\u00a0: à donner"

    @admin.display(description="à approuver")
    def a_approuver(self, bloc: Any) -> str:
        return str(bloc.attente or "")

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:knowledge_blocpartage_change", obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None
    ) -> HttpResponse:
        """The values of the block and the fiches that name it; a value is added or approved."""
        known = object_id[:18] if object_id.isascii() and object_id.isdigit() else "0"
        bloc = get_object_or_404(self.get_queryset(request), pk=known)
        if not self.has_view_permission(request, bloc):
            raise PermissionDenied
        if request.method != "POST":
            return self._show(request, bloc, ValeurForm())
        if not self.has_change_permission(request, bloc):
            raise PermissionDenied
        return self._follow(request, bloc)

    def _follow(self, request: HttpRequest, bloc: BlocPartage) -> HttpResponse:
        """Do what the button pressed asks for."""
        agent: Any = request.user
        post = request.POST
        form = ValeurForm(post if "_ajouter" in post else None)
        try:
            if "_ajouter" in post:
                if not form.is_valid():
                    return self._show(request, bloc, form, status=422)
                share.add_value(bloc, by=agent, **form.cleaned_data)
                told = "La valeur attend l'approbation de quelqu'un d'autre."
            elif key := post.get("_approuver", ""):
                done = share.approve_value(self._value(bloc, key), by=agent)
                told = f"Valeur approuvée. Fiches récrites\u00a0: {len(done)}."
            else:
                share.drop_value(self._value(bloc, post.get("_oter", "")), by=agent)
                told = "La valeur est retirée."
        except share.ValeurRefusee as refusal:
            form.is_bound = True
            form.errors  # noqa: B018 - a form must be read before a refusal is added to it
            form.add_error(None, str(refusal))
            return self._show(request, bloc, form, status=422)
        self.message_user(request, told, messages.SUCCESS)
        return redirect("admin:knowledge_blocpartage_change", bloc.pk)

    def _value(self, bloc: BlocPartage, key: str) -> ValeurBloc:
        return get_object_or_404(bloc.valeurs, pk=int(key) if key.isdecimal() else 0)

    def _show(
        self, request: HttpRequest, bloc: BlocPartage, form: ValeurForm, status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": bloc.titre,
            "opts": self.opts,
            "bloc": bloc,
            "form": form,
            "valeurs": bloc.valeurs.select_related("auteur", "approuvee_par"),
            "fiches": Fiche.objects.published().using_block(bloc.code).only("reference", "titre"),
            "propositions": Proposition.objects.pending().naming_block(bloc.nom).for_list(),
            "aujourdhui": timezone.localdate(),
        }
        return render(request, "admin/knowledge/partage.html", context, status=status)
