"""What bodies said at each time, so that what was told to a caller can be shown again.

The row of history that simple_history would write for one body, written for many in one statement.
A body nobody has changed since it was added has no row: its column tells what it has always said.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection

from allo3939.accounts.models import Agent
from orientation.models import Organisme

_TABLE = Organisme.history.model._meta.db_table
FACTS = tuple(
    field.column
    for field in Organisme.history.model._meta.concrete_fields
    if not field.name.startswith("history_")
)
"""The columns that the history keeps."""
_COLUMNS = ", ".join(FACTS)


def keep_before(ids: Collection[Any]) -> None:
    """Write what the bodies say now, for those whose history is empty, before they are changed.

    Dated of the first import of the directory: the body was added then or later, and has said the
    same since. One statement; inside the transaction of the change.
    """
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} ({_COLUMNS}, history_date, history_type, "  # noqa: S608
            "history_change_reason) "
            f"SELECT {_COLUMNS}, coalesce((SELECT min(commencee_le) FROM shared_importation "
            "WHERE genre = 'annuaire'), now()), '+', 'import' "
            "FROM orientation_organisme o WHERE id = ANY(%s) AND NOT EXISTS "
            f"(SELECT FROM {_TABLE} h WHERE h.id = o.id)",
            [list(ids)],
        )


def keep_after(ids: Collection[Any], *, reason: str, by: Agent | None = None) -> None:
    """Write what the bodies say now, once they were changed; without ``by``, by an import."""
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} ({_COLUMNS}, history_date, history_type, "  # noqa: S608
            "history_change_reason, history_user_id) "
            f"SELECT {_COLUMNS}, clock_timestamp(), '~', %s, %s "
            "FROM orientation_organisme WHERE id = ANY(%s)",
            [reason[:100], by.pk if by else None, list(ids)],
        )
