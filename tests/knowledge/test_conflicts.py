"""An import that changes a fiche under what we add to it: told, settled, never undone."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from allo3939.accounts.enums import Role
from knowledge.conflicts import ConflitDepasse, settle
from knowledge.enums import DecisionConflit
from knowledge.models import Conflit, Fiche, Proposition
from knowledge.propose import approve
from tests.knowledge.vosdroits import make_fiche

LIST = "admin:knowledge_conflit_changelist"
PAGE = "admin:knowledge_conflit_change"


def body(amount):
    return f"<Texte><Paragraphe>Elle coûte {amount} €.</Paragraphe></Texte>"


@pytest.fixture
def fiche(db, bring):
    bring({"F1.xml": make_fiche(body=body(12))})
    Fiche.objects.update(a_dire="Elle coûte douze euros.", note="Attention.", mots_cles=["cni"])
    return Fiche.objects.get()


@pytest.fixture
def conflit(fiche, bring):
    bring({"F1.xml": make_fiche(body=body(25))})
    return Conflit.objects.get()


def test_a_change_under_an_overlay_leaves_it_and_is_queued_in_words(fiche, bring):
    report = bring({"F1.xml": make_fiche(body=body(25))})

    conflit = Conflit.objects.get()
    assert report.conflicts == 1
    assert [said.replace("\u00a0", " ") for said in conflit.changements] == [
        "« 12 €. » devient « 25 €. »"
    ]
    assert conflit.surcharge == ["a_dire", "note", "mots_cles"]
    fiche.refresh_from_db()
    assert (fiche.a_dire, fiche.note) == ("Elle coûte douze euros.", "Attention.")
    assert "25" in str(fiche.contenu)
    assert Fiche.objects.for_page().get().en_conflit


def test_several_imports_add_up_in_one_conflict(conflit, bring):
    bring({"F1.xml": make_fiche(body=body(30), titre="CNI")})

    again = Conflit.objects.get()
    assert again.pk == conflit.pk
    assert len(again.changements) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"body": body(12), "date": "2026-03-01"},
        {"body": body(12), "attributes": "pictogramme='x'"},
    ],
    ids=["its date", "what is only technical"],
)
def test_what_an_agent_says_otherwise_does_not_open_a_conflict(fiche, bring, change):
    bring({"F1.xml": make_fiche(**change)})

    assert not Conflit.objects.exists()


def test_a_fiche_without_overlay_opens_none(db, bring):
    bring({"F1.xml": make_fiche(body=body(12))})

    assert bring({"F1.xml": make_fiche(body=body(25))}).conflicts == 0
    assert not Fiche.objects.for_page().get().en_conflit


def test_a_dry_run_counts_it_and_writes_nothing(fiche, bring):
    assert bring({"F1.xml": make_fiche(body=body(25))}, apply=False).conflicts == 1
    assert not Conflit.objects.exists()


def test_a_redacteur_keeps_the_overlay_as_it_is(conflit, make_agent):
    agent = make_agent(Role.REDACTEUR)

    settle(conflit, by=agent, version=conflit.fiche.version)

    conflit.refresh_from_db()
    assert (conflit.decision, conflit.regle_par) == (DecisionConflit.GARDER, agent)
    assert conflit.fiche.version == Fiche.objects.get().version, "nothing was published"


def test_the_overlay_revised_is_submitted_and_published_by_somebody_else(conflit, make_agent):
    revised = Fiche.objects.get()
    revised.a_dire = "Elle coûte vingt-cinq euros."

    settle(conflit, by=make_agent(Role.REDACTEUR), version=revised.version, overlay=revised)

    proposition = Proposition.objects.get()
    assert (proposition.etat, proposition.origine) == ("a_relire", "conflit")
    assert not Conflit.objects.open().exists()
    approve(proposition, by=make_agent(Role.REDACTEUR, username="relectrice"))
    fiche = Fiche.objects.get()
    assert (fiche.a_dire, fiche.version) == ("Elle coûte vingt-cinq euros.", revised.version + 1)
    assert fiche.history.first().history_change_reason == "Surcharge revue après un import"


def test_a_conflict_settled_or_overtaken_is_not_settled_again(conflit, make_agent, bring):
    agent, version = make_agent(Role.REDACTEUR), conflit.fiche.version
    bring({"F1.xml": make_fiche(body=body(30))})
    with pytest.raises(ConflitDepasse, match="a changé pendant"):
        settle(conflit, by=agent, version=version)

    settle(conflit, by=agent, version=Fiche.objects.get().version)

    with pytest.raises(ConflitDepasse, match="déjà réglé"):
        settle(conflit, by=agent, version=Fiche.objects.get().version)


@pytest.mark.django_db(transaction=True)
def test_settling_waits_for_a_running_import_then_sees_what_it_added(bring, make_agent):
    """The import holds the fiche's row until it commits: whoever settles meanwhile is told."""
    from django.db import transaction

    bring({"F1.xml": make_fiche(body=body(12))})
    Fiche.objects.update(a_dire="Elle coûte douze euros.")
    bring({"F1.xml": make_fiche(body=body(25))})
    conflit, agent = Conflit.objects.get(), make_agent(Role.REDACTEUR)
    version, outcome = Fiche.objects.get().version, []

    def settle_meanwhile():
        try:
            settle(conflit, by=agent, version=version)
            outcome.append("settled")
        except ConflitDepasse as error:
            outcome.append(str(error))
        finally:
            connection.close()

    with transaction.atomic():
        bring({"F1.xml": make_fiche(body=body(30))})
        other = threading.Thread(target=settle_meanwhile)
        other.start()
        other.join(0.5)
        assert other.is_alive(), "it waits"
    other.join(10)

    assert outcome == [
        "La fiche a changé pendant votre lecture\u00a0: relisez-la avant de décider."
    ]
    assert len(Conflit.objects.open().get().changements) == 2


