"""The directory in the administration."""

import pytest

from orientation.models import TypeService

BODIES = "/administration/orientation/organisme/"
KINDS = "/administration/orientation/typeservice/"


def test_a_redacteur_reads_bodies_without_writing_them(client, login, make_organisme):
    login("redacteur")
    body = make_organisme()
    assert "Mairie - Le Mans" in client.get(f"{BODIES}?q=mans").content.decode()
    page = client.get(f"{BODIES}{body.pk}/change/")
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert client.get(f"{BODIES}add/").status_code == 403
    assert client.post(f"{BODIES}{body.pk}/change/", {"nom": "Autre"}).status_code == 403
    assert client.post(f"{BODIES}{body.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_redacteur_words_the_label_of_a_kind_but_not_its_code(client, login):
    login("redacteur")
    TypeService.objects.create(code="caf", libelle="CAF")
    answer = client.post(f"{KINDS}caf/change/", {"code": "autre", "libelle": "Caisse (CAF)"})
    assert answer.status_code == 302
    assert list(TypeService.objects.values_list("code", "libelle")) == [("caf", "Caisse (CAF)")]


@pytest.mark.parametrize("url", [BODIES, KINDS])
def test_a_teleconseiller_does_not_enter(client, login, url):
    login()
    assert client.get(url).status_code == 403
