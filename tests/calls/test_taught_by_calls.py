"""What a question leaves for the search once it is over: misses, and the fiche that answered."""

import pytest
import redis
from django.urls import reverse

from allo3939.shared.changes import record_change
from allo3939.shared.query import Comprehension
from calls import propose, record
from knowledge import pins
from knowledge.misses import follow
from knowledge.models import Apprentissage, Epingle, RechercheManquee
from orientation.search import Resultats

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Every list counts as looked at."""
    monkeypatch.setattr(follow, "READING", 0.0)


@pytest.fixture
def fiche(make_fiche):
    fiche = make_fiche("A39-0003", titre="Logement indécent", mots_cles=["taudis"])
    record_change("fiches", ["*"])
    return fiche


@pytest.fixture
def search(client, demande):
    """Type words in the box, as the page sends them."""

    def typed(words, **page):
        data = {"q": words, "demande": demande.pk, "vus": ""} | page
        return client.post(reverse("console-recherche"), data, **HTMX)

    return typed


def learnt():
    return {(row.mot, row.fiche.reference): row.poids for row in Apprentissage.objects.all()}


def missed():
    """What was searched in vain; a question closed without a fiche is another matter."""
    rows = RechercheManquee.objects.exclude(genre="pas_de_fiche").order_by("pk")
    return [(row.texte, row.genre, row.suite, row.fiche_id) for row in rows]


def open_fiche(client, fiche, words):
    client.post(reverse("console-fiche", args=[fiche.reference]), {"q": words}, **HTMX)


def test_opening_a_fiche_keeps_what_was_searched_in_vain(client, search, fiche):
    search("xyzzy")
    search("taudis")
    open_fiche(client, fiche, "taudis")
    assert missed() == [("xyzzy", "sans_resultat", "taudis", fiche.pk)]


def test_closing_keeps_what_was_searched_in_vain(client, appel, search):
    search("xyzzy 06 12 34 56 78")
    assert missed() == []
    record.close(appel, outcome="PF", words="xyzzy 06 12 34 56 78", precision="xyzzy")
    assert missed() == [("xyzzy …", "sans_resultat", "", None)]


def test_the_next_question_keeps_it_and_starts_afresh(client, appel, search):
    search("xyzzy")
    record.begin_question(appel, words="xyzzy", precision="le xyzzy")
    assert len(missed()) == 1
    record.close(appel, outcome="AB")
    assert len(missed()) == 1


def test_finding_a_body_ends_a_search_too(client, search, make_organisme):
    search("xyzzy")
    url = reverse("console-organisme", args=[make_organisme().pk])
    client.post(url, {"q": "mairie le mans"}, **HTMX)
    assert missed() == [("xyzzy", "sans_resultat", "mairie le mans", None)]


def test_a_page_cannot_write_among_the_searches_of_another_agent(
    client, demande, make_agent, search
):
    other = record.current_question(record.pick_up(make_agent(username="autre")))
    search("xyzzy", demande=other.pk)
    record.close(other.appel, outcome="AB")
    assert missed() == []


@pytest.mark.parametrize("demande_sent", ["", "x", "-1", "9" * 40])
def test_a_page_without_its_question_still_searches(client, fiche, search, demande_sent):
    assert "Logement" in search("taudis", demande=demande_sent).content.decode()


def test_without_redis_a_search_answers_and_a_call_closes(
    client, appel, fiche, search, monkeypatch
):
    def down():
        raise redis.ConnectionError("down")

    monkeypatch.setattr(follow, "redis_client", down)
    monkeypatch.setattr(follow, "_next_try", 0.0)
    assert "Logement" in search("taudis").content.decode()
    open_fiche(client, fiche, "taudis")
    record.close(appel, outcome="RE")
    monkeypatch.setattr(follow, "_next_try", 0.0)
    assert missed() == []
    assert learnt() == {("taudis", "A39-0003"): 1.0}


def test_a_keystroke_asks_one_round_trip_of_redis_and_the_same_queries(
    client, search, fiche, monkeypatch, django_assert_num_queries
):
    search("taudis")
    trips = []
    execute = redis.client.Pipeline.execute
    monkeypatch.setattr(
        redis.client.Pipeline, "execute", lambda self: (trips.append(self), execute(self))[1]
    )
    with django_assert_num_queries(QUERIES):
        search("taudis logement")
    assert len(trips) == 1


QUERIES = 2  # the agent, the last line of changes; the session is in the cache


# Learning -----------------------------------------------------------------------------------------


def test_a_question_answered_teaches_the_words_that_opened_its_fiche(client, appel, fiche, search):
    search("taudis pour Kowalczyk")
    open_fiche(client, fiche, "taudis pour Kowalczyk")
    assert learnt() == {}, "never from a click alone"
    record.close(appel, outcome="RE")
    assert learnt() == {("taudis", "A39-0003"): 1.0}


@pytest.mark.parametrize("outcome", ["OR", "PF", "HC"])
def test_another_outcome_teaches_nothing(client, appel, fiche, outcome):
    open_fiche(client, fiche, "taudis")
    record.close(appel, outcome=outcome, precision="le cas du colocataire")
    assert learnt() == {}


def test_a_fiche_that_was_not_useful_teaches_nothing(client, appel, fiche):
    open_fiche(client, fiche, "taudis")
    record.close(appel, outcome="RE", useful=False)
    assert learnt() == {}


def test_only_the_last_answer_fiche_learns_by_its_own_words(
    client, appel, fiche, fiche_reponse, fiche_escalade, make_organisme
):
    record_change("fiches", ["*"])
    open_fiche(client, fiche_reponse, "succession")
    open_fiche(client, fiche, "taudis")
    open_fiche(client, fiche_escalade, "logement contesté")
    url = reverse("console-organisme", args=[make_organisme().pk])
    client.post(url, {"q": "mairie le mans"}, **HTMX)
    record.close(appel, outcome="RE", words="grise")
    assert learnt() == {("taudis", "A39-0003"): 1.0}


def test_the_question_before_the_next_one_teaches_too(client, appel, fiche):
    open_fiche(client, fiche, "taudis")
    record.begin_question(appel, words="taudis")
    assert learnt() == {("taudis", "A39-0003"): 1.0}


def test_a_fiche_opened_without_words_teaches_nothing(client, appel, fiche):
    open_fiche(client, fiche, "")
    record.close(appel, outcome="RE")
    assert learnt() == {}


# What the results say -----------------------------------------------------------------------------


@pytest.fixture
def understood(monkeypatch):
    """Make the search say what it understood."""

    def fake(*compris, asked=None):
        def search_everything(text, *, shown=()):
            if asked is not None:
                asked.append(list(shown))
            return Resultats([], [], [], list(compris))

        monkeypatch.setattr(propose, "search_everything", search_everything)

    return fake


def plain(response):
    return " ".join(response.content.decode().replace("&#x27;", "'").split())


def test_the_results_say_what_was_understood(search, understood):
    understood(
        Comprehension("carte grise", "autre_nom", ("certificat d'immatriculation",)),
        Comprehension("certifcat", "correction", ("certificat",)),
        Comprehension("trottinatte", "inconnu"),
        Comprehension("perdu", "tel_quel"),
    )
    html = plain(search("carte grise certifcat trottinatte perdu"))
    assert "<b>carte grise</b> → certificat d'immatriculation" in html
    assert "<b>certifcat</b> lu certificat" in html
    assert "<b>trottinatte</b> : mot inconnu, non cherché" in html
    assert "<b>perdu</b>" not in html


def test_the_line_keeps_its_place_when_all_was_read_as_typed(search, fiche):
    assert '<p class="compris"></p>' in plain(search("taudis"))


def test_the_page_sends_back_the_lines_it_shows(client, search, fiche, understood):
    html = search("taudis").content.decode()
    assert 'name="vus" value="A39-0003"' in html
    asked = []
    understood(asked=asked)
    search("taudis l", vus="A39-0003 A39-0007")
    assert asked == [["A39-0003", "A39-0007"]]


def test_the_page_names_the_question(client, demande):
    html = client.get(reverse("console")).content.decode()
    assert f'name="demande" value="{demande.pk}"' in html


def test_a_pinned_fiche_is_marked(search, fiche):
    pins.save(Epingle(mots="logis", fiche=fiche), by=None)
    assert '<span class="epinglee">épinglée</span>' in plain(search("logis"))


def test_an_empty_list_says_what_to_try_next(search):
    html = plain(search("xyzzy"))
    assert "Rien pour" in html
    assert "moins de mots" in html
    assert 'role="listbox"' not in html
