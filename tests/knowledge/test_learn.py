"""The ranking learns from the fiches that closed questions: bounded, fading, set aside at will."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from allo3939.shared.models import Changement
from knowledge import learn
from knowledge.learn import LIFT_MAX, Savoir
from knowledge.models import Apprentissage
from knowledge.search import count_fiches, search_fiches
from tests.knowledge.taught import put_fiche


def references(text):
    return [line.cle for line in search_fiches(text)]


def teach(text, fiche, times=1, **options):
    for _ in range(times):
        learn.teach(text, fiche=fiche, count=count_fiches, **options)


def weights():
    return {
        (row.mot, row.fiche.reference): round(row.poids, 3) for row in Apprentissage.objects.all()
    }


@pytest.fixture
def fiches(db):
    """Two fiches that a search for "passeport" cannot tell apart but by their titles."""
    return put_fiche("F1", "Passeport alpha"), put_fiche("F2", "Passeport beta")


def test_the_fiche_that_closes_calls_rises(fiches):
    assert references("passeport") == ["F1", "F2"]
    teach("passeport", fiches[1], times=5)
    assert learn.announce()
    assert references("passeport") == ["F2", "F1"]


def test_only_words_that_matter_and_that_fiches_hold_are_kept(fiches):
    teach("bonjour je m'appelle Kowalczyk pour mon Passeport, certifcat", fiches[0])
    assert weights() == {("passeport", "F1"): 1.0}


def test_what_was_learnt_halves_in_ninety_days(fiches):
    now = timezone.now()
    teach("passeport", fiches[0], times=2, now=now - timedelta(days=90))
    teach("passeport", fiches[0], now=now)
    (row,) = Apprentissage.objects.all()
    assert row.poids == pytest.approx(2.0, abs=0.01)
    assert learn.faded(row.poids, since=now, now=now + timedelta(days=180)) == pytest.approx(0.5)


def test_nothing_is_read_again_until_it_is_announced(fiches, django_assert_num_queries):
    references("passeport")
    teach("passeport", fiches[1], times=5)
    with django_assert_num_queries(1):
        assert references("passeport") == ["F1", "F2"]
    assert learn.announce()
    references("passeport")
    with django_assert_num_queries(1):
        assert references("passeport") == ["F2", "F1"]


def test_an_announcement_is_made_only_when_something_was_learnt(fiches):
    assert not learn.announce()
    teach("passeport", fiches[0], now=timezone.now() - timedelta(hours=1))
    assert learn.announce()
    assert not learn.announce()
    teach("passeport", fiches[0])
    assert learn.announce()
    assert Changement.objects.filter(genre="apprentissage").count() == 2


def test_a_row_set_aside_counts_no_more_at_once(fiches):
    teach("passeport", fiches[1], times=5)
    learn.announce()
    assert references("passeport") == ["F2", "F1"]
    row = Apprentissage.objects.get()
    assert learn.set_aside([row], ecarte=True) == 1
    assert references("passeport") == ["F1", "F2"]
    teach("passeport", fiches[1], times=5)
    learn.announce()
    assert references("passeport") == ["F1", "F2"]
    assert learn.set_aside([row], ecarte=False) == 1
    assert references("passeport") == ["F2", "F1"]
    assert learn.set_aside([row], ecarte=False) == 0


def test_switched_off_nothing_is_learnt_or_lifted(fiches, settings):
    teach("passeport", fiches[1], times=5)
    learn.announce()
    settings.SEARCH_LEARNS = False
    assert references("passeport") == ["F1", "F2"]
    teach("passeport", fiches[0])
    assert weights() == {("passeport", "F2"): pytest.approx(5, abs=0.01)}


def test_a_clear_winner_is_not_overtaken(fiches):
    put_fiche("F9", "Autre chose", contenu=[{"type": "paragraphe", "texte": ["un passeport"]}])
    teach("passeport", put_fiche("F9", "Autre chose"), times=200)
    learn.announce()
    assert references("passeport alpha")[0] == "F1"


def test_evidence_grows_and_a_shared_word_says_less():
    savoir = Savoir()
    savoir.add("passeport", {"F1": 1})
    once = savoir.lift(["passeport"], "F1")
    savoir.add("passeport", {"F1": 9})
    often = savoir.lift(["passeport"], "F1")
    assert 0 < once < often < LIFT_MAX
    savoir.add("passeport", {"F2": 10})
    assert savoir.lift(["passeport"], "F1") < often
    assert savoir.lift(["passeport", "inconnu"], "F1") < savoir.lift(["passeport"], "F1")
    assert savoir.lift([], "F1") == savoir.lift(["inconnu"], "F1") == 0


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["passeport", "divorce"]),
            st.sampled_from(["F1", "F2"]),
            st.floats(0, 1e9),
        )
    )
)
def test_a_lift_never_leaves_its_bounds(rows):
    savoir = Savoir()
    for mot, reference, poids in rows:
        savoir.add(mot, {reference: poids})
    for reference in ("F1", "F2", "F3"):
        assert 0 <= savoir.lift(["passeport", "divorc"], reference) <= LIFT_MAX
