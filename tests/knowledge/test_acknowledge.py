"""A change of answer is read once by each agent."""

import datetime
from datetime import timedelta

import pytest
from django.utils import timezone

from knowledge import acknowledge
from knowledge.acknowledge import follow_changes, recent_changes, to_read
from knowledge.enums import Importance
from knowledge.models import AccuseLecture, Fiche, Parution, Theme
from knowledge.publish import publish


@pytest.fixture
def fiche(secteur):
    theme = Theme.objects.create(code="pacs", titre="Pacs", secteur=secteur)
    return publish(
        Fiche(
            reference="A39-9701",
            nature="reponse",
            origine="allo3939",
            titre="Conclure un Pacs",
            a_dire="Vous avez un mois.",
            mots_cles=["pacs"],
            theme=theme,
            sources=[{"titre": "Code civil", "url": ""}],
            verifiee_le=datetime.date(2026, 10, 14),
        ),
        by=None,
    )


def change(fiche, a_dire, *, importance=Importance.CHANGEMENT, raison="Nouveau délai"):
    fiche.a_dire = a_dire
    return publish(fiche, by=None, raison=raison, importance=importance)


@pytest.fixture
def agent(make_agent, fiche):
    return make_agent(site="Le Mans 2", poste="Poste 214")


def test_a_change_is_shown_word_by_word_until_it_is_acknowledged(fiche, agent):
    fiche = change(fiche, "Vous avez deux mois.")

    found = to_read(fiche, agent=agent)

    assert found.raisons == ["Nouveau délai"]
    assert found.passages[0].morceaux[1:3] == (("retire", "un"), ("ajoute", "deux"))
    acknowledge.acknowledge(fiche, by=agent, version=found.version)
    assert to_read(fiche, agent=agent) is None


@pytest.mark.parametrize("importance", [Importance.COQUILLE, Importance.PRECISION])
def test_what_changes_no_answer_asks_nothing(fiche, agent, importance):
    fiche = change(fiche, "Vous avez un mois !", importance=importance)
    assert to_read(fiche, agent=agent) is None


def test_several_changes_are_read_as_one_from_what_was_last_known(fiche, agent):
    change(fiche, "Vous avez deux mois.", raison="Loi du 1er mars")
    change(fiche, "Vous avez trois mois.", raison="Loi du 2 mars")
    fiche = change(fiche, "Vous avez trois mois pleins.", importance=Importance.PRECISION)

    found = to_read(fiche, agent=agent)

    assert found.raisons == ["Loi du 2 mars", "Loi du 1er mars"]
    words = " ".join(words for _, words in found.passages[0].morceaux)
    assert "deux" not in words
    assert "pleins." in words


def test_a_change_that_came_while_reading_is_still_to_be_read(fiche, agent):
    fiche = change(fiche, "Vous avez deux mois.")
    seen = to_read(fiche, agent=agent).version
    fiche = change(fiche, "Vous avez six mois.")

    acknowledge.acknowledge(fiche, by=agent, version=seen)

    found = to_read(fiche, agent=agent)
    assert found.passages[0].morceaux[1:3] == (("retire", "deux"), ("ajoute", "six"))


def test_acknowledging_twice_is_the_same(fiche, agent):
    fiche = change(fiche, "Vous avez deux mois.")
    for _ in range(2):
        acknowledge.acknowledge(fiche, by=agent, version=fiche.version)
    assert AccuseLecture.objects.count() == 1


def test_one_who_came_later_knew_nothing_else(fiche, make_agent):
    fiche = change(fiche, "Vous avez deux mois.")
    assert to_read(fiche, agent=make_agent(username="nouvelle")) is None


def test_only_those_who_answer_calls_are_asked(fiche, make_agent):
    redacteur, informateur = make_agent("redacteur"), make_agent("informateur")
    fiche = change(fiche, "Vous avez deux mois.")
    assert to_read(fiche, agent=redacteur) is None
    assert to_read(fiche, agent=informateur) is not None


def test_a_change_is_no_news_after_thirty_days(fiche, agent):
    fiche = change(fiche, "Vous avez deux mois.")
    Parution.objects.update(parue_le=timezone.now() - timedelta(days=31))
    assert to_read(fiche, agent=agent) is None


def test_a_fiche_not_published_lately_asks_the_database_nothing(
    fiche, agent, django_assert_num_queries
):
    fiche.publiee_le = timezone.now() - timedelta(days=31)
    with django_assert_num_queries(0):
        assert to_read(fiche, agent=agent) is None


def test_who_has_not_read_is_told_by_site(fiche, agent, make_agent):
    colleague = make_agent(username="collegue", site="Le Mans 2", poste="Poste 215")
    make_agent("informateur", site="", poste="Poste 9")
    make_agent(username="parti", site="Le Mans 2", is_active=False)
    make_agent("redacteur", site="Le Mans 2")
    fiche = change(fiche, "Vous avez deux mois.")
    make_agent(username="apres", site="Lyon")
    acknowledge.acknowledge(fiche, by=agent, version=fiche.version)

    [suivi] = follow_changes(list(recent_changes()))

    counts = {team.site: (len(team.lus), len(team.non_lus)) for team in suivi.equipes}
    assert counts == {"Le Mans 2": (1, 1), "Sans site": (0, 1)}
    assert (suivi.lus, suivi.non_lus, suivi.total) == (1, 2, 3)
    assert [team.non_lus for team in suivi.equipes if team.site == "Le Mans 2"] == [[colleague]]
