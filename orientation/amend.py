"""A form with several columns of a body, saved at once: each one changed is a correction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from allo3939.accounts.models import Agent
from orientation.clean import same_value
from orientation.correct import correct
from orientation.enums import ChampOrganisme
from orientation.models import Correction, Organisme

__all__ = ["FicheChangee", "amend", "read_mark"]


class FicheChangee(Exception):
    """What was read is not what the body says any more; the message is for who was writing."""


def read_mark(organisme: Organisme) -> str:
    """What the body says, as 32 characters: two equal marks, two equal bodies."""
    said = {champ: getattr(organisme, champ) for champ in ChampOrganisme.values}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@transaction.atomic
def amend(
    organisme: Organisme, *, values: Mapping[str, Any], lu: str, by: Agent, motif: str = ""
) -> list[Correction]:
    """Correct the columns that differ from what the body says; returns the corrections.

    ``values``: clean values by `ChampOrganisme`. ``lu``: the `read_mark` of the body as it was
    read, so that what an import or somebody else wrote meanwhile is not undone. Raises
    `FicheChangee` and `correct.CorrectionRefusee`; then nothing is written.
    """
    stored = Organisme.objects.select_for_update().get(pk=organisme.pk)
    if read_mark(stored) != lu:
        raise FicheChangee(
            "La fiche a changé pendant que vous l'écriviez. Relisez-la ci-dessous\u00a0: "
            "ce que vous aviez tapé n'est pas enregistré."
        )
    return [
        correct(organisme, champ=champ, valeur=valeur, by=by, motif=motif)
        for champ, valeur in values.items()
        if not same_value(champ, valeur, getattr(stored, champ))
    ]
