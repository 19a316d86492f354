"""``manage.py orient --commune 77188 --type mairie``: the bodies to give, and what to say."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from knowledge.models import Fiche
from orientation.hours import PARIS, Ouverture, describe, describe_next, openings_of
from orientation.locate import find_communes_page, normalise
from orientation.models import Commune, TypeService
from orientation.orient import Orientation, competent_bodies
from orientation.say import access, sentence, sur_rendez_vous

_CHOICES = 15

Found = list[tuple[Orientation, Ouverture]]


class Command(BaseCommand):
    help = (
        "Donne les organismes qui servent une commune, pourquoi, s'ils sont ouverts, et la phrase "
        "à dire."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--commune",
            required=True,
            help="code INSEE\u00a0; code postal ou nom s'ils ne désignent qu'une commune",
        )
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--type",
            dest="types",
            action="append",
            metavar="CODE",
            help="type d'organisme (mairie, cpam…), autant de fois que voulu",
        )
        what.add_argument(
            "--fiche", metavar="REFERENCE", help="les types d'organisme de cette fiche (F1342…)"
        )
        parser.add_argument(
            "--at", metavar="INSTANT", help="2026-12-24T18:30, heure de Paris\u00a0; maintenant"
        )
        parser.add_argument("--json", action="store_true", help="un objet, instants en ISO 8601")

    def handle(self, *, commune, types, fiche, at, **options) -> None:
        moment = _moment(at)
        place = _commune(commune)
        kinds = _known(types) if types else _kinds_of(fiche)
        labels = dict(zip(kinds, TypeService.objects.labels(kinds), strict=True))
        bodies = competent_bodies(place, kinds=kinds)
        states = openings_of([each.organisme for each in bodies], at=moment)
        found = list(zip(bodies, states, strict=True))
        if options["json"]:
            shown = _as_json(place, found, at=moment)
            self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))
            return
        local = timezone.localtime(moment, PARIS)
        self.stdout.write(
            f"{place.nom} ({place.pk}, {place.departement.nom}), "
            f"le {local:%d/%m/%Y} à {local:%H:%M} (heure de Paris)"
        )
        for kind, label in labels.items():
            self.stdout.write(f"\n{label}")
            lines = [
                line
                for item, ouverture in found
                if item.type_code == kind
                for line in _lines(item, ouverture, at=moment)
            ]
            self.stdout.write("\n".join(lines or ["  Aucun organisme de ce type."]))


# --- What was asked -----------------------------------------------------------------------------


def _moment(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"Instant illisible\u00a0: «\u00a0{text}\u00a0». Écrire par exemple 2026-12-24T18:30."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=PARIS)


def _commune(text: str) -> Commune:
    """The commune of this INSEE code, else the only one that a postcode or a name may mean."""
    known = Commune.objects.select_related("departement", "parente")
    if commune := known.filter(pk=text.strip().upper()).first():
        return commune
    found, total = find_communes_page(text, limit=_CHOICES)
    exact = [commune for commune in found if commune.nom_recherche == normalise(text)]
    if total == 1 or len(exact) == 1:
        return (exact or found)[0]
    if not found:
        raise CommandError(f"Aucune commune ne répond à «\u00a0{text}\u00a0».")
    choices = [f"  {commune.pk}  {commune}" for commune in found]
    if total > len(found):
        choices.append(f"  … et {total - len(found)} de plus")
    raise CommandError(
        f"«\u00a0{text}\u00a0» peut désigner plusieurs communes. Donner le code INSEE\u00a0:\n"
        + "\n".join(choices)
    )


def _kinds_of(reference: str) -> list[str]:
    fiche = Fiche.objects.published().find(reference)
    if fiche is None:
        raise CommandError(f"Aucune fiche publiée ne porte la référence «\u00a0{reference}\u00a0».")
    if not fiche.organismes:
        raise CommandError(f"La fiche {reference} ne nomme aucun type d'organisme.")
    return fiche.organismes


def _known(types: list[str]) -> list[str]:
    kinds = list(dict.fromkeys(types))
    known = TypeService.objects.in_bulk(kinds)
    if unknown := [kind for kind in kinds if kind not in known]:
        raise CommandError(f"Type d'organisme inconnu\u00a0: {', '.join(unknown)}.")
    return kinds


# --- What is answered ---------------------------------------------------------------------------


def _lines(item: Orientation, ouverture: Ouverture, *, at: datetime) -> list[str]:
    organisme = item.organisme
    following = describe_next(ouverture, at=at)
    hours = describe(ouverture, at=at)
    if following and ouverture.etat != "ferme":
        hours += f" · ensuite {following}"
    parts = {
        "pourquoi": item.pourquoi,
        "horaires": hours,
        "remarque": ouverture.mention,
        "à dire": sentence(organisme, ouverture, at=at),
        "adresse": organisme.adresse_en_ligne,
        "joindre": " ".join(access(organisme, ouverture)),
    }
    told = [f"    {name}\u00a0: {words}" for name, words in parts.items() if words]
    return [f"  {organisme.nom}", *told]


def _as_json(commune: Commune, found: Found, *, at: datetime) -> dict[str, Any]:
    return {
        "commune": commune.pk,
        "nom": commune.nom,
        "instant": at.isoformat(),
        "organismes": [
            {
                "id": str(item.organisme.pk),
                "nom": item.organisme.nom,
                "type": item.type_code,
                "garantie": str(item.garantie),
                "pourquoi": item.pourquoi,
                "etat": ouverture.etat,
                "jusqu_a": _iso(ouverture.jusqu_a),
                "prochaine": _iso(ouverture.prochaine),
                "en_principe": ouverture.en_principe,
                "motif": ouverture.motif,
                "ferie": ouverture.ferie,
                "mention": ouverture.mention,
                "phrase": sentence(item.organisme, ouverture, at=at),
                "rendez_vous": sur_rendez_vous(item.organisme),
                "acces": access(item.organisme, ouverture),
            }
            for item, ouverture in found
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
