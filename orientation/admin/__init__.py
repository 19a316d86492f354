"""The rédacteurs' pages of the directory: bodies, kinds, reports, closures."""

from orientation.admin.fermeture import FermetureAdmin
from orientation.admin.organisme import OrganismeAdmin, TypeServiceAdmin
from orientation.admin.signalement import SignalementAdmin

__all__ = ["FermetureAdmin", "OrganismeAdmin", "SignalementAdmin", "TypeServiceAdmin"]
