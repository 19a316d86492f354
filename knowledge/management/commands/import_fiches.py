"""``manage.py import_fiches SOURCE``: bring service-public.fr's fiches up to date."""

import json
import sys

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from allo3939.shared.imports import keep_refusal
from allo3939.shared.sources import SourceRefusee, open_source
from knowledge.ingest import PRODUCTEUR, ImportRefuse, Report, import_fiches
from knowledge.ingest.report import Counts

_SHOWN = 20  # lines of a list in the report for reading; --json gives them all


class Command(BaseCommand):
    help = (
        "Importe les fiches de service-public.fr. Sans --apply, montre seulement ce qui changerait."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "source",
            metavar="SOURCE",
            help="ZIP de la DILA, dossier de XML, fichier XML ou adresse",
        )
        parser.add_argument("--apply", action="store_true", help="écrire les changements")
        parser.add_argument("--json", action="store_true", help="rendre le compte rendu en JSON")
        parser.add_argument(
            "--accept-removals",
            action="store_true",
            help="accepter que plus d'un dixième des fiches disparaisse",
        )
        parser.add_argument(
            "--url",
            default="",
            help="adresse d'où vient un fichier déjà téléchargé (la licence veut qu'on la garde)",
        )

    def handle(self, *args, **options) -> None:
        def progress(names):
            return tqdm(
                names,
                desc="Lecture",
                unit=" fichiers",
                leave=False,
                disable=not sys.stderr.isatty(),
            )

        try:
            with (
                keep_refusal(
                    "fiches",
                    producteur=PRODUCTEUR,
                    source=options["source"],
                    apply=options["apply"],
                ),
                open_source(options["source"]) as source,
            ):
                report = import_fiches(
                    source,
                    apply=options["apply"],
                    accept_removals=options["accept_removals"],
                    url=options["url"],
                    progress=progress,
                )
        except (SourceRefusee, ImportRefuse) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_in_words(report)))


def _in_words(report: Report) -> list[str]:
    lines = [
        f"Fiches ajoutées\u00a0: {report.added}",
        f"Fiches modifiées\u00a0: {report.changed}",
        f"Fiches inchangées\u00a0: {report.unchanged}",
        f"Fiches disparues\u00a0: {report.gone}"
        + ("" if report.whole else " (livraison partielle\u00a0: rien ne disparaît)"),
        f"Fiches écartées\u00a0: {len(report.set_aside)}",
    ]
    lines += _some(f"  {entry['reference']}\u00a0: {entry['reason']}" for entry in report.set_aside)
    lines += _changes("Ce qui change", report.changes)
    if report.conflicts:
        lines.append(
            f"À relire par un rédacteur\u00a0: {report.conflicts} fiches changées sous ce que nous "
            "y ajoutons"
        )
    lines += _counts("Ressources et thèmes", report.resources)
    lines += _changes("Ce qui change dans les ressources", report.resource_changes)
    lines += _counts("Redirections", report.redirections)
    if report.duplicates:
        lines.append("Fiches présentes plusieurs fois (la plus récente est retenue)\u00a0:")
        lines += _some(
            f"  {entry['reference']}\u00a0: {entry['kept']}, et non {', '.join(entry['others'])}"
            for entry in report.duplicates
        )
    if report.unknown_elements:
        names = ", ".join(f"{name} ({count})" for name, count in report.unknown_elements.items())
        lines.append(f"Éléments inconnus, gardés comme texte\u00a0: {names}")
    if report.indexes:
        lines.append(
            "Index non repris (leur contenu vient avec les fiches et les ressources)\u00a0:"
        )
        lines += _some(
            f"  {index['fichier']}\u00a0: {index['genre']}, {_number(index['entrees'], 'entrée')}"
            for index in report.indexes
        )
    if report.older:
        lines.append(f"Attention\u00a0: {report.older} fiches plus anciennes que celles en place.")
    if report.removals_limit and not report.applied:
        lines.append(f"Attention\u00a0: {report.removals_limit}")
    seconds = f"{report.seconds:.1f}".replace(".", ",")
    done = "Écrit" if report.applied else "Essai à blanc, rien n'est écrit (--apply pour écrire)"
    lines.append(f"{done} en {seconds}\u00a0s")
    return lines


def _changes(title: str, changes: list[dict]) -> list[str]:
    """The changed things, each with its sentences below it."""
    if not changes:
        return []
    lines = [f"{title}\u00a0:"]
    for entry in changes[:_SHOWN]:
        lines.append(f"  {entry['reference']} ({entry['titre']})")
        lines += [f"    - {sentence}" for sentence in entry["what"]]
    left = len(changes) - _SHOWN
    return lines + ([f"  … et {left} autres (--json pour tout voir)"] if left > 0 else [])


def _counts(title: str, counts: Counts) -> list[str]:
    told = [
        f"{number} {word}"
        for number, word in (
            (counts.added, "ajoutées"),
            (counts.changed, "modifiées"),
            (counts.unchanged, "inchangées"),
            (counts.gone, "disparues"),
        )
        if number
    ]
    return [f"{title}\u00a0: {', '.join(told)}"] if told else []


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' if count > 1 else ''}"


def _some(lines) -> list[str]:
    every = list(lines)
    left = len(every) - _SHOWN
    return every[:_SHOWN] + ([f"  … et {left} autres (--json pour tout voir)"] if left > 0 else [])
