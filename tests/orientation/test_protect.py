"""Hand corrections and history under the import of the directory."""

import copy
import json
import threading
import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from allo3939.accounts.enums import Role
from orientation.correct import correct, withdraw
from orientation.enums import ChampOrganisme, EtatCorrection
from orientation.ingest import import_annuaire
from orientation.models import Correction, Organisme
from tests.orientation.annuaire import RECORD, record, write_json

pytestmark = pytest.mark.django_db

OURS = {
    "telephones": [{"numero": "01 99 00 11 22", "description": "standard"}],
    "plages": [{"jour": 5, "debut": "09:00", "fin": "12:00", "commentaire": ""}],
    "commentaire_plages": "Fermé l'été",
    "adresse": {"lignes": ["2 rue Neuve"], "code_postal": "72100", "commune": "Allonnes"},
    "courriels": ["accueil@exemple.fr"],
    "sites": ["https://exemple.fr/mairie"],
    "formulaires": ["https://exemple.fr/contact"],
    "informations": "Sonner à l'interphone.",
}
ELSEWHERE = [copy.deepcopy(RECORD["adresse"][0]) | {"numero_voie": "9 rue Basse"}]
THEIRS = {  # the source says something else again
    "telephones": {"telephone": [{"valeur": "01 99 00 77 77", "description": ""}]},
    "plages": {"plage_ouverture": []},
    "commentaire_plages": {"commentaire_plage_ouverture": "Fermé en août"},
    "adresse": {"adresse": ELSEWHERE},
    "courriels": {"adresse_courriel": ["autre@exemple.fr"]},
    "sites": {"site_internet": [{"valeur": "https://autre.exemple.fr"}]},
    "formulaires": {"formulaire_contact": ["https://autre.exemple.fr"]},
    "informations": {"mission": "Autre chose."},
}
CAUGHT_UP = {  # the source says what we say, in its own spelling
    "telephones": {"telephone": [{"valeur": "01.99.00.11.22", "description": "standard"}]},
    "plages": {
        "plage_ouverture": [
            {
                "nom_jour_debut": "Samedi",
                "valeur_heure_debut_1": "09:00:00",
                "valeur_heure_fin_1": "12:00:00",
            }
        ]
    },
    "commentaire_plages": {"commentaire_plage_ouverture": "Fermé l'été"},
    "adresse": {
        "adresse": [
            {
                "numero_voie": "2 rue Neuve",
                "code_postal": "72100",
                "nom_commune": "Allonnes",
                "accessibilite": "DEM",
            }
        ]
    },
    "courriels": {"adresse_courriel": ["Accueil@exemple.fr"]},
    "sites": {"site_internet": [{"valeur": "https://exemple.fr/mairie/"}]},
    "formulaires": {"formulaire_contact": ["https://exemple.fr/contact"]},
    "informations": {"mission": "Sonner à l'interphone."},
}


@pytest.fixture
def editor(make_agent):
    return make_agent(Role.ADMINISTRATEUR, "editrice")


@pytest.fixture
def run(tmp_path):
    """Import twenty bodies, ``changes`` in the first; returns the report."""

    def bring(*, apply=True, count=20, each=None, **changes):
        records = [record(rank, **(each or {})) for rank in range(count)]
        records[0] |= copy.deepcopy(changes)
        source = write_json(tmp_path / "annuaire.json", records)
        return import_annuaire(source, apply=apply, accept_removals=True)

    bring()
    return bring


def body(rank=0):
    return Organisme.objects.get(pk=record(rank)["id"])


def corrections(report):
    return report.as_json()["corrections"]


@pytest.mark.parametrize("champ", ChampOrganisme.values)
def test_a_correction_survives_a_change_of_the_record(run, editor, champ):
    before = getattr(body(), champ)
    correction = correct(body(), champ=champ, valeur=OURS[champ], by=editor)
    report = run(sigle="NEUF")
    assert getattr(body(), champ) == correction.valeur
    assert body().sigle == "NEUF"
    assert corrections(report) == {"kept": 1, "released": 0, "to_review": 0}
    correction.refresh_from_db()
    assert (correction.etat, correction.source_changee_le) == (EtatCorrection.EN_VIGUEUR, None)
    withdraw(correction, by=editor)
    assert getattr(body(), champ) == before


@pytest.mark.parametrize("champ", ChampOrganisme.values)
def test_the_source_that_changes_under_a_correction_is_to_be_reviewed(run, editor, champ):
    correction = correct(body(), champ=champ, valeur=OURS[champ], by=editor)
    report = run(**THEIRS[champ])
    assert getattr(body(), champ) == correction.valeur
    assert corrections(report) == {"kept": 1, "released": 0, "to_review": 1}
    assert report.to_review[0][0] == str(body().pk)
    correction.refresh_from_db()
    assert correction.source_changee_le is not None
    assert corrections(run(**THEIRS[champ])) == {"kept": 0, "released": 0, "to_review": 0}
    withdraw(correction, by=editor)
    said = body()
    Organisme.objects.all().delete()
    run(**THEIRS[champ])
    assert getattr(said, champ) == getattr(body(), champ)
    assert (said.code_postal, said.commune_nom) == (body().code_postal, body().commune_nom)


