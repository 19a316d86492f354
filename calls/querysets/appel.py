"""Whose calls, which questions, what was put right in them."""

from __future__ import annotations

from datetime import date, datetime

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from calls.enums import LACUNES, SANS_SUITE
from calls.querysets.bounds import KEY_DIGITS, day_bounds


class JsonbSet(models.Func):
    """A JSON column with one key replaced (PostgreSQL's ``jsonb_set``)."""

    function = "jsonb_set"
    output_field = models.JSONField()

    def __init__(self, column: str, path: list[str], value, **extra):
        keys = models.Value(path, ArrayField(models.TextField()))
        super().__init__(models.F(column), keys, value, **extra)


class AppelQuerySet(models.QuerySet):
    def of_agent(self, agent):
        return self.filter(agent=agent)

    def visible_to(self, agent):
        """The own calls of a teleconseiller; all of them for a superviseur."""
        if agent.role == "superviseur":
            return self
        return self.of_agent(agent) if agent.role == "teleconseiller" else self.none()

    def numbered(self, number: str):
        """The one with this key, as an address writes it; nothing when it is too long for one."""
        return self.filter(pk=number) if len(number) <= KEY_DIGITS else self.none()

    def open(self):
        return self.filter(termine_le__isnull=True)

    def open_of(self, agent):
        """The agent's call in progress: one at most, hence in no order.

        Asked for the latest first, PostgreSQL would look for it among a year of the agent's calls:
        that only one is in progress has it believe that the agent has only one.
        """
        return self.of_agent(agent).open().order_by()

    def on(self, day: date):
        return self.filter(commence_le__range=day_bounds(day))

    def with_corrections(self):
        """With what was put right since, and by whom."""
        return self.select_related("agent").prefetch_related("demandes__rectifications__auteur")

    def with_log(self):
        """With all that the log of a call shows, in a constant number of queries."""
        # By name: models import this module.
        demande = apps.get_model("calls", "Demande")._default_manager
        fiche = apps.get_model("knowledge", "Fiche")._default_manager
        return self.select_related("commune__departement").prefetch_related(
            models.Prefetch("demandes", demande.select_related("issue", "secteur")),
            # Without their texts: only that of the fiche in front is read.
            models.Prefetch(
                "demandes__consultations__fiche",
                fiche.select_related("theme__secteur", "secteur", "cible").defer(
                    "contenu", "parcours"
                ),
            ),
            "demandes__orientations__organisme",
            "demandes__orientations__commune__departement",
            "demandes__transferts__secteur",
        )


class DemandeQuerySet(models.QuerySet):
    def of_calls_on(self, day: date):
        """Those of the calls picked up on the day, found by the calls: questions have no index of
        their own by instant."""
        return self.filter(appel__commence_le__range=day_bounds(day))

    def current(self):
        """Questions not closed yet."""
        return self.filter(termine_le__isnull=True)

    def of_open_call(self, agent):
        """Of the agent's call in progress."""
        return self.filter(appel__agent=agent, appel__termine_le__isnull=True)

    def in_hand_of(self, agent):
        """The question that the agent is dealing with, with its call and nothing of its log."""
        return self.of_open_call(agent).current().select_related("appel")

    def on(self, day: date):
        return self.filter(commence_le__range=day_bounds(day))

    def sent_back(self, minimum: int):
        """Refused by sectors, or left unanswered, at least so many times; the oldest first."""
        returns = models.Count("transferts", filter=models.Q(transferts__etat__in=SANS_SUITE))
        return self.annotate(retours=returns).filter(retours__gte=minimum).order_by("commence_le")

    def with_transferts(self):
        """With the way of each from sector to sector, and whose it is."""
        return self.select_related("appel__agent").prefetch_related(
            "transferts__secteur", "transferts__informateur"
        )

    def gaps_of(self, secteur, *, since: datetime):
        """Closed for want of a fiche, or of a good one, in a sector; the latest first."""
        return (
            self.filter(secteur=secteur, issue__in=LACUNES, termine_le__gte=since)
            .select_related("issue")
            .order_by("-termine_le")
        )

    def visible_to(self, agent):
        """As the calls they belong to."""
        if agent.role == "superviseur":
            return self
        own = agent.role == "teleconseiller"
        return self.filter(appel__agent=agent) if own else self.none()

    def numbered(self, number: str):
        return self.filter(pk=number) if len(number) <= KEY_DIGITS else self.none()

    def with_call(self):
        return self.select_related("appel", "issue")

    def with_texts(self):
        """With something that an agent typed."""
        return self.exclude(note="", precision="", question="", recherches=[], motif_inutile="")

    def begun_before(self, instant: datetime):
        return self.filter(appel__commence_le__lt=instant)


class RectificationQuerySet(models.QuerySet):
    def by_author(self, agent):
        return self.filter(auteur=agent)

    def numbered(self, number: str):
        return self.filter(pk=number) if len(number) <= KEY_DIGITS else self.none()

    def with_texts(self):
        """Of a line that the agent typed."""
        typed = self.filter(champ__in=("note", "precision", "motif_inutile"))
        return typed.exclude(avant="", apres="")

    def begun_before(self, instant: datetime):
        return self.filter(demande__appel__commence_le__lt=instant)
