"""``manage.py import_annuaire SOURCE``: bring DILA's directory up to date."""

from __future__ import annotations

import json
import sys

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from allo3939.shared.imports import keep_refusal
from allo3939.shared.sources import SourceRefusee, address_of, fetch_source
from orientation.ingest import GENRE, PRODUCTEUR, ImportRefuse, Rapport, import_annuaire

_SHOWN = 20  # lines of a list in the report for reading; --json gives them all


class Command(BaseCommand):
    help = (
        "Importe l'annuaire de l'administration. Sans --apply, montre seulement ce qui changerait."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "source",
            metavar="SOURCE",
            help="fichier de la DILA (.json, .json.gz, .tar.bz2), dossier de .json ou adresse",
        )
        parser.add_argument("--apply", action="store_true", help="écrire les changements")
        parser.add_argument("--json", action="store_true", help="rendre le compte rendu en JSON")
        parser.add_argument(
            "--accept-removals",
            action="store_true",
            help="accepter que plus d'un dixième des organismes disparaisse",
        )
        parser.add_argument(
            "--url",
            default="",
            help="adresse d'où vient un fichier déjà téléchargé (la licence veut qu'on la garde)",
        )

    def handle(self, *args, **options) -> None:
        source = options["source"]
        try:
            with (
                keep_refusal(GENRE, producteur=PRODUCTEUR, source=source, apply=options["apply"]),
                fetch_source(source) as (path, _),
                tqdm(
                    total=path.stat().st_size if path.is_file() else None,
                    desc="Lecture",
                    unit="o",
                    unit_scale=True,
                    leave=False,
                    disable=not sys.stderr.isatty(),
                ) as bar,
            ):
                report = import_annuaire(
                    path,
                    apply=options["apply"],
                    accept_removals=options["accept_removals"],
                    url=options["url"] or address_of(source),
                    advance=bar.update,
                )
        except (SourceRefusee, ImportRefuse) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_in_words(report, applied=options["apply"])))


def _in_words(report: Rapport, *, applied: bool) -> list[str]:
    lines = [
        f"Organismes ajoutés\u00a0: {report.added}",
        f"Organismes modifiés\u00a0: {report.changed}",
        f"Organismes inchangés\u00a0: {report.unchanged}",
        f"Organismes disparus\u00a0: {report.gone}",
        f"Enregistrements écartés\u00a0: {len(report.set_aside)}",
    ]
    lines += _some([f"{each['reference']}\u00a0: {each['reason']}" for each in report.set_aside])
    kept = report.to_keep()
    lines += kept["phrases"]
    for each in kept["listes"]:
        lines.append(f"{each['titre']}\u00a0: {each['total']}")
        lines += _some([f"{line['texte']} ({line['cle']})" for line in each["lignes"]])
    seconds = f"{report.seconds:.1f}".replace(".", ",")
    done = "Écrit" if applied else "Essai à blanc, rien n'est écrit (--apply pour écrire)"
    return [*lines, f"{done} en {seconds}\u00a0s"]


def _some(lines: list[str]) -> list[str]:
    left = len(lines) - _SHOWN
    more = [f"  … et {left} autres (le compte rendu de l'import les garde)"] if left > 0 else []
    return [f"  {line}" for line in lines[:_SHOWN]] + more
