"""Pages of fiches."""

from django.urls import path

from knowledge import views

urlpatterns = [
    path("fiches/<str:reference>/", views.fiche, name="fiche"),
]
