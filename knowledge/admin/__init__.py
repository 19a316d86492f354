"""The rédacteurs' pages in the Django admin, by subject."""

from knowledge.admin import conflits, fiches

__all__ = ["conflits", "fiches"]
