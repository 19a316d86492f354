"""A closed question is put right the same day, by its agent, and every change leaves a line."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls import record
from calls.models import Appel, Rectification
from calls.rectify import RectificationImpossible, go_back, rectify
from knowledge.models import Apprentissage

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def close_one(demande, fiche_reponse):
    """Close the question as answered by the fiche, searched with words that it holds."""
    record.open_fiche(demande, fiche=fiche_reponse, words="succession")
    record.close(demande.appel, outcome="RE", note="voir le notaire")
    demande.refresh_from_db()
    return demande


def lines():
    return [(row.champ, row.avant, row.apres) for row in Rectification.objects.all()]


def test_an_agent_puts_right_what_was_closed_and_the_former_value_stays(close_one):
    rectify(close_one, by=close_one.appel.agent, issue="OR", fiche_utile=False, note="")

    close_one.refresh_from_db()
    assert (close_one.issue_id, close_one.fiche_utile, close_one.note) == ("OR", False, "")
    assert lines() == [
        ("issue", "RE", "OR"),
        ("fiche_utile", "", "non"),
        ("note", "voir le notaire", ""),
    ]


def test_what_does_not_change_leaves_no_line(close_one):
    assert rectify(close_one, by=close_one.appel.agent, issue="RE", note="voir le notaire") == []
    assert lines() == []


def test_going_back_is_one_more_change(close_one):
    agent = close_one.appel.agent
    for change in rectify(close_one, by=agent, issue="OR", fiche_utile=True):
        go_back(change, by=agent)

    close_one.refresh_from_db()
    assert (close_one.issue_id, close_one.fiche_utile) == ("RE", None)
    assert len(lines()) == 4


def test_another_agent_may_not(close_one, make_agent):
    with pytest.raises(RectificationImpossible):
        rectify(close_one, by=make_agent(username="autre"), issue="OR")


def test_a_superviseur_may_not_either(close_one, make_agent):
    with pytest.raises(RectificationImpossible):
        rectify(close_one, by=make_agent("superviseur"), issue="OR")


def test_the_next_day_is_too_late(close_one):
    Appel.objects.update(commence_le=timezone.now() - timedelta(days=1))

    with pytest.raises(RectificationImpossible, match="jour même"):
        rectify(close_one, by=close_one.appel.agent, issue="OR")


def test_a_question_still_open_is_not_put_right(demande):
    with pytest.raises(RectificationImpossible):
        rectify(demande, by=demande.appel.agent, note="trop tôt")


@pytest.mark.parametrize("field", ["note", "precision", "motif_inutile"])
def test_a_text_that_identifies_somebody_is_refused(close_one, field):
    with pytest.raises(record.NoteRefusee):
        rectify(close_one, by=close_one.appel.agent, **{field: "06 12 34 56 78"})

    assert lines() == []


def test_an_outcome_that_asks_a_line_asks_it_here_too(close_one):
    with pytest.raises(record.LigneManquante):
        rectify(close_one, by=close_one.appel.agent, issue="FI")

    rectify(close_one, by=close_one.appel.agent, issue="FI", precision="le cas du mineur")
    close_one.refresh_from_db()
    assert close_one.issue_id == "FI"


def test_escalated_still_needs_a_sector(close_one):
    with pytest.raises(record.AppelImpossible, match="Aucun secteur"):
        rectify(close_one, by=close_one.appel.agent, issue="ES")


@pytest.mark.parametrize("change", [{"issue": "OR"}, {"fiche_utile": False}])
def test_the_search_forgets_what_it_learnt_from_a_mistake(close_one, change):
    assert Apprentissage.objects.get(mot="succession").poids == 1.0

    rectify(close_one, by=close_one.appel.agent, **change)

    assert Apprentissage.objects.get(mot="succession").poids == pytest.approx(0, abs=1e-4)


def test_it_learns_once_again_when_the_outcome_comes_back(close_one):
    agent = close_one.appel.agent
    rectify(close_one, by=agent, issue="OR")
    rectify(close_one, by=agent, issue="RE")
    rectify(close_one, by=agent, note="")

    assert Apprentissage.objects.get(mot="succession").poids == pytest.approx(1, abs=1e-4)


def test_what_other_calls_taught_stays(close_one, fiche_reponse, make_agent):
    other = record.pick_up(make_agent(username="autre"))
    record.open_fiche(record.current_question(other), fiche=fiche_reponse, words="succession")
    record.close(other, outcome="RE")

    rectify(close_one, by=close_one.appel.agent, issue="OR")

    assert Apprentissage.objects.get(mot="succession").poids == pytest.approx(1, abs=1e-3)


def sent(**fields):
    return {"issue": "RE", "fiche_utile": "", "motif_inutile": "", "precision": "", "note": ""} | (
        fields
    )


def test_the_form_answers_the_call_as_it_now_stands(client, close_one):
    url = reverse("rectifier", args=[close_one.pk])

    html = client.post(url, sent(issue="OR", note="vers la mairie"), **HTMX).content.decode()

    assert 'id="journal_appel"' in html
    assert "<del>RE</del>" in html
    assert "vers la mairie" in html


def test_without_javascript_the_whole_page_comes_back(client, close_one):
    html = client.post(reverse("rectifier", args=[close_one.pk]), sent(note="x")).content.decode()

    assert "<h1>Appel n°" in html.replace("\u00a0", " ")


def test_a_refused_form_says_why_and_stays_open(client, close_one):
    response = client.post(reverse("rectifier", args=[close_one.pk]), sent(issue="PF"), **HTMX)

    assert response.status_code == 422
    html = response.content.decode()
    assert "dites en une ligne" in html
    assert '<details class="rectifier" open>' in html


def test_a_change_is_taken_back_by_its_button(client, close_one):
    change = rectify(close_one, by=close_one.appel.agent, issue="OR")[0]

    client.post(reverse("annuler-rectification", args=[change.pk]), **HTMX)

    close_one.refresh_from_db()
    assert close_one.issue_id == "RE"


def test_the_call_of_somebody_else_is_not_found(client, close_one, make_agent):
    change = rectify(close_one, by=close_one.appel.agent, issue="OR")[0]
    client.force_login(
        make_agent(username="autre"), backend="allo3939.accounts.backends.RoleBackend"
    )

    rectifying = client.post(reverse("rectifier", args=[close_one.pk]), sent(), **HTMX)
    undoing = client.post(reverse("annuler-rectification", args=[change.pk]), **HTMX)

    assert (rectifying.status_code, undoing.status_code) == (404, 404)
