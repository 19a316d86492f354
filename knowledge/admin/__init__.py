"""The rédacteurs' pages in the Django admin."""

from knowledge.admin import fiche

__all__ = ["fiche"]
