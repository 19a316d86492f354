"""Login, logout, preferences, and the way to one's own first page."""

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allo3939.accounts.enums import Role
from allo3939.accounts.forms import ConnexionForm, ControleForm, PreferencesForm, confirmed_in
from allo3939.shared.anonymity import review
from allo3939.shared.readonly import read_only

PREMIERE_PAGE = {
    Role.TELECONSEILLER: "console",
    Role.INFORMATEUR: "secteur",
    Role.REDACTEUR: "admin:index",
    Role.PARTENAIRE: "redaction-secteur",
    Role.SUPERVISEUR: "supervision",
    Role.ADMINISTRATEUR: "admin:index",
}


@require_GET
@read_only
def accueil(request: HttpRequest) -> HttpResponse:
    """Each role's own first page."""
    role = getattr(request.user, "role", "")
    return redirect(PREMIERE_PAGE[Role(role)])


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@never_cache
def connexion(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("accueil")
    form = ConnexionForm(request, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(_page_asked_for(request) or "accueil")
    context = {"form": form, "suite": _page_asked_for(request)}
    return render(request, "accounts/connexion.html", context, status=422 if form.errors else 200)


def _page_asked_for(request: HttpRequest) -> str:
    """The page of this site that led to the login; empty when there is none."""
    url = request.POST.get("next", request.GET.get("next", ""))
    ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if ours else ""


@require_POST
def deconnexion(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("connexion")


@require_http_methods(["GET", "POST"])
@read_only
def preferences(request: HttpRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = PreferencesForm(data, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Vos préférences sont enregistrées.")
        return redirect("preferences")
    context = {"form": form}
    return render(request, "accounts/preferences.html", context, status=422 if form.errors else 200)


@require_POST
@sensitive_post_parameters()
@read_only
def anonymat_controle(request: HttpRequest) -> HttpResponse:
    """What the guard sees in a field, as one types; nothing is kept.

    ``champ`` names the field, ``garde`` and ``confirme`` are the doubts already answered. A POST:
    what is typed stays out of addresses.
    """
    form = ControleForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    examen = review(form.texte, confirmed=confirmed_in(request.POST))
    context = {"examen": examen, "champ": form.cleaned_data["champ"]}
    return render(request, "accounts/_garde.html", context)
