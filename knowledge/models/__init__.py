"""Fiches, their source, what is proposed for them, and what the search is taught."""

from knowledge.models.fiche import Fiche, SourceFiche, Theme, parcours_vide
from knowledge.models.lacune import Lacune, UsageFiche
from knowledge.models.partage import BlocPartage, ValeurBloc
from knowledge.models.parution import AccuseLecture, Parution
from knowledge.models.proposition import EtapeProposition, LienRelecture, Proposition
from knowledge.models.recherche import Apprentissage, Epingle, RechercheManquee, Synonyme
from knowledge.models.source import Conflit, Redirection, Ressource

__all__ = [
    "AccuseLecture",
    "Apprentissage",
    "BlocPartage",
    "Conflit",
    "Epingle",
    "EtapeProposition",
    "Fiche",
    "Lacune",
    "LienRelecture",
    "Parution",
    "Proposition",
    "RechercheManquee",
    "Redirection",
    "Ressource",
    "SourceFiche",
    "Synonyme",
    "Theme",
    "UsageFiche",
    "ValeurBloc",
    "parcours_vide",
]
