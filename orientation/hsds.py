"""The directory in the shapes of Open Referral's HSDS 3.0, where they fit.

A body is an organization, its counter a service, where it receives a location, and the two together
a service at location: the four have the body's identifier. Kinds of office are the terms of one
taxonomy. Identifiers of what has none of its own are drawn from the body's, always the same.
Hours are local to the counter: `timezone`, which HSDS wants as one offset, cannot tell summer from
winter, so the name of the zone is given in the schedule's `time_zone`, which HSDS has not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

from orientation.enums import EtatOrganisme
from orientation.hours import zone_of
from orientation.models import HoraireExceptionnel, Organisme

TAXONOMY = UUID("3b6c7f0e-3939-4f5e-9d0a-5f1c6b7a8d90")
# HSDS wants these even when they are empty; any other member without a value is left out.
_REQUIRED = frozenset(
    ("name", "description", "address_1", "city", "state_province", "postal_code", "country")
)
_LISTS = ("phones", "organization_identifiers", "attributes", "schedules", "service_at_locations")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

Shape = dict[str, Any]


def term_id(code: str) -> UUID:
    """The identifier of a kind of office as a taxonomy term."""
    return uuid5(TAXONOMY, code)


def taxonomy() -> Shape:
    """The one taxonomy: DILA's kinds of local office."""
    return {
        "id": TAXONOMY,
        "name": "Types de service local",
        "description": "Types d'organisme de l'annuaire de l'administration (DILA)",
    }


def term(code: str, libelle: str) -> Shape:
    """A kind of office."""
    return {
        "id": term_id(code),
        "code": code,
        "name": libelle,
        "description": libelle,
        "taxonomy": "Types de service local",
        "taxonomy_id": TAXONOMY,
        "language": "fr",
    }


def organization(organisme: Organisme, *, libelles: Mapping[str, str]) -> Shape:
    """A body; ``libelles`` gives the label of each code of its kinds."""
    return _told(
        {
            "id": organisme.pk,
            "name": organisme.nom,
            "alternate_name": organisme.sigle,
            "description": _description(organisme, libelles),
            "email": next(iter(organisme.courriels), ""),
            "website": next(iter(organisme.sites), ""),
            "uri": organisme.url,
            "phones": _phones(organisme),
            "organization_identifiers": _identifiers(organisme),
            "attributes": _attributes(organisme, libelles, entity="organization"),
        }
    )


def service(
    organisme: Organisme,
    *,
    libelles: Mapping[str, str],
    exceptions: Iterable[HoraireExceptionnel] = (),
) -> Shape:
    """The counter of a body, with where and when it receives."""
    gone = organisme.etat == EtatOrganisme.DISPARU
    return _told(
        {
            "id": organisme.pk,
            "organization_id": organisme.pk,
            "name": organisme.nom,
            "alternate_name": organisme.sigle,
            "description": _description(organisme, libelles),
            "url": next(iter((*organisme.formulaires, *organisme.sites)), ""),
            "email": next(iter(organisme.courriels), ""),
            "status": "defunct" if gone else "active",
            "alert": organisme.commentaire_plages,
            "last_modified": organisme.source_modifiee_le,
            "assured_date": organisme.verifie_le.date().isoformat() if organisme.verifie_le else "",
            "phones": _phones(organisme),
            "schedules": _schedules(organisme, exceptions=exceptions),
            "service_at_locations": [_at_location(organisme)],
            "attributes": _attributes(organisme, libelles, entity="service"),
        }
    )


def service_at_location(
    organisme: Organisme, *, exceptions: Iterable[HoraireExceptionnel] = ()
) -> Shape:
    """Where and when the counter of a body receives."""
    return _told(
        {
            **_at_location(organisme),
            "phones": _phones(organisme),
            "schedules": _schedules(organisme, exceptions=exceptions),
        }
    )


def _at_location(organisme: Organisme) -> Shape:
    return {
        "id": organisme.pk,
        "service_id": organisme.pk,
        "location_id": organisme.pk,
        "location": _location(organisme),
    }


def minimal(organisme: Organisme) -> Shape:
    """What tells that a counter is there, and since when it says what it says."""
    return _told({"id": organisme.pk, "last_modified": organisme.source_modifiee_le})


def flat(shape: Shape) -> Shape:
    """The same without the lists of what belongs to it, be they empty."""
    return shape | dict.fromkeys(_LISTS)


