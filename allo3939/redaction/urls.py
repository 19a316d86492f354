"""Pages of those who write fiches outside the admin, under ``/redaction/``."""

from django.urls import path

from allo3939.redaction.views import propositions, sector, writing

urlpatterns = [
    path("", sector.secteur, name="redaction-secteur"),
    path("fiches/nouvelle/", writing.nouvelle, name="redaction-nouvelle"),
    path("fiches/<reference:reference>/", writing.fiche, name="redaction-fiche"),
    path("lacunes/<int:pk>/", writing.combler, name="redaction-lacune"),
    path("propositions/", propositions.propositions, name="redaction-propositions"),
    path("propositions/<int:pk>/", propositions.proposition, name="redaction-proposition"),
    path(
        "propositions/<int:pk>/apercu/",
        propositions.apercu,
        name="redaction-proposition-apercu",
    ),
    path(
        "propositions/<int:pk>/fusion/",
        propositions.fusion,
        name="redaction-proposition-fusion",
    ),
]
