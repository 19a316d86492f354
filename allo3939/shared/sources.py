"""Opening what an import is given: a ZIP, a folder, one file, or an address.

Nothing is ever unpacked to disk, and nothing is read whole before its size is known to be sane.
What is wrong with one entry sets that entry aside; what is wrong with the whole refuses the whole.
"""

from __future__ import annotations

import os
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.utils import timezone

MEGABYTE = 1_000_000
# DILA's largest delivery opens to 141 MB, its largest files to a few megabytes, at a ratio of 16.
ENTRY_MAX = 20 * MEGABYTE
TOTAL_MAX = 1_000 * MEGABYTE
ENTRIES_MAX = 100_000
RATIO_MAX = 200
DOWNLOAD_MAX = 600 * MEGABYTE
LIEN_DEHORS = "lien vers un fichier hors du dossier"
_RATIO_FROM = MEGABYTE  # below, a high ratio harms nobody
_TIMEOUT = 30
_CHUNK = 1 << 16
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


class SourceRefusee(ValueError):
    """The whole source is refused; the message, in French, says why."""


class EntreeRefusee(ValueError):
    """One entry cannot be taken; the message, in French, says why."""


@dataclass
class Source:
    """An opened source: names of entries, each read on demand."""

    nom: str
    genre: str
    """``zip``, ``dossier`` or ``fichier``."""
    url: str = ""
    date: datetime | None = None
    ecartes: list[tuple[str, str]] = field(default_factory=list)
    """Entries set aside without being read: name, reason."""
    _entries: dict[str, zipfile.ZipInfo | Path] = field(default_factory=dict)
    _archive: zipfile.ZipFile | None = None

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def read(self, name: str) -> bytes:
        """The entry's content; raises `EntreeRefusee`."""
        entry = self._entries[name]
        try:
            if isinstance(entry, Path):
                with entry.open("rb") as file:
                    content = file.read(ENTRY_MAX + 1)
            else:
                assert self._archive is not None  # noqa: S101  an archive's entry
                with self._archive.open(entry) as file:
                    content = file.read(ENTRY_MAX + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise EntreeRefusee("entrée endommagée dans l'archive") from error
        except (NotImplementedError, RuntimeError) as error:
            raise EntreeRefusee("entrée chiffrée ou compressée d'une façon inconnue") from error
        except OSError as error:
            raise EntreeRefusee(f"lecture impossible\u00a0: {error.strerror}") from error
        if len(content) > ENTRY_MAX:
            raise EntreeRefusee(_too_big(ENTRY_MAX))
        return content


@contextmanager
def open_source(source: str) -> Iterator[Source]:
    """Open a SOURCE as typed by whoever runs an import (see `fetch_source`)."""
    with fetch_source(source) as (path, dated), _open_path(path) as opened:
        opened.url = address_of(source)
        opened.date = dated or opened.date
        yield opened


@contextmanager
def fetch_source(source: str) -> Iterator[tuple[Path, datetime | None]]:
    """The path of a SOURCE as typed, and the date that its server gives.

    An address is downloaded first, to a file of that date that goes with the block: https only,
    from a host of ``IMPORT_URL_HOSTS``. Raises `SourceRefusee`.
    """
    if not address_of(source):
        yield Path(source), None
        return
    with tempfile.TemporaryDirectory(prefix="a39-import-") as folder:
        path, dated = _download(source, Path(folder))
        if dated is not None:
            os.utime(path, (dated.timestamp(), dated.timestamp()))
        yield path, dated


def address_of(source: str) -> str:
    """The SOURCE when it is an address, else ""."""
    return source if "://" in source else ""


def folder_files(root: Path) -> Iterator[tuple[str, Path | None]]:
    """Name and path of every file below a folder, in order, hidden ones aside.

    None for a link that leaves the folder. Raises `SourceRefusee` above `ENTRIES_MAX` files.
    """
    real = root.resolve()
    count = 0
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if any(part.startswith(".") for part in relative.parts):
            continue
        if not path.resolve().is_relative_to(real):
            yield relative.as_posix(), None
        elif path.is_file():
            count += 1
            if count > ENTRIES_MAX:
                raise SourceRefusee(f"Plus de {ENTRIES_MAX} fichiers dans le dossier.")
            yield relative.as_posix(), path


@contextmanager
def _open_path(path: Path) -> Iterator[Source]:
    if path.is_dir():
        yield _folder(path)
    elif not path.exists():
        raise SourceRefusee(f"«\u00a0{path}\u00a0» n'existe pas.")
    elif not path.is_file():
        raise SourceRefusee(f"«\u00a0{path}\u00a0» n'est ni un fichier ni un dossier.")
    elif _is_zip(path):
        try:
            with zipfile.ZipFile(path) as archive:
                yield _zip(path, archive)
        except zipfile.BadZipFile as error:
            raise SourceRefusee(f"Archive ZIP illisible ou tronquée\u00a0: {path.name}") from error
    elif path.suffix.lower() == ".xml" or _looks_like_xml(path):
        yield Source(path.name, "fichier", date=_modified(path), _entries={path.name: path})
    else:
        raise SourceRefusee(
            f"«\u00a0{path.name}\u00a0» n'est ni une archive ZIP, ni un dossier, ni un fichier XML."
        )


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix.lower() == ".zip" or file.read(2) == b"PK"


def _looks_like_xml(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(200).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)


def _too_big(limit: int) -> str:
    return f"plus de {limit // MEGABYTE}\u00a0Mo une fois ouvert"


def _folder(root: Path) -> Source:
    source = Source(root.resolve().name, "dossier")
    for name, path in folder_files(root):
        if path is None:
            source.ecartes.append((name, LIEN_DEHORS))
            continue
        source._entries[name] = path
        changed = _modified(path)
        source.date = max(source.date or changed, changed)
    return source


def _zip(path: Path, archive: zipfile.ZipFile) -> Source:
    source = Source(path.name, "zip", _archive=archive)
    infos = archive.infolist()
    if len(infos) > ENTRIES_MAX:
        raise SourceRefusee(f"Plus de {ENTRIES_MAX} entrées dans l'archive.")
    total = 0
    for info in infos:
        if info.is_dir():
            continue
        if reason := _wrong_entry(info, source):
            source.ecartes.append((info.filename, reason))
            continue
        total += info.file_size
        source._entries[info.filename] = info
        dated = _entry_date(info)
        if dated is not None:
            source.date = max(source.date or dated, dated)
    if total > TOTAL_MAX:
        raise SourceRefusee(f"Archive refusée\u00a0: {_too_big(TOTAL_MAX)}.")
    return source


def _wrong_entry(info: zipfile.ZipInfo, source: Source) -> str:
    """Why an entry is set aside, from its header alone; "" when it may be read."""
    name = info.filename.replace("\\", "/")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or ":" in name:
        return "chemin qui sort de l'archive"
    if info.filename in source._entries:
        return "nom présent deux fois dans l'archive"
    if info.file_size > ENTRY_MAX:
        return _too_big(ENTRY_MAX)
    if info.file_size > _RATIO_FROM and info.file_size > RATIO_MAX * info.compress_size:
        return f"compressé plus de {RATIO_MAX} fois (bombe ZIP)"
    return ""


def _entry_date(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time, tzinfo=timezone.get_default_timezone())
    except ValueError:
        return None


# --- Addresses ----------------------------------------------------------------------------------


def _check_url(url: str) -> str:
    """The host of an address that may be read; raises `SourceRefusee`."""
    try:
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise SourceRefusee("Adresse mal formée.") from error
    if host not in settings.IMPORT_URL_HOSTS:
        raise SourceRefusee(
            f"Adresse refusée\u00a0: {host or 'hôte absent'} n'est pas dans IMPORT_URL_HOSTS."
        )
    # On the machine itself nothing travels, and test servers speak plain HTTP.
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        raise SourceRefusee("Adresse refusée\u00a0: seul https est permis.")
    return host


class _CheckedRedirects(urllib.request.HTTPRedirectHandler):
    """A redirection is an address like another."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        _check_url(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _download(url: str, folder: Path) -> tuple[Path, datetime | None]:
    _check_url(url)
    name = PurePosixPath(urllib.parse.unquote(urllib.parse.urlsplit(url).path)).name
    path = folder / (name.lstrip(".") or "source")
    opener = urllib.request.build_opener(_CheckedRedirects)
    try:
        with opener.open(url, timeout=_TIMEOUT) as answer, path.open("wb") as file:
            size = 0
            while chunk := answer.read(_CHUNK):
                size += len(chunk)
                if size > DOWNLOAD_MAX:
                    raise SourceRefusee(
                        f"Téléchargement de plus de {DOWNLOAD_MAX // MEGABYTE}\u00a0Mo."
                    )
                file.write(chunk)
            expected = answer.headers.get("Content-Length")
            if expected and expected.isdecimal() and int(expected) != size:
                raise SourceRefusee("Téléchargement interrompu avant la fin.")
            return path, _http_date(answer.headers.get("Last-Modified"))
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise SourceRefusee(f"Téléchargement impossible\u00a0: {reason}") from error


def _http_date(text: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
