"""The difference between the competence of a delivery and that of the table, commune by commune."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from orientation.readjson import open_value

_BATCH = 500  # communes, some twenty thousand rows
_CACHED = 50_000
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSEE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_KIND = re.compile(r"\w[\w\- ]{0,58}")
_COPY = "COPY {} (commune_insee, type_code, organismes) FROM STDIN"


class _Odd(ValueError):
    """A kind of a commune cannot be read; the message, in French, says why."""


class Competences:
    """Writes what is new or changed as it is read: a million rows and a half, never compared.

    What has been written goes with the transaction when the import is refused in the end.
    """

    def __init__(self, cursor: Any, *, write: bool) -> None:
        self._cursor, self._write = cursor, write
        self.seen: set[str] = set()
        self.kinds: set[str] = set()
        self._changed: dict[str, str] = {}
        self._batch: dict[str, str] = {}
        self._scattered: list[str] = []
        self._cache: dict[tuple[Any, ...], str] = {}
        cursor.execute("SELECT commune_insee, empreinte FROM orientation_empreintecompetence")
        self._known = dict(cursor.fetchall())
        cursor.execute("SELECT EXISTS (SELECT FROM orientation_competence)")
        (self._filled,) = cursor.fetchone()
        self.held = len(self._known)
        self.taken = False
        if write:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.competences_eparses")
            cursor.execute(
                "CREATE TEMP TABLE competences_eparses ON COMMIT DROP AS "
                "SELECT commune_insee, type_code, organismes FROM orientation_competence LIMIT 0"
            )

    def take(self, content: Any, *, whole: bool) -> str:
        """Take a commune's file (``whole``) or one row of the API; returns why not, or ""."""
        if not isinstance(content, dict):
            return "compétence qui n'est pas un objet"
        insee = content.get("code_insee_commune")
        if not isinstance(insee, str) or not _INSEE.fullmatch(insee):
            return "compétence sans code INSEE"
        if not whole:
            return self._take_row(insee, content)
        if insee in self.seen:
            return "commune présente deux fois"
        self.seen.add(insee)
        self.taken = True
        # Both spellings are met.
        kinds = open_value(content.get("type_service_local", content.get("Type_service_local")))
        words, problem = self._read_kinds(kinds or [])
        text = "\n".join(words)
        fingerprint = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        if self._known.get(insee) != fingerprint:
            self._changed[insee] = fingerprint
            if self._write:
                self._batch[insee] = "".join(f"{insee}\t{each}\n" for each in words)
                if len(self._batch) >= _BATCH:
                    self._flush()
        return problem

    def lost(self) -> set[str]:
        """Communes that the delivery no longer knows, if it speaks of communes."""
        return self._known.keys() - self.seen if self.seen else set()

    def write(self) -> str:
        """Make the table agree, if the delivery speaks of competence; says what changed."""
        if not self.taken:
            return "absentes du fichier, inchangées"
        self._flush()
        rows = self._write_scattered() if self._scattered else 0
        lost = self.lost()
        self._delete("orientation_competence", lost)
        self._delete("orientation_empreintecompetence", lost | self._changed.keys())
        with self._cursor.copy("COPY orientation_empreintecompetence FROM STDIN") as copy:
            for row in self._changed.items():
                copy.write_row(row)
        if self._changed:
            self._cursor.execute("ANALYZE orientation_competence")
        told = (
            f"{len(self._changed)} communes écrites, "
            f"{len(self.seen) - len(self._changed)} inchangées, {len(lost)} disparues"
        )
        return f"{told}, {rows} lignes éparses" if rows else told

    # --- Reading ------------------------------------------------------------------------------

    def _read_kinds(self, kinds: Any) -> tuple[list[str], str]:
        """The rows of a commune as text, without its code; and the first problem met, or ""."""
        if not isinstance(kinds, list):
            return [], "types de service illisibles"
        cache = self._cache
        try:
            # Most communes share their lists with the neighbours.
            words = [cache[each["code_type_service_local"], *each["organisme"]] for each in kinds]
        except (KeyError, TypeError):
            pass
        else:
            if len({each["code_type_service_local"] for each in kinds}) == len(kinds):
                return words, ""
        merged: dict[Any, list[Any]] = {}
        for each in kinds:
            if isinstance(each, dict):
                code = each.get("code_type_service_local")
                ids = merged.setdefault(code if isinstance(code, str) else "", [])
                ids += _listed(open_value(each.get("organisme")))
        words, problem = [], ""
        for code, ids in merged.items():
            try:
                words += self._read_kind(code, ids)
            except _Odd as error:
                problem = problem or str(error)
        return words, problem

    def _read_kind(self, code: Any, ids: list[Any]) -> list[str]:
        """The row of one kind as text; none when the source names no body."""
        if not isinstance(code, str) or not _KIND.fullmatch(code):
            raise _Odd("type de service absent ou mal formé")
        valid = [each for each in ids if isinstance(each, str) and _UUID.fullmatch(each)]
        if ids and not valid:
            raise _Odd(f"«\u00a0{code}\u00a0» sans identifiant d'organisme")
        if not valid:
            return []
        self.kinds.add(code)
        text = f"{code}\t{{{','.join(dict.fromkeys(valid))}}}"
        if valid == ids:
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            self._cache[code, *ids] = text
        return [text]

    def _take_row(self, insee: str, content: dict[str, Any]) -> str:
        ids = _listed(open_value(content.get("id_service_local")))
        try:
            rows = self._read_kind(content.get("code_type_service_local"), ids)
        except _Odd as error:
            return str(error)
        self.taken = True
        if self._write:
            self._scattered += (f"{insee}\t{row}\n" for row in rows)
            if len(self._scattered) >= _CACHED:
                self._stage()
        return ""

    # --- Writing ------------------------------------------------------------------------------

    def _flush(self) -> None:
        """Replace the rows of the communes kept so far."""
        if self._batch:
            if self._filled:
                self._delete("orientation_competence", self._batch)
            with self._cursor.copy(_COPY.format("orientation_competence")) as copy:
                copy.write("".join(self._batch.values()))
            self._batch.clear()

    def _delete(self, table: str, communes: Any) -> None:
        if communes:
            self._cursor.execute(
                f"DELETE FROM {table} WHERE commune_insee = ANY(%s)",  # noqa: S608
                [list(communes)],
            )

    def _stage(self) -> None:
        with self._cursor.copy(_COPY.format("competences_eparses")) as copy:
            copy.write("".join(self._scattered))
        self._scattered.clear()

    def _write_scattered(self) -> int:
        """Add the rows of the API, which may speak twice of a commune and kind."""
        self._stage()
        self._cursor.execute(
            "INSERT INTO orientation_competence (commune_insee, type_code, organismes) "
            "SELECT commune_insee, type_code, array_agg(DISTINCT organisme) "
            "FROM competences_eparses, unnest(organismes) AS organisme GROUP BY 1, 2 "
            "ON CONFLICT (commune_insee, type_code) DO UPDATE SET organismes = EXCLUDED.organismes"
        )
        rows = self._cursor.rowcount
        # The next dump must look at these communes again.
        self._cursor.execute(
            "DELETE FROM orientation_empreintecompetence "
            "WHERE commune_insee IN (SELECT commune_insee FROM competences_eparses)"
        )
        return rows


def _listed(ids: Any) -> list[Any]:
    if isinstance(ids, list):
        return ids
    return [ids] if ids else []
