"""What waits on shared blocks: a value to approve, one that has ended with none to follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any

from allo3939.accounts.models import Agent
from allo3939.redaction.inbox.items import Affaire, Genre, Pour
from allo3939.shared.composed import Composed
from allo3939.shared.days import day_in_words
from knowledge.models import BlocPartage, Fiche

DAY = timedelta(days=1)
AHEAD = timedelta(days=14)  # time to find the next value and to have it approved
_ROW = (
    *("pk", "code", "titre", "valeurs__pk", "valeurs__texte", "valeurs__du", "valeurs__au"),
    *("valeurs__approuvee_le", "valeurs__auteur"),
)
_BLOCKS: Composed[Any] = Composed(
    lambda: BlocPartage.objects.order_by("pk", "valeurs__du").values_list(*_ROW, named=True)
)


def of_blocks(agent: Agent, *, known: Mapping[int, tuple[int, int]], on: date) -> Iterator[Affaire]:
    """Values to approve, and blocks whose fiches will say what is no longer true.

    At stake are the calls of the fiches that name the block; ``known``: fiche → its calls first.
    """
    blocks = [list(values) for _, values in groupby(_BLOCKS.ask(), key=attrgetter("pk"))]
    calls: defaultdict[str, int] = defaultdict(int)
    users = Fiche.objects.published().using_block(*(values[0].code for values in blocks))
    for fiche, codes in users.values_list("pk", "blocs"):
        for code in codes:
            calls[code] += known.get(fiche, (0, 0))[0]
    for values in blocks:
        bloc = values[0]
        for value in values:
            if value.valeurs__pk is None or value.valeurs__approuvee_le is not None:
                continue
            yield Affaire(
                genre=Genre.A_RELIRE,
                sait=("bloc", value.valeurs__pk),
                dire=partial(_say_value, value),
                depuis=min(value.valeurs__du, on),
                pour=Pour.AUTRE if value.valeurs__auteur == agent.pk else Pour.TOUS,
                **_about(bloc, calls),
            )
        end = _end(values, on=on)
        if bloc.code in calls and end is not None and end < on + AHEAD:
            yield Affaire(
                genre=Genre.REVUE,
                sait=("bloc", bloc.pk),
                dire=partial(_say_end, end, on=on),
                depuis=min(end, on),
                **_about(bloc, calls),
            )


def _about(bloc: Any, calls: Mapping[str, int]) -> dict[str, Any]:
    return {
        "titre": f"Bloc «\u00a0{bloc.titre}\u00a0»",
        "vue": "admin:knowledge_blocpartage_change",
        "objet": bloc.pk,
        "appels": calls.get(bloc.code, 0),
    }


def _end(values: list[Any], *, on: date) -> date | None:
    """The last day before one on which the block says nothing; None when no such day is known.

    A value takes the place of the one before, whose own end then counts no more.
    """
    end: date | None = on - DAY
    for value in values:
        if value.valeurs__approuvee_le is None:
            continue
        if end is not None and value.valeurs__du > max(end + DAY, on):
            break
        end = value.valeurs__au
    return end


def _say_value(value: Any) -> str:
    since = day_in_words(value.valeurs__du, "j F Y")
    return f"Valeur à approuver\u00a0: «\u00a0{value.valeurs__texte}\u00a0», à partir du {since}"


def _say_end(end: date, *, on: date) -> str:
    if end < on:
        return "Sans valeur aujourd'hui\u00a0: les fiches gardent la dernière"
    return f"Sans valeur après le {day_in_words(end, 'j F Y')}"
