"""What names a thing of one person: account, plate, file, title, address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from allo3939.shared.anonymity.constat import Constat, Genre
from allo3939.shared.anonymity.lists import lists
from allo3939.shared.anonymity.reading import Reading

# Accounts -----------------------------------------------------------------------------------------

_COUNTRIES = (
    "ad|at|be|bg|ch|cy|cz|de|dk|ee|es|fi|fr|gb|gi|gr|hr|hu|ie|is|it|li|lt|lu|lv|ma|mc|mt|nl|no|pl|"
    "pt|ro|se|si|sk|sm|tn|tr"
)
_GAP = r"(?:[ .,\-/]{1,2}(?:puis|et|ensuite|apres|tiret|espace)[ .,]{1,2}|[ .,\-/]{0,2})"
_IBAN = re.compile(
    rf"(?<![^\W_])(?<![.@])({_COUNTRIES}|(?:f|eff?e?)[ .,\-]{{0,2}}(?:r|err?e?))"
    r"[ .,\-]{0,2}(\d[ .]?\d)"
    rf"((?:{_GAP}(?:[a-z]{{1,4}}(?=\d)|\d)[a-z0-9]{{0,30}}+){{1,10}}+)(?![^\W_])"
)
_ACCOUNT = re.compile(r"\b(?:iban|rib|comptes?)\b[^\d.;]{0,25}$")


def is_iban(text: str) -> bool:
    """Whether the letters and figures of an IBAN hold its key (ISO 7064, mod 97)."""
    moved = text[4:] + text[:4]
    return int("".join(str(int(each, 36)) for each in moved)) % 97 == 1


def find_accounts(reading: Reading) -> Iterator[Constat]:
    text = reading.chiffres
    for match in _IBAN.finditer(text):
        whole = re.sub(r"^eff?e?|^f", "f", match[0])
        whole = re.sub(r"^f[ .,\-]{0,2}err?e?", "fr", whole)
        whole = re.sub(r"puis|et|ensuite|apres|tiret|espace|[ .,\-/]", "", whole)
        figures = sum(character.isdigit() for character in whole)
        good = 15 <= len(whole) <= 34 and is_iban(whole)
        french = whole.startswith("fr")
        written = reading.texte[reading.place(match.start())].isupper() and not reading.crie
        if re.search(r"\btva\b[^\d]{0,40}$", reading.before(match.start(), 60)):
            continue
        # « fr 76 » begins nearly every French one: a part of it will do.
        labelled = _ACCOUNT.search(reading.before(match.start(), 40))
        begun = (figures >= 6 and whole.startswith("fr76")) or (figures >= 8 and labelled)
        if good or begun or (figures >= 12 and (french or written)):
            sure = good or (french and figures >= 14) or figures >= 14
            reason = "c'est un IBAN" + ("" if good else ", même mal noté")
            yield Constat(Genre.COMPTE, *reading.span(*match.span()), sure, reason)


# Plates -------------------------------------------------------------------------------------------

_L = "[a-hj-np-tv-z]"
_S = r"[ .\-_/]{0,3}"
_SIV = re.compile(
    rf"(?<![^\W_])(?<![^\W_]['-])({_L}{{2}}|w(?=[ \-]))({_S})(\d{{3}})({_S})({_L}{{2}})"
    r"(?![^\W_])(?!['-][^\W_])"
)
_FNI = re.compile(
    r"(?<![^\W_])(?<![.,\-/])(\d{2,4})([ \-]?)([a-z]{2,3})([ \-]?)(\d\d|2[ab]|97[1-6])"
    r"(?![^\W_])(?![.,/*]\d)"
)
_ALPHABET = (
    "alpha|alfa|bravo|charly|charlie|delta|echo|fox ?trott?e?|golf|hotel|india|juliett?e?|kilo|"
    "lima|mike|maike|novembre?|oscare?|papa|quebec|romeo|sierra|tango|uniforme?|victor|"
    "wh?isk[iye]{1,2}|x[ -]?ray|yank(?:ee?|i)|zoulou|zulu|"
    "anatole|berthe|celestin|desire|eugene|francois|gaston|henri|irma|joseph|kleber|louis|marcel|nicolas|"
    "pierre|quintal|raoul|suzanne|therese|ursule|william|xavier|yvonne|zoe"
)
_ONE = rf"(?:(?:{_ALPHABET})|[a-z](?: comme [a-z-]+)?)"
# A letter as it is called; of these, those that are no other word.
_CALLED = (
    "double ve|effe?|eff|hache|ache|ji|ka|emme|enne|cu|ku|erre|esse|ixe|y ?grec|i ?grec|zede?|"
    "be|ge|pe|ve|ce|de|te|el|elle|em|en|er|es|[a-z]"
)
_OWN_CALL = re.compile(
    r"\b(?:double ve|effe?|hache|ji|ka|emme|enne|cu|erre|esse|ixe|y ?grec|zede?|be|ge|pe|ve)\b"
)
_LINK = r"(?:[ ,.\-]{1,3}(?:(?:tiret|puis|et)[ ,]{1,2})?)"
_SPELT = re.compile(
    rf"(?<![^\W_])(?<!')(?:({_ONE}){_LINK}({_ONE})|([a-z]{{2}})){_LINK}"
    rf"(\d{{3}}|\d{_LINK}\d{_LINK}\d|\d{_LINK}\d\d|\d\d{_LINK}\d){_LINK}"
    rf"(?:({_ONE}){_LINK}({_ONE})|([a-z]{{2}}))(?![^\W_])(?!')"
)
_SPELT_ALOUD = re.compile(
    rf"(?<![^\W_])(?<!')(?P<debut>(?:{_CALLED}){_LINK}(?:{_CALLED})){_LINK}\d{{3}}{_LINK}"
    rf"(?P<fin>(?:{_CALLED}){_LINK}(?:{_CALLED}))(?![^\W_])(?!')"
)
# After « plaque »: groups of letters and of figures, as countries other than France cut them.
_GROUP = r"(?:[a-z]{1,3}|\d{1,5})"
_ABROAD = re.compile(
    r"\b(?:plaques?|immat\w*)(?: [a-z]{4,12}| etrangere)?[ :=]{1,3}"
    rf"(?P<valeur>{_GROUP}(?:[ .\-_/]{_GROUP}|(?<=\d)[a-z]{{1,3}}|(?<=[a-z])\d{{1,4}}){{1,3}})"
    r"(?![^\W_])"
)
_VEHICLE = re.compile(
    r"\b(?:plaques?|immat\w*|vehicules?|voitures?|autos?|carte grise|certificat|moto\w*|scooter\w*|"
    r"camion\w*|remorque|caravane|utilitaire|fourri?ere|cg|siv|fni|renault|peugeot|citroen|clio|"
    r"dacia|toyota|volkswagen|golf|ford|opel|fiat|bmw|mercedes|audi|conduit|roule|quad|tracteur|"
    r"cyclo\w*|mobylette|velomoteur|trottinette|fourgon\w*|camping[- ]car|berline|kangoo|trafic|"
    r"megane|scenic|twingo|sandero|duster|yaris|polo|kia|nissan|hyundai|skoda|seat|suzuki|yamaha|"
    r"honda|kawasaki|volvo|tesla|jeep|break|cabriolet|pick-?up|[1-5]08|c[1-5])\b"
)


# « section ZC 323 »: a plot of the land register.
_LAND = re.compile(r"\b(?:sections?|parcelles?|cadastr\w*|lots?)\b[^\d,.;]{0,20}$")


def find_plates(reading: Reading) -> Iterator[Constat]:
    text, known = reading.chiffres, lists()
    reason = "c'est une plaque d'immatriculation"
    for match in _SIV.finditer(text):
        first, gap, _, gap_2, last = match.groups()
        words = {first, last} & known.courts
        if _LAND.search(reading.before(match.start(), 30)):
            continue
        if first == "w" and not ("-" in gap or _VEHICLE.search(reading.before(match.start(), 60))):
            continue
        dashed = "-" in gap and "-" in gap_2
        told = bool(_VEHICLE.search(reading.before(match.start(), 60)))
        capitals = _is_capital(reading, match.start(1), match.start(5)) and not reading.crie
        named = re.search(r"\b(?:plaques?|immat\w*)[ :]{1,3}$", reading.before(match.start(), 20))
        one = bool(told and len(words) == 1 and first != last)
        if words and not (dashed or capitals or named or one or not (gap or gap_2)):
            continue
        sure = not words or dashed or capitals or told or not (gap or gap_2) or "." in gap
        yield Constat(Genre.PLAQUE, *reading.span(*match.span()), sure, reason)
    for match in _FNI.finditer(text):
        figures, _, letters, _, departement = match.groups()
        told = bool(_VEHICLE.search(reading.before(match.start(), 60)))
        if departement == "00" or figures.startswith("0"):
            continue
        if not told and (letters in known.courts or letters in known.sigles):
            continue
        capitals = _is_capital(reading, match.start(3), match.end(3) - 1) and not reading.crie
        if capitals or (told and letters not in known.ordinaires):
            yield Constat(Genre.PLAQUE, *reading.span(*match.span()), True, reason)
        elif len(figures) >= 3:
            yield Constat(Genre.PLAQUE, *reading.span(*match.span()), False, reason)
    for match in _SPELT.finditer(text):
        pairs = {match[3], match[7]} - {None}
        spoken = {match[1], match[2], match[5], match[6]}
        if (pairs & known.courts and "tiret" not in match[0]) or (
            (match[1], match[2]) in (("y", "a"), ("l", "a")) and "," not in match[0]
        ):
            continue
        if spoken == {None} and _SIV.fullmatch(match[0]):
            continue  # seen above
        yield Constat(Genre.PLAQUE, *reading.span(*match.span()), True, reason)
    for match in _SPELT_ALOUD.finditer(text):
        if _OWN_CALL.search(match["debut"]) or _OWN_CALL.search(match["fin"]):
            yield Constat(Genre.PLAQUE, *reading.span(*match.span()), False, reason)
    for match in _ABROAD.finditer(text):
        parts = re.findall(r"[a-z]+|\d+", match["valeur"])
        letters = [part for part in parts if part.isalpha()]
        lengths = sum(map(len, letters)), sum(map(len, parts)) - sum(map(len, letters))
        ordinary = known.courts | known.sigles | {"a", "d", "l", "n", "no"}
        if min(lengths) >= 2 and max(lengths) <= 6 and not ordinary.intersection(letters):
            yield Constat(Genre.PLAQUE, *reading.span(*match.span("valeur")), False, reason)


def _is_capital(reading: Reading, *places: int) -> bool:
    return all(reading.texte[reading.place(at)].isupper() for at in places)


# Files, titles ------------------------------------------------------------------------------------

_FILE = re.compile(
    r"\b(?P<quoi>allocataire|dossier|passeport|titre de sejour|carte de sejour|carte de resident|"
    r"recepisse|etrangere?|agdref|cni|carte d'identite|carte nationale d'identite|permis(?: de "
    r"conduire)?|identifiant|matricule|client|contrat|abonne|adherent|plainte|proces[- ]verbal|pv|"
    r"requete|instruction|ants|demande(?: de logement)?|nud|spi|numero fiscal|n° fiscal|fiscal|"
    r"secu|securite sociale|nir|compte|rib|avis|demandeur|beneficiaire|sinistre|police|amende|"
    r"contravention|neph|ine|visa|numero unique|chorus|caf|msa|rsa|carte vitale|piece d'identite|"
    r"ticket|consultation|patient|ecrou|assure|reference|ref|immatriculation|siv)s?\b"
    r"(?P<mots>(?:[ :=#(\"«»]|n°\.?|n º|nº|\bno\b|\bnum\b|\bnumero\b|\best\b|c'est|\ble\b|\bla\b|"
    r"\bde\b|\bdu\b|\bson\b|\bsa\b|\bsous\b|\bsuivi\b|\bfrance travail\b|\bpole emploi\b|\bcaf\b|"
    r"\bcpam\b|\bmdph\b|\bants\b|\bperdu\b|\bvole\b|\bexpire\b|\bfrancais\b|\bbiometrique\b|"
    r"\bdossier\b|\bcontrat\b|\bdalo\b|\bretraite\b|\bcarsat\b){0,10})"
    r"(?P<valeur>(?=[a-z]{0,4}\d)[a-z0-9]{1,24}"
    r"(?:(?:[\-/][a-z]{1,4})?[ .\-/][a-z]{0,3}\d[a-z0-9]{0,20}){0,9}(?: ?[a-z])?)"
    r"(?![^\W_])(?!\*\d)"
)
# « numéro fiscal commence par 30 45 128 », « carte bleue finissant par 6467 »
_PART = re.compile(
    r"\b(?:(?P<court>iban|rib|compte|carte|cb|tel|telephone|portable|mobile|fixe|num|numero)|nir|nss|secu|"
    r"fiscal|spi|immat\w*|passeport|allocataire|identifiant)\b[^\d.;!?\n]{0,30}?"
    r"\b(?:commen[ct]\w*|debut\w*|fini\w*|fin|termin\w*|derniers chiffres)\b"
    r"(?: (?:bien )?(?:par|en|sont)| ?:)? ?(?P<valeur>(?!0 ?8)\d[\d .\-]{2,20}\d)(?!\w)"
)
_NUMBERED = re.compile(r"n°|nº|n º|\bno\b|\bnum|:|=|#|c'est|\best\b")
_HARMLESS = re.compile(
    r"[fnr]\d{1,5}|a39-\d{1,4}|\d{1,2}[/.\-]\d{1,2}[/.\-](?:19|20)?\d\d(?:\D.*)?|"
    r"(?:0?[1-9]|[12]\d|3[01]) (?:0?[1-9]|1[0-2]) (?:19|20)?\d\d(?:[^\d ].*)?|"
    r"(?:19|20)\d\d(?:[/\- ](?:19|20)?\d\d)*|\d{1,3}(?: \d{3})+|\d{5}|[a-z]?\d{1,4}[a-z]?|"
    r"\d{1,2}h\d{0,2}.*|08\d{8}|0 [89]\d\d(?:(?: ?\d\d){3}|(?: \d{3}){2})|\d{5}(?: \d{5})*"
)
_STRONG = frozenset(
    [
        "allocataire",
        "dossier",
        "passeport",
        "agdref",
        "cni",
        "matricule",
        "allocataires",
        "plainte",
        "spi",
        "nir",
        "secu",
        "neph",
        "ine",
    ]
)
_AMOUNT = re.compile(r"(?:,\d+)? ?(?:€|eur|%|ans?\b|mois\b|jours?\b|points?\b|h\b|francs?\b)")


def find_files(reading: Reading) -> Iterator[Constat]:
    text = reading.chiffres
    for match in _PART.finditer(text):
        figures = sum(character.isdigit() for character in match["valeur"])
        if figures >= (4 if match["court"] else 5) and not _AMOUNT.match(text, match.end()):
            reason = "c'est une partie d'un numéro qui désigne une personne"
            yield Constat(Genre.NUMERO, *reading.span(*match.span("valeur")), False, reason)
    for match in _FILE.finditer(text):
        value = match["valeur"].strip()
        figures = sum(character.isdigit() for character in value)
        if _AMOUNT.match(text, match.end("valeur")):
            continue
        numbered = bool(_NUMBERED.search(match["mots"])) or re.search(
            r"(?:n°|nº|numero|\bno|\bnum) ?(?:d'|de |du |de l'|d )?(?:suivi |dossier )?$",
            reading.before(match.start(), 14),
        )
        grouped = (
            figures >= (6 if numbered else 7)
            and match["quoi"] in _STRONG
            and re.fullmatch(r"[\d ]+", value)
        )
        harmless = (_HARMLESS.fullmatch(value) and not grouped) or re.match(
            r"08\d{8}$", re.sub(r"\W", "", value)
        )
        if harmless and not (numbered and re.fullmatch(r"\d{5}|[a-z]\d{4}|\d{4}[a-z]", value)):
            continue
        least = 4 if numbered else 6 if match["quoi"] not in _STRONG else 5
        if figures < least or (figures < 5 and match["quoi"] not in _STRONG):
            continue
        reason = f"c'est un numéro qui désigne une personne ({match['quoi']})"
        sure = figures >= 6 or bool(numbered)
        start, end = match.start("valeur"), match.start("valeur") + len(value)
        yield Constat(Genre.NUMERO, *reading.span(start, end), sure, reason)


# « dossier naturalisation 2023X 012345 », « n° de téléprocédure 87654321 »: words that no list
# holds stand between, so the number must be long, and is asked about.
_FAR = re.compile(
    r"(?:\b(?:dossier|ref|reference|avis|allocataire|passeport|titre|cni|identite|permis|matricule|"
    r"identifiant|client|numero|num)s?\b|\bn[°º])(?P<mots>[^\d.;:!?\n]{1,30}?:? ?)(?<![^\W_])"
    r"(?P<valeur>(?=[a-z]{0,3}\d)[a-z0-9]{1,20}(?:[ \-/](?=[a-z]{0,2}\d)[a-z0-9]{1,14}){0,4})"
    r"(?![^\W_])(?![*/,]\d)"
)
_OF_A_RULE = re.compile(
    r"\b(?:lois?|decrets?|ordonnances?|arretes?|articles?|art|cerfas?|circulaires?|pourvois?|siret|"
    r"siren|finess|uai|rne|nda|sap|rna|naf|ape|tva|cedex|agrement|rcs|ecli|nor|jorf|bo|formulaires?|"
    r"appel\w*|tel|telephon\w*|vert|"
    r"passage|colis|recommandee?|gratuit|surtaxe|conforme|revenus?|plafond|montant|prix|"
    r"cout|de plus)\b"
)


def find_far_files(reading: Reading) -> Iterator[Constat]:
    """Long numbers a few words after what names them."""
    text = reading.chiffres
    for match in _FAR.finditer(text):
        value = match["valeur"]
        digits = re.sub(r"\D", "", value)
        mixed = bool(re.search(r"[a-z]", value)) and len(digits) >= 4 and len(value) >= 8
        if not (mixed or len(digits) >= 7):
            continue
        if _HARMLESS.fullmatch(value) and not re.fullmatch(r"\d{1,3}(?: \d{3}){2,4}", value):
            continue
        if value == re.sub(r"[a-z]", "", value) and (
            re.fullmatch(r"0\d{9}|33\d{9}", digits)
            or re.fullmatch(r"(?:19|20)\d\d[-/ ]\d{1,5}", value)
        ):
            continue  # a telephone, which other rules judge; « n° 2019-1333 », of a decree
        if _OF_A_RULE.search(reading.before(match.end("mots"), 60)) or _AMOUNT.match(
            text, match.end()
        ):
            continue
        reason = "c'est peut-être un numéro qui désigne une personne"
        yield Constat(Genre.NUMERO, *reading.span(*match.span("valeur")), False, reason)


# Identity papers whose numbers have a form of their own.
_PAPER = re.compile(r"(?<![^\W_])(?:\d\d[a-z]{2}\d{5}|[a-z]\d[a-z]{2}\d{5})(?![^\W_])")


# The number of the card of 2021, nine letters and figures, after the name of a paper.
_CARD = re.compile(
    r"\b(?:cni|carte d'identite|carte nationale d'identite|passeport|titre|document)\b"
    r"(?:[ :=,#(]|n°|\bnumero\b|\best\b|\bno\b){1,8}"
    r"(?P<valeur>(?=(?:[a-z]*\d){2})(?=(?:\d*[a-z]){2})[a-z0-9]{9})(?![^\W_])"
)


def find_papers(reading: Reading) -> Iterator[Constat]:
    for match in _CARD.finditer(reading.chiffres):
        reason = "c'est le numéro d'une pièce d'identité"
        yield Constat(Genre.NUMERO, *reading.span(*match.span("valeur")), True, reason)
    for match in _PAPER.finditer(reading.chiffres):
        reason = "cela ressemble à un numéro de passeport"
        yield Constat(Genre.NUMERO, *reading.span(*match.span()), False, reason)


# Addresses ----------------------------------------------------------------------------------------

_ADDRESS = re.compile(
    r"\b(?:habit\w*|demeur\w*|domicili\w*|resid(?:e|ent|ant|ait)|loge|loges|logeait|vit|vivent|vivant|"
    r"adresse|domicile|chez (?:lui|elle|moi|eux)|emmenag\w*|demenag\w*)\b"
    r"(?P<mots>[^\d.;!?\n]{0,30})"
    r"\b(?P<rue>\d{1,4} ?(?:bis|ter|quater|[a-d])?[ ,]{1,3}"
    r"(?:rue|avenue|av|bd|bld|boulevard|place|allees?|impasse|chemin|route|quai|cours|square|"
    r"passage|lotissement|residence|villa|cite|faubourg|sentier|hameau|lieu[- ]dit|ruelle|montee|"
    r"esplanade|promenade|clos|venelle|traverse|voie)\b[^\d.;!?\n]{0,30})"
)


def find_addresses(reading: Reading) -> Iterator[Constat]:
    institutions = lists().institutions
    for match in _ADDRESS.finditer(reading.chiffres):
        sentence = re.split(r"[.,;]| - ", reading.before(match.start(), 25))[-1]
        around = f"{sentence} {match['mots']}"
        if any(word in institutions for word in re.findall(r"[a-z-]+", around)):
            continue
        reason = "c'est l'adresse d'une personne"
        yield Constat(Genre.ADRESSE, *reading.span(*match.span("rue")), True, reason)
