"""Writing a proposition in its form: made for an agent, kept at each pause, checked as typed."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from allo3939.accounts.models import Agent
from knowledge import propose, reuse
from knowledge.author import Controle, inspect
from knowledge.enums import Importance, Nature, Origine
from knowledge.forms.edition import FicheForm, OverlayEdition
from knowledge.models import Fiche, Proposition
from knowledge.propose import PropositionDepassee

PARTIE = (
    "Votre proposition a été soumise, retirée ou décidée dans une autre fenêtre. Copiez ce que "
    "vous venez de saisir, puis rechargez la page."
)
A_VENIR = "A39-0000"  # the reference of a fiche that has none yet


def build(
    fiche: Fiche | None,
    *,
    by: Agent,
    proposition: Proposition | None = None,
    data: Any = None,
    initial: dict[str, Any] | None = None,
) -> Any:
    """The form of a fiche for its author: on the proposition in writing, else the fiche as typed.

    ``fiche`` is None for one to create, in the sector of a partenaire. What was last kept with a
    field that is not valid comes back as it was typed, with its errors.
    """
    if proposition is not None:
        typed = propose.as_typed(proposition)
        if data is None and proposition.saisie is not None:
            data = _reopen(proposition)
    elif fiche is not None:
        typed = reuse.as_typed(fiche)
    else:
        typed = Fiche(origine=Origine.ALLO3939, reference=A_VENIR, secteur_id=by.secteur_id)
    kind = OverlayEdition if typed.origine == Origine.SERVICE_PUBLIC else FicheForm
    return kind(data, by=by, instance=typed, proposition=proposition, initial=initial)


@transaction.atomic
def keep(form: Any, fiche: Fiche | None, *, by: Agent) -> Proposition | None:
    """Save what is typed, valid or not, in the author's proposition; open it, or the fiche, first.

    None when there is nothing to keep. Raises `PropositionInterdite`, and `PropositionDepassee`
    when another window saved first.
    """
    valid = form.is_valid()
    data = form.cleaned_data
    revision = data.get("revision") or 0
    proposition = form.proposition
    if proposition is None:
        if revision:
            raise PropositionDepassee(PARTIE)
        if not form.changed_values() and not data.get("motif"):
            return None
        if fiche is None:
            nature = data.get("nature") or Nature.REPONSE
            proposition = propose.create_fiche(
                by=by, nature=nature, champs=propose.values(form.instance)
            )
            # Saved on what was created: the owner is the fiche's own from now on.
            form.instance.secteur_id = proposition.fiche.secteur_id
        else:
            proposition = propose.open_proposition(fiche, by=by)
    return propose.save(
        proposition,
        by=by,
        edited=form.instance,
        lue=data.get("lue"),
        revision=revision,
        saisie=None if valid else form.raw(),
        motif=_motif(data.get("motif"), proposition),
        importance=data.get("importance") or Importance.PRECISION,
        effet_le=data.get("effet_le"),
    )


def controle(form: Any) -> Controle:
    """What is to be told of the form as typed; nothing is saved.

    The fiche is read as agents would, shared blocks at their value of the day of effect.
    """
    valid = form.is_valid()
    fiche = copy(form.instance)
    today = timezone.localdate()
    reuse.expand(fiche, on=max(form.cleaned_data.get("effet_le") or today, today))
    found = inspect(fiche)
    others = [
        f"Le bloc partagé «\u00a0{code}\u00a0» n'a pas de valeur." for code in reuse.missing(fiche)
    ]
    if not valid:
        others.append("Un champ n'est pas valable\u00a0: corrigez-le d'abord.")
    if fiche.publiee_le and not form.cleaned_data.get("motif"):
        others.append("Dites en quelques mots pourquoi.")
    return replace(found, autres=[*found.autres, *others])


def _motif(typed: str | None, proposition: Proposition) -> str:
    """As typed; the one it was opened with while it is not valid, or before a first version."""
    if typed is None or (not typed and not proposition.fiche.publiee_le):
        return proposition.motif
    return typed


def _reopen(proposition: Proposition) -> QueryDict:
    """What was typed, in the proposition as it stands now."""
    data = QueryDict(mutable=True)
    for name, values in (proposition.saisie or {}).items():
        data.setlist(name, values)
    data["revision"] = str(proposition.revision)
    return data
