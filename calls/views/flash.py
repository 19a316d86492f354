"""Flash news: the banner of every screen, and the page from which superviseurs send it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allo3939.accounts.models import Secteur
from allo3939.shared.anonymity import review
from allo3939.shared.readonly import read_only
from calls import flash as news
from calls.forms import FlashForm
from calls.models import FlashInfo

BANNER = "calls/_flash.html"
PAGE = "calls/flash.html"
HIDDEN = "flashs_masques"  # in the session: the keys of the flashes that the agent put aside


def _banner(request):
    affichage = news.read_banner(request.user, hidden=request.session.get(HIDDEN, ()))
    return render(request, BANNER, {"affichage": affichage})


@require_safe
@read_only
def flash(request):
    """The banner as it now stands; nothing when the screen shows it already (``vus``)."""
    affichage = news.read_banner(request.user, hidden=request.session.get(HIDDEN, ()))
    if request.GET.get("vus") == affichage.signature:
        return HttpResponse(status=204)
    return render(request, BANNER, {"affichage": affichage})


@require_POST
def masquer(request, pk):
    """Put a flash aside on the agent's own screens, for the session."""
    hidden = {*request.session.get(HIDDEN, ()), pk}
    request.session[HIDDEN] = news.still_of_use(hidden)
    return _banner(request)


@require_POST
def remontrer(request):
    """Show again what the agent had put aside."""
    request.session.pop(HIDDEN, None)
    return _banner(request)


def _page(request, form, *, status=200, erreur=""):
    context = {
        "form": form,
        "erreur": erreur,
        "examen": review(form["texte"].value() or "", confirmed=form.confirmed),
        "secteurs": Secteur.objects.all(),
        "envoyes": news.sent_lately(),
        "maintenant": timezone.now(),
    }
    return render(request, PAGE, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@read_only
def diffusion(request):
    """Send a flash; those of the last days, to take back."""
    if request.method != "POST":
        return _page(request, FlashForm())
    form = FlashForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422, erreur=form.faults())
    try:
        news.send(by=request.user, confirmed=form.confirmed, **form.cleaned_data)
    except news.FlashImpossible as refusal:
        return _page(request, form, status=422, erreur=str(refusal))
    messages.success(request, "Flash envoyé\u00a0: il s'affiche sur les écrans concernés.")
    return redirect("supervision-flash")


@require_POST
def apercu(request):
    """The banner as the line would show it, or why it could not be sent."""
    form = FlashForm(request.POST)
    form.is_valid()
    texte = form.cleaned_data.get("texte", "")
    context = {"texte": "", "secteur": form.cleaned_data.get("secteur"), "erreur_apercu": ""}
    try:
        context["texte"] = news.check_text(texte, confirmed=form.confirmed) if texte else ""
    except news.FlashImpossible as refusal:
        context["erreur_apercu"] = str(refusal)
    return render(request, f"{PAGE}#apercu", context)


@require_POST
def retirer(request, pk):
    """Take a flash from every screen."""
    news.withdraw(get_object_or_404(FlashInfo, pk=pk), by=request.user)
    messages.success(request, "Flash retiré de tous les écrans.")
    return redirect("supervision-flash")
