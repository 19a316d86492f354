"""Whose calls, which transfers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from calls.enums import (
    EN_CONVERSATION,
    EN_MAIN,
    LACUNES,
    OUVERTS,
    SANS_SUITE,
    EtatCommunication,
)

# When a transfer left the informateur's hands.
_END = Coalesce("clos_le", "revenu_le")
KEY_DIGITS = 18  # of a bigint, safely


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First and last instant of a day in the service's own time zone (Europe/Paris)."""
    zone = timezone.get_default_timezone()
    return datetime.combine(day, time.min, zone), datetime.combine(day, time.max, zone)


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

    def in_hand_of(self, agent):
        """The question that the agent is dealing with, with its call and nothing of its log."""
        calling = self.filter(appel__agent=agent, appel__termine_le__isnull=True)
        return calling.current().select_related("appel")

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


class ConsultationQuerySet(models.QuerySet):
    def in_hand_of(self, agent):
        """Those of the question that the agent is dealing with, with their fiche."""
        calling = self.of_agent(agent).filter(demande__appel__termine_le__isnull=True)
        current = calling.filter(demande__termine_le__isnull=True)
        return current.select_related("fiche", "demande__appel")

    def with_sector(self):
        """With what tells the sector of the fiche."""
        return self.select_related("fiche__theme__secteur", "fiche__secteur", "fiche__cible")

    def of_answers(self):
        """Of answer fiches."""
        return self.filter(fiche__nature="reponse").select_related("fiche")

    def by_reading(self):
        """The one in front of the agent last."""
        return self.order_by("lue_le", "pk")

    def since(self, instant: datetime):
        return self.filter(ouverte_le__gte=instant)

    def of_agent(self, agent):
        return self.filter(demande__appel__agent=agent)

    def of_last_calls(self, agent, calls: int):
        """Those of the agent's last calls: a year of them is not read to find the last few."""
        appel = apps.get_model("calls", "Appel")._default_manager
        last = appel.of_agent(agent).order_by("-commence_le").values("pk")[:calls]
        return self.filter(demande__appel__in=last)

    def most_read(self, limit: int):
        """(reference, title, nature) of published fiches, the most read first."""
        return (
            self.filter(fiche__etat="publiee")
            .values_list("fiche__reference", "fiche__titre", "fiche__nature")
            .annotate(n=models.Count("pk"))
            .order_by("-n", "fiche__reference")[:limit]
        )

    def last_version_read(self):
        """(fiche's key, the version last opened) for each published fiche, by key."""
        return (
            self.filter(fiche__etat="publiee")
            .values_list("fiche_id")
            .annotate(version=models.Max("version"))
            .order_by("fiche_id")
        )

    def before(self, consultation):
        """Those of the same fiche opened before this one, the latest first."""
        earlier = self.filter(fiche=consultation.fiche_id, ouverte_le__lt=consultation.ouverte_le)
        return earlier.exclude(pk=consultation.pk).order_by("-ouverte_le")

    def last_read(self, limit: int):
        """(reference, title, nature) of published fiches, the last read first."""
        return (
            self.filter(fiche__etat="publiee")
            .values_list("fiche__reference", "fiche__titre", "fiche__nature")
            .annotate(n=models.Max("ouverte_le"))
            .order_by("-n")[:limit]
        )


class OrientationQuerySet(models.QuerySet):
    def with_bodies(self):
        """With the body, who verified it, and the commune it was given for."""
        return self.select_related("organisme__verifie_par", "commune__departement")

    def of_current_question(self, appel):
        """Given for the question of the call that is being dealt with."""
        return self.filter(demande__appel=appel, demande__termine_le__isnull=True)

    def competent_elsewhere(self, commune):
        """Given as competent, but for another commune."""
        return self.exclude(garantie="").exclude(commune=commune)


