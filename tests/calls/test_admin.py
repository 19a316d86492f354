"""Superviseurs keep the table of outcome codes: fifteen at most, two letters each."""

import pytest
from django.test import Client
from django.urls import reverse

from allo3939.shared.changes import last_line, reached
from calls import record
from calls.models import CodeIssue

BACKEND = "allo3939.accounts.backends.RoleBackend"
ADD = "admin:calls_codeissue_add"


def sent(**fields):
    return {"code": "RV", "libelle": "Rendez-vous pris", "ordre": "11"} | fields


def test_a_superviseur_adds_a_code_that_agents_see_at_once(client, login):
    login("superviseur")

    client.post(reverse(ADD), sent(demande_precision="on"))

    code = CodeIssue.objects.get(pk="RV")
    assert (code.libelle, code.demande_precision) == ("Rendez-vous pris", True)
    record.pick_up(login(username="camille"))
    assert 'data-a39-code="RV"' in client.get(reverse("console")).content.decode()


def test_a_process_that_keeps_the_codes_reads_them_again_at_the_next_letter(
    make_agent, django_assert_num_queries
):
    superviseur = Client()
    superviseur.force_login(make_agent("superviseur"), backend=BACKEND)
    reached(last_line())
    record.outcome_codes()
    with django_assert_num_queries(0):
        assert "RV" not in [code.code for code in record.outcome_codes()]

    superviseur.post(reverse(ADD), sent())
    reached(last_line())  # as a letter typed does

    assert "RV" in [code.code for code in record.outcome_codes()]


def test_an_agent_may_not(client, login):
    login()
    assert client.post(reverse(ADD), sent()).status_code in (302, 403)
    assert not CodeIssue.objects.filter(pk="RV").exists()


@pytest.mark.parametrize("code", ["R", "R1", "ÉC", "RVX", ""])
def test_a_code_has_two_letters(client, login, code):
    login("superviseur")
    assert client.post(reverse(ADD), sent(code=code)).status_code == 200
    assert CodeIssue.objects.count() == 10


def test_small_letters_become_capitals(client, login):
    login("superviseur")
    client.post(reverse(ADD), sent(code="rv"))
    assert CodeIssue.objects.filter(pk="RV").exists()


def test_there_are_fifteen_codes_at_most(client, login):
    login("superviseur")
    for letter in "ABCDE":
        client.post(reverse(ADD), sent(code=f"Z{letter}"))

    response = client.post(reverse(ADD), sent())

    assert CodeIssue.objects.count() == 15
    assert "déjà 15 codes" in response.content.decode()


def test_a_code_without_a_question_asks_no_line(client, login):
    login("superviseur")
    response = client.post(reverse(ADD), sent(sans_question="on", demande_precision="on"))
    assert response.status_code == 200
    assert not CodeIssue.objects.filter(pk="RV").exists()


def test_a_label_changes_its_letters_and_its_row_stay(client, login):
    login("superviseur")
    url = reverse("admin:calls_codeissue_change", args=["RE"])

    client.post(url, sent(code="XX", libelle="Réponse donnée"))

    assert CodeIssue.objects.get(pk="RE").libelle == "Réponse donnée"
    assert not CodeIssue.objects.filter(pk="XX").exists()
    gone = client.post(reverse("admin:calls_codeissue_delete", args=["RE"]), {"post": "yes"})
    assert gone.status_code == 403
