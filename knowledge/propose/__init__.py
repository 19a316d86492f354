"""Propositions: from a change to what agents read.

`fields` says what of a fiche may change and reads it as JSON, `draft` opens and saves, `submit`
sends for review after a merge field by field, `decide` approves, sends back, publishes at once or
on its day. Who may do what is in `rights`; every act leaves an `EtapeProposition`.
"""

from knowledge.propose.answer import improve_answer, write_answer
from knowledge.propose.decide import (
    approve,
    comment,
    force,
    publish_approved,
    publish_due,
    reschedule,
    send_back,
    set_aside,
)
from knowledge.propose.draft import (
    create_fiche,
    open_proposition,
    others_on,
    restart,
    revert,
    save,
    withdraw,
)
from knowledge.propose.fields import as_fiche, as_typed, differences, labels, show, values
from knowledge.propose.rights import (
    PropositionDepassee,
    PropositionInterdite,
    fields_for,
    may_approve,
    may_propose,
)
from knowledge.propose.submit import (
    Collision,
    PropositionEnCollision,
    collisions,
    merge,
    submit,
)

__all__ = [
    "Collision",
    "PropositionDepassee",
    "PropositionEnCollision",
    "PropositionInterdite",
    "approve",
    "as_fiche",
    "as_typed",
    "collisions",
    "comment",
    "create_fiche",
    "differences",
    "fields_for",
    "force",
    "improve_answer",
    "labels",
    "may_approve",
    "may_propose",
    "merge",
    "open_proposition",
    "others_on",
    "publish_approved",
    "publish_due",
    "reschedule",
    "restart",
    "revert",
    "save",
    "send_back",
    "set_aside",
    "show",
    "submit",
    "values",
    "withdraw",
    "write_answer",
]
