"""The desk of an informateur shows the sector's own cards, and only those."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from allo3939.accounts.models import Secteur
from calls import escalate, record
from knowledge.compose import compose
from knowledge.models import Parution

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def transfert(make_agent, secteur, fiche_escalade):
    appel = record.pick_up(make_agent("teleconseiller", poste="Poste 214"))
    demande = record.current_question(appel)
    record.open_fiche(demande, fiche=fiche_escalade, words="succession contestée")
    return escalate.request(demande, secteur=secteur, motif="trop_complexe", fiche=fiche_escalade)


def test_the_card_takes_the_centre(client, login, transfert):
    login("informateur")

    html = client.get(reverse("secteur")).content.decode()

    assert "succession contestée" in html
    assert "Accepter" in html
    assert "Poste 214" in html


def test_another_sector_sees_nothing_of_it(client, login, transfert):
    login("informateur", secteur=Secteur.objects.create(slug="x", nom="X", numero_transfert="1"))

    assert "succession" not in client.get(reverse("secteur")).content.decode()
    for name in ("secteur-carte", "secteur-accepter", "secteur-refuser", "secteur-clore"):
        method = client.get if name == "secteur-carte" else client.post
        assert method(reverse(name, args=[transfert.pk]), **HTMX).status_code == 404


def test_accepting_opens_the_answer(client, login, transfert):
    login("informateur")

    response = client.post(reverse("secteur-accepter", args=[transfert.pk]), **HTMX)

    assert "Niveau 1 pouvait-il répondre" in response.content.decode()


def test_accepting_too_late_says_who_was_faster(client, login, make_agent, transfert):
    escalate.accept(transfert, by=make_agent("informateur", username="rapide"))
    login("informateur")

    response = client.post(reverse("secteur-accepter", args=[transfert.pk]), **HTMX)

    assert response.status_code == 422
    assert "collègue" in response.content.decode()


def test_refusing_needs_a_reason(client, login, transfert):
    login("informateur")

    response = client.post(reverse("secteur-refuser", args=[transfert.pk]), **HTMX)

    assert response.status_code == 422
    transfert.refresh_from_db()
    assert transfert.etat == "proposee"


def test_refusing_with_a_reason_empties_the_desk(client, login, transfert):
    login("informateur")

    response = client.post(
        reverse("secteur-refuser", args=[transfert.pk]), {"motif": "niveau_1"}, **HTMX
    )

    assert "Aucun transfert" in response.content.decode()


def test_a_fiche_of_the_card_opens_where_the_agent_was(
    client, login, make_agent, secteur, fiche_reponse
):
    appel = record.pick_up(make_agent("teleconseiller"))
    demande = record.current_question(appel)
    record.choose(record.open_fiche(demande, fiche=fiche_reponse), rank=2)
    transfert = escalate.request(
        demande, secteur=secteur, motif="trop_complexe", fiche=fiche_reponse
    )
    login("informateur")

    response = client.get(
        reverse("secteur-fiche", args=[transfert.pk, fiche_reponse.reference]), **HTMX
    )

    assert "Trois mois." in response.content.decode()


def test_closing_needs_both_answers(client, login, transfert):
    agent = login("informateur")
    escalate.accept(transfert, by=agent)
    url = reverse("secteur-clore", args=[transfert.pk])

    response = client.post(url, {"resultat": "repondu"}, **HTMX)
    assert response.status_code == 422
    assert "niveau 1" in response.content.decode()

    client.post(url, {"resultat": "repondu", "niveau_1": "non"}, **HTMX)
    transfert.refresh_from_db()
    assert transfert.clos_le is not None


def test_the_desk_asks_as_many_queries_for_one_card_as_for_twenty(
    client, login, make_agent, secteur, fiche_escalade, transfert, django_assert_num_queries
):
    login("informateur")
    client.get(reverse("secteur"))
    with django_assert_num_queries(QUERIES):
        client.get(reverse("secteur"))

    for number in range(19):
        appel = record.pick_up(make_agent("teleconseiller", username=f"tele-{number}"))
        escalate.request(
            record.current_question(appel), secteur=secteur, motif="trop_complexe",
            fiche=fiche_escalade,
        )  # fmt: skip

    with django_assert_num_queries(QUERIES):
        client.get(reverse("secteur"))


QUERIES = 17


def test_a_push_leaves_the_card_on_screen_alone(client, login, transfert):
    login("informateur")
    url = reverse("secteur-file")

    first = client.get(url, {"carte": ""}, **HTMX).content.decode()
    again = client.get(url, {"carte": f"{transfert.pk}.file"}, **HTMX).content.decode()

    assert 'id="carte"' in first
    assert 'id="carte"' not in again
    assert 'id="file"' in again


def shown_by(html):
    """What a page says that it shows, as it sends it back."""
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', html)[1]
        for name in ("carte", "clos", "vu")
    }


def test_a_page_that_shows_all_there_is_is_told_so(client, login, transfert):
    login("informateur")
    shown = shown_by(client.get(reverse("secteur")).content.decode())

    response = client.get(reverse("secteur-file"), shown, **HTMX)

    assert (response.status_code, response.content) == (204, b"")


def test_what_changed_and_no_more_is_sent(client, login, make_agent, transfert, secteur):
    agent = login("informateur")
    shown = shown_by(client.get(reverse("secteur")).content.decode())
    other = record.current_question(record.pick_up(make_agent(username="bruno")))
    escalate.request(other, secteur=secteur, motif="trop_complexe", fiche=None)

    html = client.get(reverse("secteur-file"), shown, **HTMX).content.decode()
    assert re.findall(r'id="attente-(\d+)"', html)[0] == str(transfert.pk)
    assert re.findall('<(?:div|span) id="([a-z]+)"', html) == ["file", "chiffres", "statut"]

    escalate.accept(transfert, by=agent)
    escalate.finish(transfert, by=agent, result="repondu", level_1="non")
    html = client.get(reverse("secteur-file"), shown, **HTMX).content.decode()
    regions = ["file", "chiffres", "statut", "clos", "carte"]
    assert [name for name in regions if f'id="{name}"' in html] == regions


def test_informateurs_who_see_the_same_are_given_the_same(client, login, transfert):
    login("informateur", username="ines")
    first = client.get(reverse("secteur-file"), {"carte": ""}, **HTMX).content.decode()
    login("informateur", username="tom")

    second = client.get(reverse("secteur-file"), {"carte": ""}, **HTMX).content.decode()

    # The figures may differ: there is one more informateur.
    assert second.partition('id="carte"')[2] == first.partition('id="carte"')[2] != ""


def test_the_card_in_hand_is_of_nobody_else(client, login, transfert):
    ines = login("informateur", username="ines")
    escalate.accept(transfert, by=ines)
    own = client.get(reverse("secteur-file"), {"carte": ""}, **HTMX).content.decode()
    assert "succession contestée" in own
    login("informateur", username="tom")

    other = client.get(reverse("secteur-file"), {"carte": ""}, **HTMX).content.decode()

    assert "succession contestée" not in other


def test_a_push_asks_few_queries_and_no_more_for_what_others_were_given(
    client, login, transfert, django_assert_num_queries
):
    login("informateur")
    client.get(reverse("secteur-file"), {"carte": ""}, **HTMX)

    with django_assert_num_queries(9):
        client.get(reverse("secteur-file"), {"carte": ""}, **HTMX)


def test_a_push_replaces_a_card_that_has_gone(client, login, make_agent, transfert):
    escalate.accept(transfert, by=make_agent("informateur", username="rapide"))
    login("informateur")

    response = client.get(reverse("secteur-file"), {"carte": f"{transfert.pk}.file"}, **HTMX)

    assert "Aucun transfert" in response.content.decode()


def test_looking_at_a_card_already_taken_says_so(client, login, make_agent, transfert):
    escalate.accept(transfert, by=make_agent("informateur", username="rapide"))
    login("informateur")

    html = client.get(reverse("secteur-carte", args=[transfert.pk]), **HTMX).content.decode()

    assert "collègue" in html
    assert "Niveau 1 pouvait-il" not in html


@pytest.mark.parametrize("shown", ["9" * 5000, "x", "²", "-1.proposee"])
def test_a_forged_card_number_is_ignored(client, login, shown):
    login("informateur")

    assert client.get(reverse("secteur-file"), {"carte": shown}, **HTMX).status_code == 200


def test_an_answer_being_filled_in_stays_when_level_1_closes(client, login, transfert):
    agent = login("informateur")
    escalate.accept(transfert, by=agent)
    record.close(transfert.demande.appel, outcome="ES")

    response = client.get(reverse("secteur-file"), {"carte": f"{transfert.pk}.main"}, **HTMX)

    assert 'id="carte"' not in response.content.decode()


def test_the_informateur_answers_the_agent_then_gives_the_question_back(client, login, transfert):
    agent = login("informateur")
    escalate.accept(transfert, by=agent)

    html = client.post(reverse("secteur-consulter", args=[transfert.pk]), **HTMX).content.decode()
    assert "En consultation" in html
    assert "Niveau 1 pouvait-il" not in html  # the question is not closed from here

    html = client.post(reverse("secteur-rendre", args=[transfert.pk]), **HTMX).content.decode()
    assert "Aucun transfert" in html
    assert "Rendue au niveau 1" in html


@pytest.mark.parametrize(
    ("mode", "shown"), [("transfert", "Appel transféré"), ("conference", "Conférence à trois")]
)
def test_the_caller_is_taken_alone_or_in_a_conference(client, login, transfert, mode, shown):
    escalate.accept(transfert, by=login("informateur"))

    url = reverse("secteur-prendre", args=[transfert.pk])
    html = client.post(url, {"mode": mode}, **HTMX).content.decode()

    assert shown in html
    assert "Niveau 1 pouvait-il" in html
    assert client.post(url, {"mode": "x"}, **HTMX).status_code == 422


def test_a_caller_who_left_frees_the_informateur(client, login, transfert):
    escalate.accept(transfert, by=login("informateur"))

    html = client.post(reverse("secteur-parti", args=[transfert.pk]), **HTMX).content.decode()

    assert "Aucun transfert" in html
    transfert.refresh_from_db()
    assert transfert.etat == "usager_parti"


def test_a_wrong_sector_sends_the_card_on(client, login, transfert, make_secteur):
    make_secteur("travail")
    login("informateur")
    url = reverse("secteur-rerouter", args=[transfert.pk])
    choice = {"secteur": "travail", "raison": "Contrat de travail."}

    assert "Aucun transfert" in client.post(url, choice, **HTMX).content.decode()

    client.logout()
    login("informateur", username="tom", secteur=Secteur.objects.get(slug="travail"))
    html = client.get(reverse("secteur")).content.decode()
    assert "succession contestée" in html
    assert "Contrat de travail." in html


def test_sending_on_without_a_reason_keeps_the_card_and_the_choice(
    client, login, transfert, make_secteur
):
    make_secteur("travail")
    login("informateur")
    url = reverse("secteur-rerouter", args=[transfert.pk])

    response = client.post(url, {"secteur": "travail"}, **HTMX)

    html = response.content.decode()
    assert response.status_code == 422
    assert "en une ligne pourquoi" in html
    assert 'value="travail" checked' in html
    assert "succession contestée" in html


@pytest.mark.parametrize(
    "name", ["consulter", "prendre", "rendre", "parti", "rerouter", "clore", "accepter", "refuser"]
)
def test_nothing_is_done_to_the_call_of_another_sector(
    client, login, transfert, make_secteur, name
):
    login("informateur", secteur=make_secteur("travail"))

    url = reverse(f"secteur-{name}", args=[transfert.pk])

    assert client.post(url, {"mode": "transfert"}, **HTMX).status_code == 404


def test_the_week_shows_the_gaps_and_the_refusals_of_the_sector(
    client, login, make_agent, secteur, fiche_escalade, transfert
):
    escalate.refuse(
        transfert, by=make_agent("informateur", username="autre"), reason="carte_incomplete"
    )
    record.close(transfert.demande.appel, outcome="FI", precision="Le délai manque.")
    login("informateur")

    html = " ".join(client.get(reverse("secteur")).content.decode().split())

    assert "Fiches qui ont manqué" in html
    assert "Fiche insuffisante" in html
    assert "Carte incomplète" in html


def test_the_week_of_another_sector_is_not_shown(
    client, login, make_agent, transfert, make_secteur
):
    escalate.refuse(transfert, by=make_agent("informateur", username="a"), reason="indisponible")
    record.close(transfert.demande.appel, outcome="FI", precision="Le délai manque.")
    login("informateur", secteur=make_secteur("travail"))

    html = client.get(reverse("secteur")).content.decode()

    assert "succession" not in html
    assert "Aucune question sans fiche." in html


@pytest.fixture
def changed(make_agent, transfert, fiche_escalade):
    """The answer of the card's fiche changed under the informateurs."""
    informateur = make_agent("informateur")
    fiche_escalade.definition = "Désaccord entre cohéritiers."
    fiche_escalade.contenu = compose(fiche_escalade)
    fiche_escalade.version, fiche_escalade.publiee_le = 2, timezone.now()
    fiche_escalade.save()
    Parution.objects.create(
        fiche=fiche_escalade, version=2, importance="changement", parue_le=timezone.now()
    )
    return informateur


def test_a_change_of_answer_is_read_once_at_the_desk_of_level_2_too(
    client, changed, transfert, fiche_escalade
):
    client.force_login(changed, backend="allo3939.accounts.backends.RoleBackend")
    page = reverse("secteur-fiche", args=[transfert.pk, fiche_escalade.reference])
    assert "cohéritiers.</ins>" in client.get(page, **HTMX).content.decode()

    read = reverse("secteur-lu", args=[transfert.pk, fiche_escalade.reference])
    html = client.post(read, {"version": 2}, **HTMX).content.decode()

    assert "Fiche de la carte" in html
    assert "La réponse a changé" not in html
    assert "La réponse a changé" not in client.get(page, **HTMX).content.decode()


def test_another_sector_cannot_say_it_read(client, login, changed, transfert, fiche_escalade):
    other = Secteur.objects.create(slug="x", nom="X", numero_transfert="1")
    login("informateur", username="ailleurs", secteur=other)
    read = reverse("secteur-lu", args=[transfert.pk, fiche_escalade.reference])
    assert client.post(read, {"version": 2}, **HTMX).status_code == 404
