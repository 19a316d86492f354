"""What an agent says of a body, composed from its data by fixed rules.

« La mairie de Fontaine-le-Port est ouverte jusqu'à 19 h ; ensuite, mercredi à 9 h. » Nothing is
guessed: a body whose name does not fit the usual ones is named as the directory names it, and hours
that are not sure are said not to be.
"""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from django.conf import settings

from orientation.hours import Ouverture, describe_next, moment
from orientation.locate import fold
from orientation.models import Organisme
from orientation.phones import in_pairs

_FIXTURES = Path(settings.BASE_DIR) / "fixtures"
_APOSTROPHES = "'’‘ʼ"
_OF = r"(?:de la |du |des |de l['’‘]|d['’‘]|de )"
_OF_PLACE = re.compile(rf"(?:^|[ -])(?P<whole>{_OF}(?P<place>.+))$")
_ITINERANT = re.compile(r"\s*\((?:bus )?itin[ée]rante?\)|\bitin[ée]rante?\b", re.IGNORECASE)
_INITIALS = re.compile(r"\s*\([^)]*\)")
_CEDEX = re.compile(r"\s+cedex\b.*$", re.IGNORECASE)
# A part of a name that says which counter it is rather than where.
_NOT_PLACES = frozenset(
    (
        *("accueil", "agence", "annexe", "antenne", "barreau", "brigade", "bureau", "caisse"),
        *("centre", "delegation", "departement", "direction", "espace", "guichet", "maison"),
        *("permanence", "point", "pole", "poste", "relais", "secteur", "service", "siege"),
        *("site", "sous", "unite"),
    )
)
_SMALL = frozenset(("aux", "avec", "dans", "des", "les", "par", "pour", "sur", "une"))
_VOWELS = "aeiouy"
# Initial h is mute in these names: « d'Hyères », but « de Haguenau ».
_MUTE_H = ("hy", "haze", "heno", "henin", "herou", "herbl", "herbi", "hirson", "houilles")

Appointment = Literal["obligatoire", "possible", "sans", ""]


@dataclass(frozen=True, slots=True)
class Subject:
    """A body as the subject of a sentence, and what agrees with it."""

    text: str
    """« la mairie de Melun »."""
    feminine: bool = False
    plural: bool = False

    def agree(self, participle: str) -> str:
        """« ouvert » → « ouverte », « ouvertes »."""
        return participle + "e" * self.feminine + "s" * self.plural

    @property
    def be(self) -> str:
        return "sont" if self.plural else "est"

    @property
    def pronoun(self) -> str:
        return ("elle" if self.feminine else "il") + "s" * self.plural


def sentence(organisme: Organisme, ouverture: Ouverture, *, at: datetime) -> str:
    """What is said of a body's hours at the aware instant ``at``: one or two sentences.

    An opening that is not sure is never said to be one; overseas, hours are said to be local.
    """
    subject = name(organisme)
    if organisme.etat != "present":
        return f"{_capital(subject.text)} ne figure plus dans l'annuaire officiel."
    if ouverture.etat == "ouvert":
        return _open(subject, ouverture, at)
    if ouverture.etat == "ferme":
        return _closed(organisme, subject, ouverture, at)
    return _unknown(organisme, subject, ouverture, at)


def name(organisme: Organisme) -> Subject:
    """« la mairie de Melun », « le tribunal judiciaire du Mans »; whatever else, quoted whole."""
    neutral = Subject(f"cet organisme, «\u00a0{organisme.nom}\u00a0»,")
    said = next((found for code in organisme.types if (found := _spoken().get(code))), None)
    if said is None:
        return neutral
    plain = _ITINERANT.sub("", organisme.nom).strip()
    head, *parts = (part.strip() for part in re.split(r"\s+[-–—]\s+", plain))
    if not _is_of_kind(head, organisme, said):
        return neutral
    commune = _CEDEX.sub("", organisme.commune_nom)
    where = _where(head, parts, commune)
    if not where:
        return neutral
    noun = _noun(said, head, where)
    if plain != organisme.nom.strip():
        noun += f" {said.agree('itinérant')}"
    return Subject(f"{noun} {where}", said.feminine, said.plural)


def of_place(place: str) -> str:
    """« de Melun », « d'Orléans », « du Mans », « des Lilas », « de La Rochelle »."""
    if match := re.match(r"(Le|Les) (?=\S)", place):
        return ("du " if match[1] == "Le" else "des ") + place[match.end() :]
    folded = fold(place)
    mute = folded.startswith(_MUTE_H) or (
        folded[:1] in tuple(_VOWELS) and folded[:2] not in ("yu", "ya") and not folded[:1].isdigit()
    )
    return f"d'{place}" if mute else f"de {place}"


def in_place(place: str) -> str:
    """« à Melun », « au Mans », « aux Lilas », « à La Rochelle »."""
    if match := re.match(r"(Le|Les) (?=\S)", place):
        return ("au " if match[1] == "Le" else "aux ") + place[match.end() :]
    return f"à {place}"


