"""What the remarks of the source change to the hours they go with.

A remark is read sentence by sentence and believed only when each one is understood whole. One that
closes an office at a time of the year leaves the rest of the year certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

from orientation.locate import fold

UNREADABLE = "\x00"  # marks a range whose hours are not to be trusted; never in a text

Period = tuple[tuple[int, int], tuple[int, int]]
"""First and last (month, day), every year; it may run over the new year."""
_Chosen = tuple[frozenset[int], bool | None]
"""The ranks in the month, or the parity of weeks, that hours are kept to."""

_MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
# School holidays of the metropolis and of what follows it, whatever the zone and the year; those of
# the other hemisphere and of the Pacific have the same names at other times.
_ELSEWHERE = frozenset(("974", "976", "984", "986", "987", "988"))
_HOLIDAYS: dict[str, Period] = {
    "noel": ((12, 15), (1, 8)),
    "fin d annee": ((12, 15), (1, 8)),
    "hiver": ((1, 25), (3, 15)),
    "fevrier": ((1, 25), (3, 15)),
    "printemps": ((3, 25), (5, 20)),
    "paques": ((3, 25), (5, 20)),
    "ete": ((7, 1), (9, 15)),
    "estivales": ((7, 1), (9, 15)),
    "toussaint": ((10, 10), (11, 10)),
}
_FESTIVE: Period = ((12, 24), (1, 2))
_MOST_DAYS = 31
_LAST = -1  # the rank of « dernier samedi du mois »
# A « last week of July » may end in August, a « first week of August » start in July.
_LATE, _EARLY = 22, 6

# Remarks under which the office is open all the same. Read folded, by whole sentence.
_HARMLESS = re.compile(
    r"(?:accueil |ouvert |ouverture |reception |permanence )?(?:du public |physique )*"
    r"(?:uniquement |seulement |exclusivement )?"
    r"(?:sur|avec) (?:rendez vous|rdv|prise de rendez vous)"
    r"(?: uniquement| seulement| exclusivement| obligatoire| prealable| de preference)*"
    r"|(?:accueil |ouvert |ouverture )?(?:du public |physique )*"
    r"(?:avec ou )?sans (?:rendez vous|rdv)"
    r"|(?:accueil|ouverture)(?: du public| physique| physique et telephonique)*"
)
_WHO = (
    r"(?:attention )?"
    r"(?:(?:(?:le|la|les|l|nos|notre|votre) )?(?:mairies?|bus|accueil|services?|bureaux?|guichets?|"
    r"agences?|secretariat|etablissements?|sites?|structures?|antennes?|locaux|permanences?|"
    r"espaces?|maisons?|centres?|points?)(?: de mairie| du public| france services| au public)? )?"
)
_CLOSING = re.compile(
    _WHO + r"(?:"
    r"(?:(?:est|sont|sera|seront|restera|etant) )?ferme(?:e|s|es)?(?: au public)?"
    r"|fermetures?(?: au public| annuelles?| exceptionnelles?| estivales?(?= ))*"
    r"|conges?(?: annuels?| estivaux)?"
    r"|ne circule(?:nt)? pas|n (?:est|sont) pas (?:ouvert|assure)(?:e|s|es)?|n ouvr(?:e|ent) pas"
    r"|pas (?:d accueil(?: du public)?|d ouverture|de permanences?|de service)"
    r"|(?:ouvert(?:e|ure|es|s)? )?(?:toute l annee )?(?:sauf|hors|excepte|en dehors(?: des)?)"
    r"|horaires(?: d ouverture)?(?: (?:sont|seront|peuvent|etre|pouvant|susceptibles|d))*"
    r" (?:modifie|different|reduit|restreint|amenage|adapte|variable)(?:e?s)"
    r") "
)
_DAY = r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?(\d{1,2})(?:er)?"
_MONTH = rf"({'|'.join(_MONTHS)})"
_YEAR = r"(?: (20\d\d))?"
_HOUR = (
    r"(?: (?:au|le) (?:matin|soir)| (?:l )?apres midi| inclus(?:e|es)?| toute la journee"
    r"| (?:a partir de|des|apres|a) \d{1,2} ?h(?: ?\d\d)?)?"
)
# « dès », « à partir de » and « jusqu'à » leave a period open: they are nowhere in these words.
_ON = (
    r"(?:lors des |lors du |a l occasion des |periode des |pendant |durant |pour |courant "
    r"|le |les |l |la |du |de |d |au |aux |en |a )*"
)
_FEASTS = re.compile(_ON + r"jours feries\b")
_FESTIVE_DAYS = re.compile(
    _ON
    + r"(?:(?:semaine |periode )?(?:entre |de )?noel (?:et|au|a) (?:le |la )?"
    + r"(?:jour de l an|nouvel an|1er janvier|premier de l an|saint sylvestre))\b"
)
_FESTIVE_TIME = re.compile(
    _ON + r"(?:fetes(?: de fin d annee)?|(?:semaine de )?noel|jour de l an|nouvel an)\b"
)
_SCHOOL = re.compile(
    _ON + r"(?:vacances|conges) (?:scolaires )?(?:(?:de la|de l|de|d) )?"
    rf"({'|'.join(_HOLIDAYS)})\b"
)
_SUMMER = re.compile(
    _ON + r"(?:toute? )?(?:la |l )?(?:periode |saison )?(?:ete|estivale|grandes vacances)\b"
)
_FROM_TO = re.compile(
    r"(?P<between>entre (?:le )?)?(?(between)|(?:du|a partir du|des le) )"
    rf"{_DAY}(?: {_MONTH})?{_YEAR}{_HOUR} "
    rf"(?(between)et(?: le)?|(?:au|jusqu au)) {_DAY} {_MONTH}{_YEAR}{_HOUR}\b"
)
_FROM_TO_IN_DIGITS = re.compile(
    rf"du {_DAY} (\d{{1,2}}){_YEAR}{_HOUR} au {_DAY} (\d{{1,2}}){_YEAR}{_HOUR}\b"
)
_ON_DAYS = re.compile(rf"(?:les? )?((?:{_DAY} (?:et |ou )?(?:les? )?)+){_MONTH}{_YEAR}{_HOUR}\b")
_ON_DAY_IN_DIGITS = re.compile(rf"le {_DAY} (\d{{1,2}}){_YEAR}{_HOUR}\b")
_MONTH_TO_MONTH = re.compile(rf"(?:de |d |entre ){_MONTH} (?:a|et) {_MONTH}{_YEAR}(?: inclus)?\b")
_IN_MONTH = re.compile(
    _ON + r"((?:(?:\d|deux|trois|quatre) )?"
    r"(?:premieres?|dernieres?|1re|1ere|2e|2eme|deuxieme|3e|3eme|troisieme|debut|mi|fin|\d) )?"
    r"(?:(?:semaines?|quinzaine) )?(?:de |d |du |en )?"
    rf"(?:(?:tout le |le )?mois (?:de |d ))?{_MONTH}{_YEAR}\b"
)
# What follows a period: the end, or another period, which does not carry the first one further.
_AND = re.compile(r" (?:(?:et|ou|ainsi que|puis) |(?!(?:a|au|aux|jusqu) ))|$")
_SUSPENDED = re.compile(
    r"\b(?:definitiv\w*|travaux|nouvel ordre|demenage\w*|temporaire\w*|provisoire\w*|suspendu\w*)\b"
)
_NTH = {
    **dict.fromkeys(("1er", "1ers", "premier", "premiers"), 1),
    **dict.fromkeys(("2e", "2es", "2eme", "2nd", "deuxieme", "deuxiemes", "second", "seconds"), 2),
    **dict.fromkeys(("3e", "3es", "3eme", "troisieme", "troisiemes"), 3),
    **dict.fromkeys(("4e", "4es", "4eme", "quatrieme", "quatriemes"), 4),
    **dict.fromkeys(("5e", "5es", "5eme", "cinquieme", "cinquiemes"), 5),
    **dict.fromkeys(("dernier", "derniers"), _LAST),
}
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_OPEN_ONLY = (
    r"(?:(?:accueil|ouvert|ouverte|ouverture|permanences?|du public|au public|physique) )*"
    r"(?:(?:uniquement|seulement|exclusivement) )?"
)
_BY_APPOINTMENT = r"(?: (?:uniquement )?(?:sur|avec) (?:rendez vous|rdv))?"
# « 2e et 4e samedis », « uniquement le 1er samedi du mois »; « ou » leaves a doubt.
_ORDINALS = re.compile(
    rf"{_OPEN_ONLY}(?:les? |chaque |tous les )?"
    rf"((?:{'|'.join(_NTH)})(?: (?:et )?(?:les? )?(?:{'|'.join(_NTH)}))*) ({'|'.join(_DAYS)})s?"
    rf"(?: (?:du|de chaque|de tous les|par|des) mois)?{_BY_APPOINTMENT}"
)
_PARITY = re.compile(
    rf"{_OPEN_ONLY}(?:(?:les? |tous les )?({'|'.join(_DAYS)})s? )?"
    r"(?:(?:les|des|en|pendant les|lors des|de) )?semaines? (im)?paires?"
    rf"{_BY_APPOINTMENT}"
)
_SENTENCE = re.compile(r"[.;!\n]+(?:\s|$)|\n")
_DASH = re.compile(r"[-\u2010-\u2015\u2212]")
_MORNING = re.compile(r"\b(?:le|les|du) matins?\b")
_AFTERNOON = re.compile(r"\b(?:l|les|d) apres midis?\b")
_HALF_ONLY = re.compile(
    r"\b(?:uniquement|seulement|exclusivement|que) (?:le |la |les |l )?(?:matin|apres midi)s?\b"
    r"|\b(?:matin|apres midi)s? (?:uniquement|seulement|exclusivement)\b"
)
_APPOINTMENT = re.compile(r"\b(?:rendez vous|rdv)\b")


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark as the source puts it, and what it leaves of the hours."""

    text: str
    understood: bool
    periods: tuple[Period, ...] = ()
    """When the office may be closed or keep other hours, of an understood remark."""
    closed_on_feasts: bool = False
    likely: bool = True
    """Whether the hours hold « en principe » outside the periods, understood or not."""
    ranks: frozenset[int] = frozenset()
    """Only on these days of the month: 2 for the second of its weekday, -1 for the last."""
    odd_weeks: bool | None = None
    """Only in weeks whose ISO number is odd, or even."""

    @property
    def selects(self) -> bool:
        """Whether the hours hold some weeks only."""
        return bool(self.ranks) or self.odd_weeks is not None

    def includes(self, day: date) -> bool:
        """Whether the hours hold that week at all."""
        if self.odd_weeks is not None and bool(day.isocalendar().week % 2) != self.odd_weeks:
            return False
        if not self.ranks:
            return True
        last = (day + timedelta(days=7)).month != day.month
        return (day.day - 1) // 7 + 1 in self.ranks or (last and _LAST in self.ranks)

    def spares(self, day: date) -> bool:
        """Whether no period of the remark holds that day."""
        on = (day.month, day.day)
        return not any(
            first <= on <= last if first <= last else on >= first or on <= last
            for first, last in self.periods
        )

    def trusts(self, day: date) -> bool:
        """Whether the hours of that day are certain."""
        return self.understood and self.spares(day)


