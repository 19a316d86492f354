"""What the API lets others read of the directory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from orientation.hsds import term_id
from orientation.locate import fold
from orientation.models import HoraireExceptionnel, Organisme
from orientation.querysets import OrganismeQuerySet


def disclosed_bodies(
    *,
    search: str = "",
    kind: str = "",
    term: UUID | None = None,
    departement: str = "",
    commune: str = "",
    modified_after: datetime | None = None,
    organization: UUID | None = None,
    labels: Mapping[str, str],
) -> OrganismeQuerySet:
    """The bodies asked for, by identifier; ``labels`` holds every kind by its code.

    Those gone from the source are told only to who follows the changes: ``modified_after`` gives at
    least all that changed since then, be it in the source or by our hand. A word of ``search`` is
    the start of one of the name, the initials or the town.
    """
    bodies = Organisme.objects.order_by("id").defer("nom_recherche")
    bodies = bodies.changed_since(modified_after) if modified_after else bodies.present()
    if words := fold(search).split():
        bodies = bodies.named(words)
    if term is not None:
        codes = [code for code in labels if term_id(code) == term]
        bodies = bodies.of_kind(codes[0]) if codes else bodies.none()
    if kind:
        bodies = bodies.of_kind(kind)
    if departement:
        bodies = bodies.in_departement(departement.upper())
    if organization is not None:
        bodies = bodies.among([organization])
    if commune:
        bodies = bodies.standing_in(communes=[commune])
    return bodies


def exceptions_of(bodies: Sequence[Organisme]) -> dict[UUID, list[HoraireExceptionnel]]:
    """The exceptional hours to come of each body: one query."""
    found: dict[UUID, list[HoraireExceptionnel]] = defaultdict(list)
    coming = HoraireExceptionnel.objects.in_force(since=timezone.localdate())
    for each in coming.of_bodies(bodies):
        found[each.organisme_id].append(each)
    return found
