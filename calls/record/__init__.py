"""The log of a call, written from what the agent does.

Each verb saves at once: a crash of the browser loses nothing. Free text goes through the anonymity
guard; search words are masked, a line that identifies somebody is refused.
"""

from calls.record.call import (
    begin_question,
    call_in_hand,
    close,
    current_question,
    hang_up,
    pick_up,
    question_in_hand,
    resume,
    save_usefulness,
)
from calls.record.faults import AppelImpossible, LigneManquante, NoteRefusee
from calls.record.given import give_body, give_outside, set_commune
from calls.record.log import open_call
from calls.record.outcome import CODES_MAX, change_codes, outcome_codes, propose_outcome
from calls.record.reading import (
    choose,
    has_changed,
    open_fiche,
    read,
    reading_in_hand,
    step_back,
)
from calls.record.texts import (
    answers,
    clean_words,
    find_body,
    follow_search,
    note_search,
    write_lines,
)

__all__ = [
    "CODES_MAX",
    "AppelImpossible",
    "LigneManquante",
    "NoteRefusee",
    "answers",
    "begin_question",
    "call_in_hand",
    "change_codes",
    "choose",
    "clean_words",
    "close",
    "current_question",
    "find_body",
    "follow_search",
    "give_body",
    "give_outside",
    "hang_up",
    "has_changed",
    "note_search",
    "open_call",
    "open_fiche",
    "outcome_codes",
    "pick_up",
    "propose_outcome",
    "question_in_hand",
    "read",
    "reading_in_hand",
    "resume",
    "save_usefulness",
    "set_commune",
    "step_back",
    "write_lines",
]
