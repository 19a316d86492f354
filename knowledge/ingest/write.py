"""Second pass: the fiches that are new or changed, read and written in batches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from allo3939.accounts.models import Agent
from allo3939.shared.models import Importation
from allo3939.shared.sources import EntreeRefusee, Source
from knowledge import conflicts, readxml
from knowledge.enums import Etat, Importance, Nature, Origine
from knowledge.ingest.report import Report
from knowledge.ingest.survey import Candidate, Survey
from knowledge.ingest.tree import Themes
from knowledge.ingest.words import tell_changes
from knowledge.models import Fiche, Parution, SourceFiche
from knowledge.readxml import FicheIllisible, FicheLue

# The fields that an import owns. No other field is written.
_OWNED = (
    *("titre", "contenu", "fil", "theme_id", "organismes", "type_source", "audiences", "url"),
    *("modifiee_le", "importante_le"),
)
_UPDATED = [*(name.removesuffix("_id") for name in _OWNED), "etat", "version", "publiee_le"]


@dataclass(slots=True)
class Known:
    """What the table tells of a fiche without its content."""

    reference: str
    pk: int
    origine: str
    etat: str
    audiences: list[str]
    theme: str | None
    modifiee_le: date | None
    empreinte: str | None


@dataclass(slots=True)
class Work:
    """What is left to do once the delivery has been compared with the table."""

    to_read: list[Candidate] = field(default_factory=list)
    to_widen: dict[str, set[str]] = field(default_factory=dict)
    """Fiches kept as they are, met for other audiences too."""
    to_narrow: dict[str, list[str]] = field(default_factory=dict)
    """Fiches no longer delivered, with the audiences they are left with."""


class Writer:
    """Reads and compares; writes too when there is an ``importation`` to write under."""

    def __init__(
        self,
        source: Source,
        found: Survey,
        themes: Themes,
        report: Report,
        *,
        importation: Importation | None,
        by: Agent | None,
    ) -> None:
        self.source, self.found, self.themes, self.report = source, found, themes, report
        self.importation, self.by = importation, by
        self.now = timezone.now()
        self.reason = f"Import de {source.nom}"[:100]
        self.touched: list[str] = []
        self.under_overlay: list[tuple[Fiche, list[str]]] = []
        """Fiches of this batch that changed under what the desk adds to them."""

    def write(self, batch: list[Candidate], known: dict[str, Known]) -> None:
        """Read a batch and bring its fiches into the table."""
        rows = Fiche.objects.filter(
            pk__in=[known[c.entete.reference].pk for c in batch if c.entete.reference in known]
        )
        if self.importation is not None:
            rows = rows.select_for_update()
        existing = {fiche.reference: fiche for fiche in rows}
        created: list[Fiche] = []
        updated: list[Fiche] = []
        sources: list[tuple[Fiche, SourceFiche]] = []
        for candidate in batch:
            try:
                content = self.source.read(candidate.name)
                root = readxml.parse(content)
                lue = readxml.read(root)
            except (EntreeRefusee, FicheIllisible) as error:
                self.found.put_aside(candidate.name, str(error))
                continue
            self.report.unknown_elements.update(lue.inconnus)
            reference = lue.reference
            fiche = existing.get(reference)
            values = self._values(lue, candidate, known.get(reference))
            if fiche is None:
                fiche = self._new(reference, values)
                created.append(fiche)
                self.report.added += 1
            elif self._change(fiche, values):
                updated.append(fiche)
                self.report.changed += 1
            else:
                self.report.unchanged += 1
            sources.append((fiche, self._source(candidate, lue, readxml.as_text(content, root))))
        if self.importation is not None:
            self._save(created, updated, sources, self.importation)
        self.under_overlay.clear()

    def _values(self, lue: FicheLue, candidate: Candidate, row: Known | None) -> dict:
        now = (row.theme if row else None) or ""
        tree = self.found.arborescence
        code = tree.place(lue.reference, now=now) if tree else ""
        if not code:
            # A breadcrumb stops at the dossier where the tree goes down to the sub-dossier.
            code = now if now and self.themes.is_under(now, lue.theme) else lue.theme
            if code == lue.theme:
                self.themes.grow(lue.places)
        others = sorted(candidate.audiences - set(lue.audiences), key=readxml.audience_rank)
        return {
            "titre": lue.titre,
            "contenu": lue.contenu,
            "fil": lue.fil,
            "theme_id": self.themes.pk(code),
            "organismes": lue.organismes,
            "type_source": lue.type_source,
            "audiences": [*lue.audiences, *others],
            "url": lue.url,
            "modifiee_le": lue.modifiee_le,
            "importante_le": lue.importante_le,
        }

    def _new(self, reference: str, values: dict) -> Fiche:
        return Fiche(
            reference=reference,
            nature=Nature.REPONSE,
            origine=Origine.SERVICE_PUBLIC,
            etat=Etat.PUBLIEE,
            demonstration=False,
            publiee_le=self.now,
            **values,
        )

    def _change(self, fiche: Fiche, values: dict) -> bool:
        """Give the fiche its new values; False when it already had them all.

        The version counts what agents read: a fiche that comes back as it was keeps its own. A
        fiche that was archived here stays archived.
        """
        before = {name: getattr(fiche, name) for name in _OWNED}
        told = tell_changes(before, values, title=self.themes.title)
        what = told.sentences
        for name, value in values.items():
            setattr(fiche, name, value)
        if what:
            fiche.version += 1
            fiche.publiee_le = self.now
        if fiche.etat == Etat.DISPARUE:
            fiche.etat = Etat.PUBLIEE
            fiche.publiee_le = self.now
            what.append("de nouveau publiée à la source")
        if what:
            self._tell(fiche, what)
        if told.said and conflicts.overlay_of(fiche):
            self.report.conflicts += 1
            self.under_overlay.append((fiche, told.said))
        return bool(what)

    def _tell(self, fiche: Fiche, what: list[str]) -> None:
        self.report.changes.append(
            {"reference": fiche.reference, "titre": fiche.titre, "what": what}
        )

    def _source(self, candidate: Candidate, lue: FicheLue, xml: str) -> SourceFiche:
        return SourceFiche(
            importation=self.importation,
            fichier=candidate.name[-200:],
            schema=lue.schema,
            xml=xml,
            empreinte=candidate.empreinte,
            elements_inconnus=sorted(element[:80] for element in lue.inconnus),
        )

    def _save(
        self,
        created: list[Fiche],
        updated: list[Fiche],
        sources: list[tuple[Fiche, SourceFiche]],
        importation: Importation,
    ) -> None:
        context = {"default_user": self.by, "default_change_reason": self.reason}
        if created:
            bulk_create_with_history(created, Fiche, **context)
        if updated:
            bulk_update_with_history(updated, Fiche, _UPDATED, batch_size=50, **context)
        self._announce([*created, *updated])
        for fiche, source in sources:
            source.fiche = fiche
        SourceFiche.objects.bulk_create(
            [source for _, source in sources],
            update_conflicts=True,
            unique_fields=["fiche"],
            update_fields=[
                *("importation", "fichier", "schema", "xml", "empreinte"),
                "elements_inconnus",
            ],
        )
        for fiche, what in self.under_overlay:
            conflicts.open_conflict(fiche, importation=importation, what=what)
        self.touched += [fiche.reference for fiche in (*created, *updated)]

    def _announce(self, fiches: list[Fiche]) -> None:
        """The versions that came with this import; one that was only back keeps its own line."""
        rows = [
            Parution(
                fiche=fiche,
                version=fiche.version,
                importance=Importance.PRECISION,
                raison=self.reason,
                parue_le=self.now,
            )
            for fiche in fiches
        ]
        Parution.objects.bulk_create(rows, ignore_conflicts=True)

    def withdraw(self, work: Work) -> None:
        """Fiches no longer delivered, or delivered for more audiences: their content stays."""
        rows = Fiche.objects.filter(reference__in=[*work.to_narrow, *work.to_widen])
        if self.importation is not None:
            rows = rows.select_for_update()
        concerned = []
        for fiche in rows:
            if fiche.reference in work.to_widen:
                more = sorted(work.to_widen[fiche.reference] - set(fiche.audiences))
                if not more:
                    self.report.unchanged += 1
                    continue
                fiche.audiences = [*fiche.audiences, *more]
            elif left := work.to_narrow[fiche.reference]:
                fiche.audiences = left
            else:
                fiche.etat = Etat.DISPARUE
            if fiche.etat != Etat.DISPARUE:
                self.report.changed += 1
                self._tell(fiche, ["publics\u00a0: " + ", ".join(fiche.audiences)])
            concerned.append(fiche)
        if self.importation is not None and concerned:
            bulk_update_with_history(
                concerned,
                Fiche,
                ["etat", "audiences"],
                batch_size=50,
                default_user=self.by,
                default_change_reason=self.reason,
            )
            self.touched += [fiche.reference for fiche in concerned]
