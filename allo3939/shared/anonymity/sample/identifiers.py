"""What identifies somebody, drawn at random: each kind in written, spoken and misheard forms."""

from __future__ import annotations

import random
from collections.abc import Callable

from allo3939.shared.anonymity.lists import lists
from allo3939.shared.anonymity.sample.spoken import MONTHS, dictate, pace, say, say_group, slip

# Of surnames that no list holds.
_START = (
    *("Bal", "Ker", "Van", "Mar", "Del", "Tou", "Ouss", "Zer", "Kha", "Bri", "Lac", "Gui", "Pon"),
    *("Sar", "Mon", "Fau", "Ched", "Tch", "Bour", "Gra", "Hou", "Nav", "Pel", "Ros", "Tem", "Yaz"),
    *("Dro", "Ghez", "Lem", "Vil", "Cas", "Fer"),
)
_MIDDLE = ("a", "e", "i", "o", "ou", "an", "on", "ar", "il", "en")
_FINISH = (
    *("bert", "din", "lier", "mane", "nouche", "quet", "rand", "sson", "tier", "vac", "zeck"),
    *("court", "nard", "mouni", "dji", "laoui", "tello", "ssard", "vigne", "drieux", "guen"),
    *("ski", "wicz", "mara"),
)
_NICKNAMES = ("lulu", "toto", "chat", "soleil", "bebe", "moto", "foot", "papillon", "loulou")
_PROVIDERS = {
    "gmail": "com", "hotmail": "com", "orange": "fr", "wanadoo": "fr", "free": "fr",
    "laposte": "net", "yahoo": "fr", "outlook": "com", "sfr": "fr", "icloud": "com",
}  # fmt: skip
_ALPHABET = {
    "A": "alpha", "B": "bravo", "C": "charlie", "D": "delta", "E": "écho", "F": "foxtrot",
    "G": "golf", "H": "hôtel", "I": "india", "J": "juliette", "K": "kilo", "L": "lima",
    "M": "mike", "N": "novembre", "O": "oscar", "P": "papa", "Q": "québec", "R": "roméo",
    "S": "sierra", "T": "tango", "U": "uniforme", "V": "victor", "W": "whisky", "X": "x-ray",
    "Y": "yankee", "Z": "zoulou",
}  # fmt: skip
_CALLED = {
    "A": "a", "B": "bé", "C": "cé", "D": "dé", "E": "e", "F": "effe", "G": "gé", "H": "hache",
    "I": "i", "J": "ji", "K": "ka", "L": "elle", "M": "emme", "N": "enne", "O": "o", "P": "pé",
    "Q": "cu", "R": "erre", "S": "esse", "T": "té", "U": "u", "V": "vé", "W": "double vé",
    "X": "ixe", "Y": "i grec", "Z": "zède",
}  # fmt: skip
_LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"


def _digits(draw: random.Random, count: int) -> str:
    return "".join(str(draw.randrange(10)) for _ in range(count))


def _pairs(digits: str) -> list[str]:
    return [digits[at : at + 2] for at in range(0, len(digits), 2)]


def surname(draw: random.Random) -> str:
    """A surname: half of the time one that no list holds."""
    known = lists()
    if draw.random() < 0.5:
        name = draw.choice(sorted(known.noms - known.noms_mots)).capitalize()
    else:
        name = draw.choice(_START) + draw.choice(_MIDDLE) + draw.choice(_FINISH)
    chance = draw.random()
    if chance < 0.08:
        return f"{draw.choice(['Le', 'De', 'El', 'Ben', 'Da', 'Van', 'Aït'])} {name}"
    return f"{name}-{surname(draw)}" if chance < 0.14 else name


def first_name(draw: random.Random) -> str:
    known = lists()
    key = draw.choice(sorted(known.prenoms - known.prenoms_mots - known.ordinaires))
    name = sorted(known.accents[key])[-1]
    name = "-".join(part.capitalize() for part in name.split("-"))
    return f"Jean-{name}" if draw.random() < 0.05 and "-" not in name else name


