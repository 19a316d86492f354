"""Streams of the directory: DILA's dump, alone or in its archive, and exports of the API.

Nothing is read whole and nothing is unpacked to disk: items come one by one, whatever the size.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import json
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from allo3939.shared.sources import LIEN_DEHORS, SourceRefusee, folder_files

SERVICE, COMMUNE, COMPETENCE, ECARTE = "service", "commune", "competence", "ecarte"

Item = tuple[str, Any]
"""What an item is (one of the four words above), and its content or, set aside, name and reason."""

_DUMP = "data.gouv_local.json"  # how the name of DILA's file of bodies ends
_JSON = (".json", ".json.gz", ".json.bz2")
_LISTS = {"service": SERVICE, "commune": COMMUNE}
_SPACES = re.compile(r"[ \t\r\n]*")
_CHUNK = 1 << 19
_OPENED_MAX = 4_000_000_000  # a real delivery opens to less than a tenth of it
_VALUE_MAX = 10_000_000
_COMMUNE_MAX = 5_000_000
_BROKEN = (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, RecursionError)


class SourceIllisible(SourceRefusee):
    """The whole source cannot be read; the message, in French, says why."""


def file_date(path: Path) -> datetime:
    """When the file, or the last one of the folder, was written, for the provenance."""
    files = [file for _, file in folder_files(path) if file] if path.is_dir() else [path]
    return datetime.fromtimestamp(max(file.stat().st_mtime for file in files), tz=UTC)


def read_items(path: Path, *, advance: Callable[[int], Any] | None = None) -> Iterator[Item]:
    """Every item of a ``.json``, ``.json.gz`` or ``.tar.bz2``, told apart by content, not name,
    or of the JSON files of a folder.

    ``advance`` is told how many bytes of the files themselves have been read since the last call.
    Raises `SourceIllisible`, possibly after many items: the caller writes nothing until the end.
    """
    if path.is_dir():
        yield from _read_folder(path, advance)
        return
    if not path.is_file():
        raise SourceIllisible(f"«\u00a0{path}\u00a0» n'existe pas ou n'est pas un fichier.")
    try:
        with path.open("rb") as file:
            raw = cast(IO[bytes], _Counted(file, advance))
            start = file.read(3)
            file.seek(0)
            if start[:2] == b"\x1f\x8b":
                with gzip.GzipFile(fileobj=raw) as opened:
                    yield from _read_json(cast(IO[bytes], opened))
            elif start == b"BZh" and path.name.lower().endswith(".json.bz2"):
                with bz2.BZ2File(raw) as opened_bz2:
                    yield from _read_json(cast(IO[bytes], opened_bz2))
            elif start == b"BZh":
                yield from _read_archive(raw)
            else:
                yield from _read_json(raw)
    except SourceIllisible as error:
        raise SourceIllisible(f"«\u00a0{path.name}\u00a0» est refusé\u00a0: {error}.") from error
    except _BROKEN as error:
        raise SourceIllisible(
            f"«\u00a0{path.name}\u00a0» est tronqué, abîmé ou d'un autre format\u00a0: {error}"
        ) from error


def open_value(value: Any) -> Any:
    """A structured field as a structure: the API writes JSON inside its JSON strings."""
    if isinstance(value, str) and value[:1] in "[{" and value:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _read_json(stream: IO[bytes]) -> Iterator[Item]:
    """Items of one JSON text: the dump's two top-level lists, the API's ``results``, or a list."""
    text = _Text(stream)
    if text.peek() == "[":
        for content in text.items():
            yield _genre(content), content
        return
    text.expect("{")
    while text.peek() != "}":
        key = text.value()
        text.expect(":")
        if key in (*_LISTS, "results") and text.peek() == "[":
            for content in text.items():
                yield _LISTS.get(key) or _genre(content), content
        else:
            text.value()
        if text.peek() == ",":
            text.expect(",")
    text.expect("}")
    if text.peek():
        raise SourceIllisible("du texte suit la fin du JSON")


def _genre(content: Any) -> str:
    """What a row of the API is: its two data sets have no key around them."""
    if isinstance(content, dict) and "code_type_service_local" in content:
        return COMPETENCE
    return SERVICE


def _read_folder(root: Path, advance: Callable[[int], Any] | None) -> Iterator[Item]:
    """DILA's archive unpacked, or any JSON files, of which one that breaks refuses the whole."""
    files: list[tuple[str, Path]] = []
    for name, path in folder_files(root):
        if not name.lower().endswith(_JSON):
            continue
        if path is None:
            yield ECARTE, (name, LIEN_DEHORS)
        else:
            files.append((name, path))
    if not files:
        raise SourceIllisible(f"«\u00a0{root}\u00a0» ne contient aucun fichier JSON.")
    unpacked = any(name.endswith(_DUMP) for name, _ in files)
    for name, path in files:
        if not unpacked or name.endswith(_DUMP):
            yield from read_items(path, advance=advance)
            continue
        with path.open("rb") as file:
            content = file.read(_COMMUNE_MAX + 1)
        if advance is not None:
            advance(len(content))
        yield from _read_commune_file(name, content)


