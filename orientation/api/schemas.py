"""The shapes that the API answers with: those of HSDS 3.0, then competence and opening of our own.

HSDS has no null: a member without a value is left out of the answer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Generic, Literal, TypeVar
from uuid import UUID

from ninja import Schema
from pydantic import Field

T = TypeVar("T")


class Telephone(Schema):
    id: UUID
    organization_id: UUID | None = None
    number: str
    type: str | None = None
    description: str | None = None


class Identifiant(Schema):
    id: UUID
    organization_id: UUID | None = None
    identifier_type: str
    identifier: str


class Attribut(Schema):
    id: UUID
    link_id: UUID | None = None
    link_entity: str | None = None
    taxonomy_term_id: UUID | None = None
    value: str | None = None


class Adresse(Schema):
    id: UUID
    location_id: UUID | None = None
    address_1: str
    address_2: str | None = None
    city: str
    state_province: str = Field(description="Code du département")
    postal_code: str
    country: str
    address_type: Literal["physical", "postal", "virtual"]


class Acces(Schema):
    id: UUID
    location_id: UUID | None = None
    description: str | None = None


class Lieu(Schema):
    id: UUID
    location_type: Literal["physical", "postal", "virtual"]
    organization_id: UUID | None = None
    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    external_identifier: str | None = None
    external_identifier_type: str | None = None
    addresses: list[Adresse] = []
    accessibility: list[Acces] = []


class Horaire(Schema):
    id: UUID
    service_id: UUID | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    freq: Literal["WEEKLY", "MONTHLY"] | None = None
    wkst: str | None = None
    byday: str | None = None
    opens_at: str | None = Field(None, description="HH:MM, heure locale du guichet")
    closes_at: str | None = Field(None, description="HH:MM, heure locale du guichet")
    description: str | None = None
    notes: str | None = None
    time_zone: str | None = Field(None, description="Hors HSDS\u00a0: nom du fuseau horaire")


class ServiceAuLieu(Schema):
    id: UUID
    service_id: UUID | None = None
    location_id: UUID | None = None
    location: Lieu | None = None


class ServiceEnUnLieu(ServiceAuLieu):
    """Where and when a counter receives."""

    phones: list[Telephone] | None = []
    schedules: list[Horaire] | None = []


class Organization(Schema):
    id: UUID
    name: str
    alternate_name: str | None = None
    description: str
    email: str | None = None
    website: str | None = None
    uri: str | None = None
    phones: list[Telephone] | None = []
    organization_identifiers: list[Identifiant] | None = []
    attributes: list[Attribut] | None = []


class ServiceMinimal(Schema):
    """A counter, and when its source last changed it: for who follows the changes."""

    id: UUID
    last_modified: datetime | None = None


class Service(Schema):
    id: UUID
    organization_id: UUID | None = None
    name: str
    alternate_name: str | None = None
    description: str | None = None
    url: str | None = None
    email: str | None = None
    status: Literal["active", "inactive", "defunct", "temporarily closed"]
    alert: str | None = None
    last_modified: datetime | None = Field(None, description="Date de la source")
    assured_date: str | None = Field(None, description="Dernière vérification par le 3939")
    phones: list[Telephone] | None = []
    schedules: list[Horaire] | None = []
    service_at_locations: list[ServiceAuLieu] | None = []
    attributes: list[Attribut] | None = []


class Taxonomie(Schema):
    id: UUID
    name: str
    description: str


class Terme(Schema):
    id: UUID
    code: str | None = None
    name: str
    description: str
    taxonomy: str | None = None
    taxonomy_id: UUID | None = None
    language: str | None = None


class Page(Schema, Generic[T]):
    """A page of a list, as HSDS numbers them: from 1."""

    total_items: int
    total_pages: int
    page_number: int
    size: int = Field(description="Nombre d'éléments de cette page")
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[T]


class Presentation(Schema):
    """What the API is, and where its data come from (Licence Ouverte 2.0)."""

    version: str = "3.0"
    profile: str
    openapi_url: str
    license: str = "Licence Ouverte 2.0"
    source: str
    source_file: str | None = None
    source_url: str | None = None
    source_date: datetime | None = None


class CommuneTrouvee(Schema):
    insee: str
    name: str
    departement: str
    departement_name: str
    postcodes: list[str]
    population: int | None = None


class OrganismeCompetent(Schema):
    type: str = Field(description="Type demandé")
    guarantee: Literal["competence", "commune", "departement"] = Field(
        description="competence, déclarée par la source\u00a0; commune, departement, non garanties"
    )
    why: str = Field(description="Pourquoi cet organisme, en français")
    organization: Organization


class CompetenceLue(Schema):
    """The bodies that serve a commune, the likeliest of each kind first."""

    commune: CommuneTrouvee
    bodies: list[OrganismeCompetent]


class OuvertureLue(Schema):
    """Whether a counter is open at an instant; `unknown` where data do not allow an answer."""

    at: datetime
    state: Literal["open", "closed", "unknown"]
    until: datetime | None = None
    next_opening: datetime | None = None
    next_is_likely_only: bool = False
    note: str | None = None
    sentence: str = Field(description="Comme on le dit au téléphone, en français")
    time_zone: str


class Erreur(Schema):
    detail: str
