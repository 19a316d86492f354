"""What a plausible directory holds: kinds of office, how many of each, where, and their hours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of office, named by a pattern of ``{de}`` (« de la Sarthe ») and ``{ville}``."""

    code: str
    nom: str
    horaires: str = "bureau"
    sigle: str = ""
    site: str = ""
    nombre: int = 1
    """How many each département has at least."""
    part: int = 0
    """Weight among the offices added to reach the count asked for."""
    region: bool = False
    """One for a whole region, at its chef-lieu."""


# One for a département or a region, at its chef-lieu; it serves every commune there.
DEPARTEMENTAUX = (
    Kind("prefecture", "Préfecture {de}", "prefecture"),
    Kind(
        "caf",
        "Caisse d'allocations familiales (CAF) {de}",
        "accueil",
        "CAF",
        "https://www.caf.fr",
    ),
    Kind(
        "cpam",
        "Caisse primaire d'assurance maladie (CPAM) {de} - {ville}",
        "accueil",
        "CPAM",
        "https://www.ameli.fr",
        nombre=2,
    ),
    Kind(
        "msa",
        "Mutualité sociale agricole (MSA) {de}",
        "rendez-vous",
        "MSA",
        "https://www.msa.fr",
    ),
    Kind("tj", "Tribunal judiciaire - {ville}", "justice", "TJ"),
    Kind("prudhommes", "Conseil de prud'hommes - {ville}", "justice"),
    Kind("tribunal_commerce", "Tribunal de commerce - {ville}", "justice"),
    Kind(
        "maison_handicapees",
        "Maison départementale des personnes handicapées (MDPH) {de}",
        "accueil",
        "MDPH",
    ),
    Kind(
        "adil",
        "Agence départementale d'information sur le logement (Adil) {de}",
        "rendez-vous",
        "Adil",
        "https://www.anil.org",
    ),
    Kind("anah", "Agence nationale de l'habitat (Anah) - Délégation {de}", "matin"),
    Kind("cci", "Chambre de commerce et d'industrie (CCI) {de}", "bureau", "CCI"),
    Kind("chambre_metier", "Chambre de métiers et de l'artisanat {de}", "bureau", "CMA"),
    Kind(
        "ddets",
        "Direction départementale de l'emploi, du travail et des solidarités {de}",
        "bureau",
        "DDETS",
    ),
    Kind(
        "ddpp",
        "Direction départementale de la protection des populations {de}",
        "bureau",
        "DDPP",
    ),
    Kind("droit_travail", "Service de renseignement en droit du travail {de}", "renseignement"),
    Kind("chambre_notaires", "Chambre des notaires {de}", "bureau"),
    Kind("ordre_avocats", "Ordre des avocats - Barreau de {ville}", "justice"),
    Kind("huissiers_justice", "Chambre des commissaires de justice {de}", "bureau"),
    Kind("mjd", "Maison de justice et du droit - {ville}", "justice", "MJD"),
    Kind("cdad", "Conseil départemental de l'accès au droit {de}", "rendez-vous", "CDAD"),
    Kind("cij", "Information jeunesse {de}", "jeunesse"),
    Kind(
        "inspection_academique",
        "Direction des services départementaux de l'éducation nationale {de}",
        "bureau",
        "DSDEN",
    ),
    Kind(
        "caue",
        "Conseil d'architecture, d'urbanisme et de l'environnement {de}",
        "rendez-vous",
        "CAUE",
    ),
    Kind("bdf", "Banque de France - {ville}", "rendez-vous", "", "https://www.banque-france.fr"),
    Kind("cadastre", "Centre des impôts foncier - {ville}", "impots"),
    Kind("spip", "Service pénitentiaire d'insertion et de probation {de}", "bureau", "Spip"),
    Kind("ta", "Tribunal administratif - {ville}", "justice", "TA", region=True),
    Kind(
        "carsat",
        "Caisse d'assurance retraite et de la santé au travail - {ville}",
        "rendez-vous",
        "Carsat",
        "https://www.lassuranceretraite.fr",
        region=True,
    ),
    Kind("urssaf", "Urssaf - {ville}", "rendez-vous", "", "https://www.urssaf.fr", region=True),
    Kind("ofii", "Office de l'immigration et de l'intégration - {ville}", "matin", region=True),
)

