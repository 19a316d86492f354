"""Flash news: who sends it, who sees it, and when it goes."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from allo3939.accounts.models import Secteur
from calls import flash
from calls.models import FlashInfo

HTMX = {"headers": {"HX-Request": "true"}}
LINE = "Téléservice carte grise indisponible jusqu'à 14 h"


@pytest.fixture
def superviseur(make_agent):
    return make_agent("superviseur", poste="Poste 1", site="Le Mans 1")


def banner(client, **data):
    return client.get(reverse("flash"), data, **HTMX)


def test_a_line_is_shown_to_everybody_until_the_end_of_the_day(superviseur, make_agent):
    sent = flash.send(f"  {LINE}\n", by=superviseur)

    for role in ("teleconseiller", "informateur", "redacteur"):
        shown = flash.read_banner(make_agent(role)).annonces
        assert [each.flash.texte for each in shown] == [LINE]
    end = timezone.localtime(sent.au)
    assert (end.date(), end.hour, end.minute) == (timezone.localdate(sent.du), 23, 59)


def test_a_line_for_a_sector_is_shown_to_those_who_meet_its_questions(
    superviseur, make_agent, secteur
):
    other = Secteur.objects.create(slug="travail", nom="Travail", numero_transfert="1")
    flash.send(LINE, by=superviseur, secteur=secteur)

    assert flash.read_banner(make_agent("informateur")).annonces
    assert flash.read_banner(make_agent("partenaire")).annonces
    assert flash.read_banner(make_agent("teleconseiller")).annonces
    assert not flash.read_banner(make_agent("redacteur")).annonces
    stranger = make_agent("informateur", username="ailleurs", secteur=other)
    assert not flash.read_banner(stranger).annonces


@pytest.mark.parametrize(
    ("texte", "said"),
    [
        ("   ", "Écrivez"),
        ("x" * 201, "200 caractères"),
        ("Rappeler le 06 12 34 56 78", "L'appelant reste anonyme"),
        ("Écrire à jean.dupont@exemple.fr", "une adresse électronique"),
    ],
)
def test_a_line_that_cannot_be_shown_is_refused_in_plain_french(superviseur, texte, said):
    with pytest.raises(flash.FlashImpossible, match=said):
        flash.send(texte, by=superviseur)
    assert not FlashInfo.objects.exists()


def test_it_does_not_end_before_it_begins(superviseur):
    now = timezone.now()
    for du, au in ((now + timedelta(hours=2), now + timedelta(hours=1)), (None, now)):
        with pytest.raises(flash.FlashImpossible, match="après le début"):
            flash.send(LINE, by=superviseur, du=du, au=au)


def test_one_that_begins_later_is_waited_for_and_not_shown(superviseur):
    begins = timezone.now() + timedelta(hours=1)
    flash.send(LINE, by=superviseur, du=begins, au=begins + timedelta(hours=1))

    shown = flash.read_banner(superviseur)

    assert not shown.annonces
    assert 3590 < shown.dans <= 3600


def test_one_taken_back_or_over_is_gone(superviseur):
    sent = flash.send(LINE, by=superviseur)
    flash.withdraw(sent, by=superviseur)
    flash.withdraw(sent, by=superviseur)
    over = flash.send("Fini", by=superviseur)
    FlashInfo.objects.filter(pk=over.pk).update(
        du=timezone.now() - timedelta(hours=2), au=timezone.now() - timedelta(hours=1)
    )

    assert not flash.read_banner(superviseur).annonces


def test_a_superviseur_sends_a_line_from_the_page(client, login, secteur):
    login("superviseur")

    response = client.post(
        reverse("supervision-flash"), {"texte": LINE, "secteur": "justice"}, follow=True
    )

    assert "Flash envoyé" in response.content.decode()
    sent = FlashInfo.objects.get()
    assert (sent.texte, sent.secteur, sent.auteur.role) == (LINE, secteur, "superviseur")


def test_the_hours_typed_are_those_of_paris(client, login):
    login("superviseur")
    end = timezone.localtime() + timedelta(days=2)

    client.post(reverse("supervision-flash"), {"texte": LINE, "au": end.strftime("%Y-%m-%dT%H:%M")})

    assert FlashInfo.objects.get().au == end.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    "typed",
    [{"texte": ""}, {"texte": "06 12 34 56 78"}, {"texte": LINE, "au": "hier"}],
)
def test_what_was_typed_stays_when_it_is_refused(client, login, typed):
    login("superviseur")

    response = client.post(reverse("supervision-flash"), typed)

    html = response.content.decode()
    assert response.status_code == 422
    assert 'class="a39-erreur" role="alert"' in html
    assert f'value="{typed["texte"]}"' in html or "&#x27;" in html
    assert not FlashInfo.objects.exists()


def test_the_preview_shows_the_line_or_why_it_cannot_be_sent(client, login, secteur):
    login("superviseur")
    address = reverse("supervision-flash-apercu")

    good = client.post(address, {"texte": "Bonjour", "secteur": "justice"}, **HTMX)
    bad = client.post(address, {"texte": "06 12 34 56 78"}, **HTMX)

    assert "Bonjour" in good.content.decode()
    assert "secteur Justice" in good.content.decode()
    assert "Non enregistré" in bad.content.decode()
    assert not FlashInfo.objects.exists()


def test_a_superviseur_takes_a_line_back(client, login, superviseur):
    sent = flash.send(LINE, by=superviseur)
    login("superviseur", username="autre")

    page = client.post(reverse("supervision-flash-retirer", args=[sent.pk]), follow=True)

    assert "retiré à" in page.content.decode()
    assert 'class="fr-notice' not in banner(client).content.decode()


@pytest.mark.parametrize("role", ["teleconseiller", "informateur", "redacteur"])
def test_nobody_else_sends_nor_takes_back(client, login, superviseur, role):
    sent = flash.send(LINE, by=superviseur)
    login(role)

    assert client.get(reverse("supervision-flash")).status_code == 403
    assert client.post(reverse("supervision-flash"), {"texte": "x"}).status_code == 403
    assert client.post(reverse("supervision-flash-retirer", args=[sent.pk])).status_code == 403


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("teleconseiller", "console"),
        ("teleconseiller", "mes-appels"),
        ("informateur", "secteur"),
        ("superviseur", "supervision"),
        ("redacteur", "annuaire"),
        ("partenaire", "preferences"),
    ],
)
def test_every_page_has_it_once(client, login, superviseur, role, page):
    flash.send(LINE, by=superviseur)
    login(role, username="quelqu-un")

    html = client.get(reverse(page)).content.decode()

    assert html.count('data-a39-flash="') == 1
    assert html.count('id="a39-flashs"') == 1
    assert html.count("sse:flash, sse:connexion") == 1
    assert html.count("sse-connect=") == 1


def test_a_page_without_an_agent_has_none(client, superviseur):
    flash.send(LINE, by=superviseur)

    html = client.get(reverse("connexion")).content.decode()

    assert "data-a39-flash=" not in html
    assert "sse-connect" not in html


def test_a_screen_that_shows_it_already_is_left_alone(client, login, superviseur):
    login()
    nothing = banner(client, vus="-")
    flash.send(LINE, by=superviseur)
    shown = flash.read_banner(superviseur).signature

    assert nothing.status_code == 204
    assert LINE.split("'")[0] in banner(client, vus="-").content.decode()
    assert banner(client, vus=shown).status_code == 204


def test_an_agent_puts_it_aside_on_the_own_screens_only(client, login, superviseur, make_agent):
    sent = flash.send(LINE, by=superviseur)
    login()

    response = client.post(reverse("flash-masquer", args=[sent.pk]), **HTMX)

    assert "data-a39-flash=" not in response.content.decode()
    assert "data-a39-flash=" not in client.get(reverse("console")).content.decode()
    assert flash.read_banner(make_agent("redacteur")).annonces
    assert client.session["flashs_masques"] == [sent.pk]

    again = client.post(reverse("flash-remontrer"), **HTMX)

    assert "data-a39-flash=" in again.content.decode()
    assert "data-a39-flash=" in client.get(reverse("console")).content.decode()


def test_the_session_only_keeps_the_keys_of_lines_that_are_not_over(client, login, superviseur):
    first, second = (flash.send(text, by=superviseur) for text in ("Une", "Deux"))
    login()
    client.post(reverse("flash-masquer", args=[first.pk]), **HTMX)
    flash.withdraw(first, by=superviseur)

    client.post(reverse("flash-masquer", args=[second.pk]), **HTMX)
    client.post(reverse("flash-masquer", args=[999_999]), **HTMX)

    assert client.session["flashs_masques"] == [second.pk]


def test_the_banner_and_the_page_ask_as_many_queries_for_one_line_as_for_twenty(
    client, login, superviseur, secteur, django_assert_num_queries
):
    login("superviseur", username="autre")
    banner(client)  # the session is now in the cache
    for count in (1, 19):
        for rank in range(count):
            flash.send(f"Ligne {rank}", by=superviseur, secteur=secteur if rank % 2 else None)
        with django_assert_num_queries(5):  # the agent, the flashes, in a transaction
            banner(client)
        with django_assert_num_queries(7):  # and the sectors, those sent
            client.get(reverse("supervision-flash"))


def test_a_doubt_is_asked_about_and_the_answer_lets_the_line_go(client, login):
    login("superviseur")
    line = {"texte": "voir karim benhaddou"}

    asked = client.post(reverse("supervision-flash"), line)
    sign = re.search(r'name="confirme" value="(\w+)"', asked.content.decode())[1]
    answered = client.post(reverse("supervision-flash"), line | {"garde": sign})

    assert (asked.status_code, answered.status_code) == (422, 302)
    assert FlashInfo.objects.get().texte == line["texte"]
