"""What waits for a rédacteur, ranked by the calls at stake.

`items` says what one thing that waits is; `fiches`, `blocks` and `around` gather them, `gather`
ranks and narrows, `act` deals with several at once and takes it back.
"""

from allo3939.redaction.inbox.act import GESTES, Bilan, GesteInconnu, act, undo
from allo3939.redaction.inbox.gather import Boite, next_reviews, open_inbox, tell_reasons
from allo3939.redaction.inbox.items import Affaire, Genre, Pour

__all__ = [
    "GESTES",
    "Affaire",
    "Bilan",
    "Boite",
    "Genre",
    "GesteInconnu",
    "Pour",
    "act",
    "next_reviews",
    "open_inbox",
    "tell_reasons",
    "undo",
]
