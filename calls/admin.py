"""Outcome codes, kept by superviseurs."""

from django.contrib import admin

from calls.models import CodeIssue


@admin.register(CodeIssue)
class CodeIssueAdmin(admin.ModelAdmin):
    """Codes are never deleted: closed questions keep theirs."""

    list_display = ("code", "libelle", "ordre", "sans_question")
