from django.contrib.auth import get_user_model
from django.urls import reverse

from allo3939.accounts.backends import RoleBackend

URL = reverse("preferences")


def test_the_agent_of_a_session_is_the_one_of_the_table(make_agent, django_assert_num_queries):
    agent = make_agent("informateur", poste="Poste 214", site="Le Mans 2")
    RoleBackend().get_user(agent.pk)
    with django_assert_num_queries(1):
        found = RoleBackend().get_user(agent.pk)
    stored = get_user_model().objects.get(pk=agent.pk)
    assert found == stored
    for field in stored._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(stored, field.attname)
    assert not found._state.adding


def test_the_agent_of_a_session_can_be_changed_and_saved(make_agent):
    found = RoleBackend().get_user(make_agent().pk)
    found.site = "Metz"
    found.save()
    assert get_user_model().objects.get(pk=found.pk).site == "Metz"


def test_nobody_is_found_under_a_key_that_no_agent_has(db):
    assert RoleBackend().get_user(0) is None


def test_an_agent_deactivated_meanwhile_is_out_at_the_next_request(client, login):
    agent = login()
    assert client.get(URL).status_code == 200
    agent.is_active = False
    agent.save()
    assert client.get(URL).status_code == 302


def test_an_agent_whose_role_changes_has_its_rights_at_the_next_request(client, login):
    agent = login()
    assert client.get(reverse("console")).status_code == 200
    agent.role = "superviseur"
    agent.save()
    assert client.get(reverse("console")).status_code == 403
