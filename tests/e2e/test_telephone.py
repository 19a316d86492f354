"""The telephone tells the console over the push stream; what the agent is typing is left alone."""

import pytest
from playwright.sync_api import expect

from calls import telephony
from calls.models import Appel


@pytest.fixture
def switch(settings, front):
    settings.TELEPHONIE_SECRET = "un secret pour les essais"
    settings.TELEPHONIE_STANDARD = "simule"
    settings.TELEPHONIE_SIMULE_URL = front
    return telephony.SimulatedSwitch()


@pytest.fixture
def desk(world, make_agent, switch, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214", site="Le Mans 2")
    page = open_desk("camille")
    expect(page.locator("#telephone")).to_have_count(1)
    return page


def test_an_answered_call_opens_the_console_and_then_never_takes_the_focus(desk, switch):
    line = desk.locator("#telephone")
    ready = desk.get_by_role("button", name="Décrocher")
    expect(ready).to_be_focused()

    with desk.expect_response("**/console/telephone/**"):
        switch.ring("214")
    expect(line).to_have_text("Appel entrant")
    expect(ready).to_be_focused()

    switch.answer("214")
    box = desk.get_by_role("combobox", name="Rechercher")
    expect(box).to_be_focused()
    expect(desk.locator("#lecture")).to_contain_text("Allo Service-Public, bonjour")
    expect(line).to_have_text("")

    desk.keyboard.type("carte grise")
    switch.tell("214", telephony.Genre.HELD)
    expect(line).to_have_text("Usager en attente")
    desk.keyboard.type(" dec", delay=15)
    expect(box).to_have_value("carte grise dec")
    expect(box).to_be_focused()

    switch.hang_up("214")
    expect(desk.locator("#statut")).to_have_text("Après l'appel")
    expect(box).to_be_focused()
    expect(box).to_have_value("carte grise dec")
    assert Appel.objects.get().raccroche_le


def test_a_call_picked_up_by_hand_first_is_the_same(desk, switch):
    switch.ring("214")
    desk.keyboard.press("F2")
    box = desk.get_by_role("combobox", name="Rechercher")
    expect(box).to_be_focused()
    desk.keyboard.type("car", delay=15)

    with desk.expect_response("**/console/telephone/**"):
        switch.answer("214")

    expect(box).to_have_value("car")
    expect(desk.locator("#statut")).to_have_text("En appel")
    assert Appel.objects.count() == 1
