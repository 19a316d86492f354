"""The directory in a browser: typing, choosing, the map, and back from a body."""

import re

import pytest
from django.db import transaction
from playwright.sync_api import expect

from allo3939.shared.changes import record_change
from orientation.models import Organisme


@pytest.fixture
def page(world, make_agent, open_desk, front):
    Organisme.objects.filter(pk=world.mairie.pk).update(latitude=48.0, longitude=0.2)
    with transaction.atomic():
        record_change("organismes", ["*"])
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    page.goto(f"{front}/annuaire/")
    return page


def test_a_choice_made_by_keyboard_keeps_the_focus_and_goes_to_the_address(page):
    box = page.get_by_role("checkbox", name=re.compile("Mairie"))
    box.focus()
    page.keyboard.press("Space")

    expect(page.get_by_role("heading", name="1 organisme")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    expect(page).to_have_url(re.compile(r"/annuaire/\?type=mairie$"))


def test_what_is_typed_narrows_and_never_goes_to_the_address(page):
    page.get_by_label("Nom ou sigle").press_sequentially("préf", delay=20)

    expect(page.get_by_role("heading", name="1 organisme")).to_be_visible()
    expect(page.get_by_label("Nom ou sigle")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/annuaire/$"))
    page.get_by_role("button", name="Tout effacer").click()
    expect(page.get_by_role("heading", name="2 organismes")).to_be_focused()
    expect(page.get_by_label("Nom ou sigle")).to_have_value("")


def test_a_criterion_is_taken_away_by_its_button(page):
    page.get_by_role("checkbox", name=re.compile("Mairie")).check()
    page.get_by_role("button", name="Retirer : Mairie").click()

    expect(page.get_by_role("heading", name="2 organismes")).to_be_focused()
    expect(page.get_by_role("checkbox", name=re.compile("Mairie"))).not_to_be_checked()


def test_a_dot_of_the_map_leads_to_its_line_and_the_line_marks_its_dot(page):
    line = page.get_by_role("link", name="Mairie - Le Mans")
    line.focus()
    dot = page.locator("circle.point")
    expect(dot).to_have_attribute("data-a39-vu", "")
    page.get_by_role("link", name="Préfecture de la Sarthe").focus()
    expect(dot).not_to_have_attribute("data-a39-vu", "")
    dot.click()

    expect(line).to_be_focused()


def test_back_from_a_body_the_choices_are_as_they_were(page):
    page.get_by_role("checkbox", name=re.compile("Mairie")).check()
    expect(page.get_by_role("heading", name="1 organisme")).to_be_visible()
    page.get_by_role("link", name="Mairie - Le Mans").click()
    page.get_by_role("link", name="Retour aux résultats").click()

    expect(page.get_by_role("heading", name="1 organisme")).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile("Mairie"))).to_be_checked()


def test_a_body_is_printed_without_what_is_for_the_screen(page):
    page.get_by_role("link", name="Mairie - Le Mans").click()
    page.emulate_media(media="print")

    expect(page.get_by_text("À DIRE")).to_be_visible()
    expect(page.get_by_text("Licence Ouverte 2.0")).to_be_visible()
    for gone in (page.locator("header"), page.get_by_role("button", name="Imprimer"),
                 page.get_by_text("Signaler une erreur")):  # fmt: skip
        expect(gone.first).to_be_hidden()