def _location(organisme: Organisme) -> Shape:
    """Where a body receives, and its postal address where it has another."""
    addresses = [_address(organisme, organisme.adresse, "physical")]
    if postale := organisme.adresse.get("postale"):
        addresses.append(_address(organisme, postale, "postal"))
    accessibility = []
    if organisme.accessibilite:
        accessibility.append(
            {
                "id": uuid5(organisme.pk, "accessibility"),
                "location_id": organisme.pk,
                "description": organisme.accessibilite,
            }
        )
    return {
        "id": organisme.pk,
        "location_type": "physical",
        "organization_id": organisme.pk,
        "name": organisme.nom,
        "latitude": organisme.latitude,
        "longitude": organisme.longitude,
        "external_identifier": organisme.commune_insee,
        "external_identifier_type": "Code INSEE de la commune" if organisme.commune_insee else "",
        "addresses": addresses,
        "accessibility": accessibility,
    }


def _schedules(
    organisme: Organisme, *, exceptions: Iterable[HoraireExceptionnel] = ()
) -> list[Shape]:
    """Weekly ranges, those of the same hours and remark as one line, then the exceptional days.

    A range that closes before it opens ends on the next day; one without hours is a remark.
    """
    zone = zone_of(organisme.departement_code).key
    weekly: dict[tuple[str, str, str], list[int]] = {}
    for plage in organisme.plages:
        hours = (plage["debut"], plage["fin"], plage.get("commentaire", ""))
        weekly.setdefault(hours, []).append(plage["jour"])
    lines = []
    for (start, end, remark), days in weekly.items():
        byday = ",".join(_DAYS[day % 7] for day in sorted(set(days)))
        lines.append(
            {
                "id": uuid5(organisme.pk, f"schedule {byday} {start} {end} {remark}"),
                "service_id": organisme.pk,
                "freq": "WEEKLY",
                "wkst": "MO",
                "byday": byday,
                "opens_at": start,
                "closes_at": end,
                "notes": remark,
                "time_zone": zone,
            }
        )
    for each in exceptions:
        for plage in each.plages or [{"debut": "", "fin": ""}]:
            start, end = plage["debut"], plage["fin"]
            lines.append(
                {
                    "id": uuid5(organisme.pk, f"exception {each.pk} {start}"),
                    "service_id": organisme.pk,
                    "valid_from": each.du.isoformat(),
                    "valid_to": each.au.isoformat(),
                    "opens_at": start,
                    "closes_at": end,
                    "description": "Horaires exceptionnels"
                    if start
                    else "Fermeture exceptionnelle",
                    "notes": each.motif,
                    "time_zone": zone,
                }
            )
    return lines


def _told(shape: Any) -> Any:
    """The shape, at every depth, without what it does not tell."""
    if isinstance(shape, list):
        return [_told(each) for each in shape]
    if not isinstance(shape, dict):
        return shape
    return {
        key: _told(value)
        for key, value in shape.items()
        if value not in ("", None) or key in _REQUIRED
    }


def _description(organisme: Organisme, libelles: Mapping[str, str]) -> str:
    kinds = ", ".join(libelles.get(code, code) for code in organisme.types)
    return organisme.informations or kinds


def _phones(organisme: Organisme) -> list[Shape]:
    return [
        {
            "id": uuid5(organisme.pk, f"phone {rank} {each['numero']}"),
            "organization_id": organisme.pk,
            "number": each["numero"],
            "type": "voice",
            "description": each.get("description", ""),
        }
        for rank, each in enumerate(organisme.telephones)
    ]


def _identifiers(organisme: Organisme) -> list[Shape]:
    known = {
        "Ancien code pivot DILA": organisme.ancien_code_pivot,
        "SIREN": organisme.details.get("siren"),
        "SIRET": organisme.details.get("siret"),
    }
    return [
        {
            "id": uuid5(organisme.pk, f"identifier {kind}"),
            "organization_id": organisme.pk,
            "identifier_type": kind,
            "identifier": str(value),
        }
        for kind, value in known.items()
        if value
    ]


def _attributes(organisme: Organisme, libelles: Mapping[str, str], *, entity: str) -> list[Shape]:
    return [
        {
            "id": uuid5(organisme.pk, f"{entity} {code}"),
            "link_id": organisme.pk,
            "link_entity": entity,
            "taxonomy_term_id": term_id(code),
            "value": libelles.get(code, code),
        }
        for code in organisme.types
    ]


def _address(organisme: Organisme, adresse: Mapping[str, Any], kind: str) -> Shape:
    first, *others = adresse.get("lignes") or [""]
    return {
        "id": uuid5(organisme.pk, f"address {kind}"),
        "location_id": organisme.pk,
        "address_1": first,
        "address_2": ", ".join(others),
        "city": adresse.get("commune", ""),
        "state_province": organisme.departement_code,
        "postal_code": adresse.get("code_postal", ""),
        "country": adresse.get("pays") or "FR",
        "address_type": kind,
    }
