"""How much each fiche serves, day by day; which ones did not do."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from calls import feedback, record, usage
from calls.models import Consultation, Demande, OrientationDonnee
from calls.tasks import count_usage
from knowledge import stakes
from knowledge.models import Fiche, UsageFiche

TODAY = timezone.localdate
pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(make_agent):
    """A call with one question on some fiches, closed with an outcome; on another day when told."""
    agents = iter(range(1000))

    def play(*fiches, issue="RE", days_ago=0, useful=None):
        appel = record.pick_up(make_agent(username=f"t{next(agents)}"))
        demande = record.current_question(appel)
        for fiche in fiches:
            record.open_fiche(demande, fiche=fiche)
        moment = timezone.localtime() - timedelta(days=days_ago)  # the same hour by the clock
        # Closed by hand: an escalation would need a sector that answers.
        Demande.objects.filter(pk=demande.pk).update(
            issue=issue, termine_le=moment, fiche_utile=useful
        )
        if days_ago:
            Consultation.objects.filter(demande=demande).update(ouverte_le=moment, lue_le=moment)
        return demande

    return play


def counted(day=None) -> dict[str, tuple[int, int, int]]:
    rows = UsageFiche.objects.filter(jour=day or TODAY())
    return {
        row.fiche.reference: (row.consultations, row.reponses, row.escalades)
        for row in rows.select_related("fiche")
    }


def test_each_fiche_has_its_calls_answers_and_escalations(ask, fiche_reponse, fiche_escalade):
    ask(fiche_reponse)
    ask(fiche_reponse, fiche_escalade, issue="ES")
    ask(fiche_reponse, fiche_escalade)

    usage.count_day(TODAY())

    assert counted() == {"A39-0001": (3, 2, 0), "A39-0002": (2, 0, 1)}


def test_only_the_last_answer_fiche_read_has_answered(ask, make_fiche):
    first, last = make_fiche("A39-0011"), make_fiche("A39-0012")
    ask(first, last)

    usage.count_day(TODAY())

    assert counted() == {"A39-0011": (1, 0, 0), "A39-0012": (1, 1, 0)}


def test_a_fiche_said_useless_has_not_answered(ask, fiche_reponse):
    ask(fiche_reponse, useful=False)

    usage.count_day(TODAY())

    assert counted() == {"A39-0001": (1, 0, 0)}


def test_a_fiche_opened_twice_for_one_question_is_one_call(ask, fiche_reponse):
    ask(fiche_reponse, fiche_reponse)

    usage.count_day(TODAY())

    assert counted() == {"A39-0001": (1, 1, 0)}


def test_counting_a_day_again_gives_the_same(ask, fiche_reponse):
    ask(fiche_reponse)

    usage.count_day(TODAY())
    usage.count_day(TODAY())

    assert counted() == {"A39-0001": (1, 1, 0)}


def test_what_comes_later_in_the_day_is_added_by_the_next_count(ask, fiche_reponse):
    ask(fiche_reponse)
    count_usage()
    ask(fiche_reponse, issue="OR")

    count_usage()

    assert counted() == {"A39-0001": (2, 1, 0)}


def test_the_first_count_goes_back_ninety_days_and_no_further(ask, fiche_reponse):
    ask(fiche_reponse, days_ago=80)
    ask(fiche_reponse, days_ago=95)

    usage.catch_up(on=TODAY())

    assert counted(TODAY() - timedelta(days=80)) == {"A39-0001": (1, 1, 0)}
    assert UsageFiche.objects.count() == 1


def test_after_a_stop_the_days_missed_are_counted(ask, fiche_reponse):
    ask(fiche_reponse, days_ago=5)
    usage.catch_up(on=TODAY() - timedelta(days=5))
    ask(fiche_reponse, days_ago=3)

    assert usage.catch_up(on=TODAY()) == 6

    assert counted(TODAY() - timedelta(days=3)) == {"A39-0001": (1, 1, 0)}


def test_a_question_open_at_midnight_ends_on_one_day_only(ask, fiche_reponse):
    demande = ask(fiche_reponse, days_ago=1)
    midnight = datetime.combine(TODAY(), datetime.min.time(), timezone.get_default_timezone())
    opened = {"ouverte_le": midnight - timedelta(minutes=1), "lue_le": midnight}
    Consultation.objects.filter(demande=demande).update(**opened)
    Demande.objects.filter(pk=demande.pk).update(termine_le=midnight + timedelta(minutes=1))

    usage.count_again(on=TODAY(), since=TODAY() - timedelta(days=1))

    assert counted(TODAY() - timedelta(days=1)) == {"A39-0001": (1, 0, 0)}
    assert counted() == {}


def test_a_day_is_one_statement_whatever_was_opened(ask, make_fiche, django_assert_num_queries):
    for number in range(6):
        ask(make_fiche(f"A39-01{number:02}"))

    with django_assert_num_queries(1):
        usage.count_day(TODAY())


def test_the_command_counts_the_last_days_anew(ask, fiche_reponse):
    ask(fiche_reponse, days_ago=2)
    told = StringIO()

    call_command("count_usage", jours=2, stdout=told)

    assert told.getvalue() == "Jours comptés\u00a0: 3.\n"
    assert counted(TODAY() - timedelta(days=2)) == {"A39-0001": (1, 1, 0)}


def test_sums_by_fiche_and_as_a_column(ask, fiche_reponse, make_fiche, django_assert_num_queries):
    unused = make_fiche("A39-0099")
    ask(fiche_reponse)
    ask(fiche_reponse, days_ago=3)
    usage.catch_up(on=TODAY())
    since = TODAY() - usage.STAKE

    assert UsageFiche.objects.since(since).by_fiche().get()["appels"] == 2
    known = stakes.since(since)
    with django_assert_num_queries(1):
        listed = {each.pk: each.appels for each in Fiche.objects.for_changelist(known)}
    assert listed == {fiche_reponse.pk: 2, unused.pk: 0}


# --- What did not do ------------------------------------------------------------------------------


@pytest.fixture
def forgotten():
    """What earlier tests put aside is forgotten."""
    cache.delete_many([feedback._key(TODAY() - timedelta(days=n)) for n in range(100)])
    cache.delete(f"donnees:{connection.settings_dict['NAME']}:{TODAY()}")


def told(**span):
    found = feedback.fed_back(on=TODAY(), **{"since": TODAY() - timedelta(days=90)} | span)
    return sorted((row.fiche, row.demande) for row in found)


def test_insufficient_and_useless_fiches_are_told(ask, fiche_reponse, forgotten):
    ask(fiche_reponse)
    insufficient = ask(fiche_reponse, issue="FI")
    useless = ask(fiche_reponse, useful=False, days_ago=4)
    ask(fiche_reponse, useful=False, days_ago=95)

    expected = sorted((fiche_reponse.pk, each.pk) for each in (insufficient, useless))
    assert told() == expected
    assert told() == expected  # from what was put aside


def test_it_is_told_of_the_last_answer_fiche(ask, fiche_reponse, fiche_escalade, forgotten):
    demande = ask(fiche_reponse, fiche_escalade, issue="FI")

    assert told() == [(fiche_reponse.pk, demande.pk)]


def test_days_that_are_over_are_read_once(ask, fiche_reponse, forgotten, django_assert_num_queries):
    ask(fiche_reponse, useful=False, days_ago=4)
    with django_assert_num_queries(2):
        told()

    with django_assert_num_queries(1):
        assert len(told()) == 1


def test_the_reason_is_what_the_agent_wrote(ask, fiche_reponse):
    demande = ask(fiche_reponse, issue="FI")
    Demande.objects.filter(pk=demande.pk).update(precision="rien sur les mineurs")

    assert feedback.reasons([demande.pk]) == {demande.pk: "rien sur les mineurs"}


def test_bodies_given_are_counted_once_a_day(
    ask, fiche_reponse, make_organisme, commune, forgotten, django_assert_num_queries
):
    given, never = make_organisme(), make_organisme("Mairie - Coulaines", competent=False)
    OrientationDonnee.objects.create(
        demande=ask(fiche_reponse), organisme=given, commune=commune, donnee_le=timezone.now()
    )
    bodies = [given.pk, never.pk]

    assert usage.times_given(bodies, on=TODAY()) == {given.pk: 1}
    with django_assert_num_queries(0):
        assert usage.times_given(bodies, on=TODAY()) == {given.pk: 1}
