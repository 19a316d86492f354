"""Pages of calls."""

from django.urls import path

from calls.views import alerts, console, day, handover, sector

urlpatterns = [
    path("console/", console.console, name="console"),
    path("console/appel/", console.appel, name="console-appel"),
    path("console/recherche/", console.recherche, name="console-recherche"),
    path("console/demande/", console.demande, name="console-demande"),
    path("console/note/", console.note, name="console-note"),
    path("console/fiche/<reference:reference>/", console.fiche, name="console-fiche"),
    path("console/suite/", console.suite, name="console-suite"),
    path("console/retour/", console.retour, name="console-retour"),
    path("console/choix/", console.choix, name="console-choix"),
    path("console/communes/", console.communes, name="console-communes"),
    path("console/commune/<insee:code_insee>/", console.commune, name="console-commune"),
    path("console/organisme/<uuid:pk>/", console.organisme, name="console-organisme"),
    path("console/ouvertures/", console.ouvertures, name="console-ouvertures"),
    path("console/exterieur/", console.exterieur, name="console-exterieur"),
    path("console/escalade/", handover.escalade, name="console-escalade"),
    path("console/transfert/", handover.transfert, name="console-transfert"),
    path("console/transfert/etat/", handover.transfert_etat, name="console-transfert-etat"),
    path("console/transfert/suite/", handover.transfert_suite, name="console-transfert-suite"),
    path("console/transfert/parti/", handover.transfert_parti, name="console-transfert-parti"),
    path("console/repli/<slug:slug>/", handover.repli, name="console-repli"),
    path("console/cloture/", console.cloture, name="console-cloture"),
    path("mes-appels/", day.mes_appels, name="mes-appels"),
    path("supervision/", day.supervision, name="supervision"),
    path("supervision/alertes/", alerts.alertes, name="supervision-alertes"),
    path("secteur/", sector.secteur, name="secteur"),
    path("secteur/file/", sector.file, name="secteur-file"),
    path("secteur/presence/", sector.presence, name="secteur-presence"),
    path("secteur/transfert/<int:pk>/", sector.carte, name="secteur-carte"),
    path("secteur/transfert/<int:pk>/accepter/", sector.accepter, name="secteur-accepter"),
    path("secteur/transfert/<int:pk>/refuser/", sector.refuser, name="secteur-refuser"),
    path("secteur/transfert/<int:pk>/clore/", sector.clore, name="secteur-clore"),
    path("secteur/transfert/<int:pk>/consulter/", sector.consulter, name="secteur-consulter"),
    path("secteur/transfert/<int:pk>/prendre/", sector.prendre, name="secteur-prendre"),
    path("secteur/transfert/<int:pk>/rendre/", sector.rendre, name="secteur-rendre"),
    path("secteur/transfert/<int:pk>/parti/", sector.parti, name="secteur-parti"),
    path("secteur/transfert/<int:pk>/rerouter/", sector.rerouter, name="secteur-rerouter"),
    path(
        "secteur/transfert/<int:pk>/fiche/<reference:reference>/",
        sector.fiche,
        name="secteur-fiche",
    ),
]
