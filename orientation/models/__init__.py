"""Communes, public bodies, who serves whom, and what the desk knows better than the source."""

from orientation.models.commune import Commune, Departement
from orientation.models.consommateur import Consommateur
from orientation.models.organisme import Competence, EmpreinteCompetence, Organisme, TypeService
from orientation.models.tenue import Correction, Fermeture, HoraireExceptionnel, Signalement

__all__ = [
    "Commune",
    "Competence",
    "Consommateur",
    "Correction",
    "Departement",
    "EmpreinteCompetence",
    "Fermeture",
    "HoraireExceptionnel",
    "Organisme",
    "Signalement",
    "TypeService",
]
