"""Outcome codes, kept by superviseurs."""

import re

from django import forms
from django.contrib import admin
from django.db import transaction

from calls.models import CodeIssue
from calls.record import CODES_MAX, change_codes


class CodeIssueForm(forms.ModelForm):
    """A code keeps its letters: closed questions bear them."""

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip().upper()
        if not re.fullmatch("[A-Z]{2}", code):
            raise forms.ValidationError("Un code a deux lettres, sans accent.")
        return code

    def clean(self):
        if self.instance._state.adding and CodeIssue.objects.count() >= CODES_MAX:
            raise forms.ValidationError(
                f"Il y a déjà {CODES_MAX} codes\u00a0: un agent n'en voit pas davantage."
            )
        cleaned = super().clean()
        if cleaned and cleaned.get("sans_question") and cleaned.get("demande_precision"):
            raise forms.ValidationError(
                "Un code sans question ne demande pas de ligne\u00a0: il clôt d'une touche."
            )
        return cleaned


@admin.register(CodeIssue)
class CodeIssueAdmin(admin.ModelAdmin):
    """Codes are never deleted: closed questions keep theirs."""

    form = CodeIssueForm
    list_display = ("code", "libelle", "ordre", "sans_question", "demande_precision")
    fields = ("code", "libelle", "ordre", "sans_question", "demande_precision")
    actions = None

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST":
            # Two superviseurs who add a code together must not pass the limit.
            list(CodeIssue.objects.select_for_update().values_list("pk"))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        change_codes()
