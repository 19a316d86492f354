"""Who has read the changes of answers, as superviseurs and rédacteurs see it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from knowledge.models import AccuseLecture, Parution


@pytest.fixture
def change(make_fiche, make_agent):
    """A fiche whose answer changed; one of two agents has read it."""
    reader = make_agent(username="lectrice", site="Le Mans 2", poste="Poste 214")
    make_agent(username="dupont", last_name="Dupont", site="Le Mans 2", poste="Poste 215")

    def make(reference):
        parution = Parution.objects.create(
            fiche=make_fiche(reference, version=2),
            version=2,
            importance="changement",
            raison="Nouveau délai",
            parue_le=timezone.now(),
        )
        AccuseLecture.objects.create(parution=parution, agent=reader)
        return parution

    return make


@pytest.mark.parametrize("role", ["superviseur", "redacteur"])
def test_the_counts_are_told_by_team(client, login, change, role):
    change("A39-0001")
    login(role)

    html = client.get(reverse("lectures")).content.decode()

    assert "Fiche A39-0001" in html
    assert "Nouveau délai" in html
    assert "Le Mans 2" in html
    assert "Poste 215" not in html
    assert "Voir qui n'a pas lu" in html


def test_those_who_have_not_read_are_named_by_their_desk(client, login, change):
    parution = change("A39-0001")
    login("superviseur")

    html = client.get(reverse("lectures"), {"detail": parution.pk}).content.decode()

    assert "Poste 215 · Le Mans 2" in html
    assert "Poste 214" not in html
    assert "Dupont" not in html
    assert "dupont" not in html


def test_an_empty_page_says_so(client, login):
    login("superviseur")
    assert "Aucun changement de réponse" in client.get(reverse("lectures")).content.decode()


@pytest.mark.parametrize("role", ["teleconseiller", "informateur", "partenaire"])
def test_agents_do_not_watch_one_another(client, login, role):
    login(role)
    assert client.get(reverse("lectures")).status_code == 403


def test_the_page_asks_as_many_queries_for_one_change_as_for_twenty(
    client, login, change, django_assert_num_queries
):
    login("superviseur")
    client.get(reverse("lectures"))  # the session is now in the cache
    for start, count in ((100, 1), (200, 19)):
        for rank in range(start, start + count):
            change(f"A39-0{rank}")
        with django_assert_num_queries(9):
            client.get(reverse("lectures"))
