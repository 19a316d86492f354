"""The telephone: what the switch tells, and what the console shows and asks of it."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from allo3939.shared.readonly import read_only
from calls import desk, telephony
from calls.enums import EtatTransfert
from calls.telephony.receive import receive
from calls.telephony.sign import HORODATAGE, SIGNATURE
from calls.views.console import _next_question

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
    console where a call is on screen keeps it, and its focus: only the status changes.
    """
    poste = desk.read_desk(request.user)
    if poste.appel and not request.GET.get("demande"):
        return _next_question(request)
    return _status(request, poste)


def _status(request, poste):
    response = render(request, "calls/_statut.html", {"poste": poste, "oob": True})
    response["HX-Reswap"] = "none"
    return response


@require_POST
def transfert(request):
    """Ask the switch to transfer the caller to the sector that accepted."""
    poste = desk.read_desk(request.user)
    offered = poste.transfert
    if poste.appel is None or offered is None or offered.etat != EtatTransfert.ACCEPTEE:
        return HttpResponse(status=409)
    numero = offered.secteur.numero_transfert
    line = telephony.live_communication(poste.appel)
    try:
        consigne, erreur = telephony.standard().transfer(line, numero=numero), ""
    except telephony.StandardInjoignable as refusal:
        consigne, erreur = telephony.ManualSwitch().transfer(line, numero=numero), str(refusal)
    context = {"consigne": consigne, "erreur": erreur}
    return render(request, "calls/_telephone.html", context, status=422 if erreur else 200)
