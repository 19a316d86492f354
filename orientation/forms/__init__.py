"""What those who keep the directory fill in."""

from orientation.forms.closure import FermetureForm, JoursForm
from orientation.forms.keeping import TenueForm
from orientation.forms.organisme import Bloc, OrganismeForm
from orientation.forms.report import FileForm, ReponseForm, SignalementForm

__all__ = [
    "Bloc",
    "FermetureForm",
    "FileForm",
    "JoursForm",
    "OrganismeForm",
    "ReponseForm",
    "SignalementForm",
    "TenueForm",
]
