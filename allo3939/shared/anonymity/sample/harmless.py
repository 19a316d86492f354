"""Notes that identify nobody, though they look as if they might."""

from __future__ import annotations

import random

from allo3939.shared.anonymity.sample.notes import SUBJECTS

_PLACES = "Lyon|Le Mans|Saint-Étienne|Villeurbanne|Saint-Martin-d'Hères|Bourg-la-Reine|Nantes|La Rochelle|Fort-de-France|Aix-en-Provence|Martigues|Vincennes".split("|")  # fmt: skip
_STREETS = "rue Victor Hugo|avenue Jean Jaurès|boulevard Voltaire|rue Pierre Brossolette|place du Général de Gaulle|rue du Docteur Roux|avenue Charles Martel|rue Marie Curie|quai Claude Bernard|rue Sophie Germain|allée Louis Martin".split("|")  # fmt: skip
_BODIES = "la mairie|la préfecture|la Caf|la CPAM|le tribunal judiciaire|France Travail|la MDPH|l'ANTS|le centre des impôts|l'Urssaf|l'Anah|le greffe|la sous-préfecture".split("|")  # fmt: skip
_ROLES = "M. le maire|Mme la préfète|monsieur le président|madame la juge|M. le procureur|Mme la directrice|Monsieur le préfet|Mme le maire".split("|")  # fmt: skip
_VERBS = "appelle|demande|souhaite|veut savoir|rappelle|conteste|habite|ne comprend pas|a perdu ses papiers|est inquiète|attend une réponse|touche l'AAH|vit seul|va déménager|insiste|n'a rien reçu|travaille à mi-temps|voudrait divorcer|est retraité|se plaint du délai|craint une expulsion|refuse de payer".split("|")  # fmt: skip
_WORDS = "pierre tombale et concession|carte marine ou fluviale|rose des vents|la Marine nationale|France Services|prime Macron|loi Pinel|dispositif Scellier|loi Carrez|loi Badinter|Action Logement|bouclier tarifaire|MaPrimeRénov'|chèque énergie|lycée Jean Moulin|hôpital Georges-Pompidou|école Jules Ferry|collège Simone Veil|stade Gabriel Péri|hôpital Robert Debré|loi Alur|compte Ameli|carte Vitale|Crédit Municipal|Banque de France|Défenseur des droits|Pôle emploi|Conseil d'État|Cour des comptes|loi Châtel|Mon Espace Santé|France Titres|Paris Habitat|Val de Marne|Leroy Merlin|Crédit Agricole|Bouygues Telecom".split("|")  # fmt: skip
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre".split("|")  # fmt: skip
_SHORT = "3939|39 39|3646|3949|3960|36 46|15|112|115|119|3919|3977|116 117|116 006|118 218|114|0 800 05 95 95|0 809 401 401|0806 000 126|0 800 130 000|0 811 70 39 39|08 06 00 01 26|0 805 20 03 67|zéro huit cent un zéro trois".split("|")  # fmt: skip


def _amount(draw: random.Random) -> str:
    value = draw.choice(
        [draw.randrange(20, 999), draw.randrange(1000, 99999), draw.randrange(100000, 3000000)]
    )
    text = f"{value:,}".replace(",", draw.choice([" ", "\u00a0", " ", ""]))
    return (
        text
        + draw.choice(["", f",{draw.randrange(100):02d}"])
        + draw.choice([" €", " euros", "€", "\u00a0€"])
    )


def _date(draw: random.Random) -> str:
    day, month, year = draw.randrange(1, 29), draw.randrange(1, 13), draw.randrange(1990, 2026)
    sign = draw.choice(["/", ".", "-"])
    return draw.choice(
        [f"{day:02d}{sign}{month:02d}{sign}{year}", f"{day} {_MONTHS[month - 1]} {year}",
         f"{day:02d}/{month:02d}", f"{_MONTHS[month - 1]} {year}", f"{day:02d}/{month:02d}/{year % 100:02d}"]
    )  # fmt: skip


def _fact(draw: random.Random) -> str:
    word = draw.choice(
        "depuis le|courrier du|jugement du|arrêté du|convoqué le|loi du|arrêt de travail du|divorcés le|"
        "embauché le|licencié le|décès le|permis obtenu le|mariés le|entré en France le|demande déposée le|"
        "accident du|séparés depuis le|bail signé le|RDV le|carte valable jusqu'au".split("|")
    )
    return f"{word} {_date(draw)}"


def _born(draw: random.Random) -> str:
    year = draw.randrange(1950, 1975)
    return draw.choice(
        [f"né avant {year}", f"les personnes nées à partir du 1er septembre {year}", f"assurés nés entre {year} et {year + 4}",
         f"né en {year}, quelle retraite ?", f"enfants nés après le 1er janvier {year + 40}", "naissance prévue en mai",
         f"génération {year}", "acte de naissance à demander en ligne", "date de naissance fausse sur le permis",
         f"bébé attendu pour le {draw.randrange(1, 28)} juin"]
    )  # fmt: skip


