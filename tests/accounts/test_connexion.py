import pytest
from django.urls import reverse

from allo3939.accounts.enums import Role

URL = reverse("connexion")
PASSWORD = "mot de passe long"


def test_an_agent_logs_in_and_lands_on_the_first_page(client, make_agent):
    make_agent()
    response = client.post(URL, {"username": "teleconseiller", "password": PASSWORD})
    assert response.status_code == 302
    assert response.url == reverse("accueil")


def test_the_page_asked_for_before_the_login_opens_after_it(client, make_agent):
    make_agent()
    asked = reverse("preferences")
    page = client.get(asked, follow=True)
    assert f'name="next" value="{asked}"' in page.content.decode()
    data = {"username": "teleconseiller", "password": PASSWORD, "next": asked}
    assert client.post(URL, data).url == asked


@pytest.mark.parametrize("address", ["https://exemple.fr/", "//exemple.fr", "javascript:alert(1)"])
def test_a_page_of_another_site_is_not_opened_after_the_login(client, make_agent, address):
    make_agent()
    data = {"username": "teleconseiller", "password": PASSWORD, "next": address}
    assert client.post(URL, data).url == reverse("accueil")


def test_a_wrong_password_is_told_in_plain_french(client, make_agent):
    make_agent()
    response = client.post(URL, {"username": "teleconseiller", "password": "faux"})
    assert response.status_code == 422
    assert "Identifiant ou mot de passe incorrect" in response.content.decode()


def test_an_empty_form_names_what_is_missing_beside_the_field(client, db):
    html = client.post(URL, {}).content.decode()
    assert "Saisissez votre identifiant." in html
    assert 'aria-describedby="id_username_error"' in html


def test_a_deactivated_agent_does_not_come_in(client, make_agent):
    make_agent(is_active=False)
    response = client.post(URL, {"username": "teleconseiller", "password": PASSWORD})
    assert response.status_code == 422


def test_eight_wrong_passwords_block_the_account_and_say_for_how_long(client, make_agent):
    make_agent()
    for _ in range(8):
        response = client.post(URL, {"username": "teleconseiller", "password": "faux"})
    assert response.status_code == 429
    assert "Connexion bloquée" in response.content.decode()
    response = client.post(URL, {"username": "teleconseiller", "password": PASSWORD})
    assert response.status_code == 429


def test_somebody_already_logged_in_goes_to_the_first_page(client, login):
    login()
    assert client.get(URL).url == reverse("accueil")


def test_leaving_ends_the_session(client, login):
    login()
    assert client.post(reverse("deconnexion")).url == URL
    assert client.get(reverse("preferences")).status_code == 302


def test_a_link_cannot_log_somebody_out(client, login):
    login()
    assert client.get(reverse("deconnexion")).status_code == 405


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.TELECONSEILLER, "console"),
        (Role.INFORMATEUR, "secteur"),
        (Role.REDACTEUR, "admin:index"),
        (Role.PARTENAIRE, "redaction-secteur"),
        (Role.SUPERVISEUR, "supervision"),
        (Role.ADMINISTRATEUR, "admin:index"),
    ],
)
def test_each_role_has_its_own_first_page(client, login, role, page):
    login(role)
    assert client.get(reverse("accueil")).url == reverse(page)


def test_the_words_of_a_search_stay_out_of_the_address_of_the_login(client, db):
    response = client.get(reverse("annuaire"), {"nom": "mairie de mon village"})
    assert response.url == f"{URL}?next={reverse('annuaire')}"


@pytest.mark.parametrize("length", [151, 100_000])
def test_a_name_longer_than_any_account_is_refused_in_plain_french(client, db, length):
    response = client.post(URL, {"username": "é" * length, "password": "faux"})
    assert response.status_code == 422
    assert "Un identifiant a 150 caractères au plus." in response.content.decode()


def test_a_nul_character_in_the_name_is_refused(client, db):
    assert client.post(URL, {"username": "a\0b", "password": "faux"}).status_code == 422


def test_the_longest_name_is_only_an_unknown_one(client, db):
    response = client.post(URL, {"username": "x" * 150, "password": "faux"})
    assert response.status_code == 422
    assert "incorrect" in response.content.decode()
