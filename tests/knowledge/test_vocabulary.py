"""Synonyms kept by rédacteurs act on every search at once."""

import subprocess
import sys
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from allo3939.shared.changes import record_change
from knowledge import vocabulary
from knowledge.models import Fiche, Synonyme
from knowledge.search import count_fiches, search_fiches
from tests.shared.databases import environment_of_the_test_database


@pytest.fixture
def make_fiche(db):
    def make(reference, titre, **fields):
        fields = {"nature": "reponse", "origine": "allo3939", "etat": "publiee"} | fields
        fiche = Fiche.objects.create(
            reference=reference, titre=titre, publiee_le=timezone.now(), **fields
        )
        with transaction.atomic():
            record_change("fiches", [reference])
        return fiche

    return make


def keep(expression, *equivalents, **fields):
    synonyme = Synonyme(expression=expression, equivalents=list(equivalents), **fields)
    return vocabulary.save(synonyme, by=None)


def references(text):
    return [line.cle for line in search_fiches(text)]


def check(expression, *equivalents, **fields):
    synonyme = Synonyme(expression=expression, equivalents=list(equivalents), **fields)
    return vocabulary.check(synonyme, count=count_fiches)


def test_what_callers_say_finds_what_fiches_write(make_fiche):
    make_fiche("F1", "Certificat qualité de l'air")
    assert references("gommette écolo") == []

    keep("gommette écolo", "certificat qualité de l'air")

    assert references("gommette écolo") == ["F1"]
    assert references("avoir une gommette écolo pour la voiture") == ["F1"]


def test_an_acronym_works_both_ways_a_word_of_callers_one(make_fiche):
    make_fiche("F1", "Le ZZP et vous")
    make_fiche("F2", "Zone de zèle partagé")
    keep("ZZP", "zone de zèle partagé", deux_sens=True)
    assert set(references("zzp")) == set(references("zone de zèle partagé")) == {"F1", "F2"}

    make_fiche("F3", "Gommette")
    make_fiche("F4", "Certificat qualité")
    keep("gommette", "certificat qualité")
    assert set(references("gommette")) == {"F3", "F4"}
    assert references("certificat qualité") == ["F4"]


def test_one_out_of_service_acts_no_more(make_fiche):
    make_fiche("F1", "Certificat qualité de l'air")
    synonyme = keep("gommette", "certificat qualité de l'air")
    assert references("gommette") == ["F1"]

    synonyme.actif = False
    vocabulary.save(synonyme, by=None)

    assert references("gommette") == []


def test_the_shipped_names_of_the_same_expression_stay(make_fiche):
    make_fiche("F1", "Certificat d'immatriculation")
    make_fiche("F2", "Papillon du véhicule")
    keep("carte grise", "papillon du véhicule")
    assert set(references("carte grise")) == {"F1", "F2"}


def test_a_search_asks_no_more_queries_with_synonyms(make_fiche, django_assert_num_queries):
    make_fiche("F1", "Certificat qualité de l'air")
    for number in range(20):
        keep(f"gommette{number}", "certificat qualité de l'air")
    references("gommette1")
    with django_assert_num_queries(1):
        assert references("gommette2") == ["F1"]


def test_a_change_elsewhere_costs_one_query_once(make_fiche, django_assert_num_queries):
    make_fiche("F1", "Passeport")
    keep("sésame", "passeport")
    references("sésame")
    record_change("organismes", ["7"])
    references("sésame")
    with django_assert_num_queries(1):
        assert references("sésame") == ["F1"]


def test_each_change_is_kept_with_its_author(make_agent, db):
    agent = make_agent("redacteur")
    synonyme = vocabulary.save(Synonyme(expression="a b", equivalents=["passeport"]), by=agent)
    assert synonyme.history.get().history_user == agent


def test_what_says_nothing_to_the_search_is_refused(make_fiche):
    make_fiche("F1", "Passeport")
    assert "ne dit rien" in check("le la", "passeport").fautes["expression"][0]
    assert "ne dit rien" in check("bonjour", "passeport").fautes["expression"][0]
    assert "ne dit rien" in check("sésame", "de la").fautes["equivalents"][0]
    assert "même chose" in check("passeports", "le passeport").fautes["equivalents"][0]
    assert "deux fois" in check("sésame", "passeport", "passeports").fautes["equivalents"][0]
    assert check("sésame", "passeport").fautes == {}


def test_a_second_one_for_the_same_stems_is_refused(make_fiche):
    make_fiche("F1", "Passeport")
    first = keep("gommette verte", "passeport")
    assert "gommette verte" in check("les gommettes vertes", "passeport").fautes["expression"][0]
    assert vocabulary.check(first, count=count_fiches).fautes == {}


def test_what_identifies_somebody_is_refused(db):
    found = check("06 12 34 56 78", "jean@exemple.fr").fautes
    assert "numéro" in found["expression"][0]
    assert "adresse électronique" in found["equivalents"][0]


def test_what_the_shipped_lists_know_is_said_without_refusing(make_fiche):
    make_fiche("F1", "Certificat d'immatriculation")
    verdict = check("carte grise", "certificat d'immatriculation")
    assert verdict.fautes == {}
    assert "lexique livré" in verdict.remarques[0]


def test_a_word_that_no_fiche_holds_is_pointed_out(make_fiche):
    make_fiche("F1", "Certificat d'immatriculation")
    (remarque,) = check("sésame", "certificat d'imatriculation").remarques
    assert "imatriculation" in remarque


def test_a_word_of_many_fiches_is_pointed_out(make_fiche, monkeypatch):
    monkeypatch.setattr(vocabulary, "COMMON", 1)
    make_fiche("F1", "Carte de séjour")
    make_fiche("F2", "Carte d'identité")
    (remarque,) = check("carte", "séjour").remarques
    assert "2 fiches" in remarque


READER = """
import sys, time, django
django.setup()
from knowledge.search import search_fiches
print(len(search_fiches("gommette")), flush=True)
sys.stdin.readline()
print(len(search_fiches("gommette")), flush=True)
"""


def test_another_process_searches_with_it_within_a_second(transactional_db, settings, make_fiche):
    make_fiche("F1", "Certificat qualité de l'air")
    with subprocess.Popen(
        [sys.executable, "-c", READER],
        env=environment_of_the_test_database(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "0\n"
        keep("gommette", "certificat qualité de l'air")
        start = time.monotonic()
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline() == "1\n"
        assert time.monotonic() - start < 1
    connection.close()
