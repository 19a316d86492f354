"""Fiches, their source, and what the search is taught."""

from knowledge.models.fiche import Fiche, SourceFiche, Theme, parcours_vide
from knowledge.models.parution import AccuseLecture, Parution
from knowledge.models.recherche import Apprentissage, Epingle, RechercheManquee, Synonyme
from knowledge.models.source import Conflit, Redirection, Ressource

__all__ = [
    "AccuseLecture",
    "Apprentissage",
    "Conflit",
    "Epingle",
    "Fiche",
    "Parution",
    "RechercheManquee",
    "Redirection",
    "Ressource",
    "SourceFiche",
    "Synonyme",
    "Theme",
    "parcours_vide",
]
