"""The rédacteurs' pages in the Django admin."""

from knowledge.admin import (
    conflits,
    fiche,
    lacunes,
    manquees,
    partages,
    propositions,
    recherche,
)

__all__ = ["conflits", "fiche", "lacunes", "manquees", "partages", "propositions", "recherche"]
