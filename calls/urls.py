"""Pages of calls."""

from django.urls import path

from calls.views import close, console, day, replay, sector, telephony

urlpatterns = [
    path("console/", console.console, name="console"),
    path("console/appel/", console.appel, name="console-appel"),
    path("console/recherche/", console.recherche, name="console-recherche"),
    path("console/demande/", console.demande, name="console-demande"),
    path("console/note/", close.note, name="console-note"),
    path("console/fiche/<reference:reference>/", console.fiche, name="console-fiche"),
    path("console/suite/", console.suite, name="console-suite"),
    path("console/retour/", console.retour, name="console-retour"),
    path("console/choix/", console.choix, name="console-choix"),
    path("console/communes/", console.communes, name="console-communes"),
    path("console/commune/<insee:code_insee>/", console.commune, name="console-commune"),
    path("console/organisme/<uuid:pk>/", console.organisme, name="console-organisme"),
    path("console/ouvertures/", console.ouvertures, name="console-ouvertures"),
    path("console/exterieur/", console.exterieur, name="console-exterieur"),
    path("console/escalade/", console.escalade, name="console-escalade"),
    path("console/transfert/", console.transfert, name="console-transfert"),
    path("console/transfert/etat/", console.transfert_etat, name="console-transfert-etat"),
    path("console/telephone/", telephony.telephone, name="console-telephone"),
    path("console/telephone/transfert/", telephony.transfert, name="console-telephone-transfert"),
    path("telephonie/evenements/", telephony.evenements, name="telephonie-evenements"),
    path("console/cloture/", close.cloture, name="console-cloture"),
    path("console/raccroche/", close.raccroche, name="console-raccroche"),
    path("console/reprise/", close.reprise, name="console-reprise"),
    path("console/urgence/", close.urgence, name="console-urgence"),
    path("console/copie/", replay.copie, name="console-copie"),
    path("console/rejeu/", replay.rejeu, name="console-rejeu"),
    path("mes-appels/", day.mes_appels, name="mes-appels"),
    path("mes-appels/<int:pk>/", day.appel, name="appel"),
    path("mes-appels/demande/<int:pk>/rectifier/", day.rectifier, name="rectifier"),
    path(
        "mes-appels/rectification/<int:pk>/annuler/",
        day.annuler_rectification,
        name="annuler-rectification",
    ),
    path("supervision/", day.supervision, name="supervision"),
    path("secteur/", sector.secteur, name="secteur"),
    path("secteur/file/", sector.file, name="secteur-file"),
    path("secteur/transfert/<int:pk>/", sector.carte, name="secteur-carte"),
    path("secteur/transfert/<int:pk>/accepter/", sector.accepter, name="secteur-accepter"),
    path("secteur/transfert/<int:pk>/refuser/", sector.refuser, name="secteur-refuser"),
    path("secteur/transfert/<int:pk>/clore/", sector.clore, name="secteur-clore"),
    path(
        "secteur/transfert/<int:pk>/fiche/<reference:reference>/",
        sector.fiche,
        name="secteur-fiche",
    ),
]
