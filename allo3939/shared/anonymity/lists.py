"""The lists of ``fixtures/anonymat``: first names, surnames, and what is neither."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from allo3939.shared.analyse import lexicon
from allo3939.shared.anonymity.reading import key


@dataclass(frozen=True)
class Listes:
    """Words as `reading.key` gives them."""

    prenoms: frozenset[str]
    prenoms_mots: frozenset[str]
    """First names that are words too: alone they say nothing."""
    accents: dict[str, frozenset[str]]
    """The written forms of the first names, « andré », by key."""
    prenoms_faibles: frozenset[str]
    """First names that only a known surname makes one: towns, countries."""
    prenoms_choses: frozenset[str]
    """First names that alone are a town's, a service's, a car's."""
    noms: frozenset[str]
    noms_mots: frozenset[str]
    """Surnames that are words, towns or first names too."""
    noms_seuls: frozenset[str]
    """Surnames that are nothing else."""
    ordinaires: frozenset[str]
    vocabulaire: frozenset[str]
    """Words of the language that are no name in small letters; with a capital they may be one."""
    parties: frozenset[str]
    """Ordinary words that make a compound one ordinary: « ex-conjoint »."""
    courts: frozenset[str]
    """Ordinary words and units, which are no letters of a plate."""
    fonctions: frozenset[str]
    lieux: frozenset[str]
    celebres: frozenset[tuple[str, ...]]
    institutions: frozenset[str]
    domaines: tuple[str, ...]
    boites: frozenset[str]
    messageries: frozenset[str]
    sigles: frozenset[str]
    particules: frozenset[str]
    titres: frozenset[str]
    lettres: frozenset[str]
    liaisons: frozenset[str]
    usagers: frozenset[str]
    proches: frozenset[str]
    saints: frozenset[str]
    de_nom: frozenset[str]


def _names(file: str) -> tuple[set[str], set[str], dict[str, set[str]]]:
    text = (settings.BASE_DIR / "fixtures" / "anonymat" / file).read_text(encoding="utf-8")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    plain, _, words = body.partition("mots:")
    forms: dict[str, set[str]] = {}
    for word in (plain + words).split():
        forms.setdefault(key(word), set()).add(word.lower())
    ordinary = {key(word) for word in words.split()}
    return set(forms), ordinary, forms


def _vocabulary() -> frozenset[str]:
    path = settings.BASE_DIR / "fixtures" / "anonymat" / "vocabulaire.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(
        key(word) for line in lines if not line.startswith("#") for word in line.split()
    )


@cache
def lists() -> Listes:
    """The lists, read once per process."""
    prenoms, prenoms_mots, forms = _names("prenoms.txt")
    noms, noms_mots, _ = _names("noms.txt")
    path = settings.BASE_DIR / "fixtures" / "anonymat" / "mots.toml"
    with path.open("rb") as handle:
        texts = tomllib.load(handle)
    words = {name: frozenset(map(key, text.split())) for name, text in texts.items()}
    known = lexicon()
    ordinary = words["ordinaires"] | words["fonctions"] | known.outils
    acronyms = {key(sigle) for sigle in known.sigles}
    same = (
        *("prenoms_faibles", "fonctions", "lieux", "institutions", "messageries", "particules"),
        *(
            "titres",
            "lettres",
            "liaisons",
            "usagers",
            "de_nom",
            "proches",
            "saints",
            "prenoms_choses",
        ),
    )
    return Listes(
        **{name: words[name] for name in same},
        prenoms=frozenset(prenoms),
        prenoms_mots=frozenset(prenoms_mots),
        accents={name: frozenset(written) for name, written in forms.items()},
        noms=frozenset(noms),
        noms_mots=frozenset(noms_mots | (noms & (prenoms | ordinary))),
        noms_seuls=frozenset(noms - noms_mots - prenoms - ordinary - acronyms),
        ordinaires=frozenset(ordinary),
        vocabulaire=_vocabulary() - prenoms - noms,
        parties=frozenset(ordinary - words["particules"]),
        courts=frozenset(ordinary | words["unites"]),
        celebres=frozenset(
            tuple(re.split(r"[\s'-]+", key(name).strip())) for name in texts["celebres"].split("|")
        ),
        domaines=tuple(texts["domaines_publics"].split()),
        boites=words["boites_publiques"],
        sigles=frozenset(acronyms),
    )
