"""Each address of the API; `orientation.hsds` makes the shapes, `access` says who may ask."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import decorator_from_middleware
from ninja import NinjaAPI, Path, Query, Schema
from ninja.decorators import decorate_view
from ninja.errors import AuthenticationError, Throttled, ValidationError
from pydantic import Field, StringConstraints

from allo3939.shared.models import Importation
from allo3939.shared.readonly import read_only
from orientation import hsds
from orientation.api import schemas
from orientation.api.access import Debit, Jeton
from orientation.disclose import disclosed_bodies, exceptions_of
from orientation.hours import Ouverture, openings_of, zone_of
from orientation.locate import find_communes
from orientation.models import Commune, Organisme, TypeService
from orientation.orient import competent_bodies
from orientation.say import sentence


def answers(shape: Any) -> dict[int, Any]:
    """What an address may answer, for the OpenAPI description."""
    return {200: shape} | dict.fromkeys((401, 404, 422, 429), schemas.Erreur)


PROFILE = "https://docs.openreferral.org/en/3.0/"
STATES = {"ouvert": "open", "ferme": "closed", "inconnu": "unknown"}
# Years that every time zone and calendar can count with.
FIRST_YEAR, LAST_YEAR = 1970, 2100
BODIES_A_PAGE = 50
BODIES_MAX = 100
COMMUNES = 20

Texte = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00]*$")]
Code = Annotated[str, StringConstraints(max_length=60, pattern=r"^[\w\- ]*$")]
Insee = Annotated[str, StringConstraints(pattern=r"^(\d{2}|2[AB])\d{3}$")]


SPARE: dict[str, Any] = {
    "exclude_none": True,  # HSDS has no null
    "openapi_extra": {
        "responses": {
            400: {
                "description": "Adresse mal formée",
                "content": {"text/plain": {"schema": {"type": "string"}}},
            }
        }
    },
}

api = NinjaAPI(
    title="Annuaire de l'administration, par 3939 Allo Service-Public",
    version="1.0.0",
    description=(
        "Organismes, horaires et compétence territoriale. Lecture seule, formes HSDS 3.0 "
        "d'Open Referral quand elles conviennent. Licence Ouverte 2.0."
    ),
    urls_namespace="api",
    auth=Jeton(),
    throttle=Debit(),
    docs_url=None,  # its page loads scripts that the desktop's security policy refuses
)

# A tag of the content itself: the same answer is not sent twice.
tagged = decorate_view(decorator_from_middleware(ConditionalGetMiddleware), read_only)


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = api.create_response(request, {"detail": "Jeton absent ou inconnu."}, status=401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Throttled)
def _too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
    detail = "Trop de requêtes cette minute."
    return api.create_response(request, {"detail": detail}, status=429)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return api.create_response(request, {"detail": "Introuvable."}, status=404)


@api.exception_handler(ValidationError)
def _odd_parameter(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = ", ".join(sorted({str(each["loc"][-1]) for each in error.errors}))
    detail = f"Paramètre refusé\u00a0: {names}."
    return api.create_response(request, {"detail": detail}, status=422)


class Types(Schema):
    """Which kinds of office are asked for."""

    type: list[Code] = Field(min_length=1, max_length=20)


@api.get("/", auth=None, throttle=[], response=schemas.Presentation, **SPARE)
@tagged
def presentation(request: HttpRequest) -> dict[str, Any]:
    """Ce qu'est cette API, et d'où viennent ses données."""
    last = Importation.objects.latest_applied("annuaire")
    return {
        "profile": PROFILE,
        "openapi_url": request.build_absolute_uri(reverse("api:openapi-json")),
        "source": "Service-Public.gouv.fr / DILA",
        "source_file": last and last.fichier,
        "source_url": (last and last.url) or None,
        "source_date": last and last.date_fichier,
    }


class Feuille(Schema):
    """Which page of a list."""

    page: int = Field(1, ge=1, le=100_000)
    per_page: int = Field(BODIES_A_PAGE, ge=1, le=BODIES_MAX)


class Choix(Feuille):
    """What narrows a list of bodies; nothing: all."""

    search: Texte = ""
    type: Code = ""
    departement: Code = ""
    commune: Code = Field("", description="Code INSEE de la commune où l'organisme se trouve")
    taxonomy_term_id: UUID | None = None
    modified_after: datetime | None = Field(
        None,
        description="Au moins tout ce qui a changé depuis, même ce qui a disparu de la source",
    )
    organization_id: UUID | None = None
    full: bool = Field(True, description="Avec les listes de ce qui en dépend (HSDS)")


class ChoixServices(Choix):
    """The same for counters."""

    minimal: bool = Field(False, description="L'identifiant et la date de la source, sans plus")


@api.get("/organizations", response=answers(schemas.Page[schemas.Organization]), **SPARE)
@tagged
def organizations(request: HttpRequest, choix: Query[Choix]) -> dict[str, Any]:
    """Les organismes, par identifiant."""
    labels = TypeService.objects.all_labels()
    pages = _pages(choix, labels)
    bodies = _contents(pages, choix.page)
    contents = [hsds.organization(each, libelles=labels) for each in bodies]
    return _paged(pages, choix.page, _nested(contents, choix))


@api.get("/organizations/{uuid:id}", response=answers(schemas.Organization), **SPARE)
@tagged
def organization(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Un organisme, même disparu de la source."""
    body = get_object_or_404(Organisme, pk=id)
    return hsds.organization(body, libelles=TypeService.objects.all_labels())


