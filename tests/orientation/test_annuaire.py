"""The directory's list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from allo3939.shared.changes import record_change
from orientation.models import Organisme, TypeService

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
        (
            "dep=72&type=mairie&type=caf",
            ["Caisse d'allocations familiales de la Sarthe", "Mairie - Le Mans"],
        ),
        ("dep=72&dep=974&type=mairie", ["Mairie - Le Mans"]),
        ("acces=inconnue&dep=974", ["Préfecture de La Réunion"]),
        ("acces=ACC", []),
        ("ouvert=1", []),
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


def test_the_address_bar_shows_the_facets_and_the_page_only(client, login, bodies):
    login()
    query = "nom=mairie&lieu=72000&type=mairie&dep=72&page=1"
    response = client.get(f"{URL}?{query}", headers={"HX-Request": "true"})
    assert response["HX-Replace-Url"] == f"{URL}?type=mairie&dep=72&page=1"
    assert client.get(f"{URL}?nom=x", headers={"HX-Request": "true"})["HX-Replace-Url"] == URL
    assert "HX-Replace-Url" not in client.get(f"{URL}?{query}")


def test_a_line_leads_to_a_body_that_leads_back_to_the_same_facets(client, login, bodies):
    login()
    page = html.fromstring(client.get(f"{URL}?nom=mans&type=mairie&page=1").content.decode())
    (link,) = page.xpath("//ul[@class='annuaire-liste']//a/@href")
    assert link.endswith("/?type=mairie&page=1")


def test_each_criterion_can_be_taken_away_and_all_of_them(client, login, bodies):
    login()
    query = "nom=mairie&type=mairie&dep=72&dep=93"
    page = html.fromstring(client.get(f"{URL}?{query}").content.decode())
    buttons = page.xpath("//div[@aria-label='Critères retenus']//button")
    assert [each.get("value") for each in buttons] == [
        "nom", "type:mairie", "dep:72", "dep:93", "tout"
    ]  # fmt: skip
    assert len(names(client.get(f"{URL}?{query}&sans=dep:72"))) == 1
    assert len(names(client.get(f"{URL}?{query}&sans=nom&sans=type:mairie"))) == 3
    assert len(names(client.get(f"{URL}?{query}&sans=tout"))) == 4


def test_what_is_taken_away_is_emptied_in_its_field_and_the_list_has_the_focus(
    client, login, bodies
):
    login()
    headers = {"HX-Request": "true"}
    response = client.get(f"{URL}?nom=mairie&type=mairie&sans=nom", headers=headers)
    part = html.fromstring(response.content.decode())
    (field,) = part.xpath("//*[@id='champ-nom'][@hx-swap-oob]//input")
    assert field.get("value") is None
    assert part.xpath("//h2[@data-a39-foyer]")
    typed = client.get(f"{URL}?nom=mairie", headers=headers).content.decode()
    assert "champ-nom" not in typed  # what is being typed is never replaced


def test_a_facet_shows_its_counts_and_the_rest_on_demand(client, login, communes, make_organisme):
    login()
    for rank in range(12):
        make_organisme(f"Bureau {rank}", f"kind_{rank:02d}")
    page = html.fromstring(client.get(URL).content.decode())
    assert len(page.xpath("//input[@name='type']")) == 8
    assert "Voir tous (4 de plus)" in page.text_content()
    unfolded = html.fromstring(client.get(f"{URL}?voir=type").content.decode())
    assert len(unfolded.xpath("//input[@name='type']")) == 12
    assert unfolded.xpath("//input[@type='hidden'][@name='voir'][@value='type']")
    folded = html.fromstring(client.get(f"{URL}?voir=type&sans=voir:type").content.decode())
    assert len(folded.xpath("//input[@name='type']")) == 8


def test_a_body_corrected_or_gone_since_is_so_in_the_list_at_once(client, login, bodies):
    login()
    assert len(names(client.get(f"{URL}?type=mairie"))) == 2
    gone = Organisme.objects.get(nom="Mairie - Le Mans")
    Organisme.objects.filter(pk=gone.pk).update(etat="disparu")
    record_change("organismes", [str(gone.pk)])
    assert names(client.get(f"{URL}?type=mairie")) == ["Mairie - Saint-Denis"]
    caf = Organisme.objects.get(types=["caf"])
    Organisme.objects.filter(pk=caf.pk).update(adresse=caf.adresse | {"accessibilite": "ACC"})
    record_change("organismes", [str(caf.pk)])
    assert names(client.get(f"{URL}?acces=ACC")) == [caf.nom]
    Organisme.objects.filter(pk=gone.pk).update(etat="present", nom="Mairie rouverte")
    record_change("organismes", [str(gone.pk)])
    assert "Mairie rouverte" in names(client.get(URL))


@pytest.mark.parametrize(
    "query",
    ["", "nom=mairie", "lieu=72000", "lieu=le mans&type=mairie", "ouvert=1", "dep=72&voir=dep"],
)
def test_as_many_queries_for_one_body_as_for_twenty(
    client, login, communes, make_organisme, django_assert_num_queries, query
):
    login()
    TypeService.objects.create(code="mairie", libelle="Mairie")
    make_organisme()
    client.get(URL)
    with CaptureQueriesContext(connection) as one:
        client.get(f"{URL}?{query}")
    count = len(one)
    for rank in range(19):
        make_organisme(f"Mairie {rank}")
    client.get(URL)  # what is kept in memory is read once after a change
    with django_assert_num_queries(count):
        client.get(f"{URL}?{query}")
