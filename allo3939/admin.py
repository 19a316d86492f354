"""The Django admin, open to the roles of the permission table and behind the one login page."""

from django.contrib import admin
from django.shortcuts import redirect

from allo3939.accounts.permissions import may_open


class Site(admin.AdminSite):
    site_title = "3939 Allo Service-Public"
    site_header = "3939 Allo Service-Public · Administration"
    index_title = "Rédaction et administration"

    def has_permission(self, request):
        return request.user.is_active and may_open(request.user, "admin:index")

    def login(self, request, extra_context=None):
        return redirect("connexion")