class TransfertQuerySet(models.QuerySet):
    def of_calls_on(self, day: date):
        """Those of the calls picked up on the day, found as the questions are."""
        return self.filter(demande__appel__commence_le__range=day_bounds(day))

    def visible_to(self, agent):
        """An informateur sees the transfers of the sector; a teleconseiller the own ones."""
        if agent.role == "informateur":
            return self.filter(secteur=agent.secteur_id)
        if agent.role == "teleconseiller":
            return self.filter(demande__appel__agent=agent)
        return self.none()

    def on(self, day: date):
        return self.filter(prepare_le__range=day_bounds(day))

    def waiting(self):
        """Offered to the sector, not answered yet, the oldest first."""
        return self.filter(etat="proposee").order_by("propose_le")

    def numbered(self, number: str):
        """The one with this key, as a page sends it; nothing when it is no number."""
        known = number.isascii() and number.isdecimal() and len(number) <= KEY_DIGITS
        return self.filter(pk=number) if known else self.none()

    def with_texts(self):
        """With something that an agent typed."""
        return self.exclude(models.Q(precision="") & models.Q(carte__question=""))

    def begun_before(self, instant: datetime):
        return self.filter(prepare_le__lt=instant)

    def open(self):
        """Being handed over: neither refused, nor expired, nor done."""
        return self.filter(etat__in=OUVERTS)

    def answerable_by(self, agent):
        """The sector's offers, and the call that the informateur has in hand."""
        own = models.Q(informateur=agent, etat__in=EN_MAIN, clos_le__isnull=True)
        return self.visible_to(agent).filter(models.Q(etat="proposee") | own)

    def for_card(self):
        """With what the queue and the card show."""
        return self.select_related(
            "secteur", "fiche", "informateur", "demande__appel__agent", "demande__appel__commune"
        )

    def in_hand(self):
        """Accepted by an informateur and not closed yet."""
        return self.filter(etat__in=EN_MAIN, clos_le__isnull=True)

    def in_hand_of(self, agent):
        return self.in_hand().filter(informateur=agent)

    def closed_by(self, agent, day: date):
        """Ended by an informateur on a day: closed, or handed back; the latest first."""
        return (
            self.filter(informateur=agent)
            .annotate(fini_le=_END)
            .filter(models.Q(clos_le__isnull=False) | models.Q(etat="rendue"))
            .filter(fini_le__range=day_bounds(day))
            .order_by("-fini_le")
        )

    def overdue(self, now: datetime, *, delay: timedelta):
        """Offered longer ago than the sector's delay, or saved and never offered (a server
        stopped); ``delay`` is for the sectors that set none."""
        seconds = Coalesce(
            models.F("secteur__delai_transfert"), models.Value(round(delay.total_seconds()))
        )
        wait = models.ExpressionWrapper(
            seconds * models.Value(timedelta(seconds=1), output_field=models.DurationField()),
            output_field=models.DurationField(),
        )
        limit = models.ExpressionWrapper(
            models.Value(now, output_field=models.DateTimeField()) - models.F("attente"),
            output_field=models.DateTimeField(),
        )
        return self.annotate(attente=wait).filter(
            models.Q(etat="proposee", propose_le__lt=limit)
            | models.Q(etat="preparee", prepare_le__lt=limit)
        )

    def of_sectors(self, slugs: Iterable[str]):
        return self.filter(secteur__slug__in=list(slugs))

    def accepted_since(self, instant: datetime):
        """Accepted since an instant and not sent on; ``fin_en_main`` tells until when they stayed
        in hand, None for those that still are."""
        return self.filter(
            repondu_le__gte=instant, propose_le__isnull=False, motif_refus=""
        ).annotate(fin_en_main=_END)

    def sent_back(self):
        """Refused, or left unanswered."""
        return self.filter(etat__in=SANS_SUITE)

    def refused_in(self, secteur, *, since: datetime):
        """Refused by the sector since an instant, the latest first."""
        return (
            self.filter(secteur=secteur, etat="refusee", revenu_le__gte=since)
            .select_related("informateur")
            .order_by("-revenu_le")
        )


class PresenceQuerySet(models.QuerySet):
    def of_agent(self, agent):
        return self.filter(informateur=agent)

    def paused(self, day: date):
        """On a break since that day: one begun on an earlier day ended with its shift."""
        return self.filter(etat="pause", depuis__range=day_bounds(day))


class FlashInfoQuerySet(models.QuerySet):
    def not_over(self, instant: datetime):
        """In force at the instant, or still to come."""
        return self.filter(retire_le=None, au__gt=instant)

    def sent_since(self, instant: datetime):
        """Those sent since then, with what the list of a superviseur shows of them."""
        return self.filter(cree_le__gte=instant).select_related("secteur", "auteur")

    def in_force(self, instant: datetime):
        """Those to be shown at the instant, the latest first."""
        return self.filter(retire_le=None, du__lte=instant, au__gt=instant)

    def for_agent(self, agent):
        """Those for everybody; an informateur or a partenaire has the sector's besides."""
        return self.filter(models.Q(secteur=None) | models.Q(secteur=agent.secteur_id))


class CommunicationQuerySet(models.QuerySet):
    def live(self, poste: str, *, rung: datetime, answered: datetime):
        """At the extension: ringing since the first instant, or on the line since the second."""
        ringing = models.Q(etat=EtatCommunication.SONNE, sonne_le__gte=rung)
        speaking = models.Q(etat__in=EN_CONVERSATION, decroche_le__gte=answered)
        return self.filter(ringing | speaking, poste=poste).order_by("pk")

    def in_conversation(self):
        """Answered and not over, the caller speaking or on hold."""
        return self.filter(etat__in=EN_CONVERSATION).order_by("pk")
