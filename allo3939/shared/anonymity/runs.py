"""The figures of a text as runs that may be one number, and those that are no number of anybody's.

A run: figures with only small signs between them, or a few words that one says while dictating.
Dates, hours, amounts, lists of articles or of postcodes are set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from allo3939.shared.anonymity.reading import Reading

_FIGURES = re.compile(r"\d+")
_TIGHT = re.compile(r"[ .\-_/\\|·•():'?]{1,5}|x")
_SAID = (
    r"puis|et|euh|heu|hum|ensuite|apres|alors|tiret|espace|point|slash|barre|virgule|plus loin|non|"
    r"pardon|enfin|je crois|je pense|pas surs?|peut[- ]etre|suivi de|la suite|de la suite|donc|"
    r"attend[sz]?|finit par|encore"
)
_LOOSE = re.compile(rf"[ ,.\-\n…]{{0,4}}(?:(?:{_SAID})[ ,.\-\n…]{{1,4}}){{0,3}}")
_PLUS = re.compile(r"(?:\+|(?<![^\W_])plus) ?\(?$")
_GAP_MAX = 30

_UNIT = re.compile(
    r"[  ]?(?:€|%|°|£|\$|k€|m€|(?:eur|euros?|francs?|centimes?|ans?|mois|jours?|semaines?|heures?|"
    r"h|min|minutes?|m2|m²|km|kg|cm|mm|g|l|kwh|personnes?|habitants?|parts?|enfants?|trimestres?|"
    r"points?|pts?|millions?|milliards?|fois|salaries?|logements?|lots?|places?|anciens|eme|e|er|"
    r"ares?|hectares?|ha|pieces?|annees?|milliers?|dossiers?|demandes?|cv|ch)(?![^\W_]))"
)
_LISTED = re.compile(
    r"(?:\b(?:articles?|art|alineas?|cerfas?|formulaires?|departements?|depts?|dpts?|deps?|codes? "
    r"postaux|code postal|cp|codes? insee|lois?|decrets?|ordonnances?|pourvois?|arretes?|annees?|"
    r"exercices?|baremes?|tranches?|rcs|tva|isbn|legifrance)\b|n° de loi)"
    r"[ .:]{0,3}(?:n°|no|nos|num|numeros?)?[ .:]{0,3}$"
)
_COMPANY = re.compile(
    r"\b(?:siret|siren|rcs|kbis|agrement|sap|nda|naf|tva|rna|finess|uai|rne)\b"
    r"[^\d.;]{0,40}(?:fr ?\d\d )?$"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """Digits written together."""

    debut: int
    fin: int
    chiffres: str
    serre: bool
    """Only signs stand between it and the one before."""
    ecart: str
    """What stands between it and the one before."""
    plus: bool


@dataclass
class Run:
    """Figures that may be one number."""

    figures: list[Figure]
    simples: set[int] = field(default_factory=set)
    """Places of those that are dates, hours, amounts, codes."""
    annees: set[int] = field(default_factory=set)
    """Places of those that may be years."""

    def joined(self, at: int, *, whole: bool = False) -> Iterator[tuple[int, str]]:
        """The digits from a figure on, at each end of a figure: (place after, digits).

        Up to the first that is set aside, unless `whole`.
        """
        digits = ""
        for place in range(at, len(self.figures)):
            if place in self.simples and place > at and not whole:
                return
            digits += self.figures[place].chiffres
            yield place + 1, digits

    def tight_from(self, at: int) -> int:
        """The place after the last figure that only signs tie to this one."""
        end = at + 1
        while end < len(self.figures) and self.figures[end].serre:
            end += 1
        return end


def runs(reading: Reading) -> list[Run]:
    """The runs of a text."""
    text = reading.chiffres
    found: list[Run] = []
    last = None
    for match in _FIGURES.finditer(text):
        start, end = match.span()
        gap = text[last:start] if last is not None and start - last <= _GAP_MAX else "|x|"
        plus = bool(_PLUS.search(text[max(0, start - 7) : start]))
        tight = bool(_TIGHT.fullmatch(gap)) and not re.search(r"[.:] ", gap)
        goes_on = tight or bool(_LOOSE.fullmatch(gap)) or re.fullmatch(r"[.:] ", gap)
        figure = Figure(start, end, match[0], tight, gap, plus)
        if goes_on and not plus and found:
            found[-1].figures.append(figure)
        else:
            found.append(Run([figure]))
        last = end
    for run in found:
        _set_aside(run, reading)
    return found


def _set_aside(run: Run, reading: Reading) -> None:
    figures = run.figures
    lengths = [len(figure.chiffres) for figure in figures]
    listed = _LISTED.search(reading.before(figures[0].debut, 40))
    if (lengths.count(5) == len(lengths) and len(lengths) > 1) or listed:
        run.simples.update(range(len(figures)))
    for at in range(len(figures)):
        _set_date_aside(run, at)
        _set_day_aside(run, at)
        _set_hour_aside(run, at)
        if "*" in (reading.after(figures[at].fin, 1), reading.before(figures[at].debut, 1)):
            run.simples.add(at)
        if _UNIT.match(reading.chiffres, figures[at].fin) and not _is_in_pairs(run, at):
            run.simples.update(_amount_ending(run, at))
        if is_year(figures[at].chiffres) and _all_years_around(run, at):
            run.annees.add(at)
    _set_amounts_aside(run)
    _set_company_aside(run, reading)


def is_year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in ("19", "20")


def _all_years_around(run: Run, at: int) -> bool:
    """A year is one beside other years, amounts or dates; not within a card's four groups."""
    groups = [figure.chiffres for figure in run.figures]
    return not (len(groups) >= 4 and sum(len(group) == 4 for group in groups) >= 3) or all(
        map(is_year, groups)
    )


