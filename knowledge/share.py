"""Shared blocks kept: a value added by one, approved by another, written in on its day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent
from knowledge.enums import Importance
from knowledge.models import BlocPartage, Fiche, ValeurBloc
from knowledge.publish import PublicationImpossible, publish
from knowledge.reuse import as_typed

WEIGHTS = (Importance.COQUILLE, Importance.PRECISION, Importance.CHANGEMENT)


class ValeurRefusee(Exception):
    """The value cannot be kept so; the message, in French, says why."""


@transaction.atomic
def add_value(
    bloc: BlocPartage,
    *,
    texte: str,
    du: date,
    au: date | None = None,
    source: str,
    importance: str,
    by: Agent,
) -> ValeurBloc:
    """A value to come, which somebody else approves. Raises `ValeurRefusee`."""
    _check_role(by)
    if au is not None and au < du:
        raise ValeurRefusee("La fin précède le début.")
    if not source.strip():
        raise ValeurRefusee("Donnez la source\u00a0: le texte ou la page qui fait foi.")
    if bloc.valeurs.filter(du=du).exists():
        raise ValeurRefusee("Une valeur commence déjà ce jour-là.")
    return bloc.valeurs.create(
        texte=texte.strip(), du=du, au=au, source=source.strip(), importance=importance, auteur=by
    )


@transaction.atomic
def approve_value(valeur: ValeurBloc, *, by: Agent) -> list[Fiche]:
    """Agree to a value; when its day has come, the fiches that name the block are written again.

    Returns those fiches. Raises `ValeurRefusee` for its author, or when it is approved already.
    """
    _check_role(by)
    stored = ValeurBloc.objects.select_for_update().get(pk=valeur.pk)
    if stored.auteur_id == by.pk:
        raise ValeurRefusee("Vous en êtes l'auteur\u00a0: quelqu'un d'autre l'approuve.")
    if stored.approuvee_le is not None:
        raise ValeurRefusee("Cette valeur est déjà approuvée.")
    stored.approuvee_par, stored.approuvee_le = by, timezone.now()
    stored.save(update_fields=["approuvee_par", "approuvee_le"])
    done, _ = apply_due(on=timezone.localdate())
    return done


@transaction.atomic
def drop_value(valeur: ValeurBloc, *, by: Agent) -> None:
    """Take away a value that was never approved. Raises `ValeurRefusee` for another."""
    _check_role(by)
    stored = ValeurBloc.objects.select_for_update().get(pk=valeur.pk)
    if stored.approuvee_le is not None:
        raise ValeurRefusee("Une valeur approuvée reste\u00a0: ajoutez celle qui la remplace.")
    stored.delete()


@transaction.atomic
def apply_due(*, on: date) -> tuple[list[Fiche], list[tuple[Fiche, str]]]:
    """Write the values whose day has come into the fiches: (those written, those refused and why).

    A fiche is written again once, however many of its blocks change; the weightiest change decides
    who is told. One that its checks refuse keeps its former text. Run again, it finds nothing.
    """
    values = list(ValeurBloc.objects.select_for_update(of=("self",)).to_apply(on=on))
    by_code: defaultdict[str, list[ValeurBloc]] = defaultdict(list)
    for valeur in values:
        by_code[valeur.bloc.code].append(valeur)
    done: list[Fiche] = []
    refused: list[tuple[Fiche, str]] = []
    for fiche in Fiche.objects.published().using_block(*by_code) if by_code else ():
        changed = [valeur for code in fiche.blocs for valeur in by_code.get(code, ())]
        try:
            with transaction.atomic():
                done.append(_write(fiche, changed, on=on))
        except PublicationImpossible as error:
            refused.append((fiche, str(error)))
    ValeurBloc.objects.filter(pk__in=[each.pk for each in values]).update(
        appliquee_le=timezone.now()
    )
    return done, refused


def _write(fiche: Fiche, changed: list[ValeurBloc], *, on: date) -> Fiche:
    titles = ", ".join(dict.fromkeys(valeur.bloc.titre for valeur in changed))
    weight = max(WEIGHTS.index(Importance(valeur.importance)) for valeur in changed)
    return publish(
        as_typed(fiche),
        by=changed[-1].auteur,
        raison=f"Nouvelle valeur\u00a0: {titles}"[:100],
        importance=WEIGHTS[weight],
        on=on,
    )


def _check_role(by: Agent) -> None:
    if by.role != Role.REDACTEUR:
        raise ValeurRefusee("Seuls les rédacteurs de la DILA tiennent les blocs partagés.")
