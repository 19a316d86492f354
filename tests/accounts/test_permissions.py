"""Role × view, for every URL of the project."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern

from allo3939 import push
from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent
from allo3939.accounts.permissions import PUBLIC, VUES, may_admin, may_open

# Lines of the table that grant an action of the admin rather than a page.
ACTIONS = ("_write", "_simple_history")
# Answers 403 by itself when it is asked about no model.
OWN_REFUSAL = {"admin:autocomplete"}
# One value per kind of path argument; what it designates need not exist.
ARGUMENTS = {
    "int": 1,
    "str": "A39-0101",
    "reference": "A39-0101",
    "insee": "72181",
    "slug": "justice",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "1",
    "uuidstr": "00000000-0000-4000-8000-000000000000",
}


def named_urls(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from named_urls(entry, inner)
        else:
            yield f"{namespace}{entry.name}", entry


URLS = dict(named_urls(get_resolver()))


def address(name: str) -> str:
    """An address of the view, with made-up arguments."""
    pattern = URLS[name].pattern
    if name == "admin:app_list":
        return reverse(name, args=["accounts"])
    if name == "admin:view_on_site":
        return reverse(name, args=[1, 1])
    if isinstance(pattern, RegexPattern):
        return reverse(name, args=[1] * pattern.regex.groups)
    kinds = {key: type(value).__name__ for key, value in pattern.converters.items()}
    values = {
        key: ARGUMENTS[kind.removesuffix("Converter").replace("String", "str").lower()]
        for key, kind in kinds.items()
    }
    return reverse(name, kwargs=values)


@pytest.fixture
def agents(db, secteur):
    return {
        role: Agent.objects.create(
            username=role,
            password="!",
            role=role,
            secteur=secteur if role in Agent.SECTOR_ROLES else None,
        )
        for role in Role
    }


# The admin's catch-all only answers "not found" or adds a slash.
PAGES = sorted(name for name in URLS if name != "admin:None")


def test_every_url_of_the_project_is_in_the_table():
    missing = set(PAGES) - set(VUES)
    assert not missing


def test_every_line_of_the_table_is_a_url_an_admin_action_or_a_stream():
    others = set(VUES) - set(URLS) - set(push.STREAMS.values())
    unknown = {name for name in others if not name.endswith(ACTIONS)}
    assert not unknown


def test_every_role_of_the_table_exists():
    granted = set().union(*(roles for roles in VUES.values() if roles != PUBLIC))
    assert granted <= set(Role.values)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_its_pages_and_no_other(client, agents, role):
    client.force_login(agents[role], backend="allo3939.accounts.backends.RoleBackend")
    client.raise_request_exception = False
    wrong = []
    for name in PAGES:
        with transaction.atomic():
            status = client.get(address(name)).status_code
        granted = VUES[name] == PUBLIC or role in VUES[name]
        refused = status == 403 and not (granted and name in OWN_REFUSAL)
        if refused == granted or status == 500:
            wrong.append(f"{name}: {status}, {'granted' if granted else 'denied'} by the table")
    assert not wrong


def test_without_a_login_every_page_leads_to_the_login(client, db):
    wrong = []
    for name in PAGES:
        if VUES[name] == PUBLIC:
            continue
        response = client.get(address(name))
        if response.status_code != 302 or not response.url.startswith("/connexion/?next="):
            wrong.append(name)
    assert not wrong


def test_a_fragment_asked_without_a_login_sends_the_whole_page_to_the_login(client, db):
    response = client.get(reverse("preferences"), headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/connexion/"


def test_a_page_that_is_not_in_the_table_is_open_to_nobody(agents):
    assert not any(may_open(agent, "une-page-inconnue") for agent in agents.values())


@pytest.mark.parametrize("action", ["view", "add", "change", "delete"])
def test_model_permissions_follow_the_same_table(agents, action):
    permission = f"accounts.{action}_agent"
    granted = {role for role, agent in agents.items() if may_admin(agent, permission)}
    assert granted == (set() if action == "delete" else {Role.ADMINISTRATEUR})
