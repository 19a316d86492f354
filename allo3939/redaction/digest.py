"""The letter of the week: what matters most, five lines at most, in plain text.

One a week to each agent at most: an `Envoi` is claimed before the letter leaves, and given back
when the mail server refuses it. Nothing in it tells whether it was read. Somebody without an
address receives none.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent, Envoi
from allo3939.redaction import sector
from allo3939.redaction.inbox import open_inbox

GENRE = "semaine"
ITEMS_MAX = 5
HEURE = time(8)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Nouvelle:
    """A line of a letter: what, why it is worth a look, the page that deals with it."""

    titre: str
    raison: str
    url: str


@dataclass(frozen=True, slots=True)
class Lettre:
    """What one agent is told; ``suite`` is where the rest is."""

    sujet: str
    nouvelles: list[Nouvelle]
    autres: int
    suite: str


Redige = Callable[[Agent, datetime], Lettre | None]


def for_redacteur(agent: Agent, since: datetime) -> Lettre | None:
    """The top of the agent's inbox; None when nothing waits."""
    boite = open_inbox(agent, on=timezone.localdate()).narrow().to_do()
    if not boite.total:
        return None
    nouvelles = [
        Nouvelle(
            titre=f"{each.titre} ({each.reference})" if each.reference else each.titre,
            raison=_reason(each.genre.un, each.appels),
            url=address(each.url),
        )
        for each in boite.affaires[:ITEMS_MAX]
    ]
    affaires = "1 affaire" if boite.total == 1 else f"{boite.total} affaires"
    return Lettre(
        sujet=f"3939\u00a0: {affaires} dans votre boîte",
        nouvelles=nouvelles,
        autres=boite.total - len(nouvelles),
        suite=address(reverse("admin:boite")),
    )


def for_partenaire(agent: Agent, since: datetime) -> Lettre | None:
    """The week of the agent's sector; None when nothing is to be told."""
    points = sector.weekly(agent.secteur, since) if agent.secteur else []
    if not points:
        return None
    nouvelles = [
        Nouvelle(each.titre, each.raison, address(reverse(each.vue, args=each.args)))
        for each in points[:ITEMS_MAX]
    ]
    return Lettre(
        sujet=f"3939\u00a0: la semaine du secteur {agent.secteur}",
        nouvelles=nouvelles,
        autres=len(points) - len(nouvelles),
        suite=address(reverse("redaction-secteur")),
    )


def _reason(kind: str, calls: int) -> str:
    if not calls:
        return kind
    return f"{kind} · {calls}\u00a0appel{'s' if calls > 1 else ''} en jeu"


def address(path: str) -> str:
    """A page of the desktop as a letter writes it."""
    return settings.SITE_URL.rstrip("/") + path


WRITERS: dict[str, Redige] = {Role.REDACTEUR: for_redacteur, Role.PARTENAIRE: for_partenaire}
"""Who writes the letter of each role."""


def send_weekly(*, now: datetime, writers: dict[str, Redige] | None = None) -> int:
    """Send the week's letters that are left to send; returns how many left.

    From Monday 8:00 on: a worker stopped then sends them later in the week. Nothing to tell, no
    letter.
    """
    writers = WRITERS if writers is None else writers
    monday = monday_of(now)
    if now < monday:
        return 0
    period = week_of(now)
    sent = 0
    for agent in _receivers(writers, period=period):
        letter = writers[agent.role](agent, monday - timedelta(days=7))
        if letter is not None and _send(agent, letter, period=period):
            sent += 1
    return sent


def monday_of(now: datetime) -> datetime:
    """Monday, 8:00, of the week of that instant."""
    local = timezone.localtime(now)
    monday: date = local.date() - timedelta(days=local.weekday())
    return datetime.combine(monday, HEURE, local.tzinfo)


def week_of(now: datetime) -> str:
    """« 2026-S48 », as the calendar counts weeks."""
    year, week, _ = timezone.localtime(now).isocalendar()
    return f"{year}-S{week:02}"


def _receivers(writers: Iterable[str], *, period: str) -> list[Agent]:
    told = Envoi.objects.filter(genre=GENRE, periode=period).values("agent")
    agents = Agent.objects.filter(role__in=list(writers), is_active=True).exclude(email="")
    return list(agents.exclude(pk__in=told).select_related("secteur").order_by("pk"))


def _send(agent: Agent, letter: Lettre, *, period: str) -> bool:
    """Claim the week's letter, then send it: two workers send one."""
    try:
        with transaction.atomic():
            claimed = Envoi.objects.create(agent=agent, genre=GENRE, periode=period)
    except IntegrityError:
        return False
    try:
        message(agent, letter).send()
    except (OSError, SMTPException) as error:
        claimed.delete()
        logger.warning("letter of %s not sent: %s", period, type(error).__name__)
        return False
    return True


def message(agent: Agent, letter: Lettre) -> EmailMessage:
    """The letter as mail, plain text."""
    context = {"lettre": letter, "preferences": address(reverse("preferences"))}
    body = render_to_string("admin/redaction/lettre.txt", context)
    return EmailMessage(letter.sujet, body, to=[agent.email])
