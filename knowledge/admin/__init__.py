"""The rédacteurs' pages in the Django admin."""

from knowledge.admin import fiche, manquees, recherche

__all__ = ["fiche", "manquees", "recherche"]
