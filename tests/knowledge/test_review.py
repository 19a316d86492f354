"""When each fiche is read again: by risk, spread over working days, stable; and the reading."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from knowledge import review
from knowledge.enums import Risque
from knowledge.models import Fiche, Parution, Proposition, UsageFiche
from knowledge.review import MOIS, RevueImpossible, Suivi, plan, planned_as, risk_of, verify
from knowledge.tasks import plan_reviews

TODAY = date(2026, 11, 26)  # a Thursday


def suivi(pk=1, *, read=0, planned=None, **fields) -> Suivi:
    """A fiche read some days ago, whose review is planned in some days."""
    prevue = None if planned is None else TODAY + timedelta(days=planned)
    return Suivi(pk=pk, lue=TODAY - timedelta(days=read), prevue=prevue, **fields)


fiches = st.lists(
    st.builds(
        suivi,
        read=st.integers(0, 1500),
        planned=st.none() | st.integers(-60, 800),
        appels=st.sampled_from([0, 30, 300]),
        versions=st.sampled_from([0, 3]),
        changements=st.integers(0, 1),
        chiffres=st.booleans(),
        jeune=st.booleans(),
    ),
    max_size=60,
).map(lambda found: [replace(each, pk=number) for number, each in enumerate(found)])


def applied(suivis, days) -> list[Suivi]:
    return [replace(each, prevue=days.get(each.pk, each.prevue)) for each in suivis]


# --- Risk -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "risque"),
    [
        ({}, Risque.FAIBLE),
        ({"appels": 40}, Risque.MOYEN),
        ({"chiffres": True, "jeune": True}, Risque.MOYEN),
        ({"appels": 300, "chiffres": True}, Risque.ELEVE),
        ({"appels": 300, "chiffres": True, "changements": 2}, Risque.CRITIQUE),
    ],
)
def test_risk_is_use_and_volatility(fields, risque):
    assert risk_of(suivi(**fields)) == risque


def test_a_critical_fiche_is_read_again_after_three_months_a_quiet_one_after_two_years():
    critical = suivi(1, appels=300, chiffres=True, changements=1)

    days = plan([critical, suivi(2)], on=TODAY, quota=5)

    assert days == {1: date(2027, 2, 26), 2: date(2028, 11, 27)}  # the 26th is a Sunday


def test_the_end_of_a_short_month_stands_for_the_day_it_lacks():
    read = Suivi(pk=1, lue=date(2026, 8, 31), prevue=None, appels=300, chiffres=True)

    assert plan([read], on=date(2026, 9, 1), quota=1) == {1: date(2027, 3, 1)}  # the 28th: Sunday


# --- The plan -------------------------------------------------------------------------------------


@given(fiches, st.integers(1, 4))
def test_no_day_to_come_has_more_than_its_quota_nor_is_a_day_of_rest(suivis, quota):
    planned = applied(suivis, plan(suivis, on=TODAY, quota=quota))

    ahead = [each.prevue for each in planned if each.prevue and each.prevue > TODAY]
    assert not ahead or max(Counter(ahead).values()) <= quota
    assert all(review.is_working_day(day) for day in ahead)


@given(fiches, st.integers(1, 4))
def test_every_fiche_is_planned_and_none_before_its_class_asks_unless_it_is_due(suivis, quota):
    for each in applied(suivis, plan(suivis, on=TODAY, quota=quota)):
        assert each.prevue is not None
        if each.prevue > TODAY:
            assert MOIS[planned_as(each)] >= MOIS[risk_of(each)]


@given(fiches, st.integers(1, 4), st.integers(0, 3))
def test_a_plan_once_made_stays(suivis, quota, days_later):
    planned = applied(suivis, plan(suivis, on=TODAY, quota=quota))

    assert plan(planned, on=TODAY + timedelta(days=days_later), quota=quota) == {}


@given(fiches, st.integers(1, 4))
def test_a_new_fiche_moves_no_other(suivis, quota):
    planned = applied(suivis, plan(suivis, on=TODAY, quota=quota))

    assert set(plan([*planned, suivi(999)], on=TODAY, quota=quota)) == {999}


def test_a_fiche_whose_risk_grew_comes_earlier():
    quiet = suivi(1, planned=700)
    assert plan([quiet], on=TODAY, quota=2) == {1: date(2028, 11, 27)}
    planned = replace(quiet, prevue=date(2028, 11, 27))

    days = plan([replace(planned, appels=300, chiffres=True, changements=1)], on=TODAY, quota=2)

    assert days == {1: date(2027, 2, 26)}


def test_a_fiche_whose_risk_fell_comes_later():
    planned = replace(suivi(1), prevue=date(2027, 2, 26))

    assert plan([planned], on=TODAY, quota=2) == {1: date(2028, 11, 27)}


def test_what_is_due_stays_due_until_it_is_read():
    due = suivi(1, read=900, planned=-3)

    assert plan([due], on=TODAY, quota=2) == {}
    assert plan([replace(due, lue=TODAY)], on=TODAY, quota=2) == {1: date(2028, 11, 27)}


def test_what_is_late_is_spread_those_at_risk_first():
    late = [suivi(number, read=2000) for number in (1, 2, 3)]
    critical = suivi(4, read=2000, appels=300, chiffres=True, jeune=True)

    days = plan([*late, critical], on=TODAY, quota=2)

    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    assert days == {4: friday, 1: friday, 2: monday, 3: monday}


def test_a_smaller_quota_spreads_what_is_planned():
    crowded = [replace(suivi(number), prevue=date(2028, 11, 27)) for number in (1, 2, 3)]

    days = plan(crowded, on=TODAY, quota=1)

    assert days == {2: date(2028, 11, 28), 3: date(2028, 11, 29)}


def test_a_public_holiday_is_no_day_of_review():
    read = Suivi(pk=1, lue=date(2026, 2, 14), prevue=None, appels=300, chiffres=True, jeune=True)

    # Three months later is Ascension Day in 2026.
    assert plan([read], on=date(2026, 2, 14), quota=1) == {1: date(2026, 5, 15)}


# --- In the base ----------------------------------------------------------------------------------


@pytest.fixture
def make_fiche(db):
    def make(number, **fields):
        defaults = {
            "titre": "Acte de naissance",
            "nature": "reponse",
            "origine": "allo3939",
            "etat": "publiee",
            "publiee_le": timezone.now(),
            "verifiee_le": timezone.localdate(),
        }
        return Fiche.objects.create(reference=f"A39-{number:04}", **(defaults | fields))

    return make


@pytest.fixture
def redacteur(make_agent):
    return make_agent("redacteur")


def test_the_night_plans_every_published_fiche_and_no_other(make_fiche):
    fiche, gone = make_fiche(1), make_fiche(2, etat="archivee", a_revoir_le=TODAY)

    plan_reviews()

    fiche.refresh_from_db()
    gone.refresh_from_db()
    assert fiche.a_revoir_le >= timezone.localdate() + timedelta(days=365)
    assert gone.a_revoir_le is None
    assert review.plan_all(on=timezone.localdate()) == 0


def test_what_the_plan_knows_of_a_fiche(make_fiche):
    fiche = make_fiche(1, a_dire="Le timbre coûte 25\u00a0€.")
    today = timezone.localdate()
    UsageFiche.objects.create(fiche=fiche, jour=today, consultations=40)
    UsageFiche.objects.create(fiche=fiche, jour=today - timedelta(days=100), consultations=40)
    for version, days_ago in ((1, 800), (2, 300), (3, 10)):
        Parution.objects.create(
            fiche=fiche, version=version, importance="changement",
            parue_le=timezone.now() - timedelta(days=days_ago),
        )  # fmt: skip

    assert review.follow(on=today) == [
        Suivi(fiche.pk, today, None, appels=40, versions=2, changements=2, chiffres=True)
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Il faut payer 86,00\u202feuros.", True),
        ("À partir du 1er janvier 2027.", True),
        ("Prenez rendez-vous en mairie avant midi.", False),
        ("Composez le 39 39.", False),
    ],
)
def test_amounts_and_days_are_seen_in_what_is_said_and_in_the_content(make_fiche, text, told):
    make_fiche(1, a_dire=text)
    make_fiche(2, contenu=[{"type": "paragraphe", "texte": text}])

    assert [each.chiffres for each in review.follow(on=TODAY)] == [told, told]


def test_the_same_queries_for_one_fiche_and_for_twenty(make_fiche, django_assert_num_queries):
    for number in range(1, 21):
        make_fiche(number)

    with django_assert_num_queries(4):
        assert len(review.follow(on=TODAY)) == 20


# --- The reading ----------------------------------------------------------------------------------


def test_a_verification_changes_its_date_only_and_plans_the_next(make_fiche, redacteur):
    today = timezone.localdate()
    fiche = make_fiche(1, verifiee_le=date(2024, 1, 5), a_revoir_le=today)

    verify(fiche, by=redacteur, version=1)

    fiche.refresh_from_db()
    assert (fiche.verifiee_le, fiche.version) == (today, 1)
    assert fiche.a_revoir_le >= today + timedelta(days=700)
    last = fiche.history.first()
    assert (last.history_change_reason, last.history_user) == (review.VERIFIEE, redacteur)
    assert not Parution.objects.exists()


def test_a_verification_keeps_to_the_quota(make_fiche, redacteur, settings):
    settings.REVUES_PAR_JOUR = 1
    first, second = make_fiche(1), make_fiche(2)

    days = {verify(each, by=redacteur, version=1).a_revoir_le for each in (first, second)}

    assert len(days) == 2


@pytest.mark.parametrize("role", ["partenaire", "informateur", "administrateur"])
def test_only_a_redacteur_verifies(make_fiche, make_agent, role):
    with pytest.raises(RevueImpossible):
        verify(make_fiche(1), by=make_agent(role), version=1)


def test_what_changed_during_the_reading_is_not_verified(make_fiche, redacteur):
    fiche = make_fiche(1, version=2)
    with pytest.raises(RevueImpossible, match="a changé pendant"):
        verify(fiche, by=redacteur, version=1)


def test_a_proposition_that_verifies_it_goes_first(make_fiche, redacteur):
    fiche = make_fiche(1)
    proposition = Proposition.objects.create(
        fiche=fiche, auteur=redacteur, champs={"verifiee_le": "2026-11-26"}, base={}
    )
    with pytest.raises(RevueImpossible, match="proposition en cours"):
        verify(fiche, by=redacteur, version=1)

    Proposition.objects.filter(pk=proposition.pk).update(etat="retiree")
    assert verify(fiche, by=redacteur, version=1).verifiee_le == timezone.localdate()


def test_ones_own_verification_is_taken_back(make_fiche, redacteur):
    before = date(2024, 1, 5)
    fiche = make_fiche(1, verifiee_le=before, a_revoir_le=TODAY)
    verify(fiche, by=redacteur, version=1)
    assert review.verified_at([fiche.pk], since=timezone.now() - timedelta(days=1))

    review.undo(fiche, by=redacteur, prevue=TODAY)

    fiche.refresh_from_db()
    assert (fiche.verifiee_le, fiche.a_revoir_le) == (before, TODAY)
    assert review.verified_at([fiche.pk], since=timezone.now() - timedelta(days=1)) == {}


def test_a_colleagues_verification_and_a_fiche_changed_since_stay(
    make_fiche, redacteur, make_agent
):
    fiche = make_fiche(1)
    verify(fiche, by=redacteur, version=1)
    with pytest.raises(RevueImpossible):
        review.undo(fiche, by=make_agent("redacteur", username="autre"), prevue=None)

    fiche.titre = "Autre titre"
    fiche.save()
    with pytest.raises(RevueImpossible):
        review.undo(fiche, by=redacteur, prevue=None)
