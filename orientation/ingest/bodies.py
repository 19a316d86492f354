"""The difference between the bodies of a delivery and those of the table."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from orientation.enums import EtatOrganisme
from orientation.translate import EnregistrementRefuse, Row

_BATCH = 1000
_COLUMNS = ", ".join((*Row._fields, "empreinte"))
_UPDATES = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*Row._fields[1:], "empreinte"))


class Bodies:
    """Sorts bodies as they are read; holds 32 bytes for each."""

    def __init__(self, cursor: Any, *, write: bool) -> None:
        self._cursor, self._write = cursor, write
        self.added = self.changed = self.unchanged = 0
        self.kinds: set[str] = set()
        self.seen: set[bytes] = set()
        self._spared: set[bytes] = set()
        self._batch: list[tuple[Any, ...]] = []
        self._touched: list[str] = []
        cursor.execute("SELECT id, etat, empreinte FROM orientation_organisme")
        # Fingerprints of those present; one that comes back from the dead differs from any.
        self._known = {
            pk.bytes: bytes.fromhex(print_) if etat == EtatOrganisme.PRESENT else b""
            for pk, etat, print_ in cursor
        }
        self.present = sum(1 for print_ in self._known.values() if print_)
        if write:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.organismes_lus")
            cursor.execute(
                f"CREATE TEMP TABLE organismes_lus ON COMMIT DROP AS "  # noqa: S608
                f"SELECT {_COLUMNS} FROM orientation_organisme LIMIT 0"
            )

    def take(self, row: Row, types: list[str], fingerprint: str) -> None:
        """Count a body and keep it if the table must change; raises on a second of the same id."""
        key = UUID(row.id).bytes
        if key in self.seen:
            raise EnregistrementRefuse("identifiant présent deux fois dans le fichier")
        self.seen.add(key)
        self.kinds.update(types)
        known = self._known.get(key)
        if known == bytes.fromhex(fingerprint):
            self.unchanged += 1
            return
        if known is None:
            self.added += 1
        else:
            self.changed += 1
        if self._write:
            self._touched.append(row.id)
            self._batch.append((*row, fingerprint))
            if len(self._batch) >= _BATCH:
                self._flush()

    def spare(self, identifier: Any) -> None:
        """A record that cannot be read is still in the source: its body is not gone."""
        with suppress(AttributeError, TypeError, ValueError):
            self._spared.add(UUID(identifier).bytes)

    def gone(self) -> list[UUID]:
        """Bodies present in the table and absent from the delivery, if it speaks of bodies."""
        if not self.seen:
            return []
        return [
            UUID(bytes=key)
            for key, print_ in self._known.items()
            if print_ and key not in self.seen and key not in self._spared
        ]

    def write(self, gone: list[UUID]) -> list[str]:
        """Make the table agree; returns the ids of all bodies that have changed."""
        self._flush()
        self._cursor.execute(
            f"INSERT INTO orientation_organisme ({_COLUMNS}, etat) "  # noqa: S608
            f"SELECT {_COLUMNS}, %s FROM organismes_lus "
            f"ON CONFLICT (id) DO UPDATE SET {_UPDATES}, etat = EXCLUDED.etat",
            [EtatOrganisme.PRESENT],
        )
        if gone:
            self._cursor.execute(
                "UPDATE orientation_organisme SET etat = %s WHERE id = ANY(%s)",
                [EtatOrganisme.DISPARU, gone],
            )
        if self._touched:
            self._cursor.execute("ANALYZE orientation_organisme")
        return [*self._touched, *map(str, gone)]

    def _flush(self) -> None:
        if self._batch:
            with self._cursor.copy(f"COPY organismes_lus ({_COLUMNS}) FROM STDIN") as copy:
                for row in self._batch:
                    copy.write_row(row)
            self._batch.clear()
