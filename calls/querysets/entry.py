"""What the log holds of a question: fiches read, bodies given, transfers."""

from django.db import models


class EntryQuerySet(models.QuerySet):
    """Rows that hang on a question."""

    def of_open_call(self, agent):
        """Of the agent's call in progress."""
        return self.filter(demande__appel__agent=agent, demande__appel__termine_le__isnull=True)
