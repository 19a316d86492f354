"""A minute without network: the fiche that the page keeps, and what was done meanwhile."""

from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from allo3939.shared.readonly import read_only
from calls import desk, propose, record, replay
from calls.forms import RejeuForm
from calls.views.regions import regions
from knowledge.models import Fiche
from knowledge.qualify import PASSER, format_path, unfold
from knowledge.target import name_targets


@require_safe
@never_cache
@read_only
def copie(request):
    """The fiche being read, whole, with what each of its forks asks: enough to read it to the end
    of any path without a server."""
    reading = record.reading_in_hand(request.user)
    if reading is None:
        return HttpResponse(status=204)
    fiche = Fiche.objects.for_page().get(pk=reading.fiche_id)
    contenu, forks = unfold(fiche.contenu)
    html = render_to_string("knowledge/_entiere.html", {"fiche": fiche, "contenu": contenu})
    key = f"{reading.pk}.{fiche.version}"
    return JsonResponse({"cle": key, "html": html, "fourches": _with_targets(forks)})


def _with_targets(forks):
    """The forks, each choice with where it leads in words (« → Secteur Justice ») or ""."""
    choices = [choice for fork in forks for choice in fork["choix"] if choice["rang"] != PASSER]
    leading = [choice for choice in choices if choice.get("cible")]
    rows = [{"titre": str(n), "cible": choice["cible"]} for n, choice in enumerate(leading)]
    names = name_targets(rows)
    for row, choice in zip(rows, leading, strict=True):
        choice["suite"] = names[row["titre"]]
    for choice in choices:
        choice.pop("cible", None)
    return forks


@require_POST
def rejeu(request):
    """Enter what was kept, then answer the console as it stands; nothing when the page, as it
    says, shows that already."""
    form = RejeuForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Actions illisibles.", content_type="text/plain")
    actions = form.cleaned_data["actions"]
    bilan = replay.replay(request.user, actions)
    if not actions and form.cleaned_data["page"] == _state(desk.read_desk(request.user)):
        return HttpResponse(status=204)
    if bilan.appel_clos:
        recent = propose.propose_recent(request.user)
        names = ("lecture", "journal", "recherche", "retour")
        return regions(request, *names, bilan=bilan, clos=bilan.appel_clos, liste=recent)
    seen = {"examen": bilan.examen, "examen_de": bilan.champ}
    return regions(request, "lecture", "journal", "retour", bilan=bilan, **seen)


def _state(poste) -> str:
    """What the console shows, as `calls/_secours_page.html` writes it."""
    reading = poste.consultation
    parts = (
        poste.appel and poste.appel.pk,
        poste.demande and poste.demande.pk,
        reading and reading.pk,
        reading and reading.fiche.version,
        format_path(poste.lecture.chemin) if poste.lecture else "",
    )
    return "|".join(str(part or "") for part in parts)
