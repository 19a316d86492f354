"""The telephone: what the switch tells, and what the console shows and asks of it."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from allo3939.shared.readonly import read_only
from calls import desk, escalate, telephony
from calls.forms import CommandeForm
from calls.telephony.command import CommandeImpossible, command
from calls.telephony.receive import receive
from calls.telephony.sign import HORODATAGE, SIGNATURE
from calls.views.console import _next_question
from calls.views.regions import PAGE, regions

BODY_MAX = 16_384  # bytes


class Envoi(NamedTuple):
    """All that is read of what the switch sent."""

    body: bytes
    """Empty when it was longer than any event."""
    horodatage: str
    signature: str


def _take(request: HttpRequest) -> Envoi:
    """Take what is read from the request and empty it: no error can tell what else it held."""
    headers = request.headers
    length = request.META.get("CONTENT_LENGTH") or "0"
    body = request.body if length.isdecimal() and int(length) <= BODY_MAX else b""
    envoi = Envoi(body, headers.get(HORODATAGE, ""), headers.get(SIGNATURE, ""))
    request._body = b""
    request.GET = QueryDict()
    request.content_type, request.content_params = "", {}
    sent = [name for name in request.META if name.startswith("HTTP_") and name != "HTTP_HOST"]
    for name in (*sent, "QUERY_STRING", "REQUEST_URI", "RAW_URI", "CONTENT_TYPE"):
        request.META.pop(name, None)
    return envoi


@csrf_exempt
@require_POST
def evenements(request):
    """An event of the switch: 200 counted, 202 set aside with the reason, 400 and 403 refused."""
    envoi = _take(request)
    if not telephony.verify(**envoi._asdict()):
        return JsonResponse({"refuse": "Signature absente, fausse ou périmée."}, status=403)
    try:
        evenement = telephony.parse(envoi.body)
    except telephony.EvenementRefuse as refusal:
        return JsonResponse({"refuse": str(refusal)}, status=400)
    reason = receive(evenement)
    return JsonResponse({"ecarte": reason} if reason else {}, status=202 if reason else 200)


@require_safe
@read_only
def telephone(request):
    """What the telephone changed. The call that it picked up opens on a console that was ready; a
    console where a call is on screen keeps it, and its focus: only the status and the timer change.
    """
    poste = desk.read_desk(request.user)
    if poste.appel and not request.GET.get("demande"):
        return _next_question(request)
    return _status(request, poste)


def _status(request, poste):
    """The status, and the timer of a call, out of band: nothing else on screen is replaced."""
    shown = f"{PAGE}#duree" if poste.appel else "calls/_statut.html"
    html = render_to_string(shown, {"poste": poste, "oob": True}, request=request)
    return HttpResponse(html, headers={"HX-Reswap": "none"})


@require_POST
def commande(request, kind):
    """Have the switch hold, consult, bridge or transfer; else, what to do by hand."""
    poste = desk.read_desk(request.user)
    asked = CommandeForm({"commande": kind})
    if poste.appel is None or not asked.is_valid():
        return HttpResponse(status=409 if asked.is_valid() else 404)
    asked_kind = asked.cleaned_data["commande"]
    try:
        done = command(poste.appel, kind=asked_kind, transfert=poste.transfert, by=request.user)
    except CommandeImpossible:
        return HttpResponse(status=409)
    except escalate.TransfertImpossible as refusal:
        return _told(request, status=422, erreur_transfert=str(refusal))
    return _told(request, status=200 if done.faite else 422, consigne=done)


def _told(request, *, status, **extra):
    names = ("panneau_vide", "transfert", "duree", "journal_lignes")
    return regions(request, *names, status=status, **extra)
