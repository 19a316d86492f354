"""What no page of the desktop has to know of."""

from django.http import HttpResponseBadRequest


class NulMiddleware:
    """Refuse an address that holds a NUL character: PostgreSQL takes none, whatever the page.

    Forms refuse one in what is typed; the admin's own filters read the address without a form.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(
                "Adresse mal formée.", content_type="text/plain; charset=utf-8"
            )
        return self.get_response(request)
