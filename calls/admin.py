"""Outcome codes, kept by superviseurs."""

from django import forms
from django.contrib import admin

from calls.models import CodeIssue
from calls.record import CODES_MAX


class CodeIssueForm(forms.ModelForm):
    """A code keeps its letters: closed questions bear them."""

    def clean(self):
        if self.instance._state.adding and CodeIssue.objects.count() >= CODES_MAX:
            raise forms.ValidationError(
                f"Il y a déjà {CODES_MAX} codes\u00a0: un agent n'en voit pas davantage."
            )
        return super().clean()


@admin.register(CodeIssue)
class CodeIssueAdmin(admin.ModelAdmin):
    """Codes are never deleted: closed questions keep theirs."""

    form = CodeIssueForm
    list_display = ("code", "libelle", "ordre", "sans_question")

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()
