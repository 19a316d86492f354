"""Who gave which right, and who took what away, is told later; only an administrateur gives."""

import csv
import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from allo3939.accounts import audit, demo
from allo3939.accounts.enums import Acte, Role
from allo3939.accounts.management.commands import create_agent
from allo3939.accounts.models import Agent, Secteur, Trace
from orientation.models import Consommateur

pytestmark = pytest.mark.django_db
LIST = reverse("admin:accounts_trace_changelist")
EXPORT = reverse("admin:accounts_trace_export")
OTHERS = [role for role in Role if role != Role.ADMINISTRATEUR]


def change(agent):
    return reverse("admin:accounts_agent_change", args=[agent.pk])


def typed(agent, **changes):
    """The form of an account as it stands, with some changes."""
    sent = {
        "username": agent.username,
        "role": agent.role,
        "secteur": agent.secteur_id or "",
        "poste": agent.poste,
        "site": agent.site,
        "theme": agent.theme,
        "raccourcis": "on",
        "is_active": "on",
        "publie_sans_relecture": "on" if agent.publie_sans_relecture else "",
    } | changes
    return {name: value for name, value in sent.items() if value != ""}


def test_a_role_given_is_told_with_what_it_was(client, login, make_agent):
    admin = login(Role.ADMINISTRATEUR)
    agent = make_agent(Role.TELECONSEILLER, username="camille")

    assert client.post(change(agent), typed(agent, role="redacteur")).status_code == 302

    line = Trace.objects.get()
    assert (line.agent, line.acte, line.objet) == (admin, Acte.DROITS, "compte camille")
    assert line.details == {"avant": {"rôle": "Téléconseiller"}, "apres": {"rôle": "Rédacteur"}}
    assert audit.describe(line) == ["rôle\u00a0: Téléconseiller → Rédacteur"]


@pytest.mark.parametrize(
    ("role", "changes", "told"),
    [
        ("redacteur", {"publie_sans_relecture": "on"}, "publie sans relecture\u00a0: non → oui"),
        ("redacteur", {"is_active": ""}, "compte\u00a0: actif → désactivé"),
        ("informateur", {"secteur": "autre"}, "secteur\u00a0: Justice → Travail"),
    ],
)
def test_each_right_is_told(client, login, make_agent, role, changes, told):
    login(Role.ADMINISTRATEUR)
    travail = Secteur.objects.create(slug="travail", nom="Travail", ordre=2)
    changes = {key: travail.pk if value == "autre" else value for key, value in changes.items()}
    agent = make_agent(role)
    assert client.post(change(agent), typed(agent, **changes)).status_code == 302
    assert audit.describe(Trace.objects.get()) == [told]


def test_what_is_no_right_is_not_told(client, login, make_agent):
    login(Role.ADMINISTRATEUR)
    agent = make_agent(Role.TELECONSEILLER)
    assert client.post(change(agent), typed(agent, poste="Poste 9")).status_code == 302
    agent.refresh_from_db()
    assert agent.poste == "Poste 9"
    assert not Trace.objects.exists()


def test_a_new_account_is_told(client, login, secteur):
    admin = login(Role.ADMINISTRATEUR)
    sent = {
        "username": "nouvelle",
        "usable_password": "true",
        "password1": "une phrase assez longue",
        "password2": "une phrase assez longue",
        "role": "informateur",
        "secteur": secteur.pk,
    }
    client.post(reverse("admin:accounts_agent_add"), sent)
    line = Trace.objects.get()
    assert (line.agent, line.objet, line.details["geste"]) == (
        admin,
        "compte nouvelle",
        "compte créé",
    )
    assert line.details["apres"]["secteur"] == "Justice"


