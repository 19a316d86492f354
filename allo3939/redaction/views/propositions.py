"""What a sector's people propose: its state, its way, and what they may still do with it."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from allo3939.accounts.enums import Role
from allo3939.redaction.forms import CommentaireForm, PropositionsForm
from allo3939.shared.readonly import read_only
from knowledge import propose
from knowledge.enums import EN_COURS, EN_ECRITURE
from knowledge.forms import FusionForm
from knowledge.models import Proposition
from knowledge.propose import (
    PropositionDepassee,
    PropositionEnCollision,
    PropositionInterdite,
)
from knowledge.propose.compare import compare_written
from knowledge.publish import PublicationImpossible
from knowledge.qualify import CheminInconnu, parse_path, read
from knowledge.target import find_target

A_PAGE = 25
PAGE = "redaction/proposition.html"
# What a page may ask for, and what is said when it is done.
GESTES = {
    "soumettre": (propose.submit, "La proposition est soumise à relecture."),
    "retirer": (propose.withdraw, "La proposition est retirée. Vous pouvez la reprendre."),
    "reprendre": (propose.restart, "La proposition est de nouveau en cours d'écriture."),
}


@require_safe
@vary_on_headers("HX-Request")
@read_only
def propositions(request: HttpRequest) -> HttpResponse:
    """The propositions of the sector, by state; htmx gets the list alone."""
    form = PropositionsForm(request.GET)
    valid, swapped = form.is_valid(), bool(request.htmx)  # type: ignore[attr-defined]
    found = Proposition.objects.visible_to(request.user).for_list().with_last_word()
    if valid and form.cleaned_data["etat"]:
        found = found.in_state(form.cleaned_data["etat"])
    if valid and form.cleaned_data["miennes"]:
        found = found.of_author(request.user)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "requete": query.urlencode(),
        "echange": swapped,
        "foyer": swapped and "page" in request.GET,
    }
    template = "redaction/propositions.html" + ("#resultats" if swapped else "")
    return render(request, template, context, status=200 if valid else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@read_only
def proposition(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposition: what it changes, its way, what may be done with it.

    A rédacteur, sent its address by somebody of a sector, goes on to the page where it is decided.
    """
    found = _visible(request, pk)
    if request.user.role == Role.REDACTEUR:  # type: ignore[union-attr]
        return redirect("admin:knowledge_proposition_change", found.pk)
    form = CommentaireForm()
    if request.method != "POST":
        return _show(request, found, form)
    geste = request.POST.get("geste", "")
    if geste == "commenter":
        form = CommentaireForm(request.POST)
        if not form.is_valid():
            return _show(request, found, form, status=422)
        propose.comment(found, by=request.user, commentaire=form.cleaned_data["commentaire"])  # type: ignore[arg-type]
        messages.success(request, "Le commentaire est ajouté.")
        return redirect(found)
    if geste not in GESTES:
        return _show(request, found, form, status=422, erreurs=["Cette action n'existe pas."])
    return _do(request, found, geste)


def _do(request: HttpRequest, found: Proposition, geste: str) -> HttpResponse:
    """The page after a verb, or why it could not be done."""
    verb, done = GESTES[geste]
    refuse = partial(_show, request, found, CommentaireForm())
    try:
        verb(found, by=request.user)  # type: ignore[arg-type]
    except PropositionEnCollision:
        return redirect("redaction-proposition-fusion", found.pk)
    except PublicationImpossible as refusal:
        return refuse(status=422, erreurs=refusal.erreurs)
    except PropositionInterdite as refusal:
        return refuse(status=403, erreurs=[str(refusal)])
    except PropositionDepassee as refusal:
        return refuse(status=409, erreurs=[str(refusal)])
    messages.success(request, done)
    return redirect(found)


@require_safe
@read_only
def apercu(request: HttpRequest, pk: int) -> HttpResponse:
    """The fiche as agents will read it once the proposition is published."""
    found = _visible(request, pk)
    fiche = propose.as_fiche(found)
    try:
        chemin = parse_path(request.GET.get("chemin", ""))
        lecture = read(fiche.contenu, chemin, fiche.a_dire)
    except CheminInconnu:
        lecture = read(fiche.contenu, [], fiche.a_dire)
    context = {
        "fiche": fiche,
        "lecture": lecture,
        "cible": find_target(lecture.cible),
        "mode": "page",
        "retour": found.get_absolute_url(),
    }
    return render(request, "knowledge/apercu.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@read_only
def fusion(request: HttpRequest, pk: int) -> HttpResponse:
    """The fields that others changed too, to be settled one by one before submitting."""
    found = _visible(request, pk)
    if found.auteur_id != request.user.pk or found.etat not in EN_ECRITURE:
        raise Http404("Cette proposition n'est pas à rapprocher.")
    posted, collisions = request.method == "POST", propose.collisions(found)
    form = FusionForm(request.POST if posted else None, collisions=collisions)
    if posted and form.is_valid():
        try:
            propose.merge(found, by=request.user, choix=form.choix())
        except (PropositionInterdite, PropositionDepassee) as refusal:
            messages.error(request, str(refusal))
            return redirect(found)
        messages.success(request, "C'est rapproché. Relisez la fiche, puis soumettez-la.")
        return redirect("redaction-fiche", found.fiche.reference)
    context = {"proposition": found, "form": form}
    return render(request, "redaction/fusion.html", context, status=422 if form.errors else 200)


def _visible(request: HttpRequest, pk: int) -> Proposition:
    return get_object_or_404(Proposition.objects.visible_to(request.user).for_page(), pk=pk)


def _show(request, found, form, *, status=200, erreurs=()):
    own = found.auteur_id == request.user.pk
    context = {
        "proposition": found,
        "form": form,
        "erreurs": erreurs,
        "passages": compare_written(found),
        "etapes": found.etapes.select_related("agent"),
        "la_mienne": own,
        "en_ecriture": own and found.etat in EN_ECRITURE,
        "en_cours": own and found.etat in EN_COURS,
        "a_reprendre": own and found.etat in ("retiree", "ecartee"),
    }
    return render(request, PAGE, context, status=status)
