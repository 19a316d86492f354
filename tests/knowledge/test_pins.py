"""A pinned fiche comes first for its words, and the night tells which no longer does."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from knowledge import pins
from knowledge.models import Epingle
from knowledge.search import search_fiches
from knowledge.tasks import check_pins
from orientation.search import search_everything
from tests.knowledge.taught import pin, put_fiche


def references(text, **options):
    return [line.cle for line in search_fiches(text, **options)]


@pytest.fixture
def fiches(db):
    put_fiche("F1", "Passeport perdu ou volé")
    put_fiche("F2", "Passeport d'un mineur")
    put_fiche("F3", "Voyager à l'étranger")


def test_the_pinned_fiche_comes_first_and_is_marked(fiches):
    assert references("passeport perdu")[0] == "F1"
    pin("passeport perdu", put_fiche("F2", "Passeport d'un mineur"))
    lines = search_fiches("passeport perdu")
    assert [line.cle for line in lines] == ["F2", "F1"]
    assert [line.epinglee for line in lines] == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        "passeport perdu",
        "perdu passeport",
        "Passeports perdus",
        "bonjour je voudrais savoir pour un passeport perdu",
        "passeport per",
    ],
)
def test_it_does_in_any_order_with_chatter_and_from_the_third_letter(fiches, text):
    pin("passeport perdu", put_fiche("F3", "Voyager à l'étranger"))
    assert references(text)[0] == "F3"


@pytest.mark.parametrize("text", ["passeport", "perdu", "passeport perdu mineur", "passeport pe"])
def test_it_does_not_for_other_words(fiches, text):
    pin("passeport perdu", put_fiche("F3", "Voyager à l'étranger"))
    assert "F3" not in references(text)


def test_a_beginning_that_fits_two_pins_waits(fiches):
    fiche = put_fiche("F3", "Voyager à l'étranger")
    pin("passeport perdu", fiche)
    pin("passeport périmé", put_fiche("F2", "Passeport d'un mineur"))
    assert "F3" not in references("passeport pér")
    assert references("passeport perd")[0] == "F3"


def test_a_fiche_without_a_word_in_common_is_shown_whole(fiches):
    pin("partir loin", put_fiche("F3", "Voyager à l'étranger", fil=["Étranger"]))
    (line,) = search_fiches("partir loin")
    assert (line.cle, line.titre_entier, line.complement) == (
        "F3",
        "Voyager à l'étranger",
        "Étranger",
    )


def test_it_is_first_in_its_own_group_only(fiches, secteur):
    pin("passeport perdu", put_fiche("A1", "Aide", nature="escalade", cible=secteur))
    assert references("passeport perdu", nature="reponse") == ["F1", "F2"]
    assert references("passeport perdu", nature="escalade") == ["A1"]
    found = search_everything("passeport perdu")
    assert [line.cle for line in found.escalades] == ["A1"]
    assert found.escalades[0].epinglee


def test_a_renamed_fiche_is_shown_by_its_new_title(fiches):
    pin("partir loin", put_fiche("F3", "Voyager à l'étranger"))
    search_fiches("partir loin")
    put_fiche("F3", "Séjourner hors de France")
    assert search_fiches("partir loin")[0].titre_entier == "Séjourner hors de France"


def test_a_withdrawn_fiche_has_no_pin(fiches):
    pin("partir loin", put_fiche("F3", "Voyager à l'étranger"))
    assert references("partir loin") == ["F3"]
    put_fiche("F3", "Voyager à l'étranger", etat="archivee")
    assert references("partir loin") == []


def test_a_search_asks_no_more_queries_with_pins(fiches, django_assert_num_queries):
    fiche = put_fiche("F3", "Voyager à l'étranger")
    for number in range(20):
        pin(f"partir loin{number}", fiche)
    search_fiches("partir loin1")
    with django_assert_num_queries(1):
        assert references("partir loin2") == ["F3"]


def test_words_that_say_nothing_or_are_taken_or_identify_are_refused(fiches, secteur):
    fiche = put_fiche("F3", "Voyager à l'étranger")
    first = pin("partir loin", fiche)
    assert pins.check_words(first) == []
    assert "épingle" in pins.check_words(Epingle(mots="loin partir", fiche=fiche))[0]
    other = put_fiche("A1", "Aide", nature="escalade", cible=secteur)
    assert pins.check_words(Epingle(mots="loin partir", fiche=other)) == []
    assert "ne dit rien" in pins.check_words(Epingle(mots="de la", fiche=fiche))[0]
    assert "numéro" in pins.check_words(Epingle(mots="0612345678", fiche=fiche))[0]


def test_the_night_notes_that_a_pin_holds(fiches):
    epingle = pin("partir loin", put_fiche("F3", "Voyager à l'étranger"))
    check_pins()
    epingle.refresh_from_db()
    assert epingle.tient
    assert epingle.verifiee_le is not None
    assert pins.explain(epingle) == ""
    assert not Epingle.objects.failing().exists()


def test_the_night_tells_which_no_longer_hold_and_why(fiches, caplog):
    archived = pin("partir loin", put_fiche("F3", "Voyager à l'étranger"))
    pin("passeport perdu", put_fiche("F1", "Passeport perdu"))
    beaten = pin("perdu passeport", put_fiche("F2", "Passeport d'un mineur"))
    put_fiche("F3", "Voyager à l'étranger", etat="archivee")

    with caplog.at_level(logging.INFO, "knowledge.tasks"):
        check_pins()

    assert "3 pins checked, 2 do not hold" in caplog.text
    archived.refresh_from_db()
    beaten.refresh_from_db()
    assert (archived.rang_constate, beaten.rang_constate) == (None, 2)
    assert pins.explain(archived) == "la fiche est archivée"
    assert pins.explain(beaten).endswith("F1 · Passeport perdu")
    assert set(Epingle.objects.failing()) == {archived, beaten}
    listed = list(Epingle.objects.failing_first())
    assert set(listed[:2]) == {archived, beaten}


def test_a_run_that_was_stopped_is_finished_by_the_next_and_then_nothing_is_done(fiches):
    fiche = put_fiche("F3", "Voyager à l'étranger")
    for number in range(3):
        pin(f"partir loin{number}", fiche)
    done = []

    def search(*args, **options):
        if len(done) == 2:
            raise RuntimeError("stopped")
        done.append(args)
        return search_fiches(*args, **options)

    since = timezone.now() - timedelta(minutes=1)
    with pytest.raises(RuntimeError):
        pins.check_due(since=since, search=search)
    assert Epingle.objects.filter(rang_constate=1).count() == 2
    assert pins.check_due(since=since, search=search_fiches) == (1, [])
    assert pins.check_due(since=since, search=search_fiches) == (0, [])


def test_a_check_leaves_no_line_of_history(fiches):
    epingle = pin("partir loin", put_fiche("F3", "Voyager à l'étranger"))
    pins.check(epingle, search=search_fiches)
    assert epingle.history.count() == 1


def test_one_out_of_service_neither_acts_nor_fails(fiches):
    epingle = pin("partir loin", put_fiche("F3", "Voyager à l'étranger"))
    epingle.actif = False
    pins.save(epingle, by=None)
    assert references("partir loin") == []
    check_pins()
    epingle.refresh_from_db()
    assert epingle.verifiee_le is None
    assert pins.explain(epingle) == ""