def _read_archive(raw: IO[bytes]) -> Iterator[Item]:
    """DILA's archive: one file of bodies, whose name ends in ``data.gouv_local.json``, and many of
    one commune each. Entries are only read: their paths lead nowhere."""
    opened = 0
    with tarfile.open(fileobj=raw, mode="r|bz2") as archive:
        for entry in archive:
            archive.members = []  # type: ignore[attr-defined]  # else 36,000 entries stay in memory
            opened += entry.size
            if opened > _OPENED_MAX:
                raise SourceIllisible(
                    f"plus de {_OPENED_MAX // 1_000_000_000}\u00a0Go une fois ouvert"
                )
            if not entry.isfile() or not entry.name.lower().endswith(".json"):
                continue
            file = archive.extractfile(entry)
            if file is None:
                continue
            if entry.name.endswith(_DUMP):
                yield from _read_json(file)
            else:
                yield from _read_commune_file(entry.name, file.read(_COMMUNE_MAX + 1))


def _read_commune_file(name: str, content: bytes) -> Iterator[Item]:
    if len(content) > _COMMUNE_MAX:
        yield ECARTE, (name, "fichier de commune démesuré")
        return
    try:
        opened = json.loads(content)
    except (ValueError, RecursionError):
        yield ECARTE, (name, "JSON illisible")
        return
    communes = opened.get("commune") if isinstance(opened, dict) else None
    if not isinstance(communes, list):
        yield ECARTE, (name, "fichier sans commune")
        return
    for commune in communes:
        yield COMMUNE, commune


class _Text:
    """A long JSON text read through a window, value by value.

    Each value is decoded by the standard library's C scanner: three times as fast as an event
    parser on this dump, for the same flat memory.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._scan = json.JSONDecoder().raw_decode
        self._window, self._at, self._read, self._over = "", 0, 0, False

    def peek(self) -> str:
        """The next character that is not a space; "" at the end."""
        while True:
            match = _SPACES.match(self._window, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._window):
                return self._window[self._at]
            if self._over:
                return ""
            self._more()

    def expect(self, char: str) -> None:
        if self.peek() != char:
            raise SourceIllisible(f"«\u00a0{char}\u00a0» attendu, JSON incomplet ou mal formé")
        self._at += 1

    def items(self) -> Iterator[Any]:
        """The values of a list, one by one."""
        self.expect("[")
        while self.peek() != "]":
            yield self.value()
            if self.peek() != "]":
                self.expect(",")
        self.expect("]")

    def value(self) -> Any:
        """The value that starts here."""
        self.peek()
        while True:
            try:
                value, end = self._scan(self._window, self._at)
            except ValueError:
                if self._over or len(self._window) - self._at > _VALUE_MAX:
                    raise
            else:
                # At the edge of the window a number may not be whole.
                if end < len(self._window) or self._over:
                    self._at = end
                    return value
            self._more()

    def _more(self) -> None:
        chunk = self._stream.read(_CHUNK)
        self._read += len(chunk)
        if self._read > _OPENED_MAX:
            raise SourceIllisible(f"plus de {_OPENED_MAX // 1_000_000_000}\u00a0Go une fois ouvert")
        self._over = not chunk
        self._window = self._window[self._at :] + self._decode(chunk, self._over)
        self._at = 0


class _Counted:
    """A file that tells how much of it has been read."""

    def __init__(self, file: IO[bytes], advance: Callable[[int], Any] | None) -> None:
        self._file, self._advance = file, advance

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        if self._advance is not None:
            self._advance(len(content))
        return content

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
