from django.urls import path

from allo3939.accounts import views

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("connexion/", views.connexion, name="connexion"),
    path("deconnexion/", views.deconnexion, name="deconnexion"),
    path("anonymat/", views.anonymat_controle, name="anonymat-controle"),
    path("preferences/", views.preferences, name="preferences"),
]