# --- Hours --------------------------------------------------------------------------------------


def _open(subject: Subject, ouverture: Ouverture, at: datetime) -> str:
    start = f"{_capital(subject.text)} {subject.be} {subject.agree('ouvert')}"
    if ouverture.jusqu_a is None:
        return f"{start} en permanence."
    why = f" ({ouverture.motif})" if ouverture.motif else ""
    said = f"{start} jusqu'à {moment(ouverture.jusqu_a, at=at, spoken=True)}{why}"
    following = describe_next(ouverture, at=at, spoken=True)
    return f"{said}\u00a0; ensuite, {following}." if following else f"{said}."


def _closed(organisme: Organisme, subject: Subject, ouverture: Ouverture, at: datetime) -> str:
    closed = subject.agree("fermé")
    if ouverture.motif:
        why = f"{closed} ({ouverture.motif})"
    elif ouverture.ferie:
        why = f"{closed} aujourd'hui, jour férié ({ouverture.ferie})"
    else:
        why = closed
    said = f"{_capital(subject.text)} {subject.be} {why}"
    following = describe_next(ouverture, at=at, spoken=True)
    if not following:
        return f"{said}. Je n'ai pas d'heure d'ouverture sûre\u00a0: {_check(organisme)}."
    verb = "ouvrent" if subject.plural else "ouvre"
    said = f"{said}\u00a0; {subject.pronoun} {verb} {following}"
    return f"{said}\u00a0: {_check(organisme)}." if ouverture.en_principe else f"{said}."


def _unknown(organisme: Organisme, subject: Subject, ouverture: Ouverture, at: datetime) -> str:
    because = ""
    if ouverture.motif:
        because = f" ({ouverture.motif})"
    elif ouverture.ferie:
        because = f" en ce jour férié ({ouverture.ferie})"
    told = [
        f"Je n'ai pas d'horaires sûrs pour {subject.text.rstrip(',')}{because}\u00a0: "
        f"{_check(organisme)}."
    ]
    if ouverture.prochaine and not ouverture.en_principe:
        told.append(
            f"Prochaine ouverture sûre\u00a0: {describe_next(ouverture, at=at, spoken=True)}."
        )
    return " ".join(told)


def _check(organisme: Organisme) -> str:
    verb = "appeler" if organisme.telephones else "vérifier"
    return f"mieux vaut {verb} avant de vous déplacer"


# --- How to reach it ----------------------------------------------------------------------------

_WORD = r"(?:rendez vous|rdv)"
_MUST = re.compile(
    r"(?:accueil |ouvert |ouverture |reception |permanences? )?(?:du public |au public |physique )*"
    rf"(?:(?:uniquement|seulement|exclusivement) )?(?:sur|avec) (?:prise de )?{_WORD}"
    r"(?: (?:uniquement|seulement|exclusivement|obligatoire|prealable))*"
    rf"|(?:prise de )?{_WORD} (?:est )?(?:obligatoire|necessaire|indispensable)"
)
_WITHOUT = re.compile(
    r"(?:accueil |ouvert |ouverture )?(?:du public |au public |physique )*"
    rf"sans {_WORD}(?: uniquement| prealable)?"
)
_NAMED = re.compile(rf"\b{_WORD}\b")
_SENTENCE = re.compile(r"[.;!\n]+(?:\s|$)|\n")


def sur_rendez_vous(organisme: Organisme) -> Appointment:
    """Whether one must have an appointment, as the source's remarks say it; "" when they do not.

    « obligatoire » and « sans » are said of the whole week only; « possible » stands for whatever
    depends on the hour or the errand. What the source tells of the body at large counts when a
    whole sentence says it.
    """
    whole = _asked(organisme.commentaire_plages)
    if whole in ("obligatoire", "sans", "possible"):
        return whole
    found = {_asked(plage.get("commentaire") or "") for plage in organisme.plages}
    if len(found) == 1 and "" not in found:
        return found.pop()
    if found - {""}:
        return "possible"
    told = _asked(organisme.informations)
    return told if told in ("obligatoire", "sans") else ""


def _asked(text: str) -> Appointment:
    """What one remark says; sentences that contradict one another leave the choice."""
    found: set[Appointment] = set()
    for each in _SENTENCE.split(text):
        folded = fold(each)
        if _MUST.fullmatch(folded):
            found.add("obligatoire")
        elif _WITHOUT.fullmatch(folded):
            found.add("sans")
        elif _NAMED.search(folded):
            found.add("possible")
    return found.pop() if len(found) == 1 else "possible" if found else ""


def access(organisme: Organisme, ouverture: Ouverture) -> list[str]:
    """How to reach a body, in short sentences: appointment, phone, form, wheelchair.

    An appointment asked for at some hours only is told in the source's own words. Reads every
    column: a list without the long texts costs a query for each body.
    """
    return [
        *_appointment(organisme, ouverture),
        *(_phone(organisme.telephones[0]) for _ in organisme.telephones[:1]),
        *(f"Formulaire de contact\u00a0: {link}" for link in organisme.formulaires[:1]),
        *_wheelchair(organisme),
    ]


