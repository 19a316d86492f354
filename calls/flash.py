"""Flash news: one line sent to every open screen, for a time, and taken back."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.utils import timezone

from allo3939.accounts.models import Agent, Secteur
from allo3939.shared.anonymity import TexteRefuse, guard
from allo3939.shared.push import everyone_channel, notify
from calls.models import FlashInfo
from calls.querysets import day_bounds

audit = logging.getLogger("allo3939.audit")

LENGTH_MAX = 200
SHOWN_MAX = 3
LISTED = timedelta(days=7)


class FlashImpossible(Exception):
    """The line cannot be sent; the message is for the superviseur."""


@dataclass(frozen=True, slots=True)
class Annonce:
    """A flash on a screen, and how long it stays."""

    flash: FlashInfo
    reste: int
    """Seconds, from the instant it was read."""


@dataclass(frozen=True, slots=True)
class Affichage:
    """What the banner of one agent shows at an instant."""

    annonces: list[Annonce]
    dans: int | None = None
    """Seconds before the next one begins; None: none is to come."""
    prochain: int | None = None

    @property
    def signature(self) -> str:
        """What a screen sends back so that nothing is swapped while nothing has changed."""
        shown = ".".join(str(annonce.flash.pk) for annonce in self.annonces)
        return f"{shown}-{self.prochain or ''}"


def send(
    texte: str,
    *,
    by: Agent,
    secteur: Secteur | None = None,
    du: datetime | None = None,
    au: datetime | None = None,
    confirmed: Collection[str] = (),
) -> FlashInfo:
    """Show a line to every agent, or to those who deal with a sector: its informateurs and
    partenaires, and the teleconseillers, who may meet its questions. Until the evening.

    ``du`` and ``au`` bound it otherwise; ``confirmed``: the signs of what the superviseur said to
    be nobody's. Screens are told once the transaction is committed. Raises `FlashImpossible`, in
    French.
    """
    now = timezone.now()
    start = max(du or now, now)
    end = au or day_bounds(timezone.localdate(start))[1]
    flash = FlashInfo.objects.create(
        texte=check_text(texte, confirmed=confirmed),
        secteur=secteur,
        du=start,
        au=_check_end(end, start),
        auteur=by,
    )
    notify(everyone_channel(), "flash", str(flash.pk))
    audit.info("flash %s envoyé par %s", flash.pk, by.pk)
    return flash


def check_text(texte: str, *, confirmed: Collection[str] = ()) -> str:
    """The line as it is shown; raises `FlashImpossible` when it cannot be."""
    line = " ".join(texte.replace("\0", " ").split())
    if not line:
        raise FlashImpossible("Écrivez la ligne à afficher.")
    if len(line) > LENGTH_MAX:
        raise FlashImpossible(f"Une ligne suffit\u00a0: {LENGTH_MAX} caractères au plus.")
    try:
        guard(line, confirmed=confirmed)
    except TexteRefuse as refusal:
        raise FlashImpossible(str(refusal)) from refusal
    return line


def _check_end(end: datetime, start: datetime) -> datetime:
    if end <= start:
        raise FlashImpossible("La fin doit venir après le début, et après l'heure qu'il est.")
    return end


def withdraw(flash: FlashInfo, *, by: Agent) -> None:
    """Take a flash from every screen; one taken back already stays so."""
    now = timezone.now()
    if FlashInfo.objects.not_over(now).filter(pk=flash.pk).update(retire_le=now):
        notify(everyone_channel(), "flash", str(flash.pk))
        audit.info("flash %s retiré par %s", flash.pk, by.pk)


def read_banner(agent: Agent, *, hidden: Collection[int] = ()) -> Affichage:
    """What the agent's screens show now, in one query; ``hidden`` are the keys put aside."""
    now = timezone.now()
    known = list(FlashInfo.objects.for_agent(agent).not_over(now).select_related("secteur"))
    shown = [flash for flash in known if flash.du <= now and flash.pk not in hidden]
    coming = min((flash for flash in known if flash.du > now), key=lambda f: f.du, default=None)
    return Affichage(
        [Annonce(flash, _seconds(flash.au - now)) for flash in shown[:SHOWN_MAX]],
        dans=_seconds(coming.du - now) if coming else None,
        prochain=coming.pk if coming else None,
    )


def still_of_use(hidden: Collection[int]) -> list[int]:
    """Of the keys put aside, those of flashes that are not over."""
    return list(
        FlashInfo.objects.not_over(timezone.now())
        .filter(pk__in=hidden)
        .values_list("pk", flat=True)
    )


def sent_lately() -> list[FlashInfo]:
    """The flashes of the last days, the latest first."""
    return list(FlashInfo.objects.sent_since(timezone.now() - LISTED))


def _seconds(span: timedelta) -> int:
    return ceil(span.total_seconds())
