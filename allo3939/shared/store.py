"""The files of a search index: one directory per database, name and version.

Layout under ``settings.INDEX_DIR``::

    <database>/<name>-v<version>/actuel        name of the directory in use
    <database>/<name>-v<version>/verrou        held by the one process that writes
    <database>/<name>-v<version>/<when>-<pid>/ a Tantivy index

Processes of the host share it: one writes at a time, the others open what ``actuel`` names.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import tantivy
from django.conf import settings
from django.db import connection

logger = logging.getLogger(__name__)

STATE = "_etat"  # genre of the one document that holds the index's own state
SMALL_HEAP, LARGE_HEAP = 15_000_000, 100_000_000  # bytes


@lru_cache(maxsize=32)
def _directory(root: Path, identity: str, name: str) -> Path:
    """Asked at each letter typed, for each index."""
    digest = hashlib.sha256(identity.encode()).hexdigest()[:12]
    return Path(root) / digest / name


class IndexBroken(Exception):
    """The files of the index are absent or cannot be read."""


@contextmanager
def reading() -> Iterator[None]:
    """Turn whatever Tantivy does on damaged files into `IndexBroken`.

    Its Rust panics arrive as a class that derives from BaseException and has no importable name.
    """
    try:
        yield
    except (ValueError, OSError) as error:
        raise IndexBroken(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IndexBroken(str(error)) from error


@dataclass(frozen=True)
class Opened:
    """An index as it stood when opened. `applied` is what its last writer said it had applied."""

    directory: Path
    pointer: tuple[int, int]
    index: tantivy.Index
    searcher: tantivy.Searcher
    applied: tuple[int, str]


@dataclass(frozen=True)
class Store:
    """The place of one index. The schema must hold raw text fields `cle`, `genre` and `etat`."""

    schema: tantivy.Schema
    nom: str
    version: str

    @property
    def directory(self) -> Path:
        """Where this database's copy stands: a test's database never meets a real one's."""
        database = connection.settings_dict
        identity = "|".join(str(database.get(key, "")) for key in ("HOST", "PORT", "NAME"))
        return _directory(settings.INDEX_DIR, identity, f"{self.nom}-v{self.version}")

    @contextmanager
    def lock(self, patience: float) -> Iterator[bool]:
        """Hold the writer's lock, waiting `patience` seconds at most; yields whether it is held.

        The system drops the lock of a process that dies.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + patience
        with (self.directory / "verrou").open("w") as handle:
            held = False
            while not held:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    held = True
                except OSError:
                    if time.monotonic() >= deadline:
                        break
                    time.sleep(0.01)
            yield held

    def is_current(self, opened: Opened) -> bool:
        """Whether `actuel` still names what was opened (no other index was built since)."""
        return opened.pointer == self._pointer() and opened.directory.parent == self.directory

    def _pointer(self) -> tuple[int, int] | None:
        try:
            stat = (self.directory / "actuel").stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns

    def open(self) -> Opened | None:
        """The index that `actuel` names, or None when it is absent or unreadable."""
        pointer = self._pointer()
        if pointer is None:
            return None
        try:
            with reading():
                directory = self.directory / self._current()
                index = tantivy.Index.open(str(directory))
                self._register(index)
                index.config_reader("manual")
                index.reload()
                searcher = index.searcher()
                state = tantivy.Query.term_query(self.schema, "genre", STATE)
                ((_, address),) = searcher.search(state, 1).hits
                number, written = json.loads(searcher.doc(address)["etat"][0])
        except IndexBroken as error:
            logger.warning("The index %s is unreadable: %s", self.nom, error)
            return None
        return Opened(directory, pointer, index, searcher, (number, written))

    def write(
        self,
        index: tantivy.Index,
        *,
        documents: Iterable[tantivy.Document],
        replaced: Iterable[str] | None,
        applied: tuple[int, str],
    ) -> None:
        """Commit documents in place of those of the keys `replaced`, with the new state.

        None for `replaced`: the index is new. To be called with the lock held.
        """
        with reading():
            writer = index.writer(LARGE_HEAP if replaced is None else SMALL_HEAP, 1)
            try:
                if replaced is not None:
                    for key in replaced:
                        writer.delete_documents_by_term("cle", key)
                    writer.delete_documents_by_term("genre", STATE)
                for document in documents:
                    writer.add_document(document)
                state = tantivy.Document()
                state.add_text("genre", STATE)
                state.add_text("etat", json.dumps(applied))
                writer.add_document(state)
                writer.commit()
                writer.wait_merging_threads()
            finally:
                # Its threads end with it, also when the traceback of a failure keeps this frame.
                del writer

    def build(self, fill: Callable[[tantivy.Index], None]) -> None:
        """Fill a new index, then switch to it and remove the others. With the lock held."""
        self._keep_only(self._current())  # not what a build that failed has left
        name = f"{time.time_ns()}-{os.getpid()}"
        directory = self.directory / name
        directory.mkdir(parents=True)
        with reading():
            index = tantivy.Index(self.schema, str(directory))
        self._register(index)
        fill(index)
        pointer = self.directory / f"actuel.{name}"
        pointer.write_text(name)
        pointer.replace(self.directory / "actuel")
        self._keep_only(name)

    def _current(self) -> str:
        """What `actuel` names, "" for nothing."""
        try:
            return (self.directory / "actuel").read_text()
        except (OSError, ValueError):
            return ""

    def _keep_only(self, name: str) -> None:
        for other in self.directory.iterdir():
            if other.is_dir() and other.name != name:
                shutil.rmtree(other, ignore_errors=True)

    def _register(self, index: tantivy.Index) -> None:
        analyser = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("whitespace", analyser)
