"""Loading of the official geographic code: départements, communes, delegated ones, arrondissements.

The files are reference data of the project (`fixtures/communes`), refreshed once a year.
"""

from __future__ import annotations

import csv
import gzip
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from allo3939.shared.models import Importation
from orientation.enums import TypeCommune
from orientation.locate import normalise
from orientation.models import Commune, Departement

SOURCE = Path(settings.BASE_DIR) / "fixtures" / "communes"
_PRODUCTEUR = "INSEE et La Poste, par @etalab/decoupage-administratif 6.0.0"
_URL = "https://www.npmjs.com/package/@etalab/decoupage-administratif"
_COLUMNS = (
    "code_insee",
    "nom",
    "nom_recherche",
    "type",
    "departement_id",
    "codes_postaux",
    "anciens_codes",
    "anciens_noms",
    "anciens_noms_recherche",
    "population",
    "parente_id",
)


class CommunesIllisibles(ValueError):
    """The reference files are absent or not what is expected; the message is in French."""


@dataclass(slots=True)
class Rapport:
    """What loading changes, or would change."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    seconds: float = 0.0


def read_communes(folder: Path = SOURCE) -> Iterator[dict[str, str]]:
    """The lines of ``communes.csv.gz``, as they are, in order of INSEE code."""
    try:
        with gzip.open(folder / "communes.csv.gz", "rt", encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise CommunesIllisibles(f"Communes illisibles dans {folder}\u00a0: {error}") from error


def read_departements(folder: Path = SOURCE) -> list[Departement]:
    """Départements and overseas collectivities, each with the name of its region."""
    try:
        with (folder / "regions.csv").open(encoding="utf-8", newline="") as file:
            regions = {row["code"]: row["nom"] for row in csv.DictReader(file)}
        with (folder / "departements.csv").open(encoding="utf-8", newline="") as file:
            return [
                Departement(
                    code=row["code"],
                    nom=row["nom"],
                    region=regions.get(row["region"], row["nom"]),
                    chef_lieu=row["chefLieu"],
                )
                for row in csv.DictReader(file)
            ]
    except (OSError, KeyError) as error:
        raise CommunesIllisibles(f"Départements illisibles dans {folder}\u00a0: {error}") from error


def load_communes(*, apply: bool = True, folder: Path = SOURCE) -> Rapport:
    """Make the tables agree with the reference files; without ``apply`` only tell the difference.

    A commune that has left the code keeps its row: calls and bodies refer to it.
    """
    started, clock = timezone.now(), time.monotonic()
    departements = read_departements(folder)
    rows = _rows(folder)
    known = {row[0]: row for row in Commune.objects.values_list(*_COLUMNS).iterator(5000)}
    changed = [row for row in rows if known.get(row[0]) != row]
    report = Rapport(
        added=sum(row[0] not in known for row in changed),
        unchanged=len(rows) - len(changed),
        gone=len(known.keys() - {row[0] for row in rows}),
    )
    report.changed = len(changed) - report.added
    if apply:
        with transaction.atomic():
            Departement.objects.bulk_create(
                departements,
                update_conflicts=True,
                unique_fields=["code"],
                update_fields=["nom", "region", "chef_lieu"],
            )
            if changed:
                _write(changed)
            report.seconds = time.monotonic() - clock
            Importation.objects.create(
                genre="communes",
                producteur=_PRODUCTEUR,
                url=_URL,
                fichier="communes.csv.gz",
                commencee_le=started,
                secondes=report.seconds,
                ajoutes=report.added,
                modifies=report.changed,
                inchanges=report.unchanged,
                disparus=report.gone,
            )
    report.seconds = time.monotonic() - clock
    return report


def _rows(folder: Path) -> list[tuple]:
    """One row per code. A delegated commune that shares its code becomes a former name."""
    lines = list(read_communes(folder))
    current = {line["code_insee"] for line in lines if line["type"] == TypeCommune.ACTUELLE}
    former: dict[str, list[str]] = {}
    for line in lines:
        if line["type"] != TypeCommune.ACTUELLE and line["code_insee"] in current:
            former.setdefault(line["code_insee"], []).append(line["nom"])
    rows = []
    for line in lines:
        code, nom = line["code_insee"], line["nom"]
        shared = code in current
        if shared and line["type"] != TypeCommune.ACTUELLE:
            continue
        names = [name for name in former.get(code, ()) if name != nom] if shared else []
        rows.append(
            (
                code,
                nom,
                normalise(nom),
                line["type"],
                line["departement"],
                line["codes_postaux"].split(),
                line["anciens_codes"].split(),
                names,
                "".join(f"|{normalise(name)}" for name in names),
                int(line["population"]) if line["population"] else None,
                line["commune_parente"] or None,
            )
        )
    return rows


def _write(rows: list[tuple]) -> None:
    columns = ", ".join(_COLUMNS)
    updates = ", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS[1:])
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.arrivee")
        cursor.execute(
            f"CREATE TEMP TABLE arrivee ON COMMIT DROP AS SELECT {columns} "  # noqa: S608
            "FROM orientation_commune LIMIT 0"
        )
        with cursor.copy(f"COPY arrivee ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            f"INSERT INTO orientation_commune ({columns}) SELECT {columns} FROM arrivee "  # noqa: S608
            f"ON CONFLICT (code_insee) DO UPDATE SET {updates}"
        )
        cursor.execute("ANALYZE orientation_commune")
