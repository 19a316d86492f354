"""What an agent types during a call: search words are masked, a line that identifies is refused."""

from __future__ import annotations

from allo3939.shared.anonymity import find_identifiers, mask
from calls.models import Demande
from calls.record.faults import NoteRefusee
from knowledge import misses

WORDS_MAX = 200
LINES = {"note": 500, "precision": 200, "motif_inutile": 200}
"""The free texts of a question and the most characters each may have."""


def clean_words(text: str) -> str:
    """Search words as they may be kept: on one line, masked, cut."""
    return mask(" ".join(text[: 4 * WORDS_MAX].replace("\0", " ").split()))[:WORDS_MAX]


def note_search(demande: Demande, *, words: str) -> None:
    """Keep the words as the question asked, and among the searches made for it."""
    words = clean_words(words)
    if not words or words == demande.question:
        return
    demande.question = words
    if words not in demande.recherches:
        demande.recherches = [*demande.recherches, words]
    demande.save(update_fields=["question", "recherches"])


def piste_of(demande: Demande) -> str:
    """The name under which the searches of a question are followed until it is over."""
    return f"{demande.appel.agent_id}:{demande.pk}"


def follow_search(agent, *, demande_pk: int | None, words: str, results: int) -> None:
    """Remember a search as typed, for what it tells once the question is over.

    The question is the one the page names: asking the database at each letter would cost a query.
    Another agent's cannot be reached.
    """
    if demande_pk:
        misses.note(f"{agent.pk}:{demande_pk}", texte=words, resultats=results)


def find_body(demande: Demande, *, words: str) -> None:
    """Record the words by which a body was found."""
    note_search(demande, words=words)
    if words:
        misses.opened(piste_of(demande), texte=clean_words(words))


def write_lines(demande: Demande, **lines: str) -> None:
    """Keep the lines of `LINES` given; raises `NoteRefusee` when one would identify somebody."""
    set_lines(demande, **lines)
    demande.save(update_fields=list(lines))


def set_lines(demande: Demande, **lines: str) -> None:
    """As `write_lines`, without saving: nothing is changed when one of them is refused."""
    for text in lines.values():
        refuse_identifiers(text)
    for name, text in lines.items():
        setattr(demande, name, text.strip()[: LINES[name]])


def refuse_identifiers(text: str) -> None:
    """Raise `NoteRefusee`, with the reason in French, for a text that would identify somebody."""
    found = find_identifiers(text)
    if found:
        raise NoteRefusee(
            f"Non enregistré\u00a0: le texte contient {' et '.join(found)}. "
            "L'appelant reste anonyme, effacez-le."
        )
