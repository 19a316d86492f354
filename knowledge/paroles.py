"""What callers say when they mean a fiche of service-public.fr: words that the fiche does not use.

Kept in ``fixtures/langue/paroles`` under the reference of each fiche, which the source never gives
to another. Unlike the other lists, which read a query, they are indexed with their fiche.
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings


def _files() -> list[Path]:
    return sorted((settings.BASE_DIR / "fixtures" / "langue" / "paroles").glob("*.toml"))


@cache
def paroles() -> Mapping[str, str]:
    """For the reference of a fiche, what callers say, cut by commas."""
    found: dict[str, str] = {}
    for path in _files():
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def signature() -> str:
    """Another one as soon as a word changes: an index made with other words is not this one."""
    return f"{zlib.crc32(b''.join(path.read_bytes() for path in _files())):08x}"
