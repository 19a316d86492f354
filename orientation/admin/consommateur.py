"""Who reads the API: an administrateur gives tokens, renews them, puts them aside."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html

from orientation.models import Consommateur
from orientation.tokens import amend, renew


@admin.register(Consommateur)
class ConsommateurAdmin(admin.ModelAdmin):
    """A consumer is put aside, never deleted: its name says who read what, and when."""

    list_display = ("nom", "prefixe", "par_minute", "actif", "cree_le", "dernier_usage_le")
    list_filter = ("actif",)
    fields = ("nom", "par_minute", "actif", "prefixe", "cree_le", "dernier_usage_le")
    readonly_fields = ("prefixe", "cree_le", "dernier_usage_le")
    actions = ("renew_tokens",)

    def save_model(self, request: HttpRequest, obj: Consommateur, form: Any, change: bool) -> None:
        """The token of a new consumer is shown once, on the page that follows."""
        agent: Any = request.user
        if change:
            amend(obj, by=agent)
            return
        self._show(request, obj, renew(obj, by=agent))

    @admin.action(description="Remplacer le jeton", permissions=["change"])
    def renew_tokens(self, request: HttpRequest, queryset: Any) -> None:
        agent: Any = request.user
        for consommateur in queryset:
            self._show(request, consommateur, renew(consommateur, by=agent))

    def _show(self, request: HttpRequest, consommateur: Consommateur, token: str) -> None:
        text = format_html(
            "Jeton de «\u00a0{}\u00a0», à transmettre maintenant\u00a0: il ne sera plus montré. "
            "<code>{}</code>",
            consommateur.nom,
            token,
        )
        self.message_user(request, text, messages.WARNING)
