"""A sector's fiches as those who keep them see them: what they serve for, what they lack, what
waits; and what a partenaire is told of it once a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from allo3939.accounts.models import Agent, Secteur
from allo3939.shared.analyse import fold
from calls.models import Demande, Transfert
from knowledge import stakes
from knowledge.enums import EtatProposition
from knowledge.freshness import Etiquette, label, limit_of_fresh
from knowledge.models import Fiche, Lacune, Parution, Proposition
from orientation.models import Signalement

STAKE = timedelta(days=90)
"""The span in which calls at stake are counted."""
RECENT = timedelta(days=30)
SHOWN = 6
ITEMS_MAX = 5
"""Of the weekly letter."""
_SENTENCE_MAX = 140

TOUTES, A_RAFRAICHIR, EN_COURS, CHANGEES, A_ECRIRE = (
    "",
    "a-relire",
    "en-cours",
    "changees",
    "a-ecrire",
)
VUES = (
    (TOUTES, "Toutes"),
    (A_RAFRAICHIR, "À relire, plus d'un an"),
    (EN_COURS, "Avec une proposition en cours"),
    (CHANGEES, "Publiées depuis 30 jours"),
    (A_ECRIRE, "Pas encore publiées"),
)


# --- The list of fiches --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ligne:
    """A fiche of the sector, and what the last 90 days say of it."""

    fiche: Fiche
    etiquette: Etiquette
    transferts: int
    refus: int
    propositions: list[Proposition] = field(default_factory=list)

    @property
    def chiffres(self) -> list[str]:
        """What the calls say, in words; nothing for what did not happen."""
        appels, escalades = self.fiche.appels, self.fiche.escalades  # type: ignore[attr-defined]
        said = [
            _count(appels, "appel", "appels"),
            _count(escalades, "escaladé", "escaladés"),
            _count(self.transferts, "transfert", "transferts"),
            _count(self.refus, "refusé", "refusés"),
        ]
        return [each for each in said if each]


def fiches(agent: Agent, *, mots: str, voir: str, at: datetime) -> QuerySet[Fiche]:
    """The fiches the agent may write on, as asked for; those with the most calls at stake first.

    ``mots`` are looked for in the reference, title and keywords, accents and plurals aside: one
    more query, without the texts.
    """
    own: Any = Fiche.objects.editable_by(agent)
    today = timezone.localdate(at)
    kept = {
        A_RAFRAICHIR: lambda: own.not_fresh(limit=limit_of_fresh(today)),
        EN_COURS: own.with_pending,
        CHANGEES: lambda: own.published_since(at - RECENT),
        A_ECRIRE: own.unpublished,
    }.get(voir, lambda: own)()
    if mots.strip():
        kept = kept.keyed(_about(own, mots))
    return kept.for_list().with_stakes(stakes.since(today - STAKE))


def _about(own: Any, mots: str) -> list[int]:
    """The keys of the fiches in which each of the words begins one of theirs."""
    wanted = fold(mots).split()
    found = []
    for pk, reference, titre, mots_cles in own.values_list("pk", "reference", "titre", "mots_cles"):
        text = fold(" ".join((reference, titre, *mots_cles))).replace("'", " ").split()
        if all(any(known.startswith(word) for known in text) for word in wanted):
            found.append(pk)
    return found


def lines(found: Iterable[Fiche], *, agent: Agent, at: datetime) -> list[Ligne]:
    """Each fiche of a page of `fiches` with its transfers and its propositions: two queries."""
    found = list(found)
    keys = [fiche.pk for fiche in found]
    counted = Transfert.objects.counts_by_fiche(keys, since=at - STAKE)
    transfers = {key: (asked, refused) for key, asked, refused in counted}
    waiting: dict[int, list[Proposition]] = defaultdict(list)
    seen = Proposition.objects.visible_to(agent).of_fiches(keys).pending()
    for proposition in seen.for_list().with_last_word().order_by("pk"):
        waiting[proposition.fiche_id].append(proposition)
    today = timezone.localdate(at)
    return [
        Ligne(fiche, label(fiche, on=today), *transfers.get(fiche.pk, (0, 0)), waiting[fiche.pk])
        for fiche in found
    ]


# --- What stands beside it -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alentours:
    """What waits in a sector besides the list of its fiches."""

    a_corriger: list[Proposition]
    """The agent's own, sent back."""
    propositions: list[Proposition]
    lacunes: list[Lacune]
    manques: list[Demande]
    nombre_manques: int
    changements: list[Parution]
    signalements: int
    """Open reports on the bodies the agent keeps."""


