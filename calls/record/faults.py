"""Why something cannot be recorded, in French, for the agent."""


class AppelImpossible(Exception):
    """The call does not allow this now; the message is for the agent."""

    champ = ""
    """The field of the close panel to put right, where there is one."""


class NoteRefusee(AppelImpossible):
    """The note would identify somebody."""


class LigneManquante(AppelImpossible):
    """The outcome asks for one line that is not there."""

    champ = "precision"
