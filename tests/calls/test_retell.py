"""A call told again: its steps, what was said, each fiche as it was at that instant."""

import pytest
from django.urls import reverse

from calls import desk, escalate, record, retell
from calls.models import Consultation
from calls.rectify import rectify
from knowledge.compose import compose
from knowledge.models import Fiche
from knowledge.publish import withdraw

HTMX = {"headers": {"HX-Request": "true"}}


def page(client, appel, **query):
    return client.get(reverse("appel", args=[appel.pk]), query).content.decode()


@pytest.fixture
def published_again(demande, fiche_reponse):
    """Read at the first case; the same case says something else since, the title too."""
    consultation = record.open_fiche(demande, fiche=fiche_reponse, words="carte grise")
    record.choose(consultation, rank=1)
    fiche = Fiche.objects.get(pk=fiche_reponse.pk)
    fiche.titre = "Carte grise, nouveau titre"
    fiche.parcours["issues"][0]["a_dire"] = "Deux mois."
    fiche.contenu = compose(fiche)
    fiche.version += 1
    fiche.save()
    return consultation


def test_the_page_tells_the_steps_and_what_was_said(
    client, demande, fiche_reponse, make_organisme, commune
):
    record.set_commune(demande.appel, commune=commune)
    consultation = record.open_fiche(demande, fiche=fiche_reponse, words="carte grise")
    record.choose(consultation, rank=2)
    desk.give(desk.read_desk(demande.appel.agent), organisme=make_organisme())
    record.close(demande.appel, outcome="RE", note="voir le notaire")

    html = page(client, demande.appel)

    for words in ("carte grise", "Vendu", "Trois mois.", "Mairie - Le Mans", "voir le notaire"):
        assert words in html


def test_the_fiche_is_shown_as_it_was_at_the_case_that_was_reached(client, published_again):
    html = page(client, published_again.demande.appel)
    relue = html[html.index('id="relecture"') :]

    assert "Un mois." in relue
    assert "Carte grise après un décès" in relue
    assert "nouveau titre" not in relue
    assert "Deux mois." not in html


def test_a_fiche_read_after_it_changed_is_the_new_one(published_again):
    demande = published_again.demande
    again = record.open_fiche(demande, fiche=Fiche.objects.get(pk=published_again.fiche_id))
    record.choose(again, rank=1)

    assert retell.read_again(again).lecture.a_dire == "Deux mois."
    assert retell.read_again(published_again).lecture.a_dire == "Un mois."


def test_a_fiche_that_changed_under_the_eyes_is_the_one_of_the_last_choice(published_again):
    reading = Consultation.objects.select_related("fiche").get(pk=published_again.pk)

    record.choose(reading, rank=1)

    assert reading.version == 2
    assert retell.read_again(reading).lecture.a_dire == "Deux mois."


def test_an_archived_fiche_is_shown_as_it_was_published(demande, fiche_reponse):
    consultation = record.open_fiche(demande, fiche=fiche_reponse)
    withdraw(fiche_reponse, by=None)

    assert retell.read_again(consultation).fiche.etat == "publiee"


def test_a_version_that_was_not_kept_is_said(client, published_again):
    Fiche.history.all().delete()

    html = page(client, published_again.demande.appel)

    assert "a pas été gardée" in html
    assert "Un mois." in html  # what was said stays in the log


def test_one_reading_is_shown_by_its_link(client, demande, fiche_reponse, fiche_escalade):
    first = record.open_fiche(demande, fiche=fiche_reponse)
    record.open_fiche(demande, fiche=fiche_escalade)
    url = reverse("appel", args=[demande.appel_id])

    html = client.get(url, {"lecture": first.pk}, **HTMX).content.decode()

    assert "Carte grise après un décès" in html
    assert "<html" not in html
    whole = client.get(url, {"lecture": first.pk}).content.decode()
    assert html.strip().split("data-a39-foyer")[1] in whole


@pytest.mark.parametrize("asked", ["", "x", "-1", "9" * 40])
def test_an_unknown_reading_shows_the_last_one(client, demande, fiche_reponse, asked):
    record.open_fiche(demande, fiche=fiche_reponse)
    assert "Carte grise après un décès" in page(client, demande.appel, lecture=asked)


def test_a_transfer_is_told_with_its_answer(client, demande, fiche_escalade, secteur, make_agent):
    record.open_fiche(demande, fiche=fiche_escalade)
    transfert = escalate.request(
        demande, secteur=secteur, motif="trop_complexe", fiche=fiche_escalade
    )
    escalate.refuse(transfert, by=make_agent("informateur"), reason="niveau_1")

    html = page(client, demande.appel).replace("\u00a0", " ")

    assert "Transfert proposé à Justice : trop complexe" in html
    assert "Refusé par Justice : le niveau 1 peut répondre" in html


def test_a_call_without_a_fiche_says_so(client, demande):
    record.close(demande.appel, outcome="AB")

    assert "Aucune fiche" in page(client, demande.appel)


def test_a_superviseur_sees_any_call_and_its_history_but_may_not_change_it(
    client, login, make_agent, fiche_reponse
):
    agent = make_agent(username="autre", poste="Poste 7")
    appel = record.pick_up(agent)
    demande = record.current_question(appel)
    record.close(appel, outcome="AB")
    rectify(demande, by=agent, issue="MU")
    login("superviseur")

    html = page(client, appel)

    assert "<del>AB</del>" in html
    assert "Poste 7" in html
    assert reverse("rectifier", args=[demande.pk]) not in html
    assert client.post(reverse("rectifier", args=[demande.pk])).status_code == 403


def test_the_call_of_another_agent_is_not_found(client, login, make_agent):
    appel = record.pick_up(make_agent(username="autre"))
    login()

    assert client.get(reverse("appel", args=[appel.pk])).status_code == 404


@pytest.mark.parametrize("role", ["informateur", "redacteur", "partenaire"])
def test_others_see_no_call(client, login, make_agent, role):
    appel = record.pick_up(make_agent(username="autre"))
    login(role)

    assert client.get(reverse("appel", args=[appel.pk])).status_code == 403


def test_a_number_too_long_for_a_key_is_not_found(client, login):
    login()
    assert client.get(f"/mes-appels/{'9' * 40}/").status_code == 404


def test_a_long_call_asks_as_many_queries_as_a_short_one(
    client, demande, fiche_reponse, secteur, django_assert_num_queries
):
    fiche_reponse.secteur = secteur
    fiche_reponse.save()
    appel = demande.appel
    url = reverse("appel", args=[appel.pk])
    record.open_fiche(demande, fiche=fiche_reponse)
    record.begin_question(appel)
    counts = []
    for rounds in (1, 19):
        for _ in range(rounds):
            current = record.current_question(appel)
            record.open_fiche(current, fiche=fiche_reponse)
            record.begin_question(appel)
            rectify(current, by=appel.agent, note="voir le notaire")
        with django_assert_num_queries(QUERIES) as asked:
            client.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1]


QUERIES = 14
