"""Why something cannot be recorded, in French, for the agent."""

from allo3939.shared.anonymity import Examen


class AppelImpossible(Exception):
    """The call does not allow this now; the message is for the agent."""

    champ = ""
    """The field of the close panel to put right, where there is one."""


class NoteRefusee(AppelImpossible):
    """The line would identify somebody, or may: its examen tells."""

    def __init__(self, examen: Examen, *, champ: str = "note") -> None:
        self.examen, self.champ = examen, champ
        super().__init__(examen.message)


class LigneManquante(AppelImpossible):
    """The outcome asks for one line that is not there."""

    champ = "precision"

    def __init__(self, message: str, *, issue: str) -> None:
        self.issue = issue
        super().__init__(message)
