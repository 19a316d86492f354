"""The calls at stake on each fiche: summed once, and again as soon as a day is counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from knowledge import stakes
from knowledge.models import Fiche, UsageFiche

TODAY = timezone.localdate
pytestmark = pytest.mark.django_db


@pytest.fixture
def use(make_fiche):
    """A fiche opened so many times so many days ago."""

    def create(number, calls, *, days=0, escalated=0):
        fiche = Fiche.objects.filter(reference=f"A39-00{number:02}").first()
        fiche = fiche or make_fiche(number)
        UsageFiche.objects.create(
            fiche=fiche,
            jour=TODAY() - timedelta(days=days),
            consultations=calls,
            escalades=escalated,
        )
        return fiche

    return create


@pytest.fixture
def make_fiche(db):
    def create(number):
        return Fiche.objects.create(
            reference=f"A39-00{number:02}", titre=f"Fiche {number}", nature="reponse",
            origine="allo3939", etat="brouillon",
        )  # fmt: skip

    return create


def since(days=90):
    return stakes.since(TODAY() - timedelta(days=days))


def test_the_days_are_summed_by_fiche(use, make_fiche):
    first = use(1, 3)
    use(1, 4, days=10, escalated=2)
    use(1, 500, days=91)
    second = use(2, 1)
    make_fiche(3)
    assert since() == {first.pk: (7, 2), second.pk: (1, 0)}


def test_what_was_summed_is_not_summed_again_and_a_day_more_is_seen(use, django_assert_num_queries):
    fiche = use(1, 3)
    assert since() == {fiche.pk: (3, 0)}
    with django_assert_num_queries(1):
        assert since() == {fiche.pk: (3, 0)}
    use(1, 2, days=1)
    assert since() == {fiche.pk: (5, 0)}


def test_another_span_is_summed_by_itself(use):
    fiche = use(1, 3)
    use(1, 4, days=10)
    assert since() == {fiche.pk: (7, 0)}
    assert since(days=5) == {fiche.pk: (3, 0)}


def test_a_day_counted_again_is_seen(use):
    fiche = use(1, 3)
    since()
    UsageFiche.objects.update(consultations=8)
    stakes.renew()
    assert since() == {fiche.pk: (8, 0)}


def test_a_list_is_ordered_by_the_sums(use, make_fiche):
    few, many, none = use(1, 9), use(2, 10, escalated=1), make_fiche(3)
    ranked = Fiche.objects.with_stakes(since())
    assert [(each.pk, each.appels, each.escalades) for each in ranked] == [
        (many.pk, 10, 1),
        (few.pk, 9, 0),
        (none.pk, 0, 0),
    ]
    assert Fiche.objects.with_stakes({}).count() == 3