def _is_in_pairs(run: Run, at: int) -> bool:
    """Whether the figure ends a telephone number: a unit after it is then by chance."""
    last = run.figures[max(0, at - 4) : at + 1]
    return (
        len(last) == 5
        and all(len(figure.chiffres) == 2 for figure in last)
        and last[0].chiffres[0] == "0"
        and all(figure.serre for figure in last[1:])
    )


def _set_day_aside(run: Run, at: int) -> None:
    """« 28/04 »: a day without its year."""
    if at + 1 >= len(run.figures) or run.figures[at + 1].ecart != "/":
        return
    around = [run.figures[at].ecart] + [each.ecart for each in run.figures[at + 2 : at + 3]]
    day, month = run.figures[at].chiffres, run.figures[at + 1].chiffres
    if "/" not in around and len(day) == len(month) == 2 and int(day) < 32 and int(month) < 13:
        run.simples.update((at, at + 1))


def _set_date_aside(run: Run, at: int) -> None:
    figures = run.figures[at : at + 3]
    if len(figures) < 3 or not (figures[1].serre and figures[2].serre):
        return
    first, second, third = (figure.chiffres for figure in figures)
    numbers = [int(first[:5]), int(second[:5]), int(third[:5])]
    before = run.figures[at].serre and run.figures[at].ecart == figures[1].ecart
    following = run.figures[at + 3] if at + 3 < len(run.figures) else None
    same_sign = following is not None and following.ecart == figures[2].ecart
    slashes = figures[1].ecart.strip() == figures[2].ecart.strip() != ""
    if len(first) <= 2 and len(second) <= 2 and 1 <= numbers[0] <= 31 and 1 <= numbers[1] <= 12:
        if is_year(third) or (
            len(third) == 2
            and slashes
            and not (before and at)
            and not (same_sign and following is not None and following.serre)
        ):
            run.simples.update((at, at + 1, at + 2))
    elif is_year(first) and len(second) == len(third) == 2 and 1 <= numbers[1] <= 12:
        run.simples.update((at, at + 1, at + 2))


def _set_hour_aside(run: Run, at: int) -> None:
    if at + 1 >= len(run.figures) or run.figures[at + 1].ecart != ":":
        return
    third = run.figures[at + 2] if at + 2 < len(run.figures) else None
    hour, minute = run.figures[at].chiffres, run.figures[at + 1].chiffres
    if third is not None and third.ecart == ":" and at + 3 < len(run.figures):
        return
    if len(hour) <= 2 and len(minute) == 2 and int(hour) < 25 and int(minute) < 60:
        run.simples.update((at, at + 1))


def _amount_ending(run: Run, at: int) -> range:
    """The figures of the amount that ends here: « 1 234,56 »."""
    figures, first = run.figures, at
    if first and figures[first].ecart in (",", ".") and len(figures[first].chiffres) <= 2:
        first -= 1
    while (
        first
        and figures[first].ecart in (" ", ".", "'")
        and len(figures[first].chiffres) == 3
        and len(figures[first - 1].chiffres) <= 3
    ):
        first -= 1
    return range(first, at + 1)


def _set_amounts_aside(run: Run) -> None:
    """Several amounts in a row without their unit: « 1 200 1 300 1 400 », « 11 497 / 29 315 »."""
    parts: list[list[int]] = []
    for at, figure in enumerate(run.figures):
        if at in run.simples:
            continue
        goes_on = figure.ecart in (" ", ".") and len(figure.chiffres) == 3
        if parts and goes_on and parts[-1][-1] == at - 1:
            parts[-1].append(at)
        else:
            parts.append([at])
    grouped = [
        len(part) > 1 and len(run.figures[part[0]].chiffres) <= 3
        and run.figures[part[0]].chiffres[0] != "0"
        for part in parts
    ]  # fmt: skip
    if len(parts) > 1 and all(grouped):
        run.simples.update(at for part in parts for at in part)


def _set_company_aside(run: Run, reading: Reading) -> None:
    if not _COMPANY.search(reading.before(run.figures[0].debut, 60)):
        return
    for end, digits in run.joined(0, whole=True):
        if len(digits) >= 9:
            run.simples.update(range(end))
        if len(digits) >= 14:
            break
