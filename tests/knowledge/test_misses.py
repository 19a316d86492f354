"""Searches that failed are kept without a name, and read by rédacteurs as groups."""

from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from allo3939.shared.push import redis_client
from knowledge import misses
from knowledge.misses import follow
from knowledge.misses.follow import Pas, Piste, missed
from knowledge.models import Fiche, RechercheManquee


def steps(*typed):
    """(text, results) each two seconds after the one before; (text, results, seconds) otherwise."""
    now, found = 0.0, []
    for texte, resultats, *seconds in typed:
        found.append(Pas(texte, resultats, now))
        now += seconds[0] if seconds else 2.0
    return found


def told(typed, **options):
    return [
        (miss.texte, miss.genre.value, miss.suite)
        for miss in missed(steps(*typed), **({"until": 1000.0} | options))
    ]


def test_words_replaced_by_others_before_anything_is_opened_are_a_miss():
    typed = [("marchand de sommeil", 3), ("logement indécent", 5)]
    assert told(typed, opened_with="logement indécent") == [
        ("marchand de sommeil", "reformulee", "logement indécent")
    ]


def test_a_search_without_result_is_a_miss_with_what_followed():
    assert told([("gommette", 0)]) == [("gommette", "sans_resultat", "")]
    typed = [("gommette", 0), ("certificat air", 4)]
    assert told(typed, opened_with="certificat air") == [
        ("gommette", "sans_resultat", "certificat air")
    ]


def test_typing_on_and_deleting_are_no_other_search():
    letters = [("passeport perdu"[:length], 4, 0.2) for length in range(2, 16)]
    assert told(letters, opened_with="passeport perdu") == []
    deleted = [("passeport perdu"[:length], 4, 0.2) for length in range(15, 2, -1)]
    assert told(letters + deleted) == []


def test_deleting_then_other_letters_is_another_search():
    typed = [("permis bateau", 2, 3), ("permis ba", 2, 0.1), ("permis ", 9, 0.1)]
    typed += [("permis f", 9, 0.1), ("permis fluvial", 3, 3)]
    assert told(typed) == [("permis bateau", "reformulee", "permis fluvial")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("certifcat de naissance", "certificat de naissance"),  # a slip
        ("divorce", "garde divorce"),  # a word more
        ("divorce avec enfants", "divorce enfants"),  # chatter taken away
        ("mes impôts", "impot"),
    ],
)
def test_the_same_search_said_better_is_no_miss(before, after):
    assert told([(before, 3), (after, 3)], opened_with=after) == []


def test_a_list_that_was_only_typed_through_is_no_miss():
    assert told([("pas", 5, 0.3), ("divorce", 4)], opened_with="divorce") == []


def test_a_word_added_to_an_empty_list_leaves_the_first_miss():
    typed = [("gommette", 0), ("gommette v", 0, 0.1), ("gommette voiture", 2)]
    assert told(typed, opened_with="gommette voiture") == [
        ("gommette", "sans_resultat", "gommette voiture")
    ]


def test_words_opened_before_their_list_had_come_are_no_miss():
    assert told([("carte gr", 5)], opened_with="carte grise") == []


def test_texts_that_say_nothing_are_not_kept():
    assert told([("de la", 0), ("…", 0)]) == []


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(follow, "READING", 0.0)


