"""One invented record, with every key of DILA's dump."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from orientation.generate.kinds import HORAIRES
from orientation.generate.places import FICTION, MILIEUX, MOBILE, VOIES, ZONES

T = TypeVar("T")
_PLAGE = (
    "nom_jour_debut",
    "nom_jour_fin",
    "valeur_heure_debut_1",
    "valeur_heure_fin_1",
    "valeur_heure_debut_2",
    "valeur_heure_fin_2",
    "commentaire",
)
_RESEAUX = ("Facebook", "X", "Instagram", "LinkedIn", "YouTube")
_INFORMATIONS = (
    "L'accueil se fait par l'entrée de la cour.",
    "Une permanence est tenue au marché le premier samedi du mois.",
    "Apportez une pièce d'identité\u00a0: elle est demandée à l'entrée.",
)
_COPYRIGHT = "Annuaire de démonstration, inventé"


class Draw:
    """Choices that depend on a key alone: the same office in every directory of the same seed."""

    def __init__(self, key: str) -> None:
        digest = hashlib.md5(key.encode(), usedforsecurity=False).digest()
        self.identifier = str(UUID(bytes=digest, version=4))
        self._pool = int.from_bytes(hashlib.blake2b(digest, digest_size=32).digest(), "big")

    def below(self, limit: int) -> int:
        self._pool, drawn = divmod(self._pool, limit)
        return drawn

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def once_in(self, times: int) -> bool:
        return self.below(times) == 0


def write_record(
    *,
    key: str,
    kind: str,
    nom: str,
    commune: dict[str, str],
    horaires: str,
    rank: int = 1,
    sigle: str = "",
    site: str = "",
) -> dict[str, Any]:
    """An office in a commune (a line of ``communes.csv.gz``), in the shape of the dump."""
    draw = Draw(key)
    insee, departement = commune["code_insee"], commune["departement"]
    lines, remark = draw.pick(HORAIRES[horaires])
    zone = FICTION[ZONES.get(departement, "4")]
    number = draw.below(10_000)
    phones = [{"valeur": f"{zone} {number // 100:02d} {number % 100:02d}", "description": ""}]
    if draw.once_in(9):
        number = draw.below(10_000)
        phones.append(
            {
                "valeur": f"{MOBILE} {number // 100:02d} {number % 100:02d}",
                "description": "Urgences, en dehors des heures d'ouverture",
            }
        )
    town = _slug(commune["nom"])
    by_form_only = draw.once_in(12)
    website = site or (
        "" if draw.once_in(3) else f"https://www.{kind.replace('_', '-')}-{town}.exemple.fr"
    )
    record: dict[str, Any] = dict(_EMPTY)
    record.update(
        id=draw.identifier,
        ancien_code_pivot=f"{kind}-{insee}-{rank:02d}",
        itm_identifiant=str(100_000 + draw.below(900_000)),
        nom=nom,
        sigle=sigle,
        pivot=[{"type_service_local": kind, "code_insee_commune": [insee]}],
        code_insee_commune=insee,
        adresse=_addresses(commune, draw, cedex=horaires in ("prefecture", "justice")),
        telephone=phones,
        adresse_courriel=[] if by_form_only else [f"{kind.replace('_', '-')}.{insee}@exemple.fr"],
        formulaire_contact=[f"https://contact.exemple.fr/{insee}"] if by_form_only else [],
        site_internet=[{"libelle": "", "valeur": website}] if website else [],
        plage_ouverture=[dict(zip(_PLAGE, line, strict=True)) for line in lines],
        commentaire_plage_ouverture=remark,
        telecopie=[f"{zone} {draw.below(100):02d} 00"] if draw.once_in(4) else [],
        date_creation="18/01/2012 00:00:00",
        date_modification=f"{1 + draw.below(28):02d}/{1 + draw.below(10):02d}/2026 "
        f"{8 + draw.below(10):02d}:{draw.below(60):02d}:00",
        url_service_public=f"https://lannuaire.service-public.gouv.fr/demonstration/{draw.identifier}",
    )
    record.update(_beside(kind, insee, town, nom, draw))
    return record


def _beside(kind: str, insee: str, town: str, nom: str, draw: Draw) -> dict[str, Any]:
    """What a record says that no column holds, as often as real ones do."""
    siren = f"000{draw.below(1_000_000):06d}"  # no company's number starts so
    found: dict[str, Any] = {"siren": siren, "siret": f"{siren}{1 + draw.below(90):05d}"}
    if draw.once_in(3):
        network = draw.pick(_RESEAUX)
        link = f"https://{network.lower()}.exemple.fr/{kind.replace('_', '-')}-{town}"
        found["reseau_social"] = [{"valeur": link, "description": "", "custom_dico2": network}]
    if kind == "france_services":
        found |= {"partenaire": "france_service", "partenaire_identifiant": str(draw.below(3000))}
    if draw.once_in(8):
        found["sve"] = [f"https://demarches.exemple.fr/{insee}"]
    if draw.once_in(20):
        found["ancien_nom"] = [f"{nom} (ancien nom)"]
    if draw.once_in(25):
        found["application_mobile"] = [
            {
                "valeur": f"https://application.exemple.fr/{town}",
                "description": "Signaler un problème sur la voie publique",
                "custom_dico2": draw.pick(("App Store", "Google Play Store")),
            }
        ]
    if draw.once_in(30):
        found["information_complementaire"] = draw.pick(_INFORMATIONS)
    return found


def _addresses(commune: dict[str, str], draw: Draw, *, cedex: bool) -> list[dict[str, str]]:
    postcodes = commune["codes_postaux"].split() or [""]
    latitude, longitude = point_of(commune)
    access = draw.pick(("ACC", "ACC", "DEM", "NAC", ""))
    address = {
        "type_adresse": "Adresse",
        "complement1": "",
        "complement2": "",
        "numero_voie": f"{1 + draw.below(120)} {draw.pick(VOIES)}",
        "service_distribution": "",
        "code_postal": postcodes[0],
        "nom_commune": commune["nom"],
        "pays": "",
        "continent": "",
        "longitude": f"{longitude + draw.below(100) / 20_000:.6f}",
        "latitude": f"{latitude + draw.below(100) / 20_000:.6f}",
        "accessibilite": access,
        "note_accessibilite": "rampe d'accès" if access == "ACC" and draw.once_in(5) else "",
    }
    if draw.once_in(40):
        address |= {"longitude": "", "latitude": ""}
    if not cedex or not postcodes[0]:
        return [address]
    postal = address | {
        "type_adresse": "Adresse postale",
        "service_distribution": f"CS {10_000 + draw.below(80_000)}",
        "code_postal": f"{postcodes[0][:3]}{1 + draw.below(98):02d}",
        "nom_commune": f"{commune['nom']} Cedex",
    }
    return [address, postal]


def point_of(commune: dict[str, str]) -> tuple[float, float]:
    """A place for a commune: somewhere in its département, always the same."""
    latitude, longitude = MILIEUX.get(commune["departement"], (46.5, 2.5))
    draw = Draw(f"lieu-{commune['code_insee']}")
    spread = 0.02 if commune["departement"] in ("75", "92", "93", "94") else 0.35
    return (
        latitude + spread * (draw.below(2001) / 1000 - 1),
        longitude + spread * (draw.below(2001) / 1000 - 1),
    )


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c)))


_EMPTY: dict[str, Any] = {
    "plage_ouverture": [],
    "site_internet": [],
    "copyright": _COPYRIGHT,
    "siren": "",
    "ancien_code_pivot": "",
    "reseau_social": [],
    "texte_reference": [],
    "partenaire": "",
    "telecopie": [],
    "nom": "",
    "siret": "",
    "itm_identifiant": "",
    "sigle": "",
    "affectation_personne": [],
    "date_modification": "",
    "adresse_courriel": [],
    "service_disponible": "",
    "organigramme": [],
    "pivot": [],
    "partenaire_identifiant": "",
    "ancien_identifiant": [],
    "id": "",
    "ancien_nom": [],
    "commentaire_plage_ouverture": "",
    "annuaire": [],
    "tchat": [],
    "hierarchie": [],
    "categorie": "SL",
    "sve": [],
    "telephone_accessible": [],
    "application_mobile": [],
    "version_type": "Publiable",
    "type_repertoire": "",
    "telephone": [],
    "version_etat_modification": "",
    "date_creation": "",
    "partenaire_date_modification": "",
    "mission": "",
    "formulaire_contact": [],
    "version_source": "",
    "type_organisme": "",
    "code_insee_commune": "",
    "statut_de_diffusion": "true",
    "adresse": [],
    "url_service_public": "",
    "information_complementaire": "",
    "date_diffusion": "",
}
