"""Phone numbers as they are dictated."""

from __future__ import annotations

import re

# Overseas territories that are dialled by their own prefix and hold six digits or more, in pairs.
_OWN_PREFIXES = ("508", "681", "687", "689")
# +262, +590, +594 and +596 repeat the département inside the national number.
_DEPARTEMENTS = ("262", "590", "594", "596")


def in_pairs(number: str) -> str:
    """A number in the groups one says: « 02 43 39 72 72 », « 39 39 », « 0 800 12 13 14 ».

    Any spelling is read: dots, dashes, ``+33 (0)``, ``0033``. What is not a number of the French
    plan keeps its digits and its words, with single spaces.
    """
    text = " ".join(number.split())
    digits = re.sub(r"[\s.\-/()\u00a0\u202f]", "", text)
    if not re.fullmatch(r"\+?\d+", digits):
        return text
    digits = re.sub(r"^00(?=[1-9])", "+", digits)
    if digits.startswith("+"):
        prefix = digits[1:4]
        if digits.startswith("+33"):
            digits = "0" + digits[3:].removeprefix("0")
        elif prefix in _DEPARTEMENTS:
            digits = "0" + digits[4:].removeprefix("0")
        elif prefix in _OWN_PREFIXES:
            return f"+{prefix} {_pairs(digits[4:])}"
        else:
            return text
    if re.fullmatch(r"08\d{8}", digits):
        return f"0 {digits[1:4]} {_pairs(digits[4:])}"
    if re.fullmatch(r"11[68]\d{3}", digits):  # information and social services, said in threes
        return f"{digits[:3]} {digits[3:]}"
    return _pairs(digits) if len(digits) % 2 == 0 else text


def _pairs(digits: str) -> str:
    return " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))
