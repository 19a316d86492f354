"""The day: own calls for an agent, counts for a superviseur."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from calls import escalate, record
from calls.count import count_day
from calls.models import Appel


def test_an_agent_sees_the_own_calls_of_the_day(client, login, make_agent, fiche_reponse):
    agent = login()
    record.open_fiche(
        record.current_question(record.pick_up(agent)), fiche=fiche_reponse, words="carte grise"
    )
    record.pick_up(make_agent("teleconseiller", username="autre"))

    html = client.get(reverse("mes-appels")).content.decode()

    assert "1 appel" in html
    assert "carte grise" in html


def test_yesterday_is_not_shown(client, login):
    appel = record.pick_up(login())
    Appel.objects.update(commence_le=timezone.now() - timedelta(days=1))

    assert f"n° {appel.pk}" not in client.get(reverse("mes-appels")).content.decode().replace(
        "\u00a0", " "
    )


def test_my_calls_ask_a_constant_number_of_queries(
    client, login, fiche_reponse, django_assert_num_queries
):
    agent = login()
    for rounds in (1, 19):
        for _ in range(rounds):
            appel = record.pick_up(agent)
            record.open_fiche(record.current_question(appel), fiche=fiche_reponse)
            record.close(appel, outcome="RE")
        with django_assert_num_queries(QUERIES):
            client.get(reverse("mes-appels"))


QUERIES = 12


def test_the_day_is_counted_by_outcome_and_sector(
    make_agent, secteur, fiche_reponse, fiche_escalade
):
    level_1 = record.pick_up(make_agent("teleconseiller"))
    record.open_fiche(record.current_question(level_1), fiche=fiche_reponse)
    record.close(level_1, outcome="RE")
    escalated = record.pick_up(make_agent("teleconseiller", username="autre"))
    demande = record.current_question(escalated)
    transfert = escalate.request(
        demande, secteur=secteur, motif="trop_complexe", fiche=fiche_escalade
    )
    escalate.accept(transfert, by=make_agent("informateur"))
    record.close(escalated, outcome="ES")

    day = count_day(timezone.localdate())

    codes = [code.code for code in day.codes]
    rows = {row.secteur: row for row in day.lignes}
    assert (day.appels, day.en_cours, day.demandes) == (2, 0, 2)
    assert rows["Justice"].nombres[codes.index("ES")] == 1
    assert (rows["Justice"].transferts, rows["Justice"].acceptes) == (1, 1)
    assert rows["Niveau 1"].nombres[codes.index("RE")] == 1


def test_a_superviseur_sees_the_counts(client, login):
    login("superviseur")

    html = client.get(reverse("supervision")).content.decode()

    assert "Niveau 1" in html
    assert "Questions closes" in html


def test_an_agent_does_not_see_the_counts(client, login):
    login()

    assert client.get(reverse("supervision")).status_code == 403
