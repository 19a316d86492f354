"""What agents did not find: followed, kept, shown to rédacteurs by meaning, taken up as briefs."""

from knowledge.misses.briefs import (
    LacuneClose,
    answer_by,
    assign,
    fill,
    filled_for,
    reopen,
    set_aside,
    take,
)
from knowledge.misses.follow import KEPT, Piste, closed, ended, note, opened, purge, retract
from knowledge.misses.gather import (
    Groupe,
    begin_fiche,
    find_group,
    group,
    group_of_brief,
    settle,
    suggest_synonyme,
)

__all__ = [
    "KEPT",
    "Groupe",
    "LacuneClose",
    "Piste",
    "answer_by",
    "assign",
    "begin_fiche",
    "closed",
    "ended",
    "fill",
    "filled_for",
    "find_group",
    "group",
    "group_of_brief",
    "note",
    "opened",
    "purge",
    "reopen",
    "retract",
    "set_aside",
    "settle",
    "suggest_synonyme",
    "take",
]
