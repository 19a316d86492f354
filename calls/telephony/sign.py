"""The signature of what the switch sends: HMAC-SHA256 over the instant and the body."""

from __future__ import annotations

import hashlib
import hmac
import re
import time

from django.conf import settings

HORODATAGE = "X-Telephonie-Horodatage"
"""Header: whole seconds since 1970 at which the request was signed."""
SIGNATURE = "X-Telephonie-Signature"
"""Header: ``sha256=`` and 64 hexadecimal digits."""
WINDOW = 300  # seconds either way between the two clocks


def sign(body: bytes, *, at: int) -> str:
    """The signature of a body sent at an instant, as its header gives it."""
    key = settings.TELEPHONIE_SECRET.encode()
    return "sha256=" + hmac.new(key, b"%d." % at + body, hashlib.sha256).hexdigest()


def verify(body: bytes, *, horodatage: str, signature: str) -> bool:
    """Whether whoever sent this knows the secret and signed it less than five minutes ago.

    Never, while the installation has no secret.
    """
    if not settings.TELEPHONIE_SECRET or not re.fullmatch(r"[0-9]{1,12}", horodatage):
        return False
    at = int(horodatage)
    # Compared whatever the instant: what is refused takes the same time.
    known = hmac.compare_digest(sign(body, at=at).encode(), signature.encode("utf-8", "replace"))
    return known and abs(time.time() - at) <= WINDOW
