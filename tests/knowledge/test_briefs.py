"""What agents lacked becomes a brief, then a fiche, and those who missed it are told."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from knowledge import misses, propose
from knowledge.enums import GenreManque
from knowledge.models import Fiche, Lacune, RechercheManquee, Theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def miss(make_agent):
    """An agent closes a question for want of a fiche."""
    agents = {}

    def close(texte="adoption d'un chat errant", precision="rien sur les animaux", who="un"):
        agent = agents.setdefault(who, None) or make_agent(username=who)
        agents[who] = agent
        misses.closed(
            texte=texte,
            precision=precision,
            genre=GenreManque.PAS_DE_FICHE,
            fiche=None,
            agent=agent.pk,
        )
        return agent

    return close


@pytest.fixture
def redactrice(make_agent):
    return make_agent("redacteur", username="rédactrice")


def take(by):
    return misses.take(misses.group()[0], by=by)


def complete(proposition, by):
    """Fill in what a fiche must have, as in the form, and submit it."""
    edited = propose.as_typed(proposition)
    edited.a_dire = "Adressez-vous à la mairie."
    edited.sources = [{"titre": "Code rural", "url": ""}]
    edited.verifiee_le = date(2026, 11, 3)
    edited.theme = Theme.objects.get_or_create(code="animaux", titre="Animaux")[0]
    proposition = propose.save(
        proposition,
        by=by,
        edited=edited,
        lue=None,
        revision=proposition.revision,
        motif=proposition.motif,
    )
    return propose.submit(proposition, by=by)


def test_questions_closed_without_a_fiche_make_a_group_with_the_agents_words(miss):
    miss()
    miss(precision="fourrière ?", who="deux")
    (found,) = misses.group()
    assert (found.nombre, found.pas_de_fiche) == (2, 2)
    assert {said.texte for said in found.precisions} == {"rien sur les animaux", "fourrière ?"}


def test_a_group_taken_up_leaves_the_list_and_what_comes_later_joins_it(miss, redactrice):
    miss()
    lacune = take(redactrice)
    miss(who="deux")
    assert misses.group() == []
    assert (lacune.titre, lacune.responsable) == ("Adoption d'un chat errant", redactrice)
    assert misses.group_of_brief(lacune).nombre == 2


def test_the_fiche_begins_with_the_agents_words_and_its_publication_fills_the_brief(
    miss, redactrice, make_agent
):
    agent, stranger = miss(), make_agent(username="autre")
    lacune = take(redactrice)

    proposition = propose.write_answer(lacune, by=redactrice)
    assert proposition.champs["mots_cles"] == ["adoption d'un chat errant"]
    assert proposition.fiche.titre == "Adoption d'un chat errant"
    assert proposition.contexte["precisions"] == ["rien sur les animaux"]
    lacune.refresh_from_db()
    assert propose.write_answer(lacune, by=redactrice).fiche == proposition.fiche

    propose.approve(
        complete(proposition, redactrice), by=make_agent("redacteur", username="relectrice")
    )
    lacune.refresh_from_db()
    assert (lacune.etat, lacune.fiche) == ("comblee", proposition.fiche)
    assert not RechercheManquee.objects.pending().exists()
    assert misses.filled_for(agent) == [lacune]
    assert misses.filled_for(stranger) == []
    Lacune.objects.update(close_le=timezone.now() - timedelta(days=15))
    assert misses.filled_for(agent) == []


def test_another_publication_of_the_same_fiche_leaves_the_brief_open(miss, redactrice, make_agent):
    miss()
    lacune = take(redactrice)
    proposition = propose.write_answer(lacune, by=redactrice)
    proposition.contexte = {}
    proposition.save()
    relectrice = make_agent("redacteur", username="relectrice")
    propose.approve(complete(proposition, redactrice), by=relectrice)
    lacune.refresh_from_db()
    assert lacune.etat == "ouverte"


def test_a_brief_is_set_aside_with_a_reason_and_reopened(miss, redactrice):
    miss()
    lacune = take(redactrice)
    with pytest.raises(ValueError, match="Dites pourquoi"):
        misses.set_aside(lacune, motif=" ")
    lacune = misses.set_aside(lacune, motif="Hors de notre champ")
    assert lacune.etat == "ecartee"
    assert misses.group() == []
    with pytest.raises(misses.LacuneClose):
        misses.assign(lacune, to=redactrice)
    misses.reopen(lacune)
    assert RechercheManquee.objects.pending().count() == 1


def test_a_group_that_comes_back_says_when_it_was_dealt_with(miss, redactrice):
    miss()
    misses.set_aside(take(redactrice), motif="Hors de notre champ")
    miss(who="deux")
    (found,) = misses.group()
    assert found.traitee_le is not None


# The rédacteur's pages ----------------------------------------------------------------------------


def test_a_redacteur_takes_up_a_group_and_writes_its_fiche(client, login, miss):
    miss()
    login("redacteur")
    page = client.get(reverse("admin:knowledge_recherchemanquee_changelist")).content.decode()
    assert "Il manquait" in page
    group = misses.group()[0]
    answer = client.post(
        reverse("admin:knowledge_recherchemanquee_take"), {"groupe": group.pk}, follow=True
    )
    assert "rien sur les animaux" in answer.content.decode()
    lacune = Lacune.objects.get()
    answer = client.post(
        reverse("admin:knowledge_lacune_change", args=[lacune.pk]), {"_ecrire": "1"}
    )
    fiche = Fiche.objects.get()
    assert answer.url == reverse("admin:knowledge_fiche_change", args=[fiche.pk])


def test_a_fiche_begins_in_one_click_from_the_list(client, login, miss):
    miss()
    login("redacteur")
    page = client.get(reverse("admin:knowledge_recherchemanquee_changelist")).content.decode()
    assert 'name="_ecrire"' in page
    take_up = reverse("admin:knowledge_recherchemanquee_take")
    answer = client.post(take_up, {"groupe": misses.group()[0].pk, "_ecrire": "1"})
    lacune = Lacune.objects.get()
    assert answer.url == reverse("admin:knowledge_fiche_change", args=[lacune.fiche_id])
    form = client.get(answer.url).content.decode()
    assert "Adoption d&#x27;un chat errant" in form
    assert "rien sur les animaux" in form


def test_what_is_asked_wrongly_is_told_in_french(client, login, miss, redactrice):
    miss()
    page = reverse("admin:knowledge_lacune_change", args=[take(redactrice).pk])
    login("redacteur")
    for posted, told in (
        ({"_completer": "1"}, "Donnez la référence"),
        ({"_completer": "1", "fiche": "F99999"}, "Aucune fiche F99999"),
        ({"_ecarter": "1"}, "Dites pourquoi"),
    ):
        answer = client.post(page, posted)
        assert (answer.status_code, told in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("role", ["superviseur", "administrateur", "partenaire", "informateur"])
def test_others_see_no_brief(client, login, miss, redactrice, role):
    miss()
    page = reverse("admin:knowledge_lacune_change", args=[take(redactrice).pk])
    login(role)
    assert client.get(page).status_code == 403
    assert client.post(page, {"_ecrire": "1"}).status_code == 403
    assert not Fiche.objects.exists()


def test_the_list_costs_the_same_for_one_and_for_twenty(client, login, miss, redactrice):
    login("redacteur")
    page = reverse("admin:knowledge_lacune_changelist")

    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    miss()
    take(redactrice)
    count()
    one = count()
    for rank in range(20):
        miss(texte=f"animal{rank} exotique{rank}")
        take(redactrice)
    assert count() == one
