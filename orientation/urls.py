"""Pages of the directory."""

from django.urls import path

from orientation.views import annuaire

urlpatterns = [
    path("annuaire/", annuaire.annuaire, name="annuaire"),
    path("annuaire/<uuid:pk>/", annuaire.organisme, name="organisme"),
]
