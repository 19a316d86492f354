"""What is worth a look in a fiche without preventing its publication."""

from __future__ import annotations

import re
from collections.abc import Iterator

from allo3939.shared.anonymity import find_identifiers
from knowledge.author.speech import doubtful_speech
from knowledge.models import Fiche

_LINK = re.compile(r"\[[^\]\n]{1,300}\]\(((?:A39-|[FNR])\d{1,6})\)")
_AMOUNT = re.compile(r"\d[\d\s\u00a0\u202f.,]*(?:€|euros?\b)", re.IGNORECASE)


def notice_fiche(fiche: Fiche) -> list[str]:
    """In French: links to fiches that agents do not have, an amount said in every case while cases
    have their own, what sounds wrong, what looks like somebody. One query, none without a link."""
    return [*_dead_links(fiche), *_amounts(fiche), *_spoken(fiche), *_identifying(fiche)]


def linked_fiches(fiche: Fiche) -> list[str]:
    """The references the texts of a fiche link to, in their order."""
    return list(dict.fromkeys(_LINK.findall(f"{fiche.texte}\n{fiche.note}")))


def _dead_links(fiche: Fiche) -> Iterator[str]:
    linked = [code for code in linked_fiches(fiche) if code.startswith(("A39-", "F"))]
    if not linked:
        return
    published = Fiche.objects.published().among(linked)
    known = set(published.values_list("reference", flat=True))
    for code in linked:
        if code not in known:
            yield f"Lien mort\u00a0: aucune fiche {code} n'est publiée."


def _amounts(fiche: Fiche) -> Iterator[str]:
    """The spoken text is for every case: an amount there contradicts the cases that have theirs."""
    found = _AMOUNT.search(fiche.a_dire)
    if found is None:
        return
    cases = [
        issue["titre"]
        for issue in fiche.parcours.get("issues", [])
        if _AMOUNT.search("\n".join([issue.get("a_dire", ""), *issue.get("cout", [])]))
    ]
    if cases:
        yield (
            f"«\u00a0{found[0].strip()}\u00a0» est dit à tous, et le cas «\u00a0{cases[0]}\u00a0» "
            "a son propre montant\u00a0: mettez chaque montant dans son cas."
        )


def _spoken(fiche: Fiche) -> Iterator[str]:
    for doubt in doubtful_speech(fiche.a_dire):
        yield f"À dire\u00a0: {doubt}."


def _identifying(fiche: Fiche) -> Iterator[str]:
    """Examples are taken from calls: what identifies a caller stays out."""
    texts = {
        "À dire": [fiche.a_dire],
        "Définition": [fiche.definition],
        "Exemples": [*fiche.exemples_dans, *fiche.exemples_hors],
    }
    for name, lines in texts.items():
        if found := find_identifiers("\n".join(lines)):
            yield f"{name}\u00a0: {' et '.join(found)}\u00a0; rien qui désigne quelqu'un."
