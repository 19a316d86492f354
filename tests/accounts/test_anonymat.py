"""What the guard sees in a field is told as one types, and nothing of it is kept."""

import re
from html import unescape

import pytest
from django.urls import reverse

from allo3939.accounts.enums import Role

URL = reverse("anonymat-controle")
HTMX = {"HTTP_HX_REQUEST": "true"}


def text(response):
    return unescape(response.content.decode()).replace("\u00a0", " ")


def test_an_ordinary_text_passes_without_a_word(client, login):
    login()

    response = client.post(URL, {"champ": "note", "note": "loyer 650 €, article L1237-19"}, **HTMX)

    assert response.status_code == 200
    assert "a39-" not in text(response)


def test_what_is_certain_is_named_with_its_reason(client, login):
    login(Role.INFORMATEUR)

    response = client.post(URL, {"champ": "note", "note": "rappeler au 06 39 98 12 45"}, **HTMX)

    assert "« 06 39 98 12 45 » : c'est un numéro de téléphone" in text(response)
    assert "effacez-le" in text(response)
    assert "confirme" not in text(response)


def test_a_doubt_is_asked_about_and_its_answer_comes_back_with_the_field(client, login):
    login()
    said = {"champ": "precision", "precision": "voir karim benhaddou"}

    asked = text(client.post(URL, said, **HTMX))
    sign = re.search(r'name="confirme" value="(\w+)"', asked)[1]
    answered = text(client.post(URL, said | {"confirme": sign}, **HTMX))

    assert "Est-ce le nom d'une personne ?" in asked
    assert f'name="garde" value="{sign}"' in answered
    assert "Est-ce" not in answered
    assert "Est-ce" not in text(client.post(URL, said | {"garde": sign}, **HTMX))


def test_what_is_quoted_is_escaped(client, login):
    login()

    response = client.post(URL, {"champ": "note", "note": "mail <b>x</b>'\"@gmail.com"}, **HTMX)

    assert "<b>x" not in response.content.decode()


def test_the_text_never_travels_in_an_address(client, login):
    login()

    assert client.get(URL, {"champ": "note", "note": "x"}).status_code == 405
    assert client.post(URL, {"champ": "../note"}, **HTMX).status_code == 400


def test_who_is_not_logged_in_is_refused(client, db):
    assert client.post(URL, {"champ": "note", "note": "x"}, **HTMX).status_code == 401


@pytest.mark.parametrize("size", [1, 20])
def test_a_long_text_costs_no_more_queries(client, login, size, django_assert_max_num_queries):
    login()

    with django_assert_max_num_queries(6):
        client.post(URL, {"champ": "note", "note": "au 06 39 98 12 45. " * size}, **HTMX)
