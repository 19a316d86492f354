"""What an agent types during a call: search words are masked, a line that identifies is refused."""

from __future__ import annotations

from collections.abc import Collection

from allo3939.shared.anonymity import TexteRefuse, guard, mask, signs
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
        agent = demande.appel.agent_id
        misses.opened(piste_of(demande), texte=clean_words(words), agent=agent)


def write_lines(demande: Demande, *, confirmed: Collection[str] = (), **lines: str) -> None:
    """Keep the lines of `LINES` given; raises `NoteRefusee` when one identifies somebody, or may.

    `confirmed` holds the signs of the doubts that the agent answered.
    """
    set_lines(demande, confirmed=confirmed, **lines)
    demande.save(update_fields=list(lines))


def set_lines(demande: Demande, *, confirmed: Collection[str] = (), **lines: str) -> None:
    """As `write_lines`, without saving: nothing is changed when one of them is refused."""
    answered = answers(demande, confirmed=confirmed)
    for name, text in lines.items():
        try:
            guard(text, confirmed=answered)
        except TexteRefuse as refusal:
            raise NoteRefusee(refusal.examen, champ=name) from refusal
    for name, text in lines.items():
        setattr(demande, name, text.strip()[: LINES[name]])


def answers(demande: Demande, *, confirmed: Collection[str]) -> set[str]:
    """The doubts that are answered: those of the page, and those of the lines as they were kept."""
    kept = [text for name in LINES if (text := getattr(demande, name))]
    return {*confirmed, *(sign for text in kept for sign in signs(text))}
