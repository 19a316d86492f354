"""The directory kept right: a report from the console, its answer, a closure pushed to screens."""

import pytest
from playwright.sync_api import expect

from allo3939.accounts.models import Secteur
from orientation import close, report
from orientation.models import Signalement, TypeService
from tests.e2e.keyboard import type_words
from tests.e2e.test_accessibility import faults, violations
from tests.orientation.test_close import strike


@pytest.fixture
def partner(world, make_agent):
    """A partenaire to whose sector prefectures are given."""
    interieur = Secteur.objects.get(slug="interieur")
    TypeService.objects.filter(code="prefecture").update(secteur=interieur)
    return make_agent("partenaire", username="paul", secteur=interieur)


def give_prefecture(page):
    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    type_words(page, "préfecture sarthe")
    page.get_by_role("option", name="Préfecture de la Sarthe").click()
    page.mouse.move(1, 1)
    expect(page.locator("#lieu .lieu")).to_be_visible()
    expect(page.locator("#lieu")).to_be_focused()


def test_an_agent_reports_an_office_in_three_keys_and_takes_it_back(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    give_prefecture(page)

    page.keyboard.press("s")
    expect(page.locator("#panneau .panneau")).to_be_focused()
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#a39-direct")).to_contain_text("Signalé")
    expect(page.get_by_role("link", name="Signaler une erreur")).to_be_focused()
    assert Signalement.objects.get().objet == "horaires"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#a39-direct")).to_contain_text("Signalement retiré")
    assert not Signalement.objects.exists()
    page.keyboard.press("s")
    expect(page.locator("#panneau .panneau")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panneau .panneau")).to_have_count(0)
    expect(page.get_by_role("link", name="Signaler une erreur")).to_be_focused()
    assert page.problems == []


def test_a_closure_reaches_the_office_on_screen_without_moving_the_focus(
    world, make_agent, open_desk
):
    make_agent("teleconseiller", username="camille")
    writer = make_agent("redacteur", username="remi")
    page = open_desk("camille")
    give_prefecture(page)
    badge = page.locator(f"#etat-{world.prefecture.pk}")
    sentence = page.locator(f"#phrase-{world.prefecture.pk}")
    expect(badge).to_contain_text("Ouvert")
    page.keyboard.press("F4")
    page.keyboard.type("720")

    fermeture = strike(writer, types=["prefecture"])

    expect(badge).to_contain_text("Fermé")
    expect(sentence).to_contain_text("grève nationale")
    expect(page.locator("#commune")).to_be_focused()
    expect(page.locator("#commune")).to_have_value("720")
    close.lift(fermeture, by=writer)
    expect(badge).to_contain_text("Ouvert")
    expect(page.locator("#commune")).to_be_focused()


def test_the_panel_of_a_report(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    give_prefecture(page)
    assert faults(page) == []
    page.keyboard.press("s")
    expect(page.locator("#panneau .panneau")).to_be_focused()

    assert faults(page) == []


def test_the_pages_of_a_partenaire(world, partner, make_agent, open_desk, front):
    said = report.report(
        world.prefecture, objet="telephone", by=make_agent("teleconseiller", username="camille")
    )
    page = open_desk("paul")
    found = {}
    for path in (
        "/redaction/organismes/",
        f"/redaction/organismes/{world.prefecture.pk}/",
        f"/redaction/signalements/{said.pk}/",
    ):
        page.goto(front + path)
        found[path] = violations(page)

    assert found == {path: [] for path in found}


def test_a_partenaire_corrects_the_hours_by_keyboard(world, partner, open_desk, front):
    page = open_desk("paul")
    page.goto(f"{front}/redaction/organismes/{world.prefecture.pk}/")
    page.get_by_label("Heures, Lundi").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("9h-12h, 14h-17h30")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type("=")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("status").filter(has_text="Corrigé")).to_be_visible()
    expect(page.get_by_label("Heures, Lundi")).to_have_value("09:00-12:00, 14:00-17:30")
    expect(page.get_by_label("Heures, Mardi")).to_have_value("09:00-12:00, 14:00-17:30")


def test_at_200_percent_zoom_the_page_of_a_body_keeps_its_width(world, partner, open_desk, front):
    page = open_desk("paul", size=(640, 360))
    page.goto(f"{front}/redaction/organismes/{world.prefecture.pk}/")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
