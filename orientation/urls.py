from django.urls import path

from orientation import views

urlpatterns = [
    path("annuaire/", views.annuaire, name="annuaire"),
    path("annuaire/<uuid:pk>/", views.organisme, name="organisme"),
]
