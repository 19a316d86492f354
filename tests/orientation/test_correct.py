"""Hand corrections of a body: what the column then says, and the way back."""

import pytest

from allo3939.accounts.enums import Role
from allo3939.shared.models import Changement
from orientation.correct import CorrectionRefusee, correct, verify, withdraw
from orientation.enums import ChampOrganisme, EtatCorrection
from orientation.models import Organisme

ADRESSE = {
    "lignes": ["1 place Saint-Pierre"],
    "code_postal": "72000",
    "commune": "Le Mans",
    "accessibilite": "DEM",
    "note_accessibilite": "sonner",
}
GIVEN = {
    "telephones": [{"numero": "01 99 00 11 22", "description": "standard"}],
    "plages": [{"jour": 0, "debut": "09:00", "fin": "12:00", "commentaire": ""}],
    "commentaire_plages": "Fermé l'été",
    "adresse": {"lignes": ["2 rue Neuve"], "code_postal": "72100", "commune": "Allonnes"},
    "courriels": ["accueil@exemple.fr"],
    "sites": ["https://exemple.fr/mairie"],
    "formulaires": ["https://exemple.fr/contact"],
    "informations": "Sonner à l'interphone.",
}


@pytest.fixture
def editor(make_agent):
    return make_agent(Role.ADMINISTRATEUR, "editrice")


@pytest.fixture
def mairie(make_organisme):
    return make_organisme(adresse=ADRESSE)


def fresh(organisme):
    return Organisme.objects.get(pk=organisme.pk)


@pytest.mark.parametrize("champ", ChampOrganisme.values)
def test_a_correction_is_what_the_column_says_and_goes_back(mairie, editor, champ):
    before = getattr(mairie, champ)
    correction = correct(mairie, champ=champ, valeur=GIVEN[champ], by=editor, motif="Appelé")
    assert getattr(fresh(mairie), champ) == getattr(mairie, champ) == correction.valeur
    assert (correction.valeur_source, correction.etat) == (before, EtatCorrection.EN_VIGUEUR)
    assert Changement.objects.latest("id").cles == [str(mairie.pk)]
    withdraw(correction, by=editor)
    assert getattr(fresh(mairie), champ) == before
    correction.refresh_from_db()
    assert (correction.etat, bool(correction.finie_le)) == (EtatCorrection.RETIREE, True)


def test_an_address_takes_its_columns_along_and_keeps_what_is_not_given(mairie, editor):
    correction = correct(mairie, champ="adresse", valeur=GIVEN["adresse"], by=editor)
    row = fresh(mairie)
    assert (row.code_postal, row.commune_nom, row.departement_code) == ("72100", "Allonnes", "72")
    assert row.adresse == ADRESSE | GIVEN["adresse"]
    assert "allonnes" in row.nom_recherche
    withdraw(correction, by=editor)
    row = fresh(mairie)
    assert (row.adresse, row.code_postal, row.commune_nom) == (ADRESSE, "72000", "Le Mans")


def test_an_address_abroad_keeps_its_own_postcode(make_organisme, editor):
    berlin = make_organisme(adresse={"lignes": ["1 Platz"], "code_postal": "1011", "pays": "Japon"})
    correct(berlin, champ="adresse", valeur={"code_postal": "1012-AB"}, by=editor)
    assert (fresh(berlin).adresse["code_postal"], fresh(berlin).code_postal) == ("1012-AB", "")


def test_a_second_correction_replaces_the_first_and_keeps_what_the_source_says(mairie, editor):
    first = correct(mairie, champ="informations", valeur="Un", by=editor)
    second = correct(mairie, champ="informations", valeur="Deux", by=editor)
    first.refresh_from_db()
    assert (first.etat, second.valeur_source) == (EtatCorrection.REMPLACEE, "")
    assert fresh(mairie).informations == "Deux"
    withdraw(first, by=editor)
    assert fresh(mairie).informations == "Deux"


def test_pressing_twice_is_one_correction(mairie, editor):
    first = correct(mairie, champ="informations", valeur="Un", by=editor)
    lines = Changement.objects.count()
    assert correct(fresh(mairie), champ="informations", valeur=" Un ", by=editor) == first
    assert (mairie.corrections.count(), Changement.objects.count()) == (1, lines)
    withdraw(first, by=editor)
    lines = Changement.objects.count()
    withdraw(first, by=editor)
    assert Changement.objects.count() == lines


def test_the_value_of_the_source_takes_the_correction_back(mairie, editor):
    with pytest.raises(CorrectionRefusee, match="déjà ce que dit la source"):
        correct(mairie, champ="informations", valeur="", by=editor)
    first = correct(mairie, champ="informations", valeur="Un", by=editor)
    assert correct(mairie, champ="informations", valeur="", by=editor) == first
    first.refresh_from_db()
    assert first.etat == EtatCorrection.RETIREE
    assert (mairie.informations, fresh(mairie).informations) == ("", "")