def test_a_password_given_by_somebody_else_is_told_and_never_which(client, login, make_agent):
    admin = login(Role.ADMINISTRATEUR)
    agent = make_agent(username="camille")
    url = reverse("admin:auth_user_password_change", args=[agent.pk])
    sent = {"usable_password": "true", "password1": "court", "password2": "court"}
    client.post(url, sent)
    assert not Trace.objects.exists()

    client.post(url, sent | dict.fromkeys(("password1", "password2"), "une phrase assez longue"))

    line = Trace.objects.get()
    assert (line.agent, line.objet) == (admin, "compte camille")
    assert line.details == {"geste": "mot de passe remplacé"}


def test_an_account_made_by_a_command_is_told(monkeypatch):
    monkeypatch.setattr(create_agent, "getpass", lambda prompt: "une phrase assez longue")
    call_command("create_agent", "camille", "redacteur", verbosity=0)
    line = Trace.objects.get()
    assert (line.agent, line.objet) == (None, "compte camille")
    assert line.details["apres"]["rôle"] == "Rédacteur"


def test_demonstration_accounts_are_told(settings, secteur):
    settings.DEMONSTRATION = True
    for slug in {compte.secteur for compte in demo.COMPTES if compte.secteur} - {"justice"}:
        Secteur.objects.create(slug=slug, nom=slug)
    count = demo.create_accounts()
    assert Trace.objects.filter(acte=Acte.DROITS).count() == count


@pytest.mark.parametrize("role", [each for each in Role if each != Role.REDACTEUR])
def test_only_a_redacteur_is_given_the_right_to_force(client, login, make_agent, role):
    login(Role.ADMINISTRATEUR, username="chef")
    agent = make_agent(role, username="camille")
    response = client.post(change(agent), typed(agent, publie_sans_relecture="on"))
    assert response.status_code == 200
    html = response.content.decode()
    assert html.count("Seul un rédacteur publie sans relecture.") == 1
    agent.refresh_from_db()
    assert not agent.publie_sans_relecture
    assert not Trace.objects.exists()


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_gives_a_right_even_by_forged_posts(client, login, make_agent, role):
    own = login(role, username="moi")
    agent = make_agent(Role.TELECONSEILLER, username="camille")
    forged = {"role": "administrateur", "publie_sans_relecture": "on", "is_superuser": "on"}
    for target in (own, agent):
        assert client.post(change(target), typed(target, **forged)).status_code == 403
        password = reverse("admin:auth_user_password_change", args=[target.pk])
        assert client.post(password, {"password1": "x", "password2": "x"}).status_code == 403
    assert client.post(reverse("admin:accounts_agent_add"), forged).status_code == 403
    client.post(reverse("preferences"), {"theme": "dark", **forged})

    own.refresh_from_db()
    assert (own.role, own.publie_sans_relecture, own.is_superuser) == (role, False, False)
    assert Agent.objects.get(username="camille").role == Role.TELECONSEILLER
    assert not Trace.objects.exists()


def test_a_forged_field_gives_an_administrateur_no_more_than_the_form(client, login, make_agent):
    login(Role.ADMINISTRATEUR, username="chef")
    agent = make_agent(Role.REDACTEUR, username="camille")
    client.post(change(agent), typed(agent, is_superuser="on", is_staff="on"))
    agent.refresh_from_db()
    assert (agent.is_superuser, agent.is_staff) == (False, False)


@pytest.mark.parametrize("kind", ["csv", "ods"])
def test_an_export_of_the_directory_is_told(
    client, login, kind, django_capture_on_commit_callbacks
):
    agent = login(Role.TELECONSEILLER)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.get(reverse(f"annuaire-{kind}"), {"ouvert": "1", "nom": "mairie"})
        assert b"".join(response.streaming_content)
    line = Trace.objects.get()
    assert (line.agent, line.acte, line.objet) == (agent, Acte.EXPORT, "annuaire")
    assert line.details == {"format": kind.upper(), "lignes": 0, "filtres": "ouvert=1"}


