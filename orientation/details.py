"""What the source says of a body beyond our columns, in words for a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Labels in the order of a page: what helps on the phone first, what only the record needs last.
_LABELS = {
    "nom": "Nom complet",
    "sigle": "Sigle complet",
    "ancien_nom": "Anciens noms",
    "affectation_personne": "Fonctions",
    "telephone": "Téléphones, tels que la source les écrit",
    "telephone_accessible": "Téléphones pour les personnes sourdes",
    "telecopie": "Télécopie",
    "adresse_courriel": "Courriels, tels que la source les écrit",
    "site_internet": "Sites, tels que la source les écrit",
    "formulaire_contact": "Formulaires, tels que la source les écrit",
    "url_service_public": "Fiche publique",
    "reseau_social": "Réseaux sociaux",
    "application_mobile": "Applications mobiles",
    "tchat": "Messagerie instantanée",
    "sve": "Saisine par voie électronique",
    "adresse": "Adresse, autres indications",
    "plage_ouverture": "Horaires, autres indications",
    "commentaire_plage_ouverture": "Remarque sur les horaires",
    "mission": "Missions",
    "information_complementaire": "Informations",
    "service_disponible": "Services disponibles",
    "hierarchie": "Rattachement",
    "organigramme": "Organigramme",
    "annuaire": "Annuaires",
    "texte_reference": "Textes de référence",
    "pivot": "Types et communes",
    "code_insee_commune": "Code INSEE",
    "categorie": "Catégorie",
    "type_organisme": "Type d'organisme",
    "type_repertoire": "Répertoire",
    "siren": "SIREN",
    "siret": "SIRET",
    "partenaire": "Tenu à jour par",
    "partenaire_identifiant": "Identifiant chez ce partenaire",
    "partenaire_date_modification": "Modifié par ce partenaire le",
    "itm_identifiant": "Identifiant dans la source",
    "ancien_identifiant": "Anciens identifiants",
    "ancien_code_pivot": "Ancien code",
    "date_creation": "Créé le",
    "date_modification": "Modifié le",
    "date_diffusion": "Diffusé le",
    "statut_de_diffusion": "Diffusion",
    "version_type": "Version",
    "version_source": "Source de la version",
    "version_etat_modification": "État de la version",
    "copyright": "Droits",
}
_NAMES = ("custom_dico2", "libelle", "type_hierarchie", "nom_jour_debut")  # head an object
_VALUES = ("valeur", "service", "fonction")
_INNER = {
    "type_service_local": "type",
    "code_insee_commune": "communes",
    "type_adresse": "genre",
    "accessibilite": "accessibilité",
    "note_accessibilite": "note d'accessibilité",
    "nom_jour_fin": "au",
}


def told(details: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Each key as a French label and its texts, in the order of a page.

    A key that we do not know comes last, under its own name. Nothing is left out.
    """
    known = [key for key in _LABELS if key in details]
    unknown = [key for key in details if key not in _LABELS]
    return [
        (_LABELS.get(key, key), texts)
        for key in (*known, *unknown)
        if (texts := _texts(details[key]))
    ]


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [text for item in items if (text := _text(item))]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    if isinstance(value, Mapping):
        return _object(value)
    return "" if value is None else str(value)


def _object(value: Mapping[str, Any]) -> str:
    """« Facebook : https://… (description) »; other keys are named."""
    head = [_text(value[key]) for key in _NAMES if key in value]
    body = [_text(value[key]) for key in _VALUES if key in value]
    rest = [
        f"{_INNER.get(key, key.replace('_', ' '))}\u00a0{_text(each)}"
        for key, each in value.items()
        if key not in (*_NAMES, *_VALUES, "description")
    ]
    text = "\u00a0: ".join(filter(None, (" ".join(head), ", ".join([*body, *rest]))))
    aside = _text(value.get("description"))
    return f"{text} ({aside})" if text and aside else text or aside
