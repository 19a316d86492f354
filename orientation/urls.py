"""Pages of the directory."""

from django.urls import path

from orientation.views import annuaire

urlpatterns = [
    path("annuaire/", annuaire.annuaire, name="annuaire"),
    path("annuaire/liste.csv", annuaire.annuaire_csv, name="annuaire-csv"),
    path("annuaire/liste.ods", annuaire.annuaire_ods, name="annuaire-ods"),
    path("annuaire/<uuid:pk>/", annuaire.organisme, name="organisme"),
]
