"""The telephone tells the console over the push stream; what the agent is typing is left alone."""

import pytest
from playwright.sync_api import expect

from calls import escalate, telephony
from calls.models import Appel, Demande


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
    expect(desk.locator("#duree")).to_contain_text("Fin de conversation à")
    expect(box).to_be_focused()
    expect(box).to_have_value("carte grise dec")
    assert Appel.objects.get().raccroche_le


def test_a_call_picked_up_by_hand_first_is_the_same(desk, switch):
    with desk.expect_response("**/console/telephone/**"):
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


def test_an_answer_of_the_telephone_that_comes_after_the_pick_up_wipes_nothing(desk, switch):
    held = []
    # The page asks what rings; the answer, that of a call picked up meanwhile, is kept back.
    desk.route("**/console/telephone/**", lambda route: held.append(route))
    switch.ring("214")
    while not held:
        desk.wait_for_timeout(20)
    desk.keyboard.press("F2")
    box = desk.get_by_role("combobox", name="Rechercher")
    expect(box).to_be_focused()
    desk.keyboard.type("car", delay=15)
    with desk.expect_response("**/console/telephone/**"):
        held[0].continue_()
    desk.unroute_all()

    desk.keyboard.type("te", delay=15)
    expect(box).to_have_value("carte")
    expect(box).to_be_focused()


def test_the_caller_waits_and_comes_back_by_one_key(desk, switch):
    switch.ring("214")
    switch.answer("214")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator("#lecture")).to_be_focused()

    desk.keyboard.press("a")
    expect(desk.locator("#telephone")).to_have_text("Usager en attente")
    expect(desk.get_by_role("button", name="Reprendre l'usager")).to_be_visible()
    expect(desk.locator("#lecture")).to_be_focused()
    desk.keyboard.press("a")

    expect(desk.locator("#telephone")).to_have_text("")
    expect(desk.get_by_role("button", name="Faire patienter")).to_be_visible()


def test_the_sector_is_called_joined_and_left_with_digits(desk, switch, make_agent, secteur):
    switch.ring("214")
    switch.answer("214")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()
    transfert = escalate.request(
        Demande.objects.get(), secteur=secteur, motif="trop_complexe", fiche=None
    )
    escalate.accept(transfert, by=make_agent("informateur", username="ines"))
    expect(desk.locator("#transfert")).to_contain_text("a accepté")

    desk.keyboard.press("F8")
    expect(desk.locator("#transfert-dire")).to_be_focused()
    desk.keyboard.press("4")
    expect(desk.locator("#transfert")).to_contain_text("est appelé")
    desk.keyboard.press("F8")
    desk.keyboard.press("2")

    expect(desk.locator("#transfert")).to_contain_text("Conférence à trois avec Justice")
    transfert.refresh_from_db()
    assert transfert.mode == "conference"
