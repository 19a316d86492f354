"""What only resources hold (``R…``, root ``ServiceComplementaire``): numbers, costs, values."""

from __future__ import annotations

from knowledge.blocks import Block
from knowledge.readxml.inline import plain, rich, tag_of
from knowledge.readxml.structure import READERS, blocks, others, some

# Elements that hold one text: what it is, as agents say it.
_SINGLE = {
    "NumeroCerfa": "Cerfa n°",
    "AutreNumero": "Autre numéro",
    "PivotLocal": "Type d'organisme local",
    "FranceConnect": "FranceConnect",
}
# Elements that hold blocks under no title of their own: a title, and what an agent looks for.
_SECTIONS = {
    "Cout": ("Coût", "cout"),
    "NbEtapes": ("Nombre d'étapes", ""),
    "Connexion": ("Connexion", ""),
    "Langue": ("Langue", ""),
    "Calendrier": ("Calendrier", ""),
    "Public": ("Public", ""),
    "Recherchable": ("Recherche", ""),
    "CommentFaireSelf": ("Comment faire", ""),
    "SuiviSelf": ("Suivi", ""),
    "Etapes": ("Étapes", ""),
    "Documents": ("Documents", "pieces"),
    "ModeEmploi": ("Mode d'emploi", ""),
    "Suivi": ("Suivi", ""),
    "Delai": ("Délai", "delai"),
    "Recours": ("Recours", ""),
    "AttributionMinisterielle": ("Attribution ministérielle", ""),
    "CaracteristiqueLibre": ("", ""),
    "PartieLibre": ("", ""),
}


def _single(element, reading) -> list[Block]:
    rest = [] if not len(element) else blocks(element, reading)
    text = "" if rest else plain(element)
    found = {
        "type": "donnee",
        "libelle": _SINGLE[tag_of(element)],
        "texte": text,
        **others(element),
        **some(blocs=rest),
    }
    return [found] if text or rest or "attributs" in found else []


def _guide(element, reading) -> list[Block]:
    found = {
        "type": "donnee",
        "libelle": "Guide du formulaire",
        "texte": "",
        "url": element.get("URL", ""),
    }
    return [{**found, **others(element, "URL")}, *blocks(element, reading)]


def _section(element, reading) -> list[Block]:
    title, role = _SECTIONS[tag_of(element)]
    own = element.find("Titre")
    inner = blocks(element, reading, (own,))
    if not inner and own is None and not element.attrib:
        return []
    return [
        {
            "type": "chapitre",
            "titre": rich(own, reading) if own is not None else [title],
            "niveau": 1,
            "role": role,
            "numerote": False,
            **others(element),
            "blocs": inner,
        }
    ]


def _value(element, reading) -> list[Block]:
    """An amount or an indicator that several fiches quote."""
    unit = element.get("unite", "")
    return [
        {
            "type": "donnee",
            "libelle": element.get("titre") or "Valeur",
            "texte": element.get("valeur", "") + (f"\u00a0{unit}" if unit else ""),
            **some(id=element.get("ID")),
            **others(element, "titre", "valeur", "unite", "ID"),
        },
        *blocks(element, reading),
    ]


def _history(element, reading) -> list[Block]:
    return [
        {
            "type": "chapitre",
            "titre": [element.get("titre") or "Valeurs successives"],
            "niveau": 1,
            "role": "",
            "numerote": False,
            **some(id=element.get("ID")),
            **others(element, "titre", "ID"),
            "blocs": blocks(element, reading),
        }
    ]


def _period(element, reading) -> list[Block]:
    found = blocks(element, reading)
    dates = some(debut=element.get("dateDebut"), fin=element.get("dateFin"))
    if not found:
        found = [{"type": "donnee", "libelle": "Période", "texte": ""}]
    found[0] |= dates | others(element, "dateDebut", "dateFin")
    return found


READERS |= {
    **dict.fromkeys(_SINGLE, _single),
    **dict.fromkeys(_SECTIONS, _section),
    "LienCerfaGuide": _guide,
    "ValeurRfr": _value,
    "ValeurRfrHisto": _history,
    "Periode": _period,
}