def test_the_same_value_again_after_the_source_changed_says_that_ours_stays(mairie, editor):
    first = correct(mairie, champ="informations", valeur="Un", by=editor)
    first.source_changee_le, first.valeur_source = first.cree_le, "Trois"
    first.save()
    second = correct(mairie, champ="informations", valeur="Un", by=editor)
    assert (second.source_changee_le, second.valeur_source) == (None, "Trois")
    assert mairie.corrections.in_force().get() == second


@pytest.mark.parametrize(
    ("champ", "valeur", "message"),
    [
        ("nom", "Autre", "ne se corrige pas"),
        ("telephones", "01 99 00 11 22", "liste est attendue"),
        ("telephones", ["01 99 00 11 22"], "un numéro et une précision"),
        ("telephones", [{"numero": "", "description": "x"}], "pas un numéro"),
        ("telephones", [{"numero": "0" * 70}], "dépasse 60"),
        ("telephones", [{"numero": f"39{rank:02}"} for rank in range(31)], "Plus de 30"),
        ("plages", [{"jour": 7, "debut": "09:00", "fin": "12:00"}], "de 0"),
        ("plages", [{"jour": True, "debut": "09:00", "fin": "12:00"}], "de 0"),
        ("plages", [{"jour": 0, "debut": "9:00", "fin": "12:00"}], "pas une heure, le lundi"),
        ("plages", [{"jour": 0, "debut": "09:00", "fin": "24:00"}], "pas une heure"),
        ("plages", [{"jour": 0, "debut": "09:00", "fin": ""}], "pas une heure"),
        ("plages", [{"jour": 6, "debut": "09:00", "fin": "09:00"}], "finit à l'heure"),
        ("plages", [{"jour": 0, "debut": "", "fin": "", "commentaire": ""}], "ni heures"),
        ("plages", ["lundi"], "un jour, deux heures"),
        ("courriels", ["accueil"], "pas une adresse électronique"),
        ("courriels", ["a@" + "b" * 300 + ".fr"], "dépasse 200"),
        ("sites", ["javascript:alert(1)"], "adresse du Web"),
        ("sites", ["ftp://exemple.fr"], "adresse du Web"),
        ("formulaires", ["exemple"], "adresse du Web"),
        ("formulaires", [3], "texte"),
        ("adresse", ["2 rue Neuve"], "faite de lignes"),
        ("adresse", {"code_postal": "7210"}, "pas un code postal"),
        ("adresse", {"accessibilite": "OUI"}, "ACC"),
        ("adresse", {"lignes": "2 rue Neuve"}, "liste est attendue"),
        ("adresse", {"postale": "CS 1"}, "faite de lignes"),
        ("informations", ["x"], "texte est attendu"),
        ("informations", "x" * 10_001, "dépasse"),
    ],
)
def test_a_value_of_another_shape_is_refused_in_french(mairie, editor, champ, valeur, message):
    lines = Changement.objects.count()
    with pytest.raises(CorrectionRefusee, match=message):
        correct(mairie, champ=champ, valeur=valeur, by=editor)
    assert not mairie.corrections.exists()
    assert Changement.objects.count() == lines


def test_the_reason_identifies_nobody(mairie, editor):
    with pytest.raises(CorrectionRefusee, match="une adresse électronique"):
        correct(mairie, champ="informations", valeur="Un", by=editor, motif="dit jean@exemple.fr")
    with pytest.raises(CorrectionRefusee, match="200"):
        correct(mairie, champ="informations", valeur="Un", by=editor, motif="x" * 201)


def test_what_was_said_at_each_time_can_be_shown_again(mairie, editor):
    mairie.history.all().delete()  # as an import adds it
    correction = correct(mairie, champ="informations", valeur="Un", by=editor)
    withdraw(correction, by=editor)
    rows = list(mairie.history.order_by("history_id"))
    assert [row.informations for row in rows] == ["", "Un", ""]
    assert [row.history_user for row in rows] == [None, editor, editor]
    assert [row.history_change_reason for row in rows] == [
        "import", "Correction\u00a0: Informations", "Retour à la source\u00a0: Informations",
    ]  # fmt: skip


def test_a_verified_body_says_by_whom_and_when(mairie, editor):
    verify(mairie, by=editor)
    row = fresh(mairie)
    assert (row.verifie_par, row.verifie_le) == (editor, mairie.verifie_le)
    assert mairie.history.latest().history_user == editor
