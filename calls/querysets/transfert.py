"""Which transfers, and who is on a break."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models.functions import Coalesce

from calls.enums import EN_MAIN, OUVERTS, SANS_SUITE
from calls.querysets.bounds import KEY_DIGITS, day_bounds
from calls.querysets.entry import EntryQuerySet

# When a transfer left the informateur's hands.
_END = Coalesce("clos_le", "revenu_le")


class TransfertQuerySet(EntryQuerySet):
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
        return self.filter(etat="proposee").order_by("propose_le", "pk")

    def live(self):
        """Offered and not answered yet, or in hand: all that informateurs have to do now, the
        oldest offer first."""
        in_hand = models.Q(etat__in=EN_MAIN, clos_le__isnull=True)
        return self.filter(models.Q(etat="proposee") | in_hand).order_by("propose_le", "pk")

    def among(self, keys: Iterable[int]):
        return self.filter(pk__in=list(keys)).order_by("propose_le", "pk")

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
        """With what the card shows; all the rest of it is a copy of its own."""
        return self.select_related("secteur", "fiche")

    def with_question(self):
        """With what a verb of the sector looks at: the question, its call and its agent."""
        return self.select_related("secteur", "fiche", "informateur", "demande__appel__agent")

    def in_hand(self):
        """Accepted by an informateur and not closed yet."""
        return self.filter(etat__in=EN_MAIN, clos_le__isnull=True)

    def in_hand_of(self, agent):
        return self.in_hand().filter(informateur=agent)

    def closed_by(self, agent, day: date):
        """Ended by an informateur on a day: closed, or handed back; the latest first."""
        bounds = day_bounds(day)
        # Each half has an index of its own.
        closed = models.Q(clos_le__range=bounds)
        handed_back = models.Q(etat="rendue", revenu_le__range=bounds)
        return (
            self.filter(informateur=agent)
            .filter(closed | handed_back)
            .annotate(fini_le=_END)
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

    def taken_by(self, agent):
        """Those that an informateur accepted, in hand or over."""
        return self.filter(informateur=agent)

    def counts_by_fiche(self, keys, *, since: datetime):
        """(fiche's key, transfers asked from it since an instant, those that were refused)."""
        refused = models.Count("pk", filter=models.Q(etat="refusee"))
        asked = self.filter(fiche__in=keys, prepare_le__gte=since).order_by()
        return asked.values_list("fiche").annotate(n=models.Count("pk"), refus=refused)


class PresenceQuerySet(models.QuerySet):
    def of_agent(self, agent):
        return self.filter(informateur=agent)

    def paused(self, day: date):
        """On a break since that day: one begun on an earlier day ended with its shift."""
        return self.filter(etat="pause", depuis__range=day_bounds(day))
