"""First pass over a delivery: which file speaks for which fiche, without reading any body."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from lxml import etree

from allo3939.shared.sources import EntreeRefusee, Source
from knowledge import readxml
from knowledge.ingest.beside import Renvois, entries_of
from knowledge.ingest.tree import Arborescence
from knowledge.readxml import Entete, FicheIllisible

Progress = Callable[[Iterable[str]], Iterable[str]]

# Indexes that nothing is taken from: what they list stands in the files of fiches and resources.
_INDEXES = {
    "Menu": "menu",
    "DatesModImp": "dates de modification importante",
    "DatesMaj": "dates de mise à jour",
    "Glossaire": "glossaire",
    "CentresDeContact": "centres de contact",
    "ListeValeurs": "valeurs",
    "OuSAdresserListe": "organismes",
    "RessourcesEnLigne": "ressources en ligne",
    "Actualite": "actualité",
    "IndexActualite": "actualités",
}
_FICHE = re.compile(r"F\d{1,9}")
_RESSOURCE = re.compile(r"R\d{1,9}")
_PLACE = re.compile(r"N\d[\w-]{0,18}")
_FICHE_FILE = re.compile(r"([FRN]\d{1,9})(?!\d)")
# A ZIP without arborescence.xml is still taken for DILA's whole delivery from this size on.
_WHOLE_FROM = 100


@dataclass(slots=True)
class Candidate:
    """The file that speaks for a fiche, and the audiences in which the fiche was met."""

    name: str
    entete: Entete
    empreinte: str
    audiences: set[str]

    def rank(self) -> tuple:
        """The greater the better: the public's version, the newest, the newest schema."""
        schema = tuple(int(part) for part in self.entete.schema.split(".") if part)
        return (
            -readxml.audience_rank(self.entete.audience),
            self.entete.date,
            schema,
            len(self.name),
            self.name,
        )


@dataclass(slots=True)
class Survey:
    candidates: dict[str, Candidate] = field(default_factory=dict)
    duplicates: dict[str, list[str]] = field(default_factory=dict)
    """For each fiche met several times, the files that do not speak for it."""
    set_aside: list[dict[str, str]] = field(default_factory=list)
    resources: dict[str, Candidate] = field(default_factory=dict)
    """Resources (R…) and pages of themes (N…)."""
    renvois: Renvois = field(default_factory=Renvois)
    indexes: list[dict] = field(default_factory=list)
    arborescence: Arborescence | None = None

    @property
    def audiences(self) -> set[str]:
        return {audience for found in self.candidates.values() for audience in found.audiences}

    @property
    def met(self) -> set[str]:
        """Fiches that the delivery holds, those that could not be read included."""
        return set(self.candidates) | {entry["reference"] for entry in self.set_aside}

    def is_whole(self, source: Source, known: int) -> bool:
        """Whether a fiche that is not in this delivery is gone from the source.

        True with ``arborescence.xml``, the sign of a full delivery, and for a ZIP that holds at
        least half of what we know: DILA delivers nothing but full ZIPs. A folder of four fiches
        makes nothing gone.
        """
        if self.arborescence is not None:
            return True
        return source.genre == "zip" and len(self.candidates) >= max(_WHOLE_FROM, known / 2)

    def put_aside(self, name: str, reason: str) -> None:
        file = PurePosixPath(name.replace("\\", "/")).name
        found = _FICHE_FILE.match(file)
        self.set_aside.append({"reference": found[1] if found else name, "reason": reason})


def survey(source: Source, *, progress: Progress = iter) -> Survey:
    """Look at every entry of the source once."""
    found = Survey()
    for name, reason in source.ecartes:
        found.put_aside(name, reason)
    for name in progress(source.names):
        file = PurePosixPath(name).name
        if not file.lower().endswith(".xml") and source.genre != "fichier":
            found.put_aside(name, "n'est pas un fichier XML")
            continue
        try:
            root = readxml.parse(source.read(name))
            _look(name, root, found)
        except (EntreeRefusee, FicheIllisible) as error:
            found.put_aside(name, str(error))
    return found


def _look(name: str, root: etree._Element, found: Survey) -> None:
    if root.tag == "Arborescence":
        found.arborescence = found.arborescence or Arborescence()
        found.arborescence.add(root)
        return
    if root.tag == "Redirections":
        found.renvois.add(root)
        return
    if root.tag in _INDEXES:
        found.indexes.append(
            {"fichier": name, "genre": _INDEXES[root.tag], "entrees": entries_of(root)}
        )
        return
    if root.tag not in ("Publication", "ServiceComplementaire"):
        raise FicheIllisible(f"racine «\u00a0{root.tag}\u00a0» inattendue")
    entete = readxml.peek(root)
    into = found.candidates if root.tag == "Publication" else found.resources
    if not (_FICHE if into is found.candidates else _RESSOURCE).fullmatch(entete.reference):
        if root.tag != "Publication" or not _PLACE.fullmatch(entete.reference):
            raise FicheIllisible(f"identifiant «\u00a0{entete.reference[:40]}\u00a0» inattendu")
        into = found.resources
    audiences = {entete.audience} - {""}
    candidate = Candidate(name, entete, readxml.fingerprint(root), audiences)
    other = into.get(entete.reference)
    if other is not None:
        best, rest = sorted((candidate, other), key=Candidate.rank, reverse=True)
        best.audiences |= rest.audiences
        if into is found.candidates:
            found.duplicates.setdefault(entete.reference, []).append(rest.name)
        candidate = best
    into[entete.reference] = candidate