def _reference(draw: random.Random) -> str:
    number = draw.randrange(1000, 39999)
    return draw.choice(
        [f"fiche F{number}", f"fiche A39-0{draw.randrange(100, 999)}", f"cerfa {draw.randrange(10000, 16999)}*0{draw.randrange(1, 9)}",
         f"cerfa n° {draw.randrange(10000, 16999)}", f"article L{draw.randrange(100, 3999)}-{draw.randrange(1, 40)}",
         f"article R. {draw.randrange(100, 3999)}-{draw.randrange(1, 40)} du code du travail", f"articles {draw.randrange(200, 300)} à {draw.randrange(300, 400)} du code civil",
         f"décret n° 20{draw.randrange(10, 25)}-{draw.randrange(100, 1999)}", "loi n° 89-462", f"formulaire {draw.choice(['2042', '2044', '3666', 'S1106'])}",
         f"SIRET {draw.randrange(300, 900)} {draw.randrange(100, 999)} {draw.randrange(100, 999)} 000{draw.randrange(10, 99)}",
         f"SIREN {draw.randrange(300000000, 900000000)}", f"annexe {draw.randrange(1, 9)} alinéa {draw.randrange(1, 9)}"]
    )  # fmt: skip


def _figures(draw: random.Random) -> str:
    a, b = draw.randrange(2, 30), draw.randrange(31, 70)
    return draw.choice(
        [f"{a} ans et {b} ans", f"délai de {a} jours", f"{a} %", f"{b},5 %", f"{a} enfants de {a}, {a + 2} et {a + 5} ans",
         f"de {a}h{b % 60:02d} à 18h30", f"09:{a:02d}-12:00 14:00-17:{b % 60:02d}", f"code postal {draw.randrange(10000, 95999)}",
         f"INSEE {draw.randrange(10000, 95999)}", f"dans le {draw.randrange(10, 95)}", "départements 01, 26, 38, 69 et 73",
         f"{draw.randrange(1, 12)} mois puis {a} mois", f"{a} trimestres sur {b + 100}", f"surface de {a} m²",
         f"revenus 2022 : {_amount(draw)}, 2023 : {_amount(draw)}", f"entre {_amount(draw)} et {_amount(draw)}",
         f"RFR {draw.randrange(9000, 30000)} pour {a % 5 + 1} parts", f"{draw.randrange(2015, 2025)} et {draw.randrange(2015, 2025)}",
         "deux ou trois mois", "quatre-vingts euros par mois", "une fois sur trois", "cent vingt-cinq euros", "vingt-quatre heures",
         f"vol de {a} vers {b}", "salle 205", f"{a}e relance en {b} jours", f"n° {a}", f"25 000 à {b} 000 habitants"]
    )  # fmt: skip


def _person(draw: random.Random) -> str:
    who = draw.choice(
        [
            "madame",
            "monsieur",
            "Mme",
            "Madame",
            "Monsieur",
            "mr",
            "la dame",
            "mme",
            "l'usager",
            "le monsieur",
        ]
    )
    return f"{who} {draw.choice(_VERBS)}"


def _place(draw: random.Random) -> str:
    return draw.choice(
        [f"habite {draw.choice(_PLACES)}", f"habite {draw.choice(_STREETS)}", f"{draw.choice(_BODIES)} de {draw.choice(_PLACES)}",
         f"guichet {draw.randrange(1, 90)} {draw.choice(_STREETS)}, {draw.choice(_BODIES)}", f"déménage à {draw.choice(_PLACES)}",
         f"{draw.choice(_BODIES)} ne répond pas"]
    )  # fmt: skip


def _public(draw: random.Random) -> str:
    return draw.choice(
        [f"donner le {draw.choice(_SHORT)}", f"appeler le {draw.choice(_SHORT)}", f"{draw.choice(_SHORT)} ne répond pas",
         f"écrire à {draw.choice(['mairie', 'contact', 'etat-civil', 'accueil'])}@{draw.choice(['ville-lemans.fr', 'mairie-vaulx.fr', 'sarthe.gouv.fr', 'mairie-lyon8.fr'])}",
         "site service-public.gouv.fr", "mairie.bourg@wanadoo.fr", "le 39 39 ou le 36 46 selon le cas"]
    )  # fmt: skip


def _label(draw: random.Random) -> str:
    return draw.choice(
        "n'a pas son numéro de dossier|où trouver le numéro fiscal|numéro de sécurité sociale de l'enfant|plaque illisible|"
        "nom de naissance ou nom d'usage ?|changer de nom ou de prénom|IBAN à fournir pour la Caf|adresse mail oubliée|"
        "s'appelle comment l'aide ?|au nom de la société|au nom du locataire|le service s'appelle France Rénov'|numéro d'allocataire perdu|"
        "date de naissance erronée|immatriculation à la sécurité sociale|M. X contre Mme Y|titre de séjour expiré|"
        "passeport périmé depuis 2 ans|carte bancaire avalée|famille monoparentale|couple pacsé|épouse étrangère|dossier MDPH".split("|")
    )  # fmt: skip


_PARTS = (
    _fact,
    _born,
    _reference,
    _figures,
    _figures,
    _person,
    _person,
    _place,
    _public,
    _label,
    _amount,
)


def draw_harmless(draw: random.Random) -> str:
    """A note of one to three parts that identify nobody."""
    parts = [draw.choice(_PARTS)(draw) for _ in range(draw.randrange(1, 4))]
    if draw.random() < 0.6:
        parts.insert(draw.randrange(len(parts) + 1), draw.choice(SUBJECTS))
    if draw.random() < 0.2:
        parts.append(draw.choice(_WORDS))
    if draw.random() < 0.1:
        parts.append(f"{draw.choice(_ROLES)} n'a pas répondu")
    return draw.choice([", ", ". ", " - ", " ; ", ", "]).join(parts)
