"""What is seen of fiches, by whom: one query set per model, by subject as the models are."""

from knowledge.querysets.fiche import FicheQuerySet, ThemeQuerySet
from knowledge.querysets.partage import BlocPartageQuerySet, ValeurBlocQuerySet
from knowledge.querysets.parution import ParutionQuerySet
from knowledge.querysets.proposition import LienRelectureQuerySet, PropositionQuerySet
from knowledge.querysets.recherche import (
    ApprentissageQuerySet,
    EpingleQuerySet,
    RechercheManqueeQuerySet,
)
from knowledge.querysets.served import LacuneQuerySet, UsageFicheQuerySet
from knowledge.querysets.source import ConflitQuerySet, RessourceQuerySet

__all__ = [
    "ApprentissageQuerySet",
    "BlocPartageQuerySet",
    "ConflitQuerySet",
    "EpingleQuerySet",
    "FicheQuerySet",
    "LacuneQuerySet",
    "LienRelectureQuerySet",
    "ParutionQuerySet",
    "PropositionQuerySet",
    "RechercheManqueeQuerySet",
    "RessourceQuerySet",
    "ThemeQuerySet",
    "UsageFicheQuerySet",
    "ValeurBlocQuerySet",
]