# --- Pages --------------------------------------------------------------------------------------


def test_the_list_shows_open_ones_first_and_the_page_what_changed_beside_what_we_add(
    client, login, conflit
):
    login(Role.REDACTEUR)

    listed = client.get(reverse(LIST)).content.decode()
    page = client.get(reverse(PAGE, args=[conflit.pk])).content.decode()

    assert "à régler" in listed
    assert "à dire, note du 3939, mots-clés" in listed
    assert "devient «\u00a025 €.\u00a0»" in page
    assert "Elle coûte douze euros." in page
    assert "Garder tel quel" in page


def test_keeping_from_the_page_closes_it_and_leaves_it_as_history(client, login, conflit):
    login(Role.REDACTEUR)
    url = reverse(PAGE, args=[conflit.pk])

    answer = client.post(url, {"_garder": "1", "version": conflit.fiche.version}, follow=True)

    assert "reste tel quel" in answer.content.decode()
    assert not Conflit.objects.open().exists()
    assert "Garder tel quel" not in client.get(url).content.decode()


def test_revising_from_the_page_submits_the_overlay(client, login, conflit):
    login(Role.REDACTEUR)
    data = {"_revoir": "1", "version": conflit.fiche.version, "a_dire": "Vingt-cinq euros.",
            "note": "", "mots_cles": "cni, carte", "secteur": ""}  # fmt: skip

    client.post(reverse(PAGE, args=[conflit.pk]), data)

    assert Proposition.objects.get().champs == {
        "a_dire": "Vingt-cinq euros.",
        "note": "",
        "mots_cles": ["cni", "carte"],
    }
    assert Conflit.objects.get().decision == DecisionConflit.REVOIR


def test_an_overlay_too_long_is_refused_and_nothing_is_settled(client, login, conflit):
    login(Role.REDACTEUR)
    data = {"_revoir": "1", "version": conflit.fiche.version, "a_dire": "mot " * 61}

    answer = client.post(reverse(PAGE, args=[conflit.pk]), data)

    assert answer.status_code == 422
    assert "61 mots" in answer.content.decode()
    assert Conflit.objects.open().exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.REDACTEUR])
def test_nobody_else_sees_or_settles_conflicts(client, login, conflit, role):
    login(role)
    url = reverse(PAGE, args=[conflit.pk])

    assert client.get(reverse(LIST)).status_code in (302, 403)
    assert client.post(url, {"_garder": "1", "version": 2}).status_code in (302, 403)
    assert Conflit.objects.open().exists()


def test_the_list_costs_the_same_queries_for_one_and_many(
    client, login, conflit, django_assert_max_num_queries
):
    login(Role.REDACTEUR)
    for number in range(2, 20):
        other = Fiche.objects.create(
            reference=f"F{number}", nature="reponse", origine="service_public", titre="x"
        )
        Conflit.objects.create(
            fiche=other, importation=conflit.importation, surcharge=["note"], changements=["x"]
        )

    with django_assert_max_num_queries(10):
        client.get(reverse(LIST))