@pytest.fixture
def fiche(db):
    return Fiche.objects.create(
        reference="F1", titre="Logement", nature="reponse", origine="allo3939", etat="publiee",
        publiee_le=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def key(request):
    yield (name := f"essai:{request.node.name}")
    redis_client().delete(follow.PREFIX + name)


def test_opening_keeps_what_was_missed_with_the_fiche(quick, fiche, key):
    misses.note(key, texte="marchand de sommeil", resultats=2)
    misses.note(key, texte="logement indécent", resultats=2)
    misses.opened(key, texte="logement indécent", fiche=fiche)

    row = RechercheManquee.objects.get()
    assert (row.texte, row.suite, row.fiche) == ("marchand de sommeil", "logement indécent", fiche)
    assert row.cle == follow.key_of("sommeil des marchands")
    assert row.traitee_le is None

    piste = misses.ended(key)
    assert piste.words_that_opened("F1") == "logement indécent"
    assert RechercheManquee.objects.count() == 1
    assert misses.ended(key) == Piste()


def test_no_text_that_identifies_is_kept_even_in_redis(quick, db, key):
    misses.note(key, texte="facture 06 12 34 56 78", resultats=0)
    stored = follow.redis_client().lrange(follow.PREFIX + key, 0, -1)
    assert b"06 12" not in b"".join(stored)
    misses.ended(key)
    assert RechercheManquee.objects.get().texte == "facture …"


def test_nothing_of_a_call_is_kept():
    names = {field.name for field in RechercheManquee._meta.get_fields()}
    said = {"texte", "genre", "suite", "precision", "fiche"}
    assert names == {"id", "cle", "le", "traitee_le", "agent", "lacune", *said}


def test_without_redis_nothing_is_kept_and_nothing_breaks(quick, db, key, monkeypatch):
    calls = []

    def down():
        calls.append(1)
        raise redis.ConnectionError("down")

    monkeypatch.setattr(follow, "redis_client", down)
    monkeypatch.setattr(follow, "_next_try", 0.0)
    for length in range(10):
        misses.note(key, texte="x" * length, resultats=0)
    misses.opened(key, texte="x")
    assert misses.ended(key) == Piste()
    assert calls == [1], "asked again only after a while"
    monkeypatch.setattr(follow, "_next_try", 0.0)


def keep(texte, n=1, **fields):
    for _ in range(n):
        RechercheManquee.objects.create(
            texte=texte,
            cle=follow.key_of(texte),
            **({"genre": "sans_resultat", "le": timezone.now()} | fields),
        )


def titles():
    return [(found.titre, found.nombre) for found in misses.group()]


def test_wordings_with_the_same_stems_are_one_group_the_most_frequent_first(db):
    keep("vignette pollution")
    keep("la pollution, vignettes", 2)
    keep("timbre amende")
    assert titles() == [("la pollution, vignettes", 3), ("timbre amende", 1)]
    (first, _) = misses.group()
    assert [w.texte for w in first.formulations] == [
        "la pollution, vignettes",
        "vignette pollution",
    ]


def test_groups_most_of_whose_words_are_the_same_are_brought_together(db):
    keep("marchand de sommeil", 3)
    keep("marchand sommeil logement")
    keep("marchand de tapis")
    assert titles() == [("marchand de sommeil", 4), ("marchand de tapis", 1)]


def test_groups_that_ended_at_the_same_fiche_are_brought_together(fiche):
    keep("marchand de sommeil", 2, fiche=fiche, suite="logement indécent", genre="reformulee")
    keep("taudis", fiche=fiche)
    (found,) = misses.group()
    assert found.nombre == 3
    assert found.sans_resultat == 1
    assert found.fiches == {"F1": "Logement"}
    assert [(w.texte, w.nombre) for w in found.suites] == [("logement indécent", 2)]


def test_a_settled_group_leaves_the_list_and_comes_back_when_seen_again(db):
    keep("taudis")
    (found,) = misses.group()
    assert misses.settle(found.cles, until=found.derniere) == 1
    assert misses.group() == []

    keep("le taudis")

    (again,) = misses.group()
    assert again.nombre == 1
    assert again.traitee_le is not None


def test_what_came_after_the_page_was_opened_is_not_settled_unseen(db):
    keep("taudis")
    (found,) = misses.group()
    keep("taudis")
    misses.settle(found.cles, until=found.derniere)
    assert titles() == [("taudis", 1)]


def test_a_fiche_and_a_synonym_begin_with_the_words_of_the_group(db):
    keep("gommette", 2, suite="certificat air", genre="reformulee")
    keep("les gommettes")
    number = str(RechercheManquee.objects.first().pk)
    assert misses.begin_fiche(misses.find_group(number)) == {
        "titre": "Gommette",
        "mots_cles": ["gommette", "les gommettes"],
    }
    assert misses.suggest_synonyme(number) == {
        "expression": "gommette",
        "equivalents": ["certificat air"],
    }
    assert misses.suggest_synonyme("x") == misses.suggest_synonyme("9" * 30) == {}


def test_the_list_asks_as_many_queries_for_one_row_as_for_twenty(db, django_assert_num_queries):
    keep("taudis")
    with django_assert_num_queries(3):
        misses.group()
    for number in range(19):
        keep(f"mot{number}")
    with django_assert_num_queries(3):
        misses.group()
    with django_assert_num_queries(1):
        assert len(misses.group()) == 20


def test_the_groups_follow_each_miss_and_the_names_of_the_fiches(fiche):
    keep("taudis", fiche=fiche)
    assert misses.group()[0].fiches == {"F1": "Logement"}
    Fiche.objects.filter(pk=fiche.pk).update(titre="Logement indécent")
    assert misses.group()[0].fiches == {"F1": "Logement indécent"}
    RechercheManquee.objects.update(precision="rien sur les rats")
    assert [said.texte for said in misses.group()[0].precisions] == ["rien sur les rats"]
    RechercheManquee.objects.all().delete()
    assert misses.group() == []


def test_what_is_older_than_ninety_days_is_deleted(db):
    keep("ancien", le=timezone.now() - timedelta(days=91))
    keep("récent", le=timezone.now() - timedelta(days=89))
    assert misses.purge(now=timezone.now()) == 1
    assert titles() == [("récent", 1)]
