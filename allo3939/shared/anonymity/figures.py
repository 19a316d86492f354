"""Numbers that belong to one person: telephone, social security, tax, card, account.

A number is looked for at each figure of a run (`runs`), the longest kinds first. A wrong key or a
digit too many does not clear a number: one that was misheard is somebody's all the same, and may be
the right one but for a slip of the hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from allo3939.shared.anonymity.constat import Constat, Genre, IsPublic
from allo3939.shared.anonymity.publics import LANDLINE, PUBLIC_NUMBER, is_told_as_public
from allo3939.shared.anonymity.reading import Reading
from allo3939.shared.anonymity.runs import Run, is_year, runs

# « son 06 c'est le 12 34 56 78 »
_HEAD_APART = re.compile(
    r"(?<![\d.,/\-])0[1-79] ?(?=[^\d]{0,25}[a-z:])[^\d.;!?\n]{1,25}?"
    r"(?<!\d)\d\d(?:[ .\-]\d\d){3}(?![\d/*]| ?[€%])"
)


def find(reading: Reading, is_public: IsPublic) -> Iterator[Constat]:
    """The personal numbers of a text."""
    for match in _HEAD_APART.finditer(reading.chiffres):
        national = re.sub(r"\D", "", match[0])
        if not is_public(national) and not is_told_as_public(reading.before(match.start(), 90)):
            yield Constat(Genre.TELEPHONE, *reading.span(*match.span()), False, _MISHEARD)
    for run in runs(reading):
        at = 0
        while at < len(run.figures):
            found = _at(run, at, reading, is_public)
            if found is None:
                at += 1
                continue
            end, genre, certain, reason = found
            if genre is not None:
                end = _with_the_rest(run, end)
                start, stop = run.figures[at].debut, run.figures[end - 1].fin
                yield Constat(genre, *reading.span(start, stop), certain, reason)
            at = end


def _with_the_rest(run: Run, end: int) -> int:
    """The place after the figures that signs tie to a number, too few to be another."""
    until = end
    while until < len(run.figures) and run.figures[until].serre and until not in run.simples:
        until += 1
    rest = "".join(figure.chiffres for figure in run.figures[end:until])
    return until if len(rest) < 9 else end


Found = tuple[int, Genre | None, bool, str]
"""The place after, the kind (None: not personal), whether certain, and why."""


def _at(run: Run, at: int, reading: Reading, is_public: IsPublic) -> Found | None:
    if at in run.simples and not run.figures[at].plus:
        return None
    if (end := _end_of_public(run, at, reading)) is not None:
        return end, None, False, ""
    return (
        _social_security(run, at, reading)
        or _card(run, at)
        or _tax(run, at, reading)
        or _telephone(run, at, reading, is_public)
        or _any_long(run, at, reading)
    )


# Telephone ----------------------------------------------------------------------------------------

_STARTED = re.compile(r"0[1-9]")
_FRENCH = re.compile(r"(?:00)?330?[1-9]")
_HEARD = "c'est un numéro de téléphone"
_MISHEARD = "c'est un numéro de téléphone, même mal noté"


def _telephone(run: Run, at: int, reading: Reading, is_public: IsPublic) -> Found | None:
    end = _end_of_telephone(run, at)
    if end is None:
        if (begun := _telephone_begun(run, at, reading)) is not None:
            return begun, Genre.TELEPHONE, False, "c'est le début d'un numéro de téléphone"
        return _telephone_without_zero(run, at, reading)
    digits = "".join(figure.chiffres for figure in run.figures[at:end])
    national = re.sub(r"^(?:00)?330?(?=[1-9]\d{7})", "0", digits)
    if national != digits and not (run.figures[at].plus or digits.startswith("00")):
        national = national if len(national) == 10 else digits
    if PUBLIC_NUMBER.match(national):
        return end, None, False, ""
    told = is_public(national)
    if told:
        return end, None, False, ""
    elsewhere = digits.startswith("00") or run.figures[at].plus
    if (LANDLINE.fullmatch(national) or elsewhere) and is_told_as_public(
        reading.before(run.figures[at].debut, 90)
    ):
        if told is None:
            return end, None, False, ""
        reason = (
            "l'annuaire ne connaît pas ce numéro\u00a0: est-ce bien celui d'un organisme\u00a0?"
        )
        return end, Genre.TELEPHONE, False, reason
    if len(national) == 10 or run.figures[at].plus or digits.startswith("00"):
        return end, Genre.TELEPHONE, True, _HEARD
    return end, Genre.TELEPHONE, len(national) >= 9, _MISHEARD


def _end_of_telephone(run: Run, at: int) -> int | None:
    """The place after a number that begins with its zero or its country."""
    figure = run.figures[at]
    first = "".join(each.chiffres for each in run.figures[at : at + 4])
    abroad = figure.plus or (first.startswith("00") and first[2:3] not in ("", "0"))
    if abroad:
        return _end_abroad(run, at)
    if not _STARTED.match(first):
        if figure.chiffres.startswith("33") and _FRENCH.match(first):
            for end, digits in run.joined(at):
                if len(digits) == 11 and digits[2] in "12345679":
                    return end
        return None
    if at in run.simples:
        return None
    last = None
    for end, digits in run.joined(at, whole=True):
        if end - 1 in run.simples and len(digits) != 10:
            break
        if len(digits) == 10:
            return end if _looks_dictated(run, at, end) else None
        if len(digits) > 12:
            break
        last = end, digits
    if last is None:
        return None
    end, digits = last
    pairs = [figure.chiffres for figure in run.figures[at:end]]
    if len(digits) in (9, 11, 12) and (end == at + 1 or _looks_dictated(run, at, end)):
        return end
    in_pairs = len(digits) == 8 and all(len(pair) == 2 for pair in pairs)
    return end if in_pairs and digits[1] in "67" and run.tight_from(at) == end else None


def _end_abroad(run: Run, at: int) -> int | None:
    best = None
    for end, digits in run.joined(at, whole=run.figures[at].plus):
        size = len(digits.removeprefix("00"))
        figure = run.figures[end - 1]
        if size > 15 or (end - 1 > at and not figure.serre and (size > 12 or "." in figure.ecart)):
            break
        if size >= 8:
            best = end
        if digits.removeprefix("00").startswith("33") and size >= 11 + (digits[2:3] == "0"):
            break
    return best


def _looks_dictated(run: Run, at: int, end: int) -> bool:
    """Whether the figures are cut as a telephone number is, not as codes or a list."""
    figures = run.figures[at:end]
    sizes = [len(figure.chiffres) for figure in figures]
    if len(figures) > 1 and min(sizes) >= 5:
        return False
    if not all(figure.serre for figure in figures[1:]) and any(
        is_year(figure.chiffres) for figure in figures
    ):
        return False
    listed = [figure for figure in figures[1:] if "," in figure.ecart or ";" in figure.ecart]
    if not listed:
        return True
    numbers = [int(figure.chiffres) for figure in run.figures]
    goes_on = len(run.figures) > end and "," in run.figures[end].ecart
    return not (goes_on and numbers == sorted(numbers))


_CALLED = re.compile(r"\b(?:tel\w*|portable|mobile|numero|rappel\w*|joi[gn]\w*|sms|fixe|gsm)\b")


_BEGUN = re.compile(
    r"\b(?:tel|telephone|portable|mobile|numero|num|fixe|gsm|port|sms)\b(?! de )"
    r"(?!.*\ble $)[^\d]{0,25}$"
)
_UNFINISHED = re.compile(
    r"[ ,.(…?]{1,4}(?:et )?(?:la |pas |puis )?(?:suite|incomplet|inaudible|manque|coupe|illisible|"
    r"fin|reste)\b"
)


def _telephone_begun(run: Run, at: int, reading: Reading) -> int | None:
    """The place after the pairs of a number not heard to its end: « portable 06 12 34 »."""
    end = run.tight_from(at)
    pairs = [figure.chiffres for figure in run.figures[at:end]]
    if at or run.simples or len(run.figures) != end or not 3 <= len(pairs) <= 4:
        return None
    if any(len(pair) != 2 for pair in pairs) or not re.match("0[1-79]", pairs[0]):
        return None
    asked = _BEGUN.search(reading.before(run.figures[0].debut, 40))
    unfinished = _UNFINISHED.match(reading.after(run.figures[-1].fin, 30))
    return end if asked or unfinished else None


_PUBLIC_CUTS = ([10], [2, 2, 2, 2, 2], [1, 3, 2, 2, 2], [1, 3, 3, 3], [4, 3, 3], [4, 2, 2, 2])


def _end_of_public(run: Run, at: int, reading: Reading) -> int | None:
    """The place after a number of the 08, cut as these are."""
    if _FISCAL.search(reading.before(run.figures[at].debut, 50)):
        return None
    for end, digits in run.joined(at):
        if len(digits) == 10:
            sizes = [len(figure.chiffres) for figure in run.figures[at:end]]
            told = PUBLIC_NUMBER.match(digits) and sizes in _PUBLIC_CUTS
            # « 0 970 809 809 », « 0970 809 809 »: nobody cuts a number of one's own so.
            grouped = digits.startswith("09") and (sizes[:2] == [1, 3] or sizes == [4, 3, 3])
            return end if told or grouped else None
    return None


def _telephone_without_zero(run: Run, at: int, reading: Reading) -> Found | None:
    if run.simples & set(range(at, at + 5)):
        return None
    figures = run.figures[at : at + 5]
    sizes = [len(figure.chiffres) for figure in figures]
    asked = _CALLED.search(reading.before(figures[0].debut, 40))
    if sizes == [1, 2, 2, 2, 2]:
        if figures[0].chiffres in ("67" if not asked else "12345679"):
            return at + 5, Genre.TELEPHONE, bool(asked), _MISHEARD
    elif sizes[:4] == [1, 3, 3, 4] and figures[0].chiffres == "1" and run.tight_from(at) == at + 4:
        return at + 4, Genre.TELEPHONE, False, _HEARD  # of North America
    elif sizes[:3] == [3, 3, 3] and figures[0].chiffres[0] in "67" and len(run.figures) == at + 3:
        return at + 3, Genre.TELEPHONE, False, _MISHEARD
    return None


# Social security, tax, card -----------------------------------------------------------------------

_NIR = re.compile(r"[123478]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)\d{8}(?:\d\d)?")
_NIR_BEGUN = re.compile(r"[12]\d\d(?:0[1-9]|1[0-2])(?:\d\d)(?:\d{3,6}\d*)")
_SECU = re.compile(
    r"\b(?:secu\w*(?: sociale)?|nir|nss|n°ss|insee|immatricul\w+|carte vitale|vitale)\b"
    r"[^\d;!?]{0,40}$"
)
_SECU_AFTER = re.compile(r"[^\d;!?\n]{0,45}\b(?:secu\w*|nir|nss|vitale)\b")


def nir_key(digits: str) -> int:
    """The key of the 13 digits of a social security number, Corsica already in digits."""
    return 97 - int(digits[:13]) % 97


def _social_security(run: Run, at: int, reading: Reading) -> Found | None:
    head = run.figures[at].chiffres
    if at in run.annees or _FISCAL.search(reading.before(run.figures[at].debut, 50)):
        return None
    asked = _SECU.search(reading.before(run.figures[at].debut, 60))
    if not asked and any(
        _end_of_public(run, place, reading)
        for place in range(at + 1, min(at + 4, len(run.figures)))
    ):
        return None  # « 138 - 0 800 05 95 95 »
    after = _SECU_AFTER.match(reading.after(run.figures[-1].fin, 60))
    shape = [len(figure.chiffres) for figure in run.figures[at : at + 5]]
    cut = (len(head) == 1 and shape[1:4] == [2, 2, 2]) or len(head) in (12, 13, 14, 15)
    best: Found | None = None
    for end, digits in run.joined(at):
        if len(digits) > 16:
            break
        tight = all(figure.serre for figure in run.figures[at + 1 : end])
        in_threes = [len(figure.chiffres) for figure in run.figures[at:end]].count(3) == 2
        tied = tight or (cut and in_threes and digits[0] in "12")
        if len(digits) in (13, 15) and _NIR.fullmatch(digits) and (tied or asked):
            good = len(digits) == 15 and nir_key(digits) == int(digits[13:])
            reason = "c'est un numéro de sécurité sociale"
            if len(digits) == 15 and not good:
                reason += ", même si sa clé n'est pas la bonne"
            best = end, Genre.NIR, True, reason
        elif _NIR_BEGUN.fullmatch(digits) and 10 <= len(digits) <= 16 and best is None:
            if asked or (cut and len(head) == 1):
                best = end, Genre.NIR, True, "c'est un numéro de sécurité sociale, même mal noté"
        elif best and best[3].endswith("mal noté"):
            best = (end, *best[1:]) if len(digits) <= 15 else best
        elif (asked or after) and cut and len(digits) == 7 and len(run.figures) == end:
            best = end, Genre.NIR, False, "c'est le début d'un numéro de sécurité sociale"
    return best


def luhn(digits: str) -> bool:
    """Whether the digits hold the check digit of bank cards, SIREN and SIRET."""
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + rank % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _card(run: Run, at: int) -> Found | None:
    for end, digits in run.joined(at):
        groups = [figure.chiffres for figure in run.figures[at:end]]
        if len(digits) > 16 or not all(figure.serre for figure in run.figures[at + 1 : end]):
            break
        fours = len(groups) == 4 and [len(group) for group in groups[:3]] == [4, 4, 4]
        amex = [len(group) for group in groups] == [4, 6, 5]
        whole = len(groups) == 1 and len(digits) == 16
        if digits[0] in "23456" and len(digits) >= 15 and (fours or amex or whole):
            if len(run.figures) > end and run.figures[end].serre:
                break  # an account number goes on
            reason = "c'est un numéro de carte bancaire"
            return end, Genre.COMPTE, True, reason + ("" if luhn(digits) else ", même mal noté")
    return None


_FISCAL = re.compile(r"\b(?:fiscale?|spi|avis)\b[^\d;!?]{0,40}$")


def _tax(run: Run, at: int, reading: Reading) -> Found | None:
    asked = _FISCAL.search(reading.before(run.figures[at].debut, 50))
    for end, digits in run.joined(at):
        sizes = [len(figure.chiffres) for figure in run.figures[at:end]]
        tight = all(figure.serre for figure in run.figures[at + 1 : end])
        if len(digits) > 14 or not (tight or asked):
            break
        if asked and len(digits) in (12, 13, 14) and end == len(run.figures):
            reason = "c'est un numéro fiscal"
            return (
                end,
                Genre.FISCAL,
                True,
                reason + ("" if len(digits) == 13 else ", même mal noté"),
            )
        cut = len(sizes) < 6 and max(sizes[1:], default=0) <= 7
        if len(digits) == 13 and digits[0] in "0123" and cut:
            return end, Genre.FISCAL, True, "c'est un numéro fiscal ou de sécurité sociale"
    return None


_LABELLED_CODE = re.compile(r"[a-z]{3,}$")


def _any_long(run: Run, at: int, reading: Reading) -> Found | None:
    """Digits too many to be an amount, a code or a date, whatever they number."""
    figure = run.figures[at]
    if len(figure.chiffres) >= 9 and re.search(r"\d[a-z]$", reading.before(figure.debut, 2)):
        return None  # « 6A12345678901 », of a registered letter
    if len(figure.chiffres) >= 9:
        if (
            _LABELLED_CODE.search(reading.before(figure.debut, 12))
            or reading.before(figure.debut, 1) == "w"
        ):
            return None  # « JORFTEXT000006070721 »
        sure = len(figure.chiffres) in (10, 13, 15, 16)
        return at + 1, Genre.NUMERO, sure, "un numéro si long désigne une personne ou son dossier"
    end = run.tight_from(at)
    for place in range(at, end):
        if place in run.simples | run.annees:
            end = place
            break
    figures = run.figures[at:end]
    digits = "".join(each.chiffres for each in figures)
    one_by_one = len(figures) == len(digits) >= 9
    if one_by_one or (
        len(digits) >= 12 and len(figures) >= 3 and not all(is_year(f.chiffres) for f in figures)
    ):
        return end, Genre.NUMERO, False, "un numéro si long désigne une personne ou son dossier"
    return None
