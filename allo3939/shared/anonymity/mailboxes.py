"""E-mail addresses, written or spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from allo3939.shared.anonymity.constat import Constat, Genre, IsPublic
from allo3939.shared.anonymity.lists import lists
from allo3939.shared.anonymity.publics import is_public_mailbox
from allo3939.shared.anonymity.reading import Reading

_POINT_SAID = r"(?:\bpoint\b|\bdot\b|[\[({] ?(?:point|dot|\.) ?[\])}])"
_POINT = rf"(?:\.|{_POINT_SAID})"
_SIGN = re.compile(
    r"(?P<fort>@|[\[({] ?(?:at|arobase|a|@) ?[\])}]|"
    r"\b(?:a+r+r?ob+a[sz]e?|a robase|arobasse|a commercial)\b)"
    r"|(?P<faible>\bat\b|\bchez\b)|(?P<dit>\b(?:au?|sur)\b)"
)
_DASH_SAID = r"\btirets?(?: (?:du (?:6|six|haut|milieu)))?\b"
_DASH = rf"(?:-|{_DASH_SAID})"
_UNDER = r"(?:_|\b(?:underscore|tirets? (?:du )?(?:bas|8|huit)|souligne)\b)"
_DOMAIN = re.compile(
    r" {0,2}((?:la poste|club internet|proton mail|[a-z0-9]{1,40})"
    rf"(?:[ ]?{_DASH}[ ]?[a-z0-9]{{1,30}}){{0,4}}"
    rf"(?:(?:\.|[ ]\.[ ]|[ ]?{_POINT_SAID}[ ]?)[a-z0-9]{{1,30}}"
    r"(?:-[a-z0-9]{1,30}){0,3}){0,4})"
)
_LOCAL = re.compile(
    r"[\w+']{1,64}"
    rf"(?:(?:[.\-+]{{1,2}}| ?(?:{_POINT_SAID}|{_UNDER}|{_DASH_SAID}|\bplus\b) ?)"
    r"[\w+']{1,64}){0,8} {0,2}$"
)
_MADE_UP = re.compile(rf"[a-z]{{2}}\d|[._]|{_POINT_SAID}|{_UNDER}|{_DASH_SAID}")
_SPELT = re.compile(r"(?<![^\W_])(?:[a-z0-9] ){2,30}$")
_END = re.compile(rf" ?{_POINT} ?([a-z]{{2,12}})$")
LOCAL_MAX = 80
_BARE = re.compile(
    r"(?<![\w.+-])([\w.+-]{2,40}(?: (?:point|tiret|underscore) \w{1,40}){0,6}) "
    r"(gmail|hotmail|outlook|yahoo|orange|wanadoo|laposte|icloud|free|sfr|live)"
    r" ?(?:\.|point| ) ?(com|fr|net)\b"
)
# « gmail : nadege.picot7 »
_AFTER = re.compile(
    r"\b(?:gmail|hotmail|outlook|yahoo|orange|wanadoo|laposte|icloud|free|sfr|live)"
    r"(?: ?[:=] ?| c'est | est )(?P<boite>(?=[a-z]*[._\d])[a-z][\w.]{3,40})"
)


def find(reading: Reading, is_public: IsPublic) -> Iterator[Constat]:
    """The mailboxes of a text that are not a public body's."""
    text = reading.chiffres
    for sign in _SIGN.finditer(text):
        found = _around(sign, text)
        if found is None:
            continue
        start, end, local, domain, certain = found
        if is_public_mailbox(local, domain) or is_public(f"{local}@{domain}"):
            continue
        reason = "c'est une adresse électronique"
        yield Constat(Genre.COURRIEL, *reading.span(start, end), certain, reason)
    for after in _AFTER.finditer(text):
        reason = "cela ressemble au début d'une adresse électronique"
        yield Constat(Genre.COURRIEL, *reading.span(*after.span("boite")), False, reason)
    for bare in _BARE.finditer(text):
        if re.search(r"[\d._]|point|tiret|underscore", bare[1]):
            reason = "cela ressemble à une adresse électronique"
            yield Constat(Genre.COURRIEL, *reading.span(*bare.span()), False, reason)


def _around(sign: re.Match[str], text: str) -> tuple[int, int, str, str, bool] | None:
    after = _DOMAIN.match(text, sign.end())
    if after is None:
        return None
    domain = _plain(after[1])
    provider = domain.split(".")[0]
    known = provider in lists().messageries
    ended = bool(_END.search(after[1]))
    before = text[max(0, sign.start() - LOCAL_MAX) : sign.start()]
    local = _SPELT.search(before) or _LOCAL.search(before)
    if sign["fort"] is None:
        # « un compte à free.fr », « deux lignes chez orange »
        made_up = local is not None and _MADE_UP.search(local[0])
        if not known or not (made_up or (ended and sign["faible"])):
            return None
    if not ended and not known:
        if local is None or provider in lists().ordinaires or len(provider) < 3:
            return None
        if sign[0] == "@" and sign.start() and text[sign.start() - 1] == " ":
            return None  # « @servicepublic », a name on a network
    if local is None:
        return None
    start = sign.start() - len(before) + local.start()
    end = after.end()
    if not ended and not (known and sign["fort"]):
        return start, end, _plain(local[0]), domain, False
    return start, end, _plain(local[0]), domain, ended or known


def _plain(spoken: str) -> str:
    """« jean point dupont » → « jean.dupont »."""
    text = re.sub(rf" ?{_UNDER} ?", "_", spoken.strip())
    text = re.sub(rf" ?{_POINT} ?", ".", text)
    return re.sub(rf" ?{_DASH} ?", "-", text).replace(" ", "")
