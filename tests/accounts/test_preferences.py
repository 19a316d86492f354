from django.urls import reverse

URL = "/preferences/"


def test_an_agent_changes_colours_and_shortcuts(client, login):
    agent = login()
    response = client.post(URL, {"theme": "dark"}, follow=True)
    agent.refresh_from_db()
    assert (agent.theme, agent.raccourcis) == ("dark", False)
    html = response.content.decode()
    assert "Vos préférences sont enregistrées." in html
    assert 'data-fr-scheme="dark"' in html
    assert 'data-a39-raccourcis="non"' in html


def test_the_page_shows_what_was_chosen(client, login):
    login(theme="light")
    html = client.get(URL).content.decode()
    assert 'value="light" id="id_theme_1" required checked' in html.replace(' class=""', "")
    assert 'data-a39-raccourcis="oui"' in html


def test_unknown_colours_are_refused(client, login):
    agent = login()
    response = client.post(URL, {"theme": "rose"})
    assert response.status_code == 422
    agent.refresh_from_db()
    assert agent.theme == "system"


def test_nobody_opens_preferences_without_a_login(client, db):
    assert client.get(URL).url == f"{reverse('connexion')}?next={URL}"