def test_tokens_of_the_open_data_are_told(client, login):
    admin = login(Role.ADMINISTRATEUR)
    page = "/administration/orientation/consommateur/"
    client.post(f"{page}add/", {"nom": "Mairie du Mans", "par_minute": 60, "actif": "on"})
    consommateur = Consommateur.objects.get()
    client.post(page, {"action": "renew_tokens", "_selected_action": [consommateur.pk]})
    client.post(f"{page}{consommateur.pk}/change/", {"nom": "Mairie du Mans", "par_minute": 60})
    client.post(f"{page}{consommateur.pk}/change/", {"nom": "Mairie", "par_minute": 60})
    call_command("create_consumer", "Préfecture", verbosity=0, stdout=io.StringIO())

    told = [
        (line.agent, line.objet.removeprefix("consommateur de l'API "), audit.describe(line)[0])
        for line in Trace.objects.order_by("pk")
    ]
    assert told == [
        (admin, "Mairie du Mans", "geste\u00a0: jeton créé"),
        (admin, "Mairie du Mans", "geste\u00a0: jeton remplacé"),
        (admin, "Mairie du Mans", "accès\u00a0: ouvert → fermé"),
        (None, "Préfecture", "geste\u00a0: jeton créé"),
    ]
    assert not Consommateur.objects.get(nom="Mairie").actif


@pytest.fixture
def lines(make_agent):
    agent = make_agent(Role.REDACTEUR, username="camille")
    audit.trace(Acte.EXPORT, by=agent, objet="annuaire", format="CSV", lignes=3)
    audit.trace(Acte.LIEN, by=None, objet="=A1", relecteur="juriste", geste="lu")
    return agent


def test_an_administrateur_reads_and_narrows_the_audit(client, login, lines):
    login(Role.ADMINISTRATEUR)
    html = client.get(LIST).content.decode()
    assert "annuaire" in html
    assert "juriste" in html
    narrowed = client.get(LIST, {"acte__exact": "export", "q": "camille"}).content.decode()
    assert "annuaire" in narrowed
    assert "juriste" not in narrowed


def test_nobody_changes_a_line(client, login, lines):
    login(Role.ADMINISTRATEUR)
    line = Trace.objects.first()
    assert client.get(reverse("admin:accounts_trace_add")).status_code == 403
    page = reverse("admin:accounts_trace_change", args=[line.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"objet": "rien"}).status_code == 403
    delete = reverse("admin:accounts_trace_delete", args=[line.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Trace.objects.count() == 2


@pytest.mark.parametrize("role", OTHERS)
def test_the_audit_is_closed_to_other_roles(client, login, lines, role):
    login(role, username="moi")
    assert client.get(LIST).status_code == 403
    assert client.post(EXPORT).status_code == 403
    assert Trace.objects.count() == 2


def test_taking_the_audit_away_is_told_in_it(client, login, lines):
    admin = login(Role.ADMINISTRATEUR)
    assert client.get(EXPORT).status_code == 405
    response = client.post(f"{EXPORT}?acte__exact=lien")
    assert "attachment" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert [row[1:] for row in rows] == [
        ["Par", "Acte", "Objet", "Détails"],
        ["", "Lien de relecture", "'=A1", "geste\u00a0: lu ; relecteur\u00a0: juriste"],
    ]
    line = Trace.objects.first()
    assert (line.agent, line.acte) == (admin, Acte.EXPORT)
    assert line.details == {"format": "CSV", "lignes": 1, "filtres": "acte__exact"}


def test_the_list_costs_the_same_for_one_and_for_twenty(
    client, login, lines, make_agent, django_assert_max_num_queries
):
    login(Role.ADMINISTRATEUR)

    def count():
        client.get(LIST)
        with django_assert_max_num_queries(20) as told:
            client.get(LIST)
        return len(told)

    before = count()
    for number in range(20):
        agent = make_agent(username=f"a{number}")
        audit.trace(Acte.EXPORT, by=agent, objet="annuaire")
    assert count() == before
