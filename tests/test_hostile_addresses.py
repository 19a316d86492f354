"""What no browser of ours would ask: answered, never a broken page."""

import pytest

from allo3939.accounts.enums import Role


@pytest.mark.parametrize(
    "address",
    [
        "/fiches/A%00/",
        "/fiches/" + "A" * 5000 + "/",
        "/fiches/F1'/",
        "/fiches/é/",
        "/administration/knowledge/fiche/1/history/x/",
        "/administration/knowledge/fiche/1/history/" + "9" * 5000 + "/",
        "/administration/knowledge/fiche/" + "9" * 30 + "/fusion/",
        "/edition/A39-" + "9" * 30 + "/apercu/",
    ],
)
def test_a_made_up_key_is_not_found_or_refused(client, login, address):
    login(Role.REDACTEUR)
    assert client.get(address).status_code in (400, 404)


@pytest.mark.parametrize(
    "address",
    [
        "/fiches/F1/?chemin=%00",
        "/annuaire/?nom=%00",
        "/annuaire/?type=%00",
        "/annuaire/?lieu=%00",
        "/annuaire/?page=%00",
        "/administration/knowledge/fiche/?nature__exact=%00",
        "/administration/orientation/organisme/?departement_code=%00",
    ],
)
def test_a_nul_character_in_an_address_is_refused_whatever_the_page(client, login, address):
    login(Role.REDACTEUR)
    response = client.get(address)
    assert (response.status_code, response.content.decode()) == (400, "Adresse mal formée.")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"page": "9" * 5000}, 200),
        ({"nom": "'&|!:*()"}, 200),
        ({"lieu": "²"}, 200),
        ({"lieu": "9" * 60}, 200),
        ({"type": "z" * 5000}, 422),
        ({"nom": "z" * 5000}, 422),
    ],
)
def test_the_directory_answers_whatever_is_typed(client, login, query, status):
    login()
    assert client.get("/annuaire/", query).status_code == status
