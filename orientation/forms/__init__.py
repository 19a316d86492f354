"""What those who keep the directory fill in."""

from orientation.forms.closure import FermetureForm, JoursForm
from orientation.forms.organisme import Bloc, OrganismeForm
from orientation.forms.report import ReponseForm, SignalementForm

__all__ = [
    "Bloc",
    "FermetureForm",
    "JoursForm",
    "OrganismeForm",
    "ReponseForm",
    "SignalementForm",
]
