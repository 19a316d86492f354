"""Pages of fiches."""

from django.urls import path

from knowledge import views

urlpatterns = [
    path("fiches/<reference:reference>/", views.fiche, name="fiche"),
    path("ressources/<reference:reference>/", views.ressource, name="ressource"),
]
