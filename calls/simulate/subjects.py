"""What callers ask: the published fiches, by sector, and words of their titles and keywords."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import NamedTuple

from allo3939.shared.analyse import fold
from calls.simulate.profile import GENERALIST, JourImpossible
from knowledge.enums import Nature
from knowledge.models import Fiche
from orientation.models import Commune

COMMUNES = 3000  # the most inhabited ones
FICHES_HELD = 300
UNACCENTED, SLIP = 0.4, 0.06  # how often words are typed so
SHORT = 3  # letters of a word that says nothing by itself

# What no fiche answers, what is not the service's business, and the line that says so.
UNKNOWN = {
    "borne de recharge copropriété": "Rien sur le droit à la prise en copropriété.",
    "panneaux solaires balcon": "Aucune fiche sur les panneaux solaires de balcon.",
    "compteur d'eau collectif": "Rien sur le compteur d'eau commun d'un immeuble.",
    "trottinette assurance": "Aucune fiche sur l'assurance des trottinettes.",
    "nuisances pompe à chaleur": "Rien sur le bruit d'une pompe à chaleur voisine.",
    "colonie de vacances aide": "Rien sur les aides aux colonies de vacances.",
}
INCOMPLETE = (
    "La fiche ne dit rien des délais actuels.",
    "La fiche ne parle pas des résidents à l'étranger.",
    "Le cas du mineur émancipé manque.",
    "Le montant de l'année n'y est pas.",
    "La fiche ne dit pas quoi faire en cas de refus.",
)
ELSEWHERE = {
    "horaires train": "Demande de renseignements sur des horaires de train.",
    "meteo": "Demande de prévisions météo.",
    "numero de telephone entreprise": "Demande de renseignements téléphoniques.",
    "panne internet": "Panne chez un opérateur.",
    "suivi colis": "Suivi d'un colis.",
}


_COLUMNS = (
    *("pk", "titre", "mots_cles", "nature"),
    *("cible__slug", "secteur__slug", "theme__secteur__slug"),
)


class Sujet(NamedTuple):
    """A fiche as it is drawn, without its text."""

    pk: int
    titre: str
    mots_cles: list[str]


class Sujets:
    """The published fiches and the communes of callers, drawn as they are asked about.

    In each sector a few fiches are asked about much more often than the others (Zipf's law).
    """

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        found: dict[tuple[str, str], list[Sujet]] = defaultdict(list)
        rows = Fiche.objects.published().order_by("reference")
        for pk, titre, mots_cles, nature, *slugs in rows.values_list(*_COLUMNS):
            slug = next((slug for slug in slugs if slug), GENERALIST)
            found[nature, slug].append(Sujet(pk, titre, mots_cles))
        if not any(nature == Nature.REPONSE for nature, _ in found):
            raise JourImpossible("Aucune fiche de réponse n'est publiée : rien à simuler.")
        for fiches in found.values():
            chance.shuffle(fiches)
        self.fiches = found
        known = Commune.objects.exclude(population=None).order_by("-population", "pk")
        self.communes = list(known.select_related("departement")[:COMMUNES])
        self.inhabitants = list(accumulate(commune.population or 0 for commune in self.communes))
        self.read = lru_cache(maxsize=FICHES_HELD)(_read)

    def draw(self, slug: str, *nature: str) -> Sujet:
        """A fiche of the sector, of the first nature that it has; else any answer fiche."""
        held = [self.fiches[each, slug] for each in nature if (each, slug) in self.fiches]
        fiches = held[0] if held else []
        if not fiches:
            slugs = [slug for each, slug in self.fiches if each == Nature.REPONSE]
            fiches = self.fiches[Nature.REPONSE, self.chance.choice(slugs)]
        return self.chance.choices(fiches, [1 / rank for rank in range(1, len(fiches) + 1)])[0]

    def words(self, sujet: Sujet) -> str:
        """What an agent types to find the fiche: a keyword, or words of the title."""
        if sujet.mots_cles and self.chance.random() < 0.5:
            text = self.chance.choice(sujet.mots_cles)
        else:
            telling = [word for word in sujet.titre.split() if len(word.strip("«»()?:,'")) > SHORT]
            text = " ".join(word.strip("«»()?:,") for word in telling[: self.chance.randint(2, 3)])
        text = (text or sujet.titre).lower()[:60]
        if self.chance.random() < UNACCENTED:
            text = fold(text)
        if len(text) > 2 * SHORT and self.chance.random() < SLIP:
            at = self.chance.randrange(SHORT, len(text) - 1)
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        return text

    def commune(self) -> Commune | None:
        """A commune, by its inhabitants; None without any."""
        if not self.communes:
            return None
        return self.chance.choices(self.communes, cum_weights=self.inhabitants)[0]


def _read(pk: int) -> Fiche:
    """The fiche with its text and its sectors."""
    return Fiche.objects.for_page().get(pk=pk)
