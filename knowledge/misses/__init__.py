"""Searches that found nothing or had to be worded again: followed, kept, shown to rédacteurs."""

from knowledge.misses.follow import KEPT, Piste, ended, note, opened, purge
from knowledge.misses.gather import Groupe, group, settle, suggest_fiche, suggest_synonyme

__all__ = [
    "KEPT",
    "Groupe",
    "Piste",
    "ended",
    "group",
    "note",
    "opened",
    "purge",
    "settle",
    "suggest_fiche",
    "suggest_synonyme",
]