def look_around(agent: Agent, *, at: datetime) -> Alentours:
    """The sector's propositions, gaps and changes, the latest first; as many queries whatever
    there is."""
    own = Proposition.objects.visible_to(agent).for_list().with_last_word()
    returned = own.of_author(agent).in_state(EtatProposition.A_CORRIGER)
    pending = own.pending().exclude(pk__in=returned.values("pk"))
    gaps = Demande.objects.gaps_of(agent.secteur, since=at - RECENT)
    published = Fiche.objects.editable_by(agent).published_since(at - RECENT)
    changed = Parution.objects.of_fiches(published.values("pk")).since(at - RECENT)
    return Alentours(
        a_corriger=list(returned),
        propositions=list(pending[:SHOWN]),
        lacunes=list(gaps_of(agent.secteur)[:SHOWN]) if agent.secteur else [],
        manques=list(gaps[:SHOWN]),
        nombre_manques=gaps.count(),
        changements=list(changed.order_by("-parue_le")[:SHOWN]),
        signalements=Signalement.objects.editable_by(agent).open().count(),
    )


def gaps_of(secteur: Secteur) -> QuerySet[Lacune]:
    """The open gaps that concern a sector: by their fiche, or by the fiche agents then opened."""
    near = Q(fiche__secteur=secteur) | Q(manques__fiche__secteur=secteur)
    opened = Lacune.objects.open().filter(near)
    return opened.select_related("fiche").distinct().order_by("-ouverte_le")


# --- The week's letter ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """One line of a sector's weekly letter."""

    titre: str
    raison: str
    """Why it is worth a look, in words."""
    vue: str
    """URL name and arguments of the page where it is dealt with."""
    args: tuple[Any, ...] = ()


def weekly(secteur: Secteur, since: datetime) -> list[Point]:
    """What a sector's people are told of the days since then: five lines at most.

    Sent back first, then what agents lacked, the fiches of most use that are no longer fresh, those
    from which most transfers were refused, what was published. Nothing to tell: [].
    """
    found = [
        *_sent_back(secteur, since),
        *_lacked(secteur, since),
        *_stale(secteur),
        *_refused(secteur, since),
        *_published(secteur, since),
    ]
    return found[:ITEMS_MAX]


def _sent_back(secteur: Secteur, since: datetime) -> list[Point]:
    own = Proposition.objects.of_sector(secteur).for_list().with_last_word()
    returned = own.in_state(EtatProposition.A_CORRIGER).order_by("-decidee_le")
    return [
        Point(
            titre=each.fiche.titre,
            raison=f"Renvoyée à corriger\u00a0: {_short(each.dernier_mot)}",
            vue="redaction-proposition",
            args=(each.pk,),
        )
        for each in returned[:2]
    ]


def _lacked(secteur: Secteur, since: datetime) -> list[Point]:
    opened = gaps_of(secteur).filter(ouverte_le__gte=since)
    points = [
        Point(gap.titre, "Les agents n'ont pas trouvé de réponse.", "redaction-secteur")
        for gap in opened[:1]
    ]
    count = Demande.objects.gaps_of(secteur, since=since).count()
    if count:
        asked = "1 question close" if count == 1 else f"{count} questions closes"
        points.append(
            Point(
                "Ce qui a manqué aux agents",
                f"{asked} faute de fiche, ou de fiche suffisante.",
                "redaction-secteur",
            )
        )
    return points


def _stale(secteur: Secteur) -> list[Point]:
    today = timezone.localdate()
    old: Any = Fiche.objects.of_sector(secteur).not_fresh(limit=limit_of_fresh(today))
    ranked = old.for_list().with_stakes(stakes.since(today - STAKE))[:2]
    return [
        Point(
            titre=fiche.titre,
            raison=f"{_age(fiche, today)}, {_count(fiche.appels, 'appel', 'appels')} en 90 jours.",
            vue="redaction-fiche",
            args=(fiche.reference,),
        )
        for fiche in ranked
        if fiche.appels
    ]


def _refused(secteur: Secteur, since: datetime) -> list[Point]:
    own = {fiche.pk: fiche for fiche in Fiche.objects.of_sector(secteur).for_list()}
    counted = Transfert.objects.counts_by_fiche(list(own), since=since)
    ranked = sorted(counted, key=lambda row: (-row[2], row[0]))[:1]
    return [
        Point(
            titre=own[key].titre,
            raison=f"{_count(refused, 'transfert refusé', 'transferts refusés')} sur {asked}"
            "\u00a0: la fiche dit-elle bien qui relève du secteur\u00a0?",
            vue="redaction-fiche",
            args=(own[key].reference,),
        )
        for key, asked, refused in ranked
        if refused
    ]


def _published(secteur: Secteur, since: datetime) -> list[Point]:
    recent = Fiche.objects.of_sector(secteur).published_since(since)
    changed = Parution.objects.of_fiches(recent.values("pk")).since(since).order_by("-parue_le")
    return [
        Point(
            titre=each.fiche.titre,
            raison=f"Version {each.version} publiée"
            + (f"\u00a0: {_short(each.raison)}" if each.raison else "."),
            vue="fiche",
            args=(each.fiche.reference,),
        )
        for each in changed[:2]
    ]


def _age(fiche: Fiche, on: date) -> str:
    told = label(fiche, on=on).depuis
    return told[:1].upper() + told[1:] if told else "Sans date de vérification"


def _count(number: int, one: str, many: str) -> str:
    return "" if not number else f"{number} {one if number == 1 else many}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SENTENCE_MAX else f"{text[: _SENTENCE_MAX - 1].rstrip()}…"