@lru_cache(maxsize=4096)
def read_remark(remark: str, *, departement: str = "", jour: int | None = None) -> Remark:
    """What a remark says of the hours, in a département (« 974 »); whatever is unsure is doubt.

    ``jour``: the weekday of the range it goes with, 0 to 6; None for a remark on all of them.
    """
    text = remark.strip()
    if text.startswith(UNREADABLE):
        words = text.removeprefix(UNREADABLE) or "horaires absents de la source"
        return Remark(words, understood=False, likely=False)
    periods: list[Period] = []
    feasts = False
    chosen: list[_Chosen] = []
    for sentence in _SENTENCE.split(text):
        folded = fold(sentence)
        if not folded or _HARMLESS.fullmatch(folded):
            continue
        if selected := _selected(folded, jour):
            chosen.append(selected)
            continue
        read = _closures(
            folded,
            seasons=departement not in _ELSEWHERE,
            dashed=bool(_DASH.search(sentence)),
        )
        if read is None:
            return Remark(text, understood=False, likely=not _SUSPENDED.search(fold(text)))
        periods += [period for period in read if period is not None]
        feasts = feasts or None in read
    if len(chosen) > 1:  # « 1er samedi. Semaines paires. »: both, or either?
        return Remark(text, understood=False)
    ranks, odd_weeks = chosen[0] if chosen else (frozenset[int](), None)
    return Remark(text, True, tuple(periods), feasts, ranks=ranks, odd_weeks=odd_weeks)


