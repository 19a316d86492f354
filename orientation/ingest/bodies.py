"""The difference between the bodies of a delivery and those of the table."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from orientation.enums import EtatOrganisme
from orientation.history import FACTS, keep_after, keep_before
from orientation.ingest.protect import protect
from orientation.ingest.report import Rapport
from orientation.translate import EnregistrementRefuse, Row

_BATCH = 1000
_COLUMNS = ", ".join((*Row._fields, "empreinte"))
_FACTS = [name for name in Row._fields if name in FACTS]
_UPDATES = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*Row._fields[1:], "empreinte"))


class Bodies:
    """Sorts bodies as they are read; holds 32 bytes for each."""

    def __init__(self, cursor: Any, *, write: bool) -> None:
        self._cursor, self._write = cursor, write
        self.added = self.changed = self.unchanged = self.back = 0
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
            self.back += not known
        # A dry run has only corrections to confront, and those of known bodies.
        if self._write or known is not None:
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

    def write(self, gone: list[UUID], report: Rapport) -> list[str]:
        """Make the table agree, corrections aside; returns the ids of all bodies that changed.

        A dry run only tells the report what becomes of the corrections.
        """
        self._flush()
        if not self._write:
            protect(self._cursor, report, write=False)
            return []
        known = self._lock()
        protect(self._cursor, report, write=True)
        changed = [*(self._differing() if known else ()), *gone]
        keep_before(changed)
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
        keep_after(changed, reason="import")
        if len(self._touched) > self.present / 10:  # else PostgreSQL will see to it by itself
            self._cursor.execute("ANALYZE orientation_organisme")
        return [*self._touched, *map(str, gone)]

    def names(self, ids: list[UUID]) -> list[tuple[str, str]]:
        """Identifiers and names of bodies of the table, by name."""
        if not ids:
            return []
        self._cursor.execute(
            "SELECT id, nom FROM orientation_organisme WHERE id = ANY(%s) ORDER BY nom, id", [ids]
        )
        return [(str(pk), nom) for pk, nom in self._cursor.fetchall()]

    def holds(self, identifier: str) -> bool:
        """Whether the table has, or will have, a body of that identifier."""
        with suppress(ValueError):
            key = UUID(identifier).bytes
            return key in self._known or key in self.seen
        return False

    def _lock(self) -> int:
        """Keep corrections from the bodies that are to change; returns how many they are."""
        self._cursor.execute(
            "SELECT count(*) FROM (SELECT FROM orientation_organisme o JOIN organismes_lus l "
            "USING (id) ORDER BY o.id FOR UPDATE OF o) known"
        )
        return int(self._cursor.fetchone()[0])

    def _differing(self) -> list[UUID]:
        """Bodies of which a fact changes: a fingerprint alone may change with our reading."""
        ours, theirs = (", ".join(f"{table}.{name}" for name in _FACTS) for table in "ol")
        self._cursor.execute(
            "SELECT o.id FROM orientation_organisme o "  # noqa: S608
            "JOIN organismes_lus l USING (id) "
            f"WHERE o.etat <> %s OR ({ours}) IS DISTINCT FROM ({theirs})",
            [EtatOrganisme.PRESENT],
        )
        return [pk for (pk,) in self._cursor.fetchall()]

    def _flush(self) -> None:
        if self._batch:
            with self._cursor.copy(f"COPY organismes_lus ({_COLUMNS}) FROM STDIN") as copy:
                for row in self._batch:
                    copy.write_row(row)
            self._batch.clear()
