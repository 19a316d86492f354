"""The Django admin, open to the roles of the permission table and behind the one login page."""

from collections.abc import Callable

from django.contrib import admin
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path

from allo3939.accounts.permissions import may_open


class Site(admin.AdminSite):
    site_title = "3939 Allo Service-Public"
    site_header = "3939 Allo Service-Public · Administration"
    index_title = "Rédaction et administration"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._pages: list[URLPattern] = []

    def add_page(self, route: str, view: Callable[..., HttpResponseBase], *, name: str) -> None:
        """A page of no model, under ``/administration/``; called as the apps' admins are read."""
        self._pages.append(path(route, self.admin_view(view), name=name))

    def get_urls(self):
        return [*self._pages, *super().get_urls()]

    def index(self, request, extra_context=None):
        """A rédacteur's day begins at the inbox; the models stand in the side bar."""
        if may_open(request.user, "admin:boite"):
            return redirect("admin:boite")
        return super().index(request, extra_context)

    def has_permission(self, request):
        return request.user.is_active and may_open(request.user, "admin:index")

    def login(self, request, extra_context=None):
        return redirect("connexion")
