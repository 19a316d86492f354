"""Where the source sends the readers of a fiche that was merged, renamed or withdrawn."""

from __future__ import annotations

from dataclasses import dataclass

from allo3939.shared.composed import Composed
from knowledge.models import Fiche, Redirection, Ressource

STEPS_MAX = 10

_PUBLISHED = Composed(
    lambda reference: Fiche.objects.published().as_read().filter(reference=reference)
)


@dataclass(frozen=True, slots=True)
class Destination:
    """The end of a chain of redirections."""

    reference: str = ""
    """The last reference of the chain; "" when it ends outside."""
    url: str = ""
    """The address outside, when it ends there."""
    held: str = ""
    """What the desk has under the reference: ``fiche``, ``ressource`` or nothing."""


def find_published(reference: str) -> Fiche | None:
    """The published fiche of this reference (`as_read`), or else the one that the source sends to.

    One query for a published fiche: redirections never shadow it.
    """
    fiche = _PUBLISHED.first(reference)
    if fiche is not None:
        return fiche
    end = follow(reference)
    if end is None or end.held != "fiche":
        return None
    return _PUBLISHED.first(end.reference)


def follow(reference: str) -> Destination | None:
    """Where the redirections of a reference end; None when there is none, or when they loop.

    A chain stops at the first published fiche or resource it meets; after `STEPS_MAX` steps there
    is no destination either.
    """
    seen = {reference}
    end: Destination | None = None
    for _ in range(STEPS_MAX):
        step = Redirection.objects.filter(de=reference).values_list("vers", "url").first()
        if step is None:
            return end
        reference, url = step
        if not reference:
            return Destination(url=url)
        if reference in seen:
            return None
        seen.add(reference)
        end = Destination(reference=reference, held=_held(reference))
        if end.held:
            return end
    return None


def _held(reference: str) -> str:
    if Fiche.objects.published().filter(reference=reference).exists():
        return "fiche"
    return "ressource" if Ressource.objects.filter(reference=reference).exists() else ""
