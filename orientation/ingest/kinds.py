"""Labels of the kinds of office: our own words for DILA's codes, which its files do not carry."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings

LABELS = Path(settings.BASE_DIR) / "fixtures" / "types_service.toml"


def label_kinds(cursor: Any, codes: set[str]) -> None:
    """Hold every known kind, and every code met: an unknown one is its own label.

    A label that rédacteurs have changed is left as it is.
    """
    labels = dict.fromkeys(sorted(codes), "")
    labels |= tomllib.loads(LABELS.read_text(encoding="utf-8"))["libelles"]
    cursor.executemany(
        "INSERT INTO orientation_typeservice (code, libelle) VALUES (%s, %s) "
        "ON CONFLICT (code) DO NOTHING",
        [(code, label or code) for code, label in labels.items()],
    )