def telephone(draw: random.Random) -> str:
    begins = draw.choice(["06", "06", "07", "07", "01", "02", "03", "04", "05", "09"])
    digits = begins + draw.choice("12345678") + _digits(draw, 7)
    if begins == "09":
        digits = "097" + digits[3:]
    groups = _pairs(digits)
    way = draw.random()
    if way < 0.09:
        return slip(draw, " ".join(map(say_group, groups)))
    if way < 0.14:  # said in two breaths
        link = draw.choice([" je crois ", " puis c'est le ", ", attends, ", " et la suite "])
        return " ".join(groups[:1]) + link + draw.choice([" ", "."]).join(groups[1:])
    if way < 0.17:
        pair = draw.randrange(10, 100)
        said = draw.choice([f"deux fois {pair}", f"deux fois {say(pair)}"])
        return f"{groups[0]} {said} {groups[3]} {groups[4]}"
    if way < 0.37:
        return dictate(draw, groups)
    if way < 0.45:
        country = draw.choice(["+33 ", "+33", "0033 ", "+33 (0)", "00 33 "])
        return country + pace(draw, [digits[1], *groups[1:]])
    if way < 0.52:  # misheard
        wrong = digits[:-1] if draw.random() < 0.5 else digits + draw.choice("0123456789")
        return draw.choice([" ", "."]).join(_pairs(wrong))
    if way < 0.58:
        return draw.choice([" ", ".", "-"]).join(
            [digits[:2], digits[2:5], digits[5:8], digits[8:]]
            if draw.random() < 0.5
            else [digits[:4], digits[4:7], digits[7:]]
        )
    return pace(draw, groups)


def courriel(draw: random.Random) -> str:
    name, first = surname(draw).replace(" ", "").lower(), first_name(draw).lower()
    local = draw.choice(
        [f"{first}.{name}", f"{first}{name}", f"{first[0]}.{name}",
         f"{name}{draw.randrange(40, 99)}", f"{draw.choice(_NICKNAMES)}{draw.randrange(1, 99)}",
         f"{first}_{name}", f"{name}-{first}"]
    )  # fmt: skip
    provider, end = draw.choice(sorted(_PROVIDERS.items()))
    way = draw.random()
    if way < 0.45:
        address = f"{local}@{provider}.{end}"
        return address.upper() if draw.random() < 0.1 else address
    if way < 0.55:
        return f"{local} @ {provider}.{end}"
    if way < 0.65:
        return f"{local}{draw.choice(['[at]', ' [at] ', '(at)', ' at '])}{provider}.{end}"
    spoken = local.replace(".", " point ").replace("_", " underscore ").replace("-", " tiret ")
    sign = draw.choice(["arobase", "arobase", "arobas", "at", "a commercial"])
    return f"{spoken} {sign} {provider} {draw.choice(['point', 'point', 'dot'])} {end}"


def nir(draw: random.Random) -> str:
    month = draw.randrange(1, 13)
    place = draw.choice([f"{draw.randrange(1, 96):02d}", "2A", "2B", "99", "69", "75"])
    groups = [draw.choice("12"), f"{draw.randrange(100):02d}", f"{month:02d}", place,
              _digits(draw, 3), _digits(draw, 3)]  # fmt: skip
    body = "".join(groups).replace("2A", "19").replace("2B", "18")
    right = 97 - int(body) % 97
    way = draw.random()
    if way < 0.45:
        groups.append(f"{right:02d}")
    elif way < 0.65:
        groups.append(f"{(right + draw.randrange(1, 96)) % 97:02d}")
    if place.isdigit() and draw.random() < 0.25:
        return dictate(draw, groups)
    return pace(draw, groups)


def fiscal(draw: random.Random) -> str:
    digits = draw.choice("0123") + _digits(draw, 12)
    groups = draw.choice(
        [[digits], [digits[:2], digits[2:4], digits[4:7], digits[7:10], digits[10:]],
         [digits[0], digits[1:4], digits[4:7], digits[7:10], digits[10:]],
         [digits[:2], digits[2:4], digits[4:11], digits[11:]]]
    )  # fmt: skip
    if len(groups) == 5 and draw.random() < 0.2:
        return dictate(draw, groups)
    return draw.choice([" ", "", " "]).join(groups)


def compte(draw: random.Random) -> str:
    if draw.random() < 0.25:
        digits = draw.choice("45") + _digits(draw, 15)
        return draw.choice([" ", "", "-"]).join(digits[at : at + 4] for at in range(0, 16, 4))
    bban = _digits(draw, 10) + _digits(draw, 11) + _digits(draw, 2)
    key = 98 - int(bban + "152700") % 97
    if draw.random() < 0.25:
        key = (key + draw.randrange(1, 90)) % 97
    iban = f"FR{key:02d}{bban}"
    if draw.random() < 0.1:
        iban = iban[:-2] if draw.random() < 0.5 else iban[:-1]
    if draw.random() < 0.12:
        head = draw.choice(["effe erre", "ef er", "F.R.", "f r", "F-R"])
        return f"{head} {say(key) if key else '00'} {iban[4:8]} {iban[8:12]} {iban[12:16]}"
    text = draw.choice([" ", "", " ", "-"]).join(iban[at : at + 4] for at in range(0, len(iban), 4))
    return text.lower() if draw.random() < 0.3 else text


