"""The table of permissions, applied to every request."""

from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url

from allo3939.accounts.permissions import PUBLIC, VUES, may_open


class PermissionMiddleware:
    """Refuse what the table does not grant; send who is not logged in to the login page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        name = request.resolver_match.view_name
        if VUES.get(name) == PUBLIC:
            return None
        if not request.user.is_authenticated:
            login = resolve_url(settings.LOGIN_URL)
            if request.htmx:
                response = HttpResponse(status=401)
                response["HX-Redirect"] = login
                return response
            # Without the query string: words typed in a search stay out of addresses and logs.
            return redirect(f"{login}?next={quote(request.path)}")
        if not may_open(request.user, name):
            raise PermissionDenied
        return None
