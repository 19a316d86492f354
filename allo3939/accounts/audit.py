"""What must be told later of rights, exports and publications without review."""

from __future__ import annotations

from typing import Any

from allo3939.accounts.enums import Acte
from allo3939.accounts.models import Agent, Trace


def trace(acte: Acte, *, by: Agent | None, objet: str, **details: Any) -> Trace:
    """Write a line of the audit, in the transaction of what it tells.

    ``by`` is None for what the system did by itself or somebody without account, whom ``details``
    then name by their function.
    """
    return Trace.objects.create(agent=by, acte=acte, objet=objet[:200], details=details)
