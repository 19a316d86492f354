"""Pages of the directory."""

from django.urls import path

from orientation.views import annuaire, redaction, reports

urlpatterns = [
    path("annuaire/", annuaire.annuaire, name="annuaire"),
    path("annuaire/liste.csv", annuaire.annuaire_csv, name="annuaire-csv"),
    path("annuaire/liste.ods", annuaire.annuaire_ods, name="annuaire-ods"),
    path("annuaire/<uuid:pk>/", annuaire.organisme, name="organisme"),
    path("annuaire/<uuid:pk>/signaler/", reports.signaler, name="signaler"),
    path(
        "annuaire/signalements/<int:pk>/retirer/",
        reports.signalement_retirer,
        name="signalement-retirer",
    ),
    path("redaction/organismes/", redaction.organismes, name="redaction-organismes"),
    path("redaction/organismes/<uuid:pk>/", redaction.organisme, name="redaction-organisme"),
    path("redaction/signalements/<int:pk>/", redaction.signalement, name="redaction-signalement"),
]
