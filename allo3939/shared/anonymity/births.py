"""Dates of birth; not the dates of facts, nor the generations that a rule names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from allo3939.shared.anonymity.constat import Constat, Genre
from allo3939.shared.anonymity.reading import Reading

MONTHS = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|janv|fevr|"
    "fev|avr|juil|sept|oct|nov|dec|january|february|march|april|may|june|july|august|september|"
    "october|november|december"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_SIGN = r"(?: ?[/.\-–_] ?| (?:du )?)"
_YEAR = r"(?:(?:de )?(?:l'annee |l'an )?(?:19\d\d|20[0-3]\d|\d\d))"
DATE = (
    rf"(?:(?P<chiffres>{_DAY}{_SIGN}(?:0?[1-9]|1[0-2]){_SIGN}(?:19\d\d|20[0-3]\d|\d\d)(?!\d))"
    r"|(?P<inverse>(?:19|20)\d\d(?P<entre>[ /.\-]?)(?:0[1-9]|1[0-2])(?P=entre)"
    r"(?:0[1-9]|[12]\d|3[01])(?!\d))"
    r"|(?P<colle>(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)\d\d|\d\d)(?!\d))"
    rf"|(?P<lettres>(?:{_DAY} et )?(?:{_DAY}(?:er|e)?|premier|un|1 ?er)[ .\-]?"
    rf"(?:du mois de |de |du )?(?:{MONTHS})(?![^\W\d_])\.?"
    rf"(?:[ ,.\-]{{0,2}}{_YEAR}(?!\d)(?! ?(?:h|ans|mois|jours|€)\b))?)"
    rf"|(?P<annee>(?:en )?(?:19\d\d|20[0-3]\d|\d\d),? le {_DAY}(?:er)? (?:{MONTHS})\b)"
    rf"|(?P<mois>(?:(?:mois de )?(?:{MONTHS})\b\.?|(?:0[1-9]|1[0-2])/)[ ,]{{0,2}}{_YEAR}(?!\d)))"
)
_BORN = re.compile(
    r"(?<![^\W_])(?<!')(?P<ne>n(?:ee|e ?\(e\)|e|ees|es))(?![^\W_])"
    rf"(?P<mots>(?:[^\d.;!?\n]|\(\d\d\d?\)|(?<=tous )2|(?<=toutes )2){{0,45}}?"
    rf"(?:\b1 )?)\b{DATE}"  # « née un 14 juillet » is read « 1 14 »
)
_LABEL = re.compile(
    r"(?<![^\W_])(?P<label>(?:d(?:ates?|ats?|te?|d)?\.? ?)?(?:et lieu )?(?:de ?)?"
    r"nai(?:s\w{0,2}an?ce|ss?|ssa)?|d\.? ?d\.? ?n|d[./]? ?n|d(?:ate)?\.? (?:de )?n|dob|born|"
    r"n(?=[ .:]{1,2}(?:le )?\d)|naquit|nait|naissait|vu le jour|venue? au monde|"
    r"(?:fete\w*|fetait|aura|auras|a eu|a|avait|atteint|atteindra) (?:ses |les )?\d{1,3} ans|"
    r"anniversaire|anniv|natif|native)(?![^\W_])"
    r"(?P<mots>(?:[ :=,.()\-\"«]|\ble\b|\bdu\b|\bun\b|\b1\b|\best\b|c'est|\bau\b|"
    r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b|"
    r"\bde l'enfant\b|\benfant\b|\bde\b|\bdu\b|\bfils\b|\bfille\b|\bmari\b|\bd'origine\b|\ben\b|"
    rf"\bmonsieur\b|\bmadame\b|\ba [a-z-]{{2,30}}\b){{0,8}}?)(?<![^\W_]){DATE}"
)
# « date de naissance erronée : 12/01/1960 »
_LABEL_FAR = re.compile(
    r"(?<![^\W_])(?:dates? de naiss\w*|date naiss\w*|ddn)(?![^\W_])"
    rf"(?P<mots>[^\d.;!?\n]{{0,35}}?)(?<![^\W_]){DATE}"
)
# « 12 mars 1985, née à Paris », « (14/07/1976) date de naissance »; « le 12 mars » is of a fact.
_REVERSED = re.compile(
    rf"(?<![^\W_])(?<!le )(?<!du )(?<!au )(?<!depuis )(?<![/.\-]){DATE}"
    r"(?=[ ,():]{1,3}(?:nee? a |date de naissance|naissance|ddn\b))"
)
# « elle est du 6 novembre 1961 »; a letter may be of 2024.
_IS_OF = re.compile(
    r"\b(?:il|elle|usagere?|appelante?|monsieur|madame|mme|mr|fils|fille|mari|femme|pere|mere) "
    rf"est (?:du|de)(?P<mots> )"
    rf"(?=[^\d]{{0,3}}\d{{1,2}}[^\d]{{1,12}}(?:\d\d?[^\d])?(?:19\d\d|200\d)\b){DATE}"
)
# « mme (19/08/1953) », « usager, 04.02.61 »
_IN_BRACKETS = re.compile(
    r"\b(?:mme|mr|m\.?|mlle|monsieur|madame|usagere?|appelante?|demandeu(?:r|se)) ?"
    rf"(?:\( ?|, |(?= ?[\d/.\- ]{{3,8}}(?:19\d\d|200\d)\b) ?){DATE}"
)
# « sa fille : 12/03/2012 », « son fils du 6 juin 2012 »
_OF_KIN = re.compile(
    r"\b(?:fils|fille|enfant|bebe|mari|femme|epou[xs]e?|conjointe?|mere|pere|frere|soeur|garcon) ?"
    rf"(?:: ?|\( ?|du ){DATE}(?= ?(?:[,.;)]|$))"
)
# « né le 12/3 », « née en 72 à Oran », « née au Maroc en 1972 »: a part of the date.
_PARTLY = re.compile(
    r"(?<![^\W_])(?<!')(?P<ne>nee?)(?:\(e\))? (?:"
    r"(?:le )?(?P<jour>(?:0?[1-9]|[12]\d|3[01])[/.](?:0?[1-9]|1[0-2]))(?![\d/.])"
    r"|(?:en )?(?P<an>(?:19\d\d|20[0-3]\d|[3-9]\d)) (?:a|au|en) [a-z-]{3,}"
    r"|(?:a|au|en) [a-z-]{3,30},? en (?P<en>(?:19\d\d|20[0-3]\d|[3-9]\d)))(?!\d)"
)
_CLASS = re.compile(
    r"\b(?:avant|apres|depuis|partir|entre|jusqu\w*|compter|tard|posterieur\w*|anterieur\w*)\b"
)
_PART_OF_YEAR = re.compile(r"\b(?:courant|debut|fin)\b")
_EVENT = re.compile(
    r"\b(?:divorc\w*|mari[ea]\w*|decede\w*|deces|mort\w*|arriv\w*|arret\w*|entree?|pacs\w*|separ\w*|demand\w*|depos\w*|"
    r"obt\w*|jugement|convoqu\w*|rendez|rdv|licenci\w*|embauch\w*|accident|retrait\w*|perdu\w*|vole|"
    r"expir\w*|recu\w*|envoy\w*|prevu\w*|terme|versee?|modifi\w*|delivr\w*|depuis|dispose|pas|plus|sait|"
    r"jamais|ouvert\w*|refus\w*|saisi\w*|signe\w*|rectifi\w*|valable|erron\w*)\b"
)
_FOLLOWING_CLASS = re.compile(r" ?,? ?(?:ou|et) (?:apres|avant|plus tard|ulterieurement|anterieur)")
_RULE_BEFORE = re.compile(
    r"(?:\b(?:si|quand|lorsqu\w*|assures?|personnes|generations?|ceux|celles|tous|toute|tout)\b"
    r"[^.;]{0,25}|conge |prime |prime a la |prime de |conge de )$"
)


def find(reading: Reading) -> Iterator[Constat]:
    """The dates of birth of a text."""
    for match in _BORN.finditer(reading.chiffres):
        if _is_born(match, reading) and not _is_of_all(match, reading):
            yield _constat(match, reading)
    for match in _REVERSED.finditer(reading.chiffres):
        if match["mois"] is None:
            yield _constat(match, reading)
    for match in _IN_BRACKETS.finditer(reading.chiffres):
        if match["chiffres"] or match["inverse"]:
            reason = "une date tout de suite après une personne est souvent celle de la naissance"
            span = reading.span(*match.span("chiffres" if match["chiffres"] else "inverse"))
            yield Constat(Genre.NAISSANCE, *span, False, reason)
    for match in _PARTLY.finditer(reading.chiffres):
        start = reading.place(match.start("ne"))
        accented = "é" in reading.texte[start : start + 3].lower()
        if (accented or match["ne"] == "nee") and not _RULE_BEFORE.search(
            reading.before(match.start(), 40)
        ):
            group = next(name for name in ("jour", "an", "en") if match[name])
            reason = "c'est une date de naissance incomplète"
            yield Constat(Genre.NAISSANCE, *reading.span(*match.span(group)), False, reason)
    for match in _OF_KIN.finditer(reading.chiffres):
        group = next((name for name in ("chiffres", "inverse", "lettres") if match[name]), "")
        if group and re.search(r"\d\d$", match[group]):
            reason = "une date qui suit un proche est souvent celle de sa naissance"
            yield Constat(Genre.NAISSANCE, *reading.span(*match.span(group)), False, reason)
    for label in (_LABEL, _LABEL_FAR, _IS_OF):
        for match in label.finditer(reading.chiffres):
            _, comma, last = match["mots"].rpartition(",")
            if comma and _EVENT.search(last):
                continue  # « date de naissance fausse, divorcés le 21/03/2004 »
            if not _is_of_all(match, reading):
                yield _constat(match, reading)


def find_beside_names(reading: Reading, names: list[Constat]) -> Iterator[Constat]:
    """Bare dates that follow a name at once: « DURAND Sylvie, 12.03.85 à Lyon »."""
    ends = [name.fin for name in names if name.genre == Genre.NOM]
    if not ends:
        return
    for match in re.finditer(rf"(?<![^\W_])(?<![/.\-]){DATE}", reading.chiffres):
        start, _ = reading.span(*match.span())
        between = [reading.plie[end:start] for end in ends if end <= start <= end + 4]
        if match["mois"] is None and any(re.fullmatch(r"[ ,(\-]{0,4}", gap) for gap in between):
            reason = "une date tout de suite après un nom est souvent celle de la naissance"
            yield Constat(Genre.NAISSANCE, *reading.span(*match.span()), False, reason)


def _is_born(match: re.Match[str], reading: Reading) -> bool:
    """« né », not the « ne » of a negation: by its accent, or by the date that follows at once."""
    word, middle = match["ne"], match["mots"]
    if _EVENT.search(middle):
        return False
    start = reading.place(match.start("ne"))
    accented = "é" in reading.texte[start : start + len(word)].lower()
    if accented or word != "ne":
        return word != "es" or accented
    return bool(re.fullmatch(r"[ :,]{1,3}(?:le |un |en )?(?:a [\w-]+ (?:le )?)?", middle))


def _is_of_all(match: re.Match[str], reading: Reading) -> bool:
    """Whether the date is one that a rule gives for everybody."""
    if _CLASS.search(match["mots"]) or _FOLLOWING_CLASS.match(reading.chiffres, match.end()):
        return True
    one = "ne" in match.re.groupindex and match["ne"] not in ("nes", "nees")
    if not one and _PART_OF_YEAR.search(match["mots"]):
        return True
    before = reading.before(match.start(), 40)
    if _RULE_BEFORE.search(before):
        return True
    plural = "ne" in match.re.groupindex and match["ne"] in ("nes", "nees")
    return plural and (match["mois"] is not None or bool(re.search(r"\b(?:les|des)\b", before)))


def _constat(match: re.Match[str], reading: Reading) -> Constat:
    group = next(
        name for name in ("chiffres", "inverse", "colle", "lettres", "annee", "mois") if match[name]
    )
    whole = group in ("chiffres", "inverse", "colle", "annee") or bool(
        group == "lettres" and re.search(r"\d\d$", match[group])
    )
    reason = "c'est une date de naissance" if whole else "c'est une date de naissance incomplète"
    return Constat(Genre.NAISSANCE, *reading.span(*match.span(group)), whole, reason)
