"""Small directories in DILA's format, written for a test; the real records, where they stand."""

import copy
import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest
from django.conf import settings

SAMPLES = Path(settings.BASE_DIR).parent / "shared" / "data" / "annuaire"

RECORD = {
    "id": "00007e4d-264c-43a0-b0b7-7f3b7dd995ab",
    "ancien_code_pivot": "mairie-77188-01",
    "nom": "Mairie - Fontaine-le-Port",
    "pivot": [{"type_service_local": "mairie", "code_insee_commune": ["77188"]}],
    "code_insee_commune": "77188",
    "statut_de_diffusion": "true",
    "date_modification": "09/08/2023 13:30:19",
    "adresse": [
        {
            "type_adresse": "Adresse",
            "numero_voie": "3 rue du Général-Roux",
            "code_postal": "77590",
            "nom_commune": "Fontaine-le-Port",
            "longitude": "2.75745010376",
            "latitude": "48.4868011475",
            "accessibilite": "DEM",
        }
    ],
    "telephone": [{"valeur": "01 99 00 30 52", "description": ""}],
    "adresse_courriel": ["mairie.77188@exemple.fr"],
    "plage_ouverture": [
        {
            "nom_jour_debut": "Lundi",
            "nom_jour_fin": "Mardi",
            "valeur_heure_debut_1": "09:00:00",
            "valeur_heure_fin_1": "12:00:00",
            "valeur_heure_debut_2": "14:00:00",
            "valeur_heure_fin_2": "17:00:00",
            "commentaire": "",
        }
    ],
    "affectation_personne": [
        {"personne": {"nom": "Secret", "prenom": "Jeanne"}, "fonction": "Maire"}
    ],
}


def record(rank=0, **changes):
    """A record of its own identifier, from the one above."""
    return copy.deepcopy(RECORD) | {"id": f"00007e4d-264c-43a0-b0b7-{rank:012d}"} | changes


def commune(insee, **kinds):
    """What a commune's file holds."""
    return {
        "code_insee_commune": insee,
        "nom": insee,
        "type_service_local": [
            {"code_type_service_local": code, "organisme": ids} for code, ids in kinds.items()
        ],
    }


def write_json(path, records, communes=None):
    dump = {"service": records} | ({"commune": communes} if communes is not None else {})
    content = json.dumps(dump, ensure_ascii=False).encode()
    path.write_bytes(gzip.compress(content) if path.name.endswith(".gz") else content)
    return path


def write_tar(path, entries):
    """A ``.tar.bz2`` of named contents."""
    with tarfile.open(path, "w:bz2") as archive:
        for name, content in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def sample(name):
    """A real sample of the directory; skips the test where the samples are not."""
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"real samples of the directory are not beside this checkout: {path.name}")
    return path
