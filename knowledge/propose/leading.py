"""Which fiches lead to one, by a link in their text or by a case."""

from __future__ import annotations

from typing import Any

from django.db import connection

from allo3939.shared.cache import remember, remembered
from knowledge.models import Fiche

_KEPT = 30 * 86_400  # seconds; each fiche is read again as soon as it is written
_AT_ONCE = 500  # contents that the database reads for one query


def leading_here(fiche: Fiche) -> list[Fiche]:
    """The published fiches whose text or cases lead to this one, by reference.

    Where each fiche leads is put aside with the mark of its row: the contents of three thousand are
    read once, then only those written since. Two queries, and one more when some were.
    """
    marks = dict(Fiche.objects.published().marked())
    key = f"mene:{connection.settings_dict['NAME']}"
    known: dict[int, Any] = remembered([key]).get(key, {})
    fresh = {pk: known[pk] for pk, mark in marks.items() if pk in known and known[pk][0] == mark}
    written = [pk for pk in marks if pk not in fresh]
    for start in range(0, len(written), _AT_ONCE):
        read = Fiche.objects.targets(written[start : start + _AT_ONCE])
        for pk, named, cases in read:
            found = {each for each in (*named, *cases) if isinstance(each, str)}
            fresh[pk] = (marks[pk], *found)
    if written or len(fresh) != len(known):
        remember({key: fresh}, seconds=_KEPT)
    keys = [pk for pk, (_, *targets) in fresh.items() if fiche.reference in targets]
    return list(Fiche.objects.to_name(key for key in keys if key != fiche.pk))
