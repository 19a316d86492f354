"""Numbers and dates as one says them, and as hurried hands type them."""

from __future__ import annotations

import random

_UNITS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    *("onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}


def say(number: int) -> str:
    """A number below two thousand five hundred, in French words with hyphens."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        head = "mille" if thousands == 1 else f"{say(thousands)} mille"
        return f"{head} {say(rest)}" if rest else head
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        head = "cent" if hundreds == 1 else f"{say(hundreds)} cent"
        return f"{head} {say(rest)}" if rest else head
    if number < 17:
        return _UNITS[number]
    if number < 20:
        return f"dix-{_UNITS[number - 10]}"
    if number >= 80:
        return f"quatre-vingt-{_UNITS[number - 80]}" if number < 97 and number > 80 else (
            "quatre-vingts" if number == 80 else f"quatre-vingt-dix-{_UNITS[number - 90]}"
        )  # fmt: skip
    if number >= 70:
        rest = number - 60
        tail = _UNITS[rest] if rest < 17 else f"dix-{_UNITS[rest - 10]}"
        return f"soixante et {tail}" if rest == 11 else f"soixante-{tail}"
    tens, unit = divmod(number, 10)
    if unit == 0:
        return _TENS[tens]
    return f"{_TENS[tens]} et un" if unit == 1 else f"{_TENS[tens]}-{_UNITS[unit]}"


def say_group(digits: str) -> str:
    """Digits as one number, its zeros first: « 063 » → « zéro soixante-trois »."""
    zeros = len(digits) - len(digits.lstrip("0"))
    rest = digits[zeros:]
    return " ".join(["zéro"] * zeros + ([say(int(rest))] if rest else []))


def dictate(draw: random.Random, groups: list[str]) -> str:
    """Groups of digits in words, one way or another."""
    way = draw.randrange(6)
    if way == 0:
        words = [_UNITS[int(digit)] for group in groups for digit in group]
        link = " "
    elif way == 1:
        words = [say_group(group) if draw.random() < 0.5 else group for group in groups]
        link = draw.choice([" ", " ", ", "])
    else:
        words = [say_group(group) for group in groups]
        link = [" ", ", ", " puis ", " ", " - "][way - 2 if way < 6 else 0]
    text = link.join(words)
    if draw.random() < 0.3:
        text = text.replace("é", "e").replace("-", " ")
    return text


_SLIPS = {
    "quarante": "quarente", "cinquante": "cinquente", "soixante": "soissante", "trente": "trante",
    "quatorze": "quatorse", "zéro": "zerro", "quatre": "quattre",
}  # fmt: skip


def slip(draw: random.Random, words: str) -> str:
    """Spoken numbers as a hurried hand leaves them: misspelt, or with nothing between."""
    if draw.random() < 0.5:
        return " ".join(
            word.replace("-", "") if draw.random() < 0.6 else word for word in words.split(" ")
        )
    for right, wrong in _SLIPS.items():
        if draw.random() < 0.6:
            words = words.replace(right, wrong)
    return words


def pace(draw: random.Random, groups: list[str]) -> str:
    """Groups of digits with the signs people put between them, not always the same."""
    way = draw.randrange(8)
    if way == 0:
        return "".join(groups)
    if way == 1:
        return (
            "".join(group + draw.choice([" ", ".", "-", "  ", ""]) for group in groups[:-1])
            + groups[-1]
        )
    return [" ", ".", "-", "\u00a0", " ", "/", " - "][way - 1 if way < 8 else 0].join(groups)


MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre"),
    *("octobre", "novembre", "décembre"),
)


def amount(draw: random.Random) -> str:
    """« 1 234,56 € », in the ways one writes it."""
    value = draw.choice(
        [draw.randrange(20, 999), draw.randrange(1000, 99_999), draw.randrange(100_000, 3_000_000)]
    )
    whole = f"{value:,}".replace(",", draw.choice([" ", "\u00a0", " ", ""]))
    cents = draw.choice(["", f",{draw.randrange(100):02d}"])
    return whole + cents + draw.choice([" €", " euros", "€", "\u00a0€"])


def date(draw: random.Random) -> str:
    """The date of a fact."""
    day, month, year = draw.randrange(1, 29), draw.randrange(1, 13), draw.randrange(1990, 2026)
    sign = draw.choice(["/", ".", "-"])
    return draw.choice(
        [
            f"{day:02d}{sign}{month:02d}{sign}{year}",
            f"{day} {MONTHS[month - 1]} {year}",
            f"{day:02d}/{month:02d}",
            f"{MONTHS[month - 1]} {year}",
            f"{day:02d}/{month:02d}/{year % 100:02d}",
        ]
    )
