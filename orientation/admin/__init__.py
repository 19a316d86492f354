"""The rédacteurs' pages of the directory: bodies, kinds, reports, closures; who reads the API."""

from orientation.admin.consommateur import ConsommateurAdmin
from orientation.admin.fermeture import FermetureAdmin
from orientation.admin.organisme import OrganismeAdmin, TypeServiceAdmin
from orientation.admin.signalement import SignalementAdmin

__all__ = [
    "ConsommateurAdmin",
    "FermetureAdmin",
    "OrganismeAdmin",
    "SignalementAdmin",
    "TypeServiceAdmin",
]
