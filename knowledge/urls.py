"""Pages of fiches."""

from django.urls import path

from knowledge import views

urlpatterns = [
    path("fiches/<reference:reference>/", views.fiche, name="fiche"),
    path("fiches/<reference:reference>/lu/", views.lu, name="fiche-lu"),
    path("fiches/<reference:reference>/parcours/", views.parcours, name="fiche-parcours"),
    path("ressources/<reference:reference>/", views.ressource, name="ressource"),
]
