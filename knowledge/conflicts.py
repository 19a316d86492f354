"""An imported fiche that changed under what the desk adds to it: told to a rédacteur, never undone.

The overlay stays in force as it is. Locks are taken in one order, the fiche then its conflict, by
whoever writes either: an import and a rédacteur who settles wait for each other.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from allo3939.accounts.models import Agent
from allo3939.shared.models import Importation
from knowledge.enums import DecisionConflit, OrigineProposition
from knowledge.models import Conflit, Fiche
from knowledge.propose import as_typed, open_proposition, save, submit, values
from knowledge.propose.fields import write
from knowledge.publish import OVERLAY

SENTENCES_MAX = 60  # kept in one conflict, however many imports add to it


class ConflitDepasse(Exception):
    """The conflict is no longer as the rédacteur read it; the message, in French, says why."""


def overlay_of(fiche: Fiche) -> list[str]:
    """The fields in which the desk adds something to a fiche of the source."""
    return [name.removesuffix("_id") for name in OVERLAY if getattr(fiche, name)]


def open_conflict(fiche: Fiche, *, importation: Importation, what: list[str]) -> Conflit | None:
    """Queue a fiche whose title or content an import has just changed; None without an overlay.

    Called inside the import's transaction, which holds the fiche's row. Several imports before it
    is settled add up in one conflict.
    """
    overlay = overlay_of(fiche)
    if not overlay:
        return None
    conflit = Conflit.objects.open().select_for_update().filter(fiche=fiche).first()
    if conflit is None:
        return Conflit.objects.create(
            fiche=fiche, importation=importation, surcharge=overlay, changements=_once(what)
        )
    conflit.importation, conflit.surcharge = importation, overlay
    conflit.changements = _once([*conflit.changements, *what])
    conflit.save(update_fields=["importation", "surcharge", "changements"])
    return conflit


def _once(sentences: list[str]) -> list[str]:
    return list(dict.fromkeys(sentences))[:SENTENCES_MAX]


@transaction.atomic
def settle(conflit: Conflit, *, by: Agent, version: int, overlay: Fiche | None = None) -> Conflit:
    """Close a conflict: the overlay holds as it is, or ``overlay`` is submitted for review.

    ``version`` is the fiche's when it was read. Raises `ConflitDepasse` when the fiche changed
    since then or somebody else settled first, and what `propose.submit` raises when the overlay
    does not pass the checks or meets another's; nothing is written then.
    """
    fiche = Fiche.objects.select_for_update().get(pk=conflit.fiche_id)
    stored = Conflit.objects.select_for_update().get(pk=conflit.pk)
    if stored.regle_le is not None:
        raise ConflitDepasse("Ce conflit est déjà réglé.")
    if fiche.version != version:
        raise ConflitDepasse(
            "La fiche a changé pendant votre lecture\u00a0: relisez-la avant de décider."
        )
    if overlay is not None:
        _propose(fiche, overlay, by=by)
    stored.decision = DecisionConflit.GARDER if overlay is None else DecisionConflit.REVOIR
    stored.regle_le, stored.regle_par = timezone.now(), by
    stored.save(update_fields=["decision", "regle_le", "regle_par"])
    return stored


def _propose(fiche: Fiche, overlay: Fiche, *, by: Agent) -> None:
    proposition = open_proposition(fiche, by=by, origine=OrigineProposition.CONFLIT)
    edited = write(as_typed(proposition), values(overlay))
    proposition = save(
        proposition,
        by=by,
        edited=edited,
        lue=None,
        revision=proposition.revision,
        motif=proposition.motif or "Surcharge revue après un import",
    )
    submit(proposition, by=by)


@transaction.atomic
def reopen(conflit: Conflit, *, by: Agent) -> Conflit:
    """Take back one's own decision that the overlay holds as it is.

    Raises `ConflitDepasse` when it was decided otherwise, or when an import has opened another one
    on the fiche since.
    """
    Fiche.objects.select_for_update().get(pk=conflit.fiche_id)
    stored = Conflit.objects.select_for_update().get(pk=conflit.pk)
    own = stored.regle_par_id == by.pk and stored.decision == DecisionConflit.GARDER
    if not own or Conflit.objects.open().filter(fiche=stored.fiche_id).exists():
        raise ConflitDepasse("Ce conflit a changé depuis\u00a0: il reste ainsi.")
    stored.decision, stored.regle_le, stored.regle_par = "", None, None
    stored.save(update_fields=["decision", "regle_le", "regle_par"])
    return stored