def applying(comment: str, start: time) -> str:
    """The comment if it concerns a range that starts then: « … l'après-midi » spares mornings."""
    folded = fold(comment)
    if any(char.isdigit() for char in folded):  # « de 9 h à 11 h et les après-midi »
        return comment
    if _HALF_ONLY.search(folded) and not _APPOINTMENT.search(folded):
        return comment  # « ouvert uniquement l'après-midi » speaks of mornings too
    morning, afternoon = bool(_MORNING.search(folded)), bool(_AFTERNOON.search(folded))
    if morning == afternoon:
        return comment
    return comment if morning == (start < time(12)) else ""


def _selected(folded: str, jour: int | None) -> _Chosen | None:
    """Which weeks a sentence keeps, if it speaks of that weekday and of nothing else."""
    if match := _ORDINALS.fullmatch(folded):
        if jour is None or _DAYS.index(match[2]) != jour:
            return None
        return frozenset(_NTH[word] for word in match[1].split() if word in _NTH), None
    if match := _PARITY.fullmatch(folded):
        if match[1] and (jour is None or _DAYS.index(match[1]) != jour):
            return None
        return frozenset(), bool(match[2])
    return None


def _closures(folded: str, *, seasons: bool, dashed: bool) -> list[Period | None] | None:
    """The periods that a sentence names, public holidays as None; None unless all is understood.

    ``dashed``: the sentence held a dash, so two periods side by side may be the ends of one.
    """
    if folded in ("fermeture estivale", "conges estivaux"):
        return [_HOLIDAYS["ete"]] if seasons else None
    if not (match := _CLOSING.match(folded)):
        return None
    read: list[Period | None] = []
    at, joined = match.end(), False
    while at < len(folded):
        for end, period in _periods(folded, at, seasons=seasons):
            if following := _AND.match(folded, end):
                at = following.end()
                if joined and period and (before := read[-1]):
                    read.append((before[0], period[1]))
                else:
                    read.append(period)
                joined = dashed and not following[0].strip()
                break
        else:
            return None
    return read