def _appointment(organisme: Organisme, ouverture: Ouverture) -> list[str]:
    asked = sur_rendez_vous(organisme)
    if asked == "obligatoire":
        return ["Il faut prendre rendez-vous."]
    if asked == "sans":
        return ["On peut venir sans rendez-vous."]
    if asked == "possible":
        texts = [organisme.commentaire_plages, *(p["commentaire"] for p in organisme.plages)]
        # The remark of the hour comes first, when there is one.
        named = [text for text in texts if text and _NAMED.search(fold(text))]
        named.sort(key=lambda text: text.rstrip(". ") not in ouverture.mention)
        words = next(iter(named)).strip().rstrip(".")
        return [f"Rendez-vous\u00a0: «\u00a0{words}\u00a0»."]
    return []


def _phone(phone: dict[str, str]) -> str:
    note = f" ({phone['description']})" if phone.get("description") else ""
    return f"Téléphone\u00a0: {in_pairs(phone['numero'])}{note}."


def _wheelchair(organisme: Organisme) -> list[str]:
    return [f"{organisme.accessibilite}."] if organisme.accessibilite else []


# --- Names --------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _spoken() -> dict[str, Subject]:
    """Each kind as one says it, from the fixture; « la mairie »."""
    sections = tomllib.loads((_FIXTURES / "dire_organismes.toml").read_text(encoding="utf-8"))
    return {
        code: Subject(said, section.startswith("feminin"), section.endswith("pluriel"))
        for section, kinds in sections.items()
        for code, said in kinds.items()
    }


@lru_cache(maxsize=1)
def _labels() -> dict[str, str]:
    text = (_FIXTURES / "types_service.toml").read_text(encoding="utf-8")
    return {code: fold(label) for code, label in tomllib.loads(text)["libelles"].items()}


@lru_cache(maxsize=1)
def _territories() -> frozenset[str]:
    """Names of départements and regions, folded."""
    names = set()
    for file in ("departements.csv", "regions.csv"):
        with (_FIXTURES / "communes" / file).open(encoding="utf-8", newline="") as lines:
            names |= {fold(row["nom"]) for row in csv.DictReader(lines)}
    return frozenset(names | {name.removeprefix("la ") for name in names})


def _is_of_kind(head: str, organisme: Organisme, said: Subject) -> bool:
    """Whether a name says the kind, in its words or initials: a « Pimms » is no « mairie »."""
    known = {word for code in organisme.types for word in _labels().get(code, "").split()}
    known |= set(fold(said.text).split())
    words = set(fold(head).split())
    return any(len(word) > 2 and word not in _SMALL for word in words & known)


def _where(head: str, parts: list[str], commune: str) -> str:
    """« de Melun », « de la Sarthe », « du Mans »; « à Melun » when the name holds no place."""
    for rank, part in enumerate(parts):
        part = _CEDEX.sub("", part)
        if _is_place(part, commune):
            # One says « de la Sarthe », « du Nord », « des Landes »: the name alone is safe.
            place = f"({part})" if _is_territory(part, commune) else of_place(part)
            return ", ".join((place, *parts[rank + 1 :]))
    for text in (head, *parts):
        for at in range(len(text)):
            match = _OF_PLACE.match(text, at)
            if match and _is_known(match["place"], commune):
                return match["whole"]
    return in_place(commune) if commune else ""


def _is_place(part: str, commune: str) -> bool:
    if _is_known(part, commune):
        return True
    words = fold(part).split()
    return (
        part[:1].isupper()
        and 0 < len(words) <= 6
        and words[0] not in _NOT_PLACES
        and not any(word in _NOT_PLACES for word in words[:2])
    )


def _is_known(place: str, commune: str) -> bool:
    """A commune, with or without its part (« Paris 11e »), a département or a region."""
    folded, town = fold(place), fold(commune)
    return folded in _territories() or (
        bool(town) and (folded == town or folded.startswith(f"{town} "))
    )


def _is_territory(part: str, commune: str) -> bool:
    return fold(part) in _territories() and fold(part) != fold(commune)


def _noun(said: Subject, head: str, where: str) -> str:
    """The kind as it is said, with what the name adds to it: « la mairie annexe »."""
    article, noun = _split_article(said.text)
    rest = _INITIALS.sub("", head.removesuffix(where)).strip()
    if fold(rest).startswith(f"{fold(noun)} ") and len(rest.split()) <= len(noun.split()) + 4:
        return article + rest[:1].lower() + rest[1:]
    return said.text


def _split_article(said: str) -> tuple[str, str]:
    article = next(each for each in ("la ", "le ", "les ", "l'") if said.startswith(each))
    return article, said.removeprefix(article)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
