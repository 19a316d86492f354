"""What the search box does when its first sign is ``>``: the desk's gestures by their name.

For whom knows a reference by heart, or does not remember a key. Nothing typed so is a question: it
is neither searched nor kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from allo3939.shared.analyse import fold
from knowledge.models import Fiche
from knowledge.redirect import find_published

SIGN = ">"
FICHES = 9  # as many as there are digits to choose them
REFERENCE_MAX = 20


@dataclass(frozen=True, slots=True)
class Commande:
    """A gesture: the key that does it (as in ``static/js/touches.js``), or the page it opens."""

    mot: str
    effet: str
    touche: str = ""
    vue: str = ""
    """URL name of the page to open."""
    place: str = ""
    """The region that the page, asked for by POST, answers in place; "" when it is opened."""

    @property
    def nom(self) -> str:
        return f"{SIGN}{self.mot}"


COMMANDES = (
    Commande("fiche", "par sa référence\u00a0: >fiche F14929"),
    Commande("commune", "commune et organisme compétent", touche="F4"),
    Commande("escalader", "passer la question à un secteur", touche="F8"),
    Commande("clore", "fin de conversation et issue", touche="F9"),
    Commande("urgence", "les numéros à donner", touche="u"),
    Commande("flash", "remontrer les flashs masqués", vue="flash-remontrer", place="#a39-flashs"),
    Commande("appels", "mes appels du jour", vue="mes-appels"),
    Commande("annuaire", "chercher dans l'annuaire", vue="annuaire"),
    Commande("preferences", "réglages de mon poste", vue="preferences"),
)


@dataclass(frozen=True, slots=True)
class Palette:
    """What a command typed so far may be: gestures, or the fiches of a reference."""

    commandes: tuple[Commande, ...] = ()
    fiches: tuple[Fiche, ...] = ()
    reference: str = ""
    """What was typed after ``>fiche``."""

    @property
    def lignes(self) -> bool:
        return bool(self.commandes or self.fiches)


def is_command(words: str) -> bool:
    return words.startswith(SIGN)


def read(words: str) -> Palette:
    """The gestures whose name begins as typed; after ``>fiche``, the fiches of that reference, or
    the one to which the source sends from it. At most two queries."""
    name, _, rest = words.removeprefix(SIGN).strip().partition(" ")
    wanted = fold(name)
    if wanted == "fiche" and (reference := rest.strip().upper()[:REFERENCE_MAX]):
        begun = Fiche.objects.published().beginning(reference)[:FICHES]
        found = tuple(begun) or tuple(filter(None, [find_published(reference)]))
        return Palette(fiches=found, reference=reference)
    return Palette(tuple(each for each in COMMANDES if each.mot.startswith(wanted)))
