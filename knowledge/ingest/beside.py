"""What a delivery holds beside its fiches: resources, themes' pages, redirections, indexes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from lxml import etree

from allo3939.shared.models import Importation
from allo3939.shared.sources import EntreeRefusee, Source
from knowledge import readxml
from knowledge.differ import describe
from knowledge.enums import Etat
from knowledge.ingest.report import Counts, Report
from knowledge.models import Redirection, Ressource
from knowledge.readxml import FicheIllisible, RessourceLue

if TYPE_CHECKING:
    from knowledge.ingest.survey import Candidate, Survey

_BATCH = 200
_REFERENCE = re.compile(r"[A-Z]\d[\w-]{0,18}")
_WEB = re.compile(r"https?://\S+")
_UPDATED = (
    *("genre", "titre", "contenu", "etat", "modifiee_le", "importation", "fichier", "xml"),
    *("empreinte", "elements_inconnus"),
)


@dataclass(frozen=True, slots=True)
class Renvoi:
    """One line of ``redirections.xml``."""

    vers: str
    url: str
    genre: str
    le: date | None
    rank: int
    """The public's redirection wins over the other audiences'."""


@dataclass(slots=True)
class Renvois:
    """The redirections of a delivery, by the reference that moved."""

    by_reference: dict[str, Renvoi] = field(default_factory=dict)
    set_aside: list[dict[str, str]] = field(default_factory=list)

    def add(self, root: etree._Element) -> None:
        """Take in one file; a delivery for several audiences has several."""
        for element in root.iter("Redirection", "RedirectionExterne"):
            origin, target = element.get("from", ""), element.get("to", "")
            url = element.get("toUrl", "")
            if reason := _wrong(origin, target, url):
                self.set_aside.append({"reference": f"redirection de {origin}", "reason": reason})
                continue
            found = Renvoi(
                vers=target,
                url=url,
                genre=element.get("type", "")[:80],
                le=_day(element.get("date", "")),
                rank=readxml.audience_rank(element.get("audience", "Particuliers")),
            )
            other = self.by_reference.get(origin)
            if other is None or _order(found) > _order(other):
                self.by_reference[origin] = found


def _order(found: Renvoi) -> tuple:
    return (-found.rank, found.le or date.min)


def _wrong(origin: str, target: str, url: str) -> str:
    """Why a line cannot be followed; "" when it can."""
    if not _REFERENCE.fullmatch(origin):
        return "référence de départ inattendue"
    if origin == target:
        return "la redirection mène à elle-même"
    if target and not _REFERENCE.fullmatch(target):
        return f"référence d'arrivée inattendue\u00a0: {target[:40]}"
    if not target and not (_WEB.fullmatch(url) and len(url) <= 500):
        return "ne mène nulle part"
    return ""


def _day(text: str) -> date | None:
    for shape in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d"):
        try:
            return datetime.strptime(text[:10], shape).date()
        except ValueError:
            continue
    return None


def entries_of(root: etree._Element) -> int:
    """How many things an index lists: those it names by an identifier, else its children."""
    named = sum(element.get("ID") is not None for element in root.iter() if element is not root)
    return named or len(root)


# --- Redirections -------------------------------------------------------------------------------


def write_redirections(found: Renvois, report: Report, importation: Importation | None) -> None:
    """Bring the table up to date; what a file no longer lists is kept, each audience has its own.

    Without an ``importation`` nothing is written, only counted.
    """
    rows = {row.de: row for row in Redirection.objects.filter(de__in=found.by_reference)}
    new: list[Redirection] = []
    changed: list[Redirection] = []
    for origin, renvoi in found.by_reference.items():
        row = rows.get(origin) or Redirection(de=origin)
        values = {name: getattr(renvoi, name) for name in ("vers", "url", "genre", "le")}
        if row.pk and all(getattr(row, name) == value for name, value in values.items()):
            report.redirections.unchanged += 1
            continue
        (changed if row.pk else new).append(row)
        for name, value in values.items():
            setattr(row, name, value)
        if importation is not None:
            row.importation = importation
    report.redirections.added = len(new)
    report.redirections.changed = len(changed)
    if importation is not None:
        Redirection.objects.bulk_create(new, batch_size=500)
        fields = ("vers", "url", "genre", "le", "importation")
        Redirection.objects.bulk_update(changed, fields, batch_size=500)


# --- Resources ----------------------------------------------------------------------------------


class Resources:
    """Second pass over resources: those that are new or changed, read and written in batches."""

    def __init__(self, source: Source, found: Survey, report: Report) -> None:
        self.source, self.found, self.report = source, found, report
        self.counts: Counts = report.resources
        self.known = Ressource.objects.present().count()

    def write(self, importation: Importation | None) -> None:
        """Compare the delivery's resources with the table, and bring them into it.

        Without an ``importation`` nothing is written, only counted.
        """
        known = {
            row[0]: row[1:]
            for row in Ressource.objects.values_list("reference", "empreinte", "etat").iterator()
        }
        to_read = []
        for reference, candidate in self.found.resources.items():
            if known.get(reference) == (candidate.empreinte, Etat.PUBLIEE):
                self.counts.unchanged += 1
            else:
                to_read.append(candidate)
        for start in range(0, len(to_read), _BATCH):
            self._write(to_read[start : start + _BATCH], importation)

    def _write(self, batch: list[Candidate], importation: Importation | None) -> None:
        rows = Ressource.objects.filter(reference__in=[c.entete.reference for c in batch])
        existing = {row.reference: row for row in rows}
        new: list[Ressource] = []
        changed: list[Ressource] = []
        for candidate, lue, xml in self._read(batch):
            row = existing.get(lue.reference) or Ressource(reference=lue.reference)
            self._count(row, lue)
            (changed if row.pk else new).append(row)
            row.genre, row.titre, row.contenu = lue.genre, lue.titre, lue.contenu
            row.etat, row.modifiee_le = Etat.PUBLIEE, lue.modifiee_le
            row.fichier = candidate.name[-200:]
            if importation is not None:
                row.importation = importation
            row.xml, row.empreinte = xml, candidate.empreinte
            row.elements_inconnus = sorted(element[:80] for element in lue.inconnus)
        if importation is not None:
            Ressource.objects.bulk_create(new)
            Ressource.objects.bulk_update(changed, _UPDATED)

    def _read(self, batch: list[Candidate]) -> Iterator[tuple]:
        for candidate in batch:
            try:
                content = self.source.read(candidate.name)
                root = readxml.parse(content)
                lue = readxml.read_resource(root)
            except (EntreeRefusee, FicheIllisible) as error:
                self.found.put_aside(candidate.name, str(error))
                continue
            self.report.unknown_elements.update(lue.inconnus)
            yield candidate, lue, readxml.as_text(content, root)

    def _count(self, row: Ressource, lue: RessourceLue) -> None:
        if row.pk is None:
            self.counts.added += 1
            return
        what = describe(row.contenu, lue.contenu)
        if row.titre != lue.titre:
            what.insert(
                0, f"titre\u00a0: «\u00a0{row.titre}\u00a0» devient «\u00a0{lue.titre}\u00a0»"
            )
        if row.etat != Etat.PUBLIEE:
            what.append("de nouveau publiée à la source")
        if not what:
            self.counts.unchanged += 1
            return
        self.counts.changed += 1
        self.report.resource_changes.append(
            {"reference": lue.reference, "titre": lue.titre, "what": what}
        )

    def missing(self) -> list[Ressource]:
        """Those that a whole delivery for their audiences no longer holds.

        A delivery without any resource is one of fiches only: it makes none gone.
        """
        if not self.found.resources:
            return []
        met = {*self.found.resources, *self.found.met}
        left = Ressource.objects.present().exclude(reference__in=met)
        return [row for row in left.iterator() if self._is_delivered(row)]

    def _is_delivered(self, row: Ressource) -> bool:
        frame = row.contenu[-1] if row.contenu else {}
        publics = {public["titre"] for public in frame.get("publics", [])}
        return not publics or bool(publics & self.found.audiences)

    def withdraw(self, rows: list[Ressource], importation: Importation | None) -> None:
        """They stay readable from the fiches that name them, and say that they are gone."""
        self.counts.gone = len(rows)
        if importation is not None and rows:
            Ressource.objects.filter(pk__in=[row.pk for row in rows]).update(etat=Etat.DISPARUE)
