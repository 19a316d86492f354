"""What every test shares: one agent of each role, each logged in on demand."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.models.signals import post_migrate

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent, Secteur
from allo3939.shared.cache import Moment
from allo3939.shared.changes import _Reached
from calls import notice, propose
from orientation.locate import names


def pytest_collection_modifyitems(items):
    """Mark what depends on the servers: `.ci/run` repeats it on the machine's own."""
    for item in items:
        if "django_db_setup" in item.fixturenames or item.get_closest_marker("django_db"):
            item.add_marker("database")


def restore_codes(**_):
    """Outcome codes come with the migrations; a test that empties the tables takes them away."""
    if not apps.get_model("calls", "CodeIssue").objects.exists():
        import_module("calls.migrations.0002_codes_issue").load(apps, None)
        import_module("calls.migrations.0007_outcomes_that_ask_a_line").ask(apps, None)


def pytest_configure():
    # Django says "migrated" after it has emptied the tables, too.
    post_migrate.connect(restore_codes, sender=apps.get_app_config("calls"))
    DatabaseOperations.sql_flush = empty_tables


def empty_tables(self, style, tables, *, reset_sequences=False, allow_cascade=False):
    """In place of TRUNCATE, which writes a new file for each of a hundred tables, nearly all of
    them empty: half a second after each test that commits. Needs a superuser, as tests have.
    """
    names = [self.quote_name(table) for table in tables]
    return [
        "SET session_replication_role = replica",  # keys between the tables are not looked at
        *(f"DELETE FROM {name}" for name in names),  # noqa: S608  # quoted just above
        "SET session_replication_role = DEFAULT",
    ]


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    """Hashing a password the safe way takes a third of a second; tests create many agents."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_static_files(settings):
    """Each client starts the middleware anew; looking for all static files takes half a second."""
    settings.WHITENOISE_USE_FINDERS = False


@pytest.fixture(autouse=True)
def own_index(settings, tmp_path):
    """Each test starts without a search index: what an earlier one wrote is not found."""
    settings.INDEX_DIR = tmp_path / "index"


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    """What a process keeps for a moment, or until a change it has seen, is of another test."""
    monkeypatch.setattr(propose, "_OF_THE_HOUR", Moment(seconds=0))
    monkeypatch.setattr(notice, "_LATELY", Moment(seconds=0))
    monkeypatch.setattr(names, "_OF_THE_MOMENT", Moment(seconds=0))
    monkeypatch.setattr(_Reached, "line", None)


@pytest.fixture
def secteur(db):
    return Secteur.objects.create(
        slug="justice",
        nom="Justice",
        ordre=4,
        numero_transfert="01 99 00 39 04",
        horaires=[{"jour": day, "debut": "08:30", "fin": "18:00"} for day in range(5)],
    )


@pytest.fixture
def make_agent(db, secteur):
    """Create an agent of a role; informateurs and partenaires belong to ``secteur``."""

    def make(role: str = Role.TELECONSEILLER, username: str | None = None, **fields) -> Agent:
        if role in Agent.SECTOR_ROLES:
            fields.setdefault("secteur", secteur)
        return Agent.objects.create_user(
            username or role, password="mot de passe long", role=role, **fields
        )

    return make


@pytest.fixture
def autrice(make_agent):
    """A rédactrice who writes a proposition."""
    return make_agent(Role.REDACTEUR, username="autrice", poste="Poste 1", site="Paris")


@pytest.fixture
def relectrice(make_agent):
    """Another, who approves it."""
    return make_agent(Role.REDACTEUR, username="relectrice", poste="Poste 2", site="Paris")


@pytest.fixture
def login(client, make_agent):
    """Log the test client in as a new agent of a role; returns the agent."""

    def log_in(role: str = Role.TELECONSEILLER, **fields) -> Agent:
        agent = make_agent(role, **fields)
        client.force_login(agent, backend="allo3939.accounts.backends.RoleBackend")
        return agent

    return log_in
