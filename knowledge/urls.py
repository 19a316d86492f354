"""Pages of fiches."""

from django.urls import path

from knowledge.views import edition, fiche, relecture

_ASKED = {
    "controle": edition.verifier,
    "enregistrer": edition.enregistrer,
    "apercu": edition.apercu,
    "dessin": edition.dessin,
}

urlpatterns = [
    *(path(f"edition/{name}/", view, name=f"edition-{name}") for name, view in _ASKED.items()),
    *(
        path(f"edition/<reference:reference>/{name}/", view, name=f"edition-{name}")
        for name, view in _ASKED.items()
    ),
    path("edition/liens/", edition.liens, name="edition-liens"),
    path("fiches/<reference:reference>/", fiche.fiche, name="fiche"),
    path("fiches/<reference:reference>/lu/", fiche.lu, name="fiche-lu"),
    path("fiches/<reference:reference>/parcours/", fiche.parcours, name="fiche-parcours"),
    path("ressources/<reference:reference>/", fiche.ressource, name="ressource"),
    path("relecture/<str:jeton>/", relecture.relecture, name="relecture"),
]