def _periods(folded: str, at: int, *, seasons: bool) -> Iterator[tuple[int, Period | None]]:
    """What the words from there on may name, the longest reading first: its end, its period."""
    if match := _FEASTS.match(folded, at):
        yield match.end(), None
    if match := _FESTIVE_DAYS.match(folded, at):
        yield match.end(), _FESTIVE
    if (match := _FESTIVE_TIME.match(folded, at)) and (seasons or "noel" not in match[0]):
        yield match.end(), _HOLIDAYS["noel"]
    if seasons and (match := _SCHOOL.match(folded, at)):
        yield match.end(), _HOLIDAYS[match[1]]
    if seasons and (match := _SUMMER.match(folded, at)):
        yield match.end(), _HOLIDAYS["ete"]
    if match := _FROM_TO.match(folded, at):
        _, day, month, year, last_day, last_month, last_year = match.groups()
        yield from _dated(
            match.end(),
            (_MONTHS.index(month or last_month) + 1, int(day)),
            (_MONTHS.index(last_month) + 1, int(last_day)),
            year,
            last_year,
        )
    if match := _FROM_TO_IN_DIGITS.match(folded, at):
        day, month, year, last_day, last_month, last_year = match.groups()
        first, last = (int(month), int(day)), (int(last_month), int(last_day))
        yield from _dated(match.end(), first, last, year, last_year)
    if match := _MONTH_TO_MONTH.match(folded, at):
        first, last = ((_MONTHS.index(match[each]) + 1, 1) for each in (1, 2))
        yield match.end(), (first, (last[0], _MOST_DAYS))
    if match := _ON_DAYS.match(folded, at):
        month = _MONTHS.index(match[3]) + 1
        days = [int(day) for day in re.findall(r"\d+", match[1])]
        yield from _dated(match.end(), (month, min(days)), (month, max(days)), None, None)
    if match := _ON_DAY_IN_DIGITS.match(folded, at):
        on = (int(match[2]), int(match[1]))
        yield from _dated(match.end(), on, on, None, None)
    if match := _IN_MONTH.match(folded, at):
        yield match.end(), _month(_MONTHS.index(match[2]) + 1, overflow=bool(match[1]))


def _dated(
    end: int,
    first: tuple[int, int],
    last: tuple[int, int],
    year: str | None,
    last_year: str | None,
) -> Iterator[tuple[int, Period]]:
    """The period of two dates, unless they are not dates or years apart."""
    if not all(1 <= month <= 12 and 1 <= day <= _MOST_DAYS for month, day in (first, last)):
        return
    if year and last_year and int(last_year) - int(year) != (first > last):
        return
    yield end, (first, last)


def _month(month: int, *, overflow: bool) -> Period:
    if not overflow:
        return (month, 1), (month, _MOST_DAYS)
    before, after = (month - 2) % 12 + 1, month % 12 + 1
    return (before, _LATE), (after, _EARLY)
