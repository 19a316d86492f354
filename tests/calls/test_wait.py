"""The expected wait is a range, and nothing when too little was observed."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from calls import escalate, record, wait
from calls.models import Transfert
from calls.presence import Equipe

SECONDS = st.lists(st.floats(0, 7200), min_size=wait.MINIMUM, max_size=40)
ANSWERS, CALLS = [5, 10, 20, 60, 80], [120, 240, 300, 360, 600]


def test_with_somebody_free_it_is_the_middle_of_the_answers():
    found = wait.estimate(ANSWERS, CALLS, ahead=0, free=1, working=2)

    assert found == wait.Attente(10, 60)
    assert str(found) == "moins de 1\u00a0min"


def test_behind_others_calls_must_end_first():
    found = wait.estimate(ANSWERS, CALLS, ahead=2, free=0, working=2)

    assert found == wait.Attente(10 + 2 * 240 / 2, 60 + 3 * 360 / 2)
    assert str(found) == "4 à 10\u00a0min"


@pytest.mark.parametrize(
    ("answers", "calls", "free", "working"),
    [
        (ANSWERS[1:], CALLS, 1, 1),  # too few answers
        (ANSWERS, CALLS[1:], 0, 1),  # nobody free, too few calls
        (ANSWERS, CALLS, 0, 0),  # nobody there
    ],
)
def test_it_is_absent_when_it_cannot_be_told(answers, calls, free, working):
    assert wait.estimate(answers, calls, ahead=0, free=free, working=working) is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ((0, 10), "moins de 1\u00a0min"),
        ((30, 130), "moins de 3\u00a0min"),
        ((60, 180), "1 à 3\u00a0min"),
        ((120, 120), "environ 2\u00a0min"),
        ((600, 9000), "10 à 60\u00a0min"),
        ((5000, 9000), "plus de 60\u00a0min"),
    ],
)
def test_it_is_said_in_minutes(seconds, said):
    assert str(wait.Attente(*seconds)) == said


@given(SECONDS, SECONDS, st.integers(0, 20), st.integers(0, 10), st.integers(0, 10))
def test_a_longer_queue_never_shortens_it(answers, calls, ahead, free, in_call):
    here = wait.estimate(answers, calls, ahead=ahead, free=free, working=free + in_call)
    behind = wait.estimate(answers, calls, ahead=ahead + 1, free=free, working=free + in_call)

    if here is None or behind is None:
        assert free + in_call == 0
    else:
        assert 0 <= here.mini <= here.maxi
        assert here.mini <= behind.mini
        assert here.maxi <= behind.maxi


@pytest.fixture
def offer(secteur, make_agent):
    def request(number):
        appel = record.pick_up(make_agent(username=f"tele-{number}"))
        return escalate.request(
            record.current_question(appel), secteur=secteur, motif="trop_complexe", fiche=None
        )

    return request


@pytest.fixture
def answered(offer, make_agent):
    """Five calls of the last hour, taken after 20 s and closed four minutes later."""

    def make(*, ago=timedelta(minutes=30)):
        ines = make_agent("informateur")
        for number in range(5):
            taken = timezone.now() - ago
            Transfert.objects.filter(pk=offer(f"{ago}-{number}").pk).update(
                etat="transferee",
                informateur=ines,
                propose_le=taken - timedelta(seconds=20),
                repondu_le=taken,
                clos_le=taken + timedelta(minutes=4),
                resultat="repondu",
                niveau_1="non",
            )

    return make


def expected(team):
    return wait.expected_waits({"justice": team}, at=timezone.now())["justice"]


def test_the_last_hour_of_the_sector_tells_it(answered, offer):
    answered()
    assert expected(Equipe(disponibles=1)) == wait.Attente(20, 20)

    offer("one")  # it is served first
    assert expected(Equipe(disponibles=1)) == wait.Attente(20, 20 + 240)


def test_an_earlier_hour_tells_nothing(answered):
    answered(ago=timedelta(minutes=90))

    assert expected(Equipe(disponibles=1)) is None


@pytest.mark.usefixtures("always_open")
def test_an_offer_waits_behind_the_older_ones_only(answered, offer, connect, make_agent):
    answered()
    connect(make_agent("informateur", username="libre"))
    first = offer("first")
    offer("second")

    assert wait.expected_wait_of(first, at=timezone.now()) == wait.Attente(20, 20)


def test_the_waits_of_all_sectors_take_two_queries(
    answered, offer, django_assert_num_queries, make_secteur
):
    answered()
    teams = {"justice": Equipe(1)} | {make_secteur(f"s{n}").slug: Equipe() for n in range(19)}

    with django_assert_num_queries(2):
        wait.expected_waits(teams, at=timezone.now())
