"""Pages of fiches."""

from django.urls import path

from knowledge.views import fiche, relecture

urlpatterns = [
    path("fiches/<reference:reference>/", fiche.fiche, name="fiche"),
    path("fiches/<reference:reference>/lu/", fiche.lu, name="fiche-lu"),
    path("fiches/<reference:reference>/parcours/", fiche.parcours, name="fiche-parcours"),
    path("ressources/<reference:reference>/", fiche.ressource, name="ressource"),
    path("relecture/<str:jeton>/", relecture.relecture, name="relecture"),
]