# Several in a département, in its most populated communes first; each serves its part of it.
LOCAUX = (
    Kind("sous_pref", "Sous-préfecture - {ville}", "prefecture", nombre=2),
    Kind("sip", "Service des impôts des particuliers (SIP) - {ville}", "impots", "SIP", part=3),
    Kind("sie", "Service des impôts des entreprises (SIE) - {ville}", "impots", "SIE", part=2),
    Kind("tresorerie", "Trésorerie - {ville}", "impots", part=10),
    Kind("france_services", "France services - {ville}", "france-services", nombre=3, part=30),
    Kind(
        "france_travail",
        "France Travail - {ville}",
        "emploi",
        "",
        "https://www.francetravail.fr",
        nombre=2,
        part=8,
    ),
    Kind("gendarmerie", "Brigade de gendarmerie - {ville}", "gendarmerie", nombre=2, part=24),
    Kind("commissariat_police", "Commissariat de police - {ville}", "permanent", part=4),
    Kind("pmi", "Centre de protection maternelle et infantile (PMI) - {ville}", "pmi", part=10),
    Kind("clic", "Point d'information pour les personnes âgées - {ville}", "bureau", part=4),
    Kind("mission_locale", "Mission locale - {ville}", "jeunesse", part=3),
    Kind("point_justice", "Point-justice - {ville}", "rendez-vous", part=6),
)

_OFFICE = ("Lundi", "Vendredi", "08:30:00", "12:00:00", "13:30:00", "17:00:00", "")


def _days(*lines: tuple[str, ...], remarque: str = "") -> tuple[tuple[tuple[str, ...], ...], str]:
    return lines, remarque


