"""A flash comes to open screens without moving anything; a change of answer is read by one key."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from calls import flash
from calls.models import Consultation
from knowledge.acknowledge import AccuseLecture
from knowledge.enums import Importance
from knowledge.publish import publish
from tests.e2e.keyboard import type_words
from tests.e2e.test_accessibility import faults

LINE = "Téléservice carte grise indisponible jusqu'à 14 h"
BOXES = """() => [...document.querySelectorAll("main input, main button, main h1, main .pane")]
  .map((element) => { const { x, y } = element.getBoundingClientRect(); return [x, y]; })"""


@pytest.fixture
def send(make_agent):
    def send_line(**fields):
        author = make_agent("superviseur")
        with transaction.atomic():
            return flash.send(LINE, by=author, **fields)

    return send_line


def banner(page):
    return page.get_by_role("complementary", name="Flash info")


def test_a_flash_comes_within_two_seconds_and_moves_neither_focus_nor_text(
    world, make_agent, open_desk, send
):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    page.keyboard.type("carte")
    before = page.evaluate(BOXES)

    sent = send()

    expect(banner(page)).to_contain_text(LINE, timeout=2000)
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    assert page.evaluate(BOXES) == before
    expect(page.locator("#a39-direct")).to_contain_text(LINE)
    page.keyboard.type(" grise")
    expect(page.get_by_role("combobox", name="Rechercher")).to_have_value("carte grise")

    with transaction.atomic():
        flash.withdraw(sent, by=sent.auteur)
    expect(banner(page)).to_have_count(0, timeout=2000)


@pytest.mark.parametrize(
    ("role", "address"),
    [("informateur", "/secteur/"), ("redacteur", "/annuaire/"), ("partenaire", "/preferences/")],
)
def test_every_screen_has_it(world, make_agent, front, open_desk, send, role, address):
    make_agent(role, username="camille")
    page = open_desk("camille")
    page.goto(front + address)
    expect(page.locator("#a39-flashs")).to_be_attached()
    send()
    expect(banner(page)).to_contain_text(LINE, timeout=5000)


def test_it_goes_by_itself_at_its_hour(world, make_agent, open_desk, send):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    send(au=timezone.now() + timedelta(seconds=3))
    expect(banner(page)).to_be_visible()
    expect(banner(page)).to_have_count(0)


def test_one_that_begins_later_comes_by_itself(world, make_agent, open_desk, send):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    send(du=timezone.now() + timedelta(seconds=3))
    expect(banner(page)).to_contain_text(LINE)


def test_put_aside_it_stays_so_and_the_focus_goes_back_where_it_was(
    world, make_agent, open_desk, send
):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    page.keyboard.press("F2")
    box = page.get_by_role("combobox", name="Rechercher")
    expect(box).to_be_focused()
    send()
    page.get_by_role("button", name="Masquer").click()
    expect(banner(page)).to_have_count(0)
    expect(box).to_be_focused()
    page.reload()
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_visible()
    expect(banner(page)).to_have_count(0)


@pytest.fixture
def changed(world, make_agent):
    """An agent, then a change in the answer of A39-0101."""
    make_agent("teleconseiller", username="camille")
    fiche = world.fiche
    fiche.pieces = [*fiche.pieces, "Attestation sur l'honneur"]
    with transaction.atomic():
        return publish(fiche, by=None, raison="Nouvelle pièce", importance=Importance.CHANGEMENT)


def test_a_change_is_read_in_the_fiche_and_acknowledged_by_one_key(changed, open_desk, send):
    page = open_desk("camille")
    send()
    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    type_words(page, "carte grise déc")
    expect(page.locator("#resultat-1")).to_be_visible()
    page.keyboard.press("Enter")
    change = page.get_by_role("region", name="Changement de réponse")
    expect(change.locator("ins").first).to_contain_text("Attestation sur l'honneur")
    assert faults(page) == []

    page.keyboard.press("1")  # the call does not wait
    expect(page.locator("#lecture .puce.on")).to_have_count(1)
    expect(change).to_be_visible()
    page.keyboard.press("l")
    expect(change).to_have_count(0)
    expect(page.locator("#lecture")).to_be_focused()
    expect(page.locator("#lecture .puce.on")).to_have_count(1)
    assert AccuseLecture.objects.get().parution.fiche == changed
    assert Consultation.objects.get().chemin == [1]


def test_the_pages_of_superviseurs_have_no_fault(changed, make_agent, open_desk, send):
    sent = send()
    page = open_desk(sent.auteur.username)
    page.get_by_role("link", name="Flash", exact=True).click()
    page.get_by_label("La ligne").fill("Grève des trains")
    expect(page.locator("#apercu")).to_contain_text("Visible de tous les agents")
    assert faults(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="Grève des trains")).to_contain_text("affiché")
    page.get_by_role("link", name="Changements lus").click()
    page.get_by_role("link", name="Voir qui n'a pas lu").click()
    expect(page.get_by_role("columnheader", name="Qui n'a pas lu")).to_be_visible()
    assert faults(page) == []