@pytest.mark.parametrize("champ", ChampOrganisme.values)
def test_a_correction_is_released_once_the_source_says_the_same(run, editor, champ):
    correction = correct(body(), champ=champ, valeur=OURS[champ], by=editor)
    report = run(**CAUGHT_UP[champ])
    assert corrections(report) == {"kept": 0, "released": 1, "to_review": 0}
    correction.refresh_from_db()
    assert correction.etat == EtatCorrection.RATTRAPEE
    assert correction.finie_le is not None
    run(**THEIRS[champ])
    assert getattr(body(), champ) != correction.valeur


def test_the_address_keeps_its_columns_and_the_rest_of_the_row_follows(run, editor):
    correct(body(), champ="adresse", valeur=OURS["adresse"], by=editor)
    run(adresse=ELSEWHERE, telephone=[{"valeur": "3939"}])
    row = body()
    assert (row.code_postal, row.commune_nom) == ("72100", "Allonnes")
    assert row.telephones == [{"numero": "3939", "description": ""}]
    assert "allonnes" in row.nom_recherche


def test_the_same_delivery_again_is_unchanged_whatever_the_corrections(run, editor):
    correct(body(), champ="informations", valeur="Un", by=editor)
    report = run()
    assert (report.changed, report.unchanged) == (0, 20)
    assert body().informations == "Un"


def test_a_correction_follows_a_body_that_goes_and_comes_back(run, editor):
    correct(body(19), champ="informations", valeur="Un", by=editor)
    assert run(count=19).gone == 1
    assert (body(19).etat, body(19).informations) == ("disparu", "Un")
    report = run()
    assert (report.changed, report.back) == (1, 1)
    assert (body(19).etat, body(19).informations) == ("present", "Un")


def test_a_dry_run_tells_of_corrections_and_writes_nothing(run, editor):
    one = correct(body(), champ="informations", valeur="Un", by=editor)
    two = correct(body(), champ="commentaire_plages", valeur="Deux", by=editor)
    report = run(apply=False, mission="Un", commentaire_plage_ouverture="Trois")
    assert corrections(report) == {"kept": 1, "released": 1, "to_review": 1}
    for correction in (one, two):
        correction.refresh_from_db()
        assert (correction.etat, correction.valeur_source) == (EtatCorrection.EN_VIGUEUR, "")


def statements(run, **changes):
    with CaptureQueriesContext(connection) as done:
        run(**changes)
    return len(done)


def test_corrections_cost_the_same_statements_for_one_and_for_twenty(run, editor):
    correct(body(), champ="informations", valeur="Un", by=editor)
    one = statements(run, each={"sigle": "A"})
    for rank in range(1, 20):
        correct(body(rank), champ="informations", valeur="Un", by=editor)
        correct(body(rank), champ="sites", valeur=["https://a.fr"], by=editor)
    assert statements(run, each={"sigle": "B"}) == one
    assert Correction.objects.in_force().count() == 39


def waiting():
    """How many sessions wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_correction_made_while_an_import_runs_is_not_lost(run, editor):
    def bring():
        run(mission="Trois")
        connection.close()

    thread = threading.Thread(target=bring)
    with transaction.atomic():
        correct(body(), champ="informations", valeur="Un", by=editor)
        thread.start()
        for _ in range(200):
            if waiting():
                break
            time.sleep(0.05)
        assert waiting()
    thread.join(timeout=30)
    assert body().informations == "Un"
    correction = Correction.objects.in_force().get()
    assert (correction.valeur_source, correction.source_changee_le is None) == ("Trois", False)


def test_what_a_body_said_before_and_after_an_import_is_kept(run):
    assert not Organisme.history.exists()
    run(sigle="NEUF")
    run(sigle="NEUF", mission="Accueillir")
    rows = list(body().history.order_by("history_id"))
    assert [(row.history_type, row.sigle, row.informations) for row in rows] == [
        ("+", "", ""), ("~", "NEUF", ""), ("~", "NEUF", "Accueillir"),
    ]  # fmt: skip
    assert {(row.history_change_reason, row.history_user) for row in rows} == {("import", None)}
    assert [row.history_date for row in rows] == sorted(row.history_date for row in rows)
    assert Organisme.history.count() == 3
    shown = body().history.as_of(rows[1].history_date)
    assert (shown.sigle, shown.informations) == ("NEUF", "")


def test_a_body_that_goes_and_comes_back_has_it_in_its_history(run):
    run(count=19)
    run()
    states = body(19).history.order_by("history_id").values_list("etat", flat=True)
    assert list(states) == ["present", "disparu", "present"]


def test_a_new_way_of_reading_that_changes_no_fact_leaves_no_history(run):
    Organisme.objects.update(empreinte="0" * 32)
    assert run().changed == 20
    assert not Organisme.history.exists()


def test_the_names_of_officials_are_counted_and_kept_nowhere(run):
    report = run(siret="21770188700010")
    assert report.officials == 20
    kept = json.dumps([*Organisme.objects.values(), *Organisme.history.values()], default=str)
    assert "Secret" not in kept
    assert body().details["affectation_personne"] == [{"fonction": "Maire"}]