@api.get(
    "/services",
    response=answers(schemas.Page[schemas.Service] | schemas.Page[schemas.ServiceMinimal]),
    **SPARE,
)
@tagged
def services(request: HttpRequest, choix: Query[ChoixServices]) -> dict[str, Any]:
    """Les guichets des organismes : où, quand, comment les joindre."""
    labels = TypeService.objects.all_labels()
    pages = _pages(choix, labels)
    bodies = _contents(pages, choix.page)
    if choix.minimal:
        return _paged(pages, choix.page, [hsds.minimal(each) for each in bodies])
    exceptions = exceptions_of(bodies)
    contents = [
        hsds.service(each, libelles=labels, exceptions=exceptions.get(each.pk, ()))
        for each in bodies
    ]
    return _paged(pages, choix.page, _nested(contents, choix))


@api.get("/services/{uuid:id}", response=answers(schemas.Service), **SPARE)
@tagged
def service(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Un guichet ; « defunct » quand l'organisme a disparu de la source."""
    body = get_object_or_404(Organisme, pk=id)
    labels = TypeService.objects.all_labels()
    return hsds.service(body, libelles=labels, exceptions=exceptions_of([body])[body.pk])


@api.get(
    "/service_at_locations",
    response=answers(schemas.Page[schemas.ServiceEnUnLieu]),
    **SPARE,
)
@tagged
def service_at_locations(request: HttpRequest, choix: Query[Choix]) -> dict[str, Any]:
    """Où et quand chaque guichet reçoit."""
    pages = _pages(choix, TypeService.objects.all_labels())
    bodies = _contents(pages, choix.page)
    exceptions = exceptions_of(bodies)
    contents = [
        hsds.service_at_location(each, exceptions=exceptions.get(each.pk, ())) for each in bodies
    ]
    return _paged(pages, choix.page, _nested(contents, choix))


@api.get("/service_at_locations/{uuid:id}", response=answers(schemas.ServiceEnUnLieu), **SPARE)
@tagged
def service_at_location(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Où et quand un guichet reçoit."""
    body = get_object_or_404(Organisme, pk=id)
    return hsds.service_at_location(body, exceptions=exceptions_of([body])[body.pk])


@api.get("/services/{uuid:id}/opening", response=answers(schemas.OuvertureLue), **SPARE)
@tagged
def opening(request: HttpRequest, id: UUID, at: datetime | None = None) -> dict[str, Any]:
    """L'état d'un guichet à un instant, maintenant par défaut ; sans fuseau, heure de Paris."""
    body = get_object_or_404(Organisme, pk=id)
    at = _instant(at)
    countable = FIRST_YEAR <= at.year <= LAST_YEAR
    [state] = openings_of([body], at=at) if countable else [Ouverture("inconnu")]
    return {
        "at": at,
        "state": STATES[state.etat],
        "until": state.jusqu_a,
        "next_opening": state.prochaine,
        "next_is_likely_only": state.en_principe,
        "note": state.mention or None,
        "sentence": sentence(body, state, at=at if countable else timezone.now()),
        "time_zone": zone_of(body.departement_code).key,
    }


@api.get("/taxonomies", response=answers(schemas.Page[schemas.Taxonomie]), **SPARE)
@tagged
def taxonomies(request: HttpRequest) -> dict[str, Any]:
    """Une seule taxonomie : les types de service local de la DILA."""
    return _paged(Paginator([hsds.taxonomy()], 1), 1, [hsds.taxonomy()])


@api.get("/taxonomy_terms", response=answers(schemas.Page[schemas.Terme]), **SPARE)
@tagged
def taxonomy_terms(request: HttpRequest, feuille: Query[Feuille]) -> dict[str, Any]:
    """Les types d'organisme."""
    pages = Paginator(TypeService.objects.order_by("code"), feuille.per_page)
    kinds = _contents(pages, feuille.page)
    contents = [hsds.term(each.code, each.libelle) for each in kinds]
    return _paged(pages, feuille.page, contents)


@api.get("/communes", response=answers(list[schemas.CommuneTrouvee]), **SPARE)
@tagged
def communes(request: HttpRequest, search: Query[Texte]) -> list[dict[str, Any]]:
    """Les communes d'un nom, d'un code postal ou d'un code INSEE, la plus vraisemblable d'abord."""
    return [_commune(each) for each in find_communes(search, limit=COMMUNES)]


@api.get("/competence/{insee}", response=answers(schemas.CompetenceLue), **SPARE)
@tagged
def competence(request: HttpRequest, insee: Path[Insee], demande: Query[Types]) -> dict[str, Any]:
    """Les organismes compétents pour une commune, type par type, le plus vraisemblable d'abord."""
    commune = get_object_or_404(Commune.objects.select_related("departement"), pk=insee)
    labels = TypeService.objects.all_labels()
    return {
        "commune": _commune(commune),
        "bodies": [
            {
                "type": each.type_code,
                "guarantee": str(each.garantie),
                "why": each.pourquoi,
                "organization": hsds.organization(each.organisme, libelles=labels),
            }
            for each in competent_bodies(commune, kinds=list(dict.fromkeys(demande.type)))
        ],
    }


@api.get("/{path:ailleurs}", auth=None, throttle=[], include_in_schema=False)
def inconnue(request: HttpRequest, ailleurs: str) -> None:
    """An address the API does not have: told as the others are, not by a page for people."""
    raise Http404


# --- Common to several ----------------------------------------------------------------------------


def _pages(choix: Choix, labels: dict[str, str]) -> Paginator:
    since = choix.modified_after
    if since and not FIRST_YEAR <= since.year <= LAST_YEAR:
        since = since.replace(year=min(max(since.year, FIRST_YEAR), LAST_YEAR), day=1)
    bodies = disclosed_bodies(
        search=choix.search,
        kind=choix.type,
        term=choix.taxonomy_term_id,
        departement=choix.departement,
        commune=choix.commune,
        modified_after=_instant(since) if since else None,
        organization=choix.organization_id,
        labels=labels,
    )
    return Paginator(bodies, choix.per_page)


def _contents(pages: Paginator, number: int) -> list[Any]:
    """What stands on a page; beyond the last one, nothing."""
    return list(pages.page(number).object_list) if number <= pages.num_pages else []


def _nested(contents: list[hsds.Shape], choix: Choix) -> list[hsds.Shape]:
    return contents if choix.full else [hsds.flat(each) for each in contents]


def _paged(pages: Paginator, number: int, contents: list[Any]) -> dict[str, Any]:
    return {
        "total_items": pages.count,
        "total_pages": pages.num_pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages.num_pages,
        "empty": not contents,
        "contents": contents,
    }


def _commune(commune: Commune) -> dict[str, Any]:
    return {
        "insee": commune.pk,
        "name": commune.nom,
        "departement": commune.departement_id,
        "departement_name": commune.departement.nom,
        "postcodes": commune.codes_postaux,
        "population": commune.population,
    }


def _instant(moment: datetime | None) -> datetime:
    """In UTC: a client may write offsets that PostgreSQL does not know. Without a zone: Paris."""
    if moment is None:
        return timezone.now()
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment.astimezone(UTC) if FIRST_YEAR <= moment.year <= LAST_YEAR else moment
