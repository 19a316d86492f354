"""The rédacteurs' pages in the Django admin."""

from knowledge.admin import conflits, fiche, manquees, propositions, recherche

__all__ = ["conflits", "fiche", "manquees", "propositions", "recherche"]