# By profile, several weeks to draw from: first day, last day, two ranges, comment; then a remark.
HORAIRES = {
    "bureau": (
        _days(_OFFICE),
        _days(("Lundi", "Vendredi", "09:00:00", "12:00:00", "14:00:00", "17:00:00", "")),
        _days(
            ("Lundi", "Jeudi", "08:30:00", "12:00:00", "13:30:00", "17:00:00", ""),
            ("Vendredi", "Vendredi", "08:30:00", "12:00:00", "13:30:00", "16:00:00", ""),
        ),
        _days(
            ("Lundi", "Mercredi", "09:00:00", "12:00:00", "13:30:00", "16:30:00", ""),
            ("Jeudi", "Jeudi", "09:00:00", "12:00:00", "", "", ""),
            ("Vendredi", "Vendredi", "09:00:00", "12:00:00", "13:30:00", "16:00:00", ""),
        ),
    ),
    "prefecture": (
        _days(
            ("Lundi", "Vendredi", "08:45:00", "12:00:00", "13:30:00", "16:00:00", "Sur rendez-vous")
        ),
        _days(("Lundi", "Vendredi", "08:30:00", "12:00:00", "", "", "Uniquement sur rendez-vous")),
        _days(
            ("Lundi", "Jeudi", "09:00:00", "11:30:00", "13:30:00", "15:30:00", "Sur rendez-vous"),
            ("Vendredi", "Vendredi", "09:00:00", "11:30:00", "", "", "Sur rendez-vous"),
        ),
    ),
    "accueil": (
        _days(("Lundi", "Vendredi", "08:30:00", "16:30:00", "", "", "")),
        _days(
            ("Lundi", "Mercredi", "09:00:00", "12:00:00", "13:00:00", "16:00:00", ""),
            ("Jeudi", "Jeudi", "13:00:00", "16:00:00", "", "", ""),
            ("Vendredi", "Vendredi", "09:00:00", "12:00:00", "13:00:00", "16:00:00", ""),
        ),
        _days(
            (
                *("Lundi", "Vendredi", "08:30:00", "12:30:00", "13:30:00", "16:30:00"),
                "Uniquement sur rendez-vous l'après-midi",
            )
        ),
    ),
    "rendez-vous": (
        _days(
            (
                *("Lundi", "Vendredi", "09:00:00", "12:00:00", "14:00:00", "17:00:00"),
                "Uniquement sur rendez-vous",
            )
        ),
        _days(("Mardi", "Jeudi", "09:00:00", "12:30:00", "", "", "Sur rendez-vous")),
        _days(("Lundi", "Vendredi", "", "", "", "", "Uniquement sur rendez-vous")),
    ),
    "justice": (
        _days(("Lundi", "Vendredi", "09:00:00", "12:00:00", "13:30:00", "16:30:00", "")),
        _days(("Lundi", "Vendredi", "08:45:00", "12:15:00", "13:15:00", "16:45:00", "")),
    ),
    "impots": (
        _days(
            (
                *("Lundi", "Vendredi", "08:45:00", "12:00:00", "13:30:00", "16:15:00"),
                "Uniquement sur rendez-vous l'après-midi",
            )
        ),
        _days(("Lundi", "Vendredi", "08:30:00", "12:00:00", "", "", "Sans rendez-vous")),
        _days(
            ("Lundi", "Mardi", "08:45:00", "12:00:00", "13:30:00", "16:00:00", ""),
            ("Jeudi", "Vendredi", "08:45:00", "12:00:00", "", "", ""),
        ),
    ),
    "matin": (
        _days(("Lundi", "Vendredi", "09:00:00", "12:00:00", "", "", "")),
        _days(("Lundi", "Jeudi", "09:00:00", "12:30:00", "", "", "Sur rendez-vous")),
    ),
    "renseignement": (
        _days(
            ("Lundi", "Jeudi", "09:00:00", "12:00:00", "13:30:00", "16:00:00", ""),
            ("Vendredi", "Vendredi", "09:00:00", "12:00:00", "", "", ""),
        ),
    ),
    "jeunesse": (
        _days(
            ("Lundi", "Lundi", "13:30:00", "18:00:00", "", "", ""),
            ("Mardi", "Vendredi", "10:00:00", "12:30:00", "13:30:00", "18:00:00", ""),
            ("Samedi", "Samedi", "10:00:00", "13:00:00", "", "", "Hors vacances scolaires"),
        ),
        _days(("Lundi", "Vendredi", "09:00:00", "12:30:00", "13:30:00", "17:30:00", "")),
    ),
    "france-services": (
        _days(("Lundi", "Vendredi", "09:00:00", "12:30:00", "13:30:00", "17:30:00", "")),
        _days(
            ("Lundi", "Lundi", "13:30:00", "17:30:00", "", "", ""),
            ("Mardi", "Vendredi", "09:00:00", "12:00:00", "13:30:00", "17:30:00", ""),
            ("Samedi", "Samedi", "09:00:00", "12:00:00", "", "", ""),
        ),
        _days(
            ("Mardi", "Mardi", "09:30:00", "12:00:00", "", "", "Bus itinérant, semaines paires"),
            ("Jeudi", "Jeudi", "13:30:00", "16:30:00", "", "", "Bus itinérant, semaines paires"),
            remarque="Le bus ne circule pas pendant les vacances de Noël.",
        ),
    ),
    "emploi": (
        _days(
            (
                *("Lundi", "Jeudi", "08:30:00", "12:30:00", "12:30:00", "16:30:00"),
                "Sur rendez-vous l'après-midi",
            ),
            ("Vendredi", "Vendredi", "08:30:00", "12:30:00", "", "", ""),
        ),
    ),
    "gendarmerie": (
        _days(
            ("Lundi", "Samedi", "08:00:00", "12:00:00", "14:00:00", "18:00:00", ""),
            ("Dimanche", "Dimanche", "09:00:00", "12:00:00", "15:00:00", "18:00:00", ""),
        ),
        _days(
            ("Mercredi", "Mercredi", "14:00:00", "18:00:00", "", "", ""),
            ("Samedi", "Samedi", "08:00:00", "12:00:00", "", "", ""),
        ),
    ),
    "permanent": (
        _days(("Lundi", "Dimanche", "00:00:00", "23:59:00", "", "", "")),
        _days(("Lundi", "Vendredi", "08:00:00", "19:00:00", "", "", "")),
    ),
    "pmi": (
        _days(
            ("Lundi", "Lundi", "13:30:00", "16:30:00", "", "", "Sur rendez-vous"),
            ("Mercredi", "Mercredi", "09:00:00", "12:00:00", "", "", "1er et 3e mercredis"),
            ("Vendredi", "Vendredi", "09:00:00", "12:00:00", "", "", "Sans rendez-vous"),
        ),
    ),
    "mairie": (
        _days(("Lundi", "Vendredi", "08:30:00", "12:00:00", "13:30:00", "17:30:00", "")),
        _days(
            ("Lundi", "Vendredi", "09:00:00", "12:00:00", "14:00:00", "17:00:00", ""),
            ("Samedi", "Samedi", "09:00:00", "12:00:00", "", "", ""),
        ),
        _days(
            ("Lundi", "Mardi", "09:00:00", "12:00:00", "14:00:00", "18:00:00", ""),
            ("Jeudi", "Vendredi", "09:00:00", "12:00:00", "", "", ""),
            ("Samedi", "Samedi", "09:00:00", "12:00:00", "", "", "2e et 4e samedis"),
            remarque="Fermeture entre Noël et le jour de l'an.",
        ),
    ),
    "mairie-rurale": (
        _days(
            ("Mardi", "Mardi", "09:00:00", "12:00:00", "18:00:00", "19:00:00", ""),
            ("Vendredi", "Vendredi", "09:00:00", "12:00:00", "", "", ""),
        ),
        _days(
            ("Lundi", "Lundi", "14:00:00", "17:00:00", "", "", ""),
            ("Jeudi", "Jeudi", "16:00:00", "19:00:00", "", "", "Permanence du maire"),
        ),
        _days(("Mercredi", "Mercredi", "14:00:00", "18:30:00", "", "", "")),
        _days(
            ("Lundi", "Mardi", "08:30:00", "12:00:00", "", "", ""),
            ("Jeudi", "Vendredi", "13:30:00", "17:30:00", "", "", ""),
            (
                *("Samedi", "Samedi", "10:00:00", "12:00:00", "", ""),
                "Accueil ouvert uniquement le 1er samedi du mois.",
            ),
        ),
    ),
}
