"""Queries composed once, compared with the same ones composed by Django at each time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DataError, connection, transaction
from django.db.models import Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allo3939.accounts.models import Agent, Secteur
from allo3939.shared.composed import Composed, ask_together, held, hold
from allo3939.shared.models import Importation

BIRTH = datetime(2090, 1, 1, tzinfo=UTC)
ANY_OF = Composed(lambda names: Agent.objects.filter(username__any_of=names).order_by("username"))


@pytest.fixture
def agents(make_agent):
    return [make_agent(username=name) for name in ("ada", "bob", "eve")]


def test_a_composed_query_gives_what_the_query_gives(agents):
    composed = Composed(lambda name: Agent.objects.filter(username=name))
    for agent in agents:
        (found,) = composed.ask(agent.username)
        assert found == agent
        assert found.__dict__.keys() == Agent.objects.get(pk=agent.pk).__dict__.keys()
        assert found.date_joined == agent.date_joined
    assert composed.ask("nobody") == []
    assert composed.first("nobody") is None


def test_it_asks_the_database_each_time(agents):
    composed = Composed(lambda name: Agent.objects.filter(username=name))
    assert composed.first("ada").site == ""
    Agent.objects.filter(username="ada").update(site="Le Mans 2")
    assert composed.first("ada").site == "Le Mans 2"


def test_values_come_as_they_are_asked_for(make_agent, secteur):
    agent = make_agent("informateur", site="Lyon")
    composed = Composed(
        lambda role: Agent.objects.filter(role=role).values_list("secteur__horaires", "site", "pk")
    )
    assert composed.ask("informateur") == [(secteur.horaires, "Lyon", agent.pk)]
    named = Composed(lambda: Agent.objects.values_list("site", "secteur__slug", named=True))
    (row,) = named.ask()
    assert (row.site, row.secteur__slug) == ("Lyon", "justice")


def test_what_never_changes_is_in_the_text_whatever_it_holds(agents):
    strange = "100 % d'un %s"
    Agent.objects.filter(username="bob").update(site=strange)
    composed = Composed(
        lambda name: Agent.objects.filter(
            username=name, site__in=[strange, "Metz"], date_joined__lt=BIRTH
        )
    )
    assert composed.first("bob") == agents[1]
    assert composed.first("ada") is None


def test_its_plan_is_kept_with_the_connection(agents):
    composed = Composed(lambda name: Agent.objects.filter(username=name))
    for _ in range(2):
        composed.ask("ada")
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans FROM pg_prepared_statements")
        kept = [plans for text, plans in cursor.fetchall() if '"username" = $1' in text]
    assert kept == [2]


def test_what_was_asked_is_told_while_debugging(agents):
    composed = Composed(lambda name: Agent.objects.filter(username=name))
    composed.ask("ada")
    with CaptureQueriesContext(connection) as captured:
        composed.ask("ada")
    assert '"username" = $1' in captured[0]["sql"]


@pytest.mark.parametrize("names", [[], ["ada"], ["eve", "ada", "nobody"]])
def test_any_of_takes_any_number_of_keys_in_one_query(agents, names, django_assert_num_queries):
    ANY_OF.ask([])
    with django_assert_num_queries(1):
        found = ANY_OF.ask(names)
    assert found == list(Agent.objects.filter(username__in=names).order_by("username"))


def test_any_of_works_outside_a_composed_query(agents):
    keys = [agent.pk for agent in agents[:2]]
    assert list(Agent.objects.filter(pk__any_of=keys).order_by("pk")) == agents[:2]
    assert not Agent.objects.filter(secteur__any_of=keys).exists()


def test_columns_are_converted_related_rows_joined_and_deferred_ones_left_out(
    make_agent, secteur, django_assert_num_queries
):
    make_agent("informateur")
    composed = Composed(
        lambda role: (
            Agent.objects.filter(role=role)
            .select_related("secteur")
            .defer("site")
            .annotate(marque=Value("oui"))
        )
    )
    with django_assert_num_queries(1):
        found = composed.first("informateur")
        assert found.secteur.horaires == secteur.horaires  # JSON
        assert found.marque == "oui"
    assert found.get_deferred_fields() == {"site"}


def test_a_related_row_that_is_not_there_is_none(agents, django_assert_num_queries):
    composed = Composed(lambda name: Agent.objects.filter(username=name).select_related("secteur"))
    with django_assert_num_queries(1):
        assert composed.first("ada").secteur is None


def test_queries_asked_together_give_what_each_gives_alone(agents, django_assert_num_queries):
    by_name = Composed(lambda name: Agent.objects.filter(username=name))
    all_names = Composed(lambda: Agent.objects.order_by("username").values_list("username"))
    for _ in range(3):  # planned at the first time, asked by its plan from then on
        with django_assert_num_queries(3):
            found = ask_together((by_name, ["bob"]), (all_names, []), (by_name, ["nobody"]))
        assert found == [[agents[1]], [("ada",), ("bob",), ("eve",)], []]


def test_a_fault_among_queries_asked_together_is_told_and_the_connection_serves_on(agents):
    by_name = Composed(lambda name: Agent.objects.filter(username=name))
    by_key = Composed(lambda key: Agent.objects.filter(pk=key))
    with pytest.raises(DataError), transaction.atomic():
        ask_together((by_name, ["ada"]), (by_key, ["no number"]))
    assert by_name.first("ada") == agents[0]


def test_a_found_object_can_be_saved(db):
    made = Importation.objects.create(genre="communes", commencee_le=timezone.now())
    found = Composed(lambda pk: Importation.objects.filter(pk=pk)).first(made.pk)
    found.fichier = "communes.csv"
    found.save(update_fields=["fichier"])
    made.refresh_from_db()
    assert made.fichier == "communes.csv"


def test_held_rows_are_given_without_a_query_and_know_their_owner(
    make_agent, secteur, django_assert_num_queries
):
    agent = make_agent("informateur")
    owner = Secteur.objects.get(pk=secteur.pk)
    assert held(owner, "agent_set") is None
    rows = list(Agent.objects.filter(pk=agent.pk))
    with django_assert_num_queries(0):
        hold(owner, "agent_set", rows)
        assert list(owner.agent_set.all()) == rows == held(owner, "agent_set")
        assert rows[0].secteur is owner
