"""Numbers and mailboxes of public bodies: they identify nobody.

The apps that know the bodies register how to tell; the guard itself knows only what is public by
its form, and what stands beside the name of an institution.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from allo3939.shared.anonymity.constat import IsPublic
from allo3939.shared.anonymity.lists import lists
from allo3939.shared.anonymity.reading import key

_OPENERS: list[Callable[[], IsPublic]] = []

# Special-rate and freephone numbers, and « 09 69 », are given to bodies and companies only.
PUBLIC_NUMBER = re.compile(r"0(?:8\d{8}|969\d{6}|0800\d{7,8})$")
LANDLINE = re.compile(r"0[1-59]\d+")
_PERSONAL = re.compile(
    r"\b(?:rappel\w*|message|laisser|repond au|joi[gn]\w*|contacter|son|sa|ses|leur|portable|"
    r"mobile|fixe|perso\w*|domicile|"
    r"usager\w*|client\w*|appelant\w*|m|mr|mme|mlle|monsieur|madame|fils|fille|mari|femme|soeur|"
    r"frere|mere|pere|voisin\w*)\b|\bbureau\W*$"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
REACH = 6  # words between the name of an institution and its number


def register(opener: Callable[[], IsPublic]) -> None:
    """Add a way to tell what is a public body's: called once for a text that holds a number."""
    if opener not in _OPENERS:
        _OPENERS.append(opener)


class Registered:
    """What the registered ways say of the numbers and mailboxes of one text.

    Opened at the first of them: most texts hold none.
    """

    def __init__(self) -> None:
        self._tellers: list[IsPublic] | None = None

    def __call__(self, value: str) -> bool | None:
        """None when none of them can tell."""
        if self._tellers is None:
            self._tellers = [opener() for opener in _OPENERS]
        answers = [teller(value) for teller in self._tellers]
        if any(answers):
            return True
        return False if False in answers else None


def is_told_as_public(before: str) -> bool:
    """Whether what precedes a number, folded, says that it is an institution's own."""
    sentence = re.split(r"[.!?\n;,] | - ", before)[-1]
    words = _WORD.findall(sentence)
    institutions = lists().institutions
    for rank in range(len(words) - 1, max(-1, len(words) - 1 - REACH), -1):
        if key(words[rank]) in institutions:
            at = sentence.rfind(words[rank])
            return not _PERSONAL.search(sentence, at)
    return False


def is_public_mailbox(local: str, domain: str) -> bool:
    """Whether a mailbox is a body's by its form: « mairie@… », « ddt-72@sarthe.gouv.fr »."""
    known = lists()
    parts = [part for part in re.split(r"[._\-+\d]+", local) if part]
    if not parts or any(part in known.prenoms and part not in known.prenoms_mots for part in parts):
        return False
    if any(part in known.noms_seuls for part in re.split(r"[.\-]", domain)):
        return False  # a company under the name of a person
    public = any(domain == name or domain.endswith(f".{name}") for name in known.domaines)
    public = public or domain.startswith(("mairie", "ville-", "departement", "cc-", "cdg"))
    pieces = set(re.split(r"[.\-]", domain))
    owner = pieces & known.prenoms - known.prenoms_mots - known.noms_mots
    if owner and not public and not known.saints & pieces:
        return False  # « contact@jerome-lacour.fr »
    provider = domain.split(".")[0] in known.messageries
    named = local in known.boites or parts[0] in known.boites
    if provider:  # the mailboxes of small towns; « contact83@gmail.com » may be anybody's
        return parts[0] in ("mairie", "commune", "ccas", "ecole", "sivom", "syndicat")
    return public or named
