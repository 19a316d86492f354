"""Pages for what goes wrong."""

from django.template import loader

from allo3939.accounts.enums import Role


def test_a_page_closed_to_the_role_says_so_and_offers_a_way_out(client, login):
    login(Role.PARTENAIRE)
    response = client.get("/supervision/")
    assert response.status_code == 403
    html = response.content.decode()
    assert "n'est pas ouverte à votre rôle" in html
    assert 'href="/"' in html


def test_an_unknown_address_says_so(client, login):
    login()
    response = client.get("/une-page-inconnue/")
    assert response.status_code == 404
    assert "Page introuvable" in response.content.decode()


def test_the_page_of_a_broken_server_needs_nothing_of_it():
    html = loader.get_template("500.html").render()
    assert "Le serveur a rencontré un problème" in html
    assert "dsfr.min.css" in html
