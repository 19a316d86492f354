"""The difference between the competence of a delivery and that of the table, commune by commune."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from orientation.readjson import open_value

_BATCH = 20_000
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSEE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_KIND = re.compile(r"\w[\w\- ]{0,58}")
_COLUMNS = "commune_insee, type_code, organismes"


class Competences:
    """Stages what is new or changed as it is read: a million rows and a half, never compared."""

    def __init__(self, cursor: Any, *, write: bool) -> None:
        self._cursor, self._write = cursor, write
        self.seen: set[str] = set()
        self.kinds: set[str] = set()
        self._changed: dict[str, str] = {}
        self._scattered: set[str] = set()
        self._lines: list[str] = []
        cursor.execute("SELECT commune_insee, empreinte FROM orientation_empreintecompetence")
        self._known = dict(cursor.fetchall())
        if write:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.competences_lues")
            cursor.execute(
                f"CREATE TEMP TABLE competences_lues ON COMMIT DROP AS "  # noqa: S608
                f"SELECT {_COLUMNS} FROM orientation_competence LIMIT 0"
            )

    def take(self, content: Any, *, whole: bool) -> str:
        """Stage a commune's file (``whole``) or one row of the API; returns why not, or ""."""
        if not isinstance(content, dict):
            return "compétence qui n'est pas un objet"
        insee = content.get("code_insee_commune")
        if not isinstance(insee, str) or not _INSEE.fullmatch(insee):
            return "compétence sans code INSEE"
        if not whole:
            self._scattered.add(insee)
            return self._stage(
                insee, content.get("code_type_service_local"), content.get("id_service_local")
            )
        if insee in self.seen:
            return "commune présente deux fois"
        self.seen.add(insee)
        read = hashlib.md5(repr(content).encode("utf-8", "replace"), usedforsecurity=False)
        if self._known.get(insee) == read.hexdigest():
            return ""
        self._changed[insee] = read.hexdigest()
        # Both spellings are met.
        kinds = open_value(content.get("type_service_local", content.get("Type_service_local")))
        if not isinstance(kinds, list):
            return "types de service illisibles" if kinds else ""
        merged: dict[Any, list[Any]] = {}
        for each in kinds:
            if isinstance(each, dict):
                code = each.get("code_type_service_local")
                merged.setdefault(code if isinstance(code, str) else "", []).append(
                    each.get("organisme")
                )
        problems = [self._stage(insee, code, *ids) for code, ids in merged.items()]
        return next(filter(None, problems), "")

    def lost(self) -> set[str]:
        """Communes that the delivery no longer knows, if it speaks of communes."""
        return self._known.keys() - self.seen if self.seen else set()

    @property
    def held(self) -> int:
        return len(self._known)

    @property
    def taken(self) -> bool:
        return bool(self.seen or self._scattered)

    def write(self) -> str:
        """Make the table agree, if the delivery speaks of competence; says what changed."""
        if not self.taken:
            return "absentes du fichier, inchangées"
        self._flush()
        lost = self.lost()
        stale = [*(lost | self._changed.keys())]
        for table in ("orientation_competence", "orientation_empreintecompetence"):
            self._cursor.execute(
                f"DELETE FROM {table} WHERE commune_insee = ANY(%s)",  # noqa: S608
                [[*stale, *self._scattered] if table.count("empreinte") else stale],
            )
        self._cursor.execute(
            f"INSERT INTO orientation_competence ({_COLUMNS}) {self._staged()} "
            "ON CONFLICT (commune_insee, type_code) DO UPDATE SET organismes = EXCLUDED.organismes"
        )
        written = self._cursor.rowcount
        with self._cursor.copy("COPY orientation_empreintecompetence FROM STDIN") as copy:
            for row in self._changed.items():
                copy.write_row(row)
        if written:
            self._cursor.execute("ANALYZE orientation_competence")
        return (
            f"{len(self._changed) or len(self._scattered)} communes écrites, "
            f"{len(self.seen) - len(self._changed)} inchangées, {len(lost)} disparues"
        )

    def _staged(self) -> str:
        if not self._scattered:
            return f"SELECT {_COLUMNS} FROM competences_lues"  # noqa: S608
        # The API may speak twice of the same commune and kind.
        return (
            "SELECT commune_insee, type_code, array_agg(DISTINCT organisme) "
            "FROM competences_lues, unnest(organismes) AS organisme GROUP BY 1, 2"
        )

    def _stage(self, insee: str, code: Any, *lists: Any) -> str:
        if not isinstance(code, str) or not _KIND.fullmatch(code):
            return "type de service absent ou mal formé"
        ids = [each for ids in map(open_value, lists) for each in _listed(ids)]
        valid = [each for each in ids if isinstance(each, str) and _UUID.fullmatch(each)]
        if not valid:
            return f"«\u00a0{code}\u00a0» sans identifiant d'organisme" if ids else ""
        self.kinds.add(code)
        if self._write:
            self._lines.append(f"{insee}\t{code}\t{{{','.join(dict.fromkeys(valid))}}}\n")
            if len(self._lines) >= _BATCH:
                self._flush()
        return ""

    def _flush(self) -> None:
        if self._lines:
            with self._cursor.copy(f"COPY competences_lues ({_COLUMNS}) FROM STDIN") as copy:
                copy.write("".join(self._lines))
            self._lines.clear()


def _listed(ids: Any) -> list[Any]:
    if isinstance(ids, list):
        return ids
    return [ids] if ids else []
