"""A value typed again is the same value: a form adds no difference of its own.

Browsers send CRLF, rows come back with every key, trailing spaces go: none of it is a change that a
reviewer should read, or that another author should have to settle.
"""

from __future__ import annotations

from typing import Any

from knowledge.models import Fiche

_NOTHING: tuple[Any, ...] = ("", [], {}, None, False)


def keep_alike(fiche: Fiche, before: dict[str, Any]) -> None:
    """Put back the values of ``before`` that were only typed again; in memory."""
    for name, old in before.items():
        new = getattr(fiche, name)
        same = canonical(new) == canonical(old)
        setattr(fiche, name, old if same else _unix_lines(new))


def canonical(value: Any) -> Any:
    """A text without its line ends, a tree without what is empty: equal when they say the same."""
    if isinstance(value, str):
        return "\n".join(line.rstrip() for line in value.splitlines()).strip()
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if isinstance(value, dict):
        inner = {key: canonical(item) for key, item in value.items()}
        return {key: item for key, item in inner.items() if item not in _NOTHING}
    return value


def _unix_lines(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, list):
        return [_unix_lines(item) for item in value]
    if isinstance(value, dict):
        return {key: _unix_lines(item) for key, item in value.items()}
    return value
