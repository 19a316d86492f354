"""A plausible directory for demonstrations and measures, in DILA's format; nothing in it is true.

Phones stand in the ranges that Arcep keeps for fiction, e-mails at « exemple.fr ».
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from orientation.generate.plan import Plan

__all__ = ["FormatInconnu", "generate_annuaire"]

_DUMP = "demonstration-data.gouv_local.json"


class FormatInconnu(ValueError):
    """The name of the file says no format that is known; the message is in French."""


def generate_annuaire(out: Path, *, count: int = 55_000, seed: int = 1) -> int:
    """Write ``count`` records and the competence of their communes; returns how many records.

    The name of ``out`` decides: ``.json`` and ``.json.gz`` hold both under two top-level keys,
    ``.tar.bz2`` is laid out as DILA's archive. The same count and seed give the same file; a
    smaller count keeps the most populated communes, with each kind of office of their départements.
    """
    name = out.name.lower()
    plan = Plan(count=count, seed=seed)
    if name.endswith(".tar.bz2"):
        with tarfile.open(out, "w:bz2", compresslevel=1) as archive:
            _write_archive(plan, archive)
    elif name.endswith(".json.gz"):
        # Without a date inside, the same directory is the same file.
        with (
            out.open("wb") as raw,
            gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=0) as packed,
            io.BufferedWriter(packed, 1 << 20) as file,
        ):
            _write_json(plan, file)
    elif name.endswith(".json"):
        with out.open("wb") as file:
            _write_json(plan, file)
    else:
        raise FormatInconnu(f"«\u00a0{out.name}\u00a0» ne finit pas par .json, .json.gz, .tar.bz2.")
    return len(plan)


def _write_json(plan: Plan, file: IO[bytes]) -> None:
    file.write(b'{"service":[\n')
    _write_list(file, map(_dump, plan.records()))
    file.write(b'\n],"commune":[\n')
    _write_list(file, (text for _, text in _communes(plan)))
    file.write(b"\n]}\n")


def _write_list(file: IO[bytes], texts: Iterator[str]) -> None:
    for rank, text in enumerate(texts):
        if rank:
            file.write(b",\n")
        file.write(text.encode())


def _communes(plan: Plan) -> Iterator[tuple[str, str]]:
    """INSEE code and text of each commune; what a département shares is put into words once."""
    words: dict[tuple[str, ...], str] = {}
    for commune, kinds in plan.competences():
        parts = []
        for code, identifiers in kinds:
            key = (code, *identifiers)
            if key not in words:
                words[key] = _dump({"code_type_service_local": code, "organisme": identifiers})
            parts.append(words[key])
        code = commune["code_insee"]
        head = _dump({"code_insee_commune": code, "nom": commune["nom"]})
        yield code, f'{head[:-1]},"type_service_local":[{",".join(parts)}]}}'


def _write_archive(plan: Plan, archive: tarfile.TarFile) -> None:
    with io.BytesIO() as dump:
        dump.write(b'{"service":[\n')
        _write_list(dump, map(_dump, plan.records()))
        dump.write(b"\n]}\n")
        _add(archive, f"all_latest/{_DUMP}", dump.getvalue())
    for code, text in _communes(plan):
        _add(archive, f"all_latest/communes/{code}.json", f'{{"commune":[{text}]}}'.encode())


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))
    archive.members = []  # type: ignore[attr-defined]  # else every entry stays in memory


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