def plaque(draw: random.Random) -> str:
    def letters(count: int) -> str:
        return "".join(draw.choice(_LETTERS) for _ in range(count))

    figures = f"{draw.randrange(1, 1000):03d}"
    way = draw.random()
    if way < 0.2:
        return f"{draw.randrange(100, 9999)} {letters(draw.choice([2, 3]))} {draw.choice(['69', '75', '13', '2A', '33'])}"  # noqa: E501
    first, last = letters(2), letters(2)
    if way < 0.25:
        names = draw.choice([_ALPHABET, _CALLED])
        spelt = [" ".join(names[letter] for letter in pair) for pair in (first, last)]
        return f"{spelt[0]} {draw.choice([figures, say_group(figures)])} {spelt[1]}"
    if way < 0.35:
        link = draw.choice([" ", ", "])
        return link.join([*first, *(figures if draw.random() < 0.5 else [figures]), *last])
    if way < 0.45:
        return f"{first} tiret {figures} tiret {last}".lower()
    text = draw.choice(["-", "-", " ", ""]).join([first, figures, last])
    return text.lower() if draw.random() < 0.3 else text


def naissance(draw: random.Random) -> str:
    day, month, year = draw.randrange(1, 29), draw.randrange(1, 13), draw.randrange(1935, 2020)
    way = draw.random()
    if way < 0.06:
        return f"{day} du {month} {year % 100:02d}"
    if way < 0.14:
        sign = draw.choice(["-", ".", "", " de "])
        return sign.join([str(day), MONTHS[month - 1]]) + (sign.strip(" de") or " ") + str(year)
    if way < 0.5:
        sign = draw.choice(["/", "/", ".", "-", " "])
        short = draw.random() < 0.3
        return sign.join(
            [f"{day:02d}", f"{month:02d}", f"{year % 100:02d}" if short else f"{year}"]
        )
    if way < 0.6:
        return f"{say(day)} {MONTHS[month - 1]} {say(year) if year < 2000 else year}"
    return f"{'1er' if day == 1 else day} {MONTHS[month - 1]} {year}"


def nom(draw: random.Random) -> str:
    return surname(draw)


def epele(draw: random.Random) -> str:
    """A surname letter by letter, as one writes the letters or as they are called."""
    letters = [letter for letter in surname(draw).upper() if "A" <= letter <= "Z"]
    if draw.random() < 0.3:
        return " ".join(_CALLED[letter] for letter in letters)
    text = draw.choice([" ", " ", "-", ".", ", "]).join(letters)
    return text.lower() if draw.random() < 0.4 else text


def personne(draw: random.Random) -> str:
    """A first name with a surname, in either order and in any letters."""
    first, last = first_name(draw), surname(draw)
    way = draw.random()
    if way < 0.5:
        return f"{first} {last}"
    if way < 0.7:
        return f"{first} {last.upper()}"
    if way < 0.85:
        return f"{last.upper()} {first}"
    return f"{first} {last}".lower()


def adresse(draw: random.Random) -> str:
    way = draw.choice(
        ["rue", "avenue", "impasse", "chemin", "boulevard", "allée", "place", "route"]
    )
    name = draw.choice(
        ["des Lilas", "du Moulin", "Victor Hugo", "de la Gare", "Jean Jaurès", "des Écoles"]
    )
    number = f"{draw.randrange(1, 180)}{draw.choice(['', '', '', ' bis', ' ter', ','])}"
    return f"{number} {way} {name}"


def numero(draw: random.Random) -> str:
    way = draw.randrange(5)
    if way == 4:
        return f"{_digits(draw, 4)}{draw.choice(_LETTERS)} {draw.randrange(100_000, 1_000_000)}"
    if way == 0:
        return _digits(draw, 7)
    if way == 1:
        return f"{draw.randrange(2021, 2026)}-{_digits(draw, 6)}"
    if way == 2:
        return f"{draw.choice('12')}{draw.randrange(10)}{draw.choice('ABCDF')}{draw.choice('ABEFH')}{_digits(draw, 5)}"  # noqa: E501
    return f"99{_digits(draw, 8)}"


KINDS: dict[str, Callable[[random.Random], str]] = {
    "telephone": telephone, "courriel": courriel, "nir": nir, "fiscal": fiscal, "compte": compte,
    "plaque": plaque, "naissance": naissance, "nom": nom, "personne": personne, "epele": epele,
    "adresse": adresse, "numero": numero,
}  # fmt: skip
