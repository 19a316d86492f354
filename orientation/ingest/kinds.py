"""The kinds of office: our own words for DILA's codes, and the sector that keeps their bodies."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F

from orientation.models import TypeService

LABELS = Path(settings.BASE_DIR) / "fixtures" / "types_service.toml"


def unlabelled(codes: set[str]) -> list[str]:
    """The codes that nobody has given a label, here or in the table, in order."""
    strangers = codes - _labels().keys()
    known = TypeService.objects.filter(code__in=strangers).exclude(libelle=F("code"))
    return sorted(strangers - set(known.values_list("code", flat=True)))


def label_kinds(cursor: Any, codes: set[str]) -> None:
    """Hold every known kind, and every code met: an unknown one is its own label.

    What rédacteurs have changed is left as it is; a sector is given to a kind met for the first
    time, when the sector exists.
    """
    labels = dict.fromkeys(sorted(codes), "") | _labels()
    sectors = {code: slug for slug, kinds in _read()["secteurs"].items() for code in kinds}
    cursor.executemany(
        "INSERT INTO orientation_typeservice (code, libelle, secteur_id) "
        "VALUES (%s, %s, (SELECT id FROM accounts_secteur WHERE slug = %s)) "
        "ON CONFLICT (code) DO NOTHING",
        [(code, label or code, sectors.get(code, "")) for code, label in labels.items()],
    )


def _labels() -> dict[str, str]:
    return dict(_read()["libelles"])


def _read() -> dict[str, Any]:
    return tomllib.loads(LABELS.read_text(encoding="utf-8"))
