"""Warm escalation: the card is saved, offered to a sector, accepted by exactly one informateur.

`states` holds the one table of transitions; `verbs` has one function for each of them; `card` is
what is handed over and said, `routes` whom to ask. After commit, the push channels of the sector
and of the agent say "something changed"; the pages then fetch.
"""

from calls.escalate.card import (
    describe_card,
    fallback_sentence,
    read_as_seen,
    sentence,
    sentence_for,
)
from calls.escalate.oversee import Alerte, sent_back_questions
from calls.escalate.routes import (
    FIRST_BODIES,
    Route,
    closed_bodies,
    designated_sector,
    other_sectors,
    routes,
)
from calls.escalate.states import BACK, TRANSITIONS, TransfertImpossible, Transition, explain
from calls.escalate.verbs import (
    TransfertDejaEnCours,
    accept,
    caller_gone,
    consult,
    expire_overdue,
    finish,
    hand_back,
    refuse,
    request,
    reroute,
    settle,
    transfer,
)

__all__ = [
    "BACK",
    "FIRST_BODIES",
    "TRANSITIONS",
    "Alerte",
    "Route",
    "TransfertDejaEnCours",
    "TransfertImpossible",
    "Transition",
    "accept",
    "caller_gone",
    "closed_bodies",
    "consult",
    "describe_card",
    "designated_sector",
    "expire_overdue",
    "explain",
    "fallback_sentence",
    "finish",
    "hand_back",
    "other_sectors",
    "read_as_seen",
    "refuse",
    "request",
    "reroute",
    "routes",
    "sent_back_questions",
    "sentence",
    "sentence_for",
    "settle",
    "transfer",
]
