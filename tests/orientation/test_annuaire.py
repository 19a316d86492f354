"""The directory's list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from orientation.models import TypeService

URL = "/annuaire/"


@pytest.fixture
def bodies(communes, make_organisme):
    TypeService.objects.bulk_create(
        [TypeService(code="mairie", libelle="Mairie"), TypeService(code="caf", libelle="CAF")]
    )
    make_organisme("Mairie - Le Mans")
    make_organisme("Caisse d'allocations familiales de la Sarthe", "caf", sigle="CAF")
    make_organisme(
        "Préfecture de La Réunion",
        "prefecture",
        insee="97411",
        commune_nom="Saint-Denis",
        code_postal="97400",
    )
    make_organisme(
        "Mairie - Saint-Denis", insee="93066", commune_nom="Saint-Denis", code_postal="93200"
    )
    make_organisme("Mairie disparue", etat="disparu")


def names(response):
    page = html.fromstring(response.content.decode())
    return [each.text for each in page.xpath("//ul[@class='annuaire-liste']//a")]


def test_every_agent_sees_the_bodies_in_order(client, login, bodies):
    login()
    response = client.get(URL)
    assert names(response) == [
        "Caisse d'allocations familiales de la Sarthe",
        "Mairie - Le Mans",
        "Mairie - Saint-Denis",
        "Préfecture de La Réunion",
    ]
    assert "4 organismes" in response.content.decode()
    assert "02 61 91 01 01" in response.content.decode()


def test_who_is_not_logged_in_is_sent_to_the_login_page(client, db):
    assert client.get(URL).status_code == 302


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("nom=prefecture", ["Préfecture de La Réunion"]),
        ("nom=caf", ["Caisse d'allocations familiales de la Sarthe"]),
        ("nom=MAIRIE mans", ["Mairie - Le Mans"]),
        ("nom=alloc sart", ["Caisse d'allocations familiales de la Sarthe"]),
        ("nom=d'allocations", ["Caisse d'allocations familiales de la Sarthe"]),
        ("nom=disparue", []),
        ("nom=':*|!", ["all"]),
        ("type=mairie", ["Mairie - Le Mans", "Mairie - Saint-Denis"]),
        ("lieu=72000&type=caf", ["Caisse d'allocations familiales de la Sarthe"]),
        ("lieu=93", ["Mairie - Saint-Denis"]),
        ("lieu=974", ["Préfecture de La Réunion"]),
        ("lieu=72100&type=mairie", ["Mairie - Le Mans"]),
        ("lieu=72181&type=mairie", ["Mairie - Le Mans"]),
        ("lieu=st denis", ["Mairie - Saint-Denis", "Préfecture de La Réunion"]),
        ("lieu=Saint-Denis 93", ["Mairie - Saint-Denis"]),
        ("lieu=le mans&nom=mairie", ["Mairie - Le Mans"]),
        ("lieu=nulle part", []),
        ("lieu=99999", []),
    ],
)
def test_name_kind_and_place_narrow_the_list(client, login, bodies, query, expected):
    login()
    found = names(client.get(f"{URL}?{query}"))
    assert found == expected or (expected == ["all"] and len(found) == 4)


def test_nothing_found_is_said(client, login, bodies):
    login()
    content = client.get(f"{URL}?nom=zzz").content.decode()
    assert "Aucun organisme" in content
    assert "Essayez un mot de moins" in content


def test_an_unknown_kind_is_refused_and_said(client, login, bodies):
    login()
    response = client.get(f"{URL}?type=licorne")
    assert response.status_code == 422
    assert "fr-error-text" in response.content.decode()


def test_pages_of_25_keep_the_search(client, login, communes, make_organisme):
    login()
    for rank in range(30):
        make_organisme(f"Mairie {rank:02d}")
    first = client.get(f"{URL}?nom=mairie")
    assert len(names(first)) == 25
    assert "?nom=mairie&amp;page=2" in first.content.decode()
    assert names(client.get(f"{URL}?nom=mairie&page=2"))[0] == "Mairie 25"
    assert len(names(client.get(f"{URL}?page=nulle"))) == 25


def test_htmx_gets_the_results_alone_as_the_page_has_them(client, login, bodies):
    login()
    whole = html.fromstring(client.get(f"{URL}?nom=mairie").content.decode())
    response = client.get(f"{URL}?nom=mairie", headers={"HX-Request": "true"})
    assert "HX-Request" in response["Vary"]
    part = html.fromstring(response.content.decode())
    assert part.get("id") == "resultats"
    announced = part.get_element_by_id("a39-direct")
    assert announced.text == "2 organismes"
    announced.getparent().remove(announced)
    assert _text(part) == _text(whole.get_element_by_id("resultats"))


def _text(element):
    return " ".join(element.text_content().split())


def test_what_is_typed_stays_out_of_the_address_bar(client, login, communes, make_organisme):
    login()
    for rank in range(30):
        make_organisme(f"Mairie {rank:02d}")
    page = html.fromstring(client.get(f"{URL}?nom=mairie").content.decode())
    assert not page.xpath("//*[@hx-push-url='true']")
    (link,) = page.xpath("//a[contains(@href, 'page=2')]")
    (boosted,) = link.xpath("ancestor::*[@hx-boost='true']")
    assert boosted.get("hx-push-url") == "false"


def test_another_page_of_the_list_takes_the_focus_and_typing_keeps_it(
    client, login, communes, make_organisme
):
    login()
    for rank in range(30):
        make_organisme(f"Mairie {rank:02d}")
    headers = {"HX-Request": "true"}
    typed = client.get(f"{URL}?nom=mairie", headers=headers).content.decode()
    assert "data-a39-foyer" not in typed
    second = client.get(f"{URL}?nom=mairie&page=2", headers=headers).content.decode()
    assert second.count("data-a39-foyer") == 1


@pytest.mark.parametrize("query", ["", "nom=mairie", "lieu=72000", "lieu=le mans&type=mairie"])
def test_as_many_queries_for_one_body_as_for_twenty(
    client, login, communes, make_organisme, django_assert_num_queries, query
):
    login()
    TypeService.objects.create(code="mairie", libelle="Mairie")
    make_organisme()
    client.get(URL)
    with CaptureQueriesContext(connection) as one:
        client.get(f"{URL}?{query}")
    for rank in range(19):
        make_organisme(f"Mairie {rank}")
    with django_assert_num_queries(len(one)):
        client.get(f"{URL}?{query}")
