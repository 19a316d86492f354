"""What must be told later of rights, exports and publications without review."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from allo3939.accounts.enums import Acte
from allo3939.accounts.models import Agent, Trace

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet compute a cell


def trace(acte: Acte, *, by: Agent | None, objet: str, **details: Any) -> Trace:
    """Write a line of the audit, in the transaction of what it tells.

    ``by`` is None for what the system did by itself or somebody without account, whom ``details``
    then name by their function.
    """
    return Trace.objects.create(agent=by, acte=acte, objet=objet[:200], details=details)


def rights_of(agent: Agent) -> dict[str, str]:
    """What an agent may do, in words, by what decides of it."""
    return {
        "rôle": agent.get_role_display(),
        "secteur": str(agent.secteur or "aucun"),
        "compte": "actif" if agent.is_active else "désactivé",
        "publie sans relecture": "oui" if agent.publie_sans_relecture else "non",
    }


def trace_rights(
    agent: Agent, *, by: Agent | None, before: dict[str, str] | None = None
) -> Trace | None:
    """Tell what changed in the rights of an agent since `rights_of` gave ``before``; all of them
    for a new account. None when nothing did. ``by`` is None for a command."""
    after = rights_of(agent)
    if before is None:
        return trace(Acte.DROITS, by=by, objet=_account(agent), geste="compte créé", apres=after)
    changed = [name for name, value in after.items() if before[name] != value]
    if not changed:
        return None
    return trace(
        Acte.DROITS,
        by=by,
        objet=_account(agent),
        avant={name: before[name] for name in changed},
        apres={name: after[name] for name in changed},
    )


def trace_password(agent: Agent, *, by: Agent) -> Trace:
    """Tell that somebody else gave the agent a password, or took it away; never which."""
    geste = "mot de passe remplacé" if agent.has_usable_password() else "mot de passe retiré"
    return trace(Acte.DROITS, by=by, objet=_account(agent), geste=geste)


def describe(line: Trace) -> list[str]:
    """The details of a line in words: « rôle : Téléconseiller → Rédacteur »."""
    details = dict(line.details)
    before, after = details.pop("avant", {}), details.pop("apres", {})
    changed = [
        f"{name}\u00a0: {before[name]} → {value}" if name in before else f"{name}\u00a0: {value}"
        for name, value in after.items()
    ]
    others = [f"{name}\u00a0: {value}" for name, value in details.items()]
    return [*others, *changed]


def write_csv(lines: Iterable[Trace]) -> str:
    """Lines of the audit as CSV, « ; » between cells, with the mark that spreadsheets look for."""
    target = io.StringIO()
    target.write("\ufeff")
    writer = csv.writer(target, delimiter=";")
    writer.writerow(("Le", "Par", "Acte", "Objet", "Détails"))
    for line in lines:
        moment = timezone.localtime(line.le).strftime("%Y-%m-%d %H:%M:%S")
        by = str(line.agent.username if line.agent else "")
        row = (moment, by, line.get_acte_display(), line.objet, " ; ".join(describe(line)))
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return target.getvalue()


def _account(agent: Agent) -> str:
    return f"compte {agent.username}"
