"""A question goes to its sector, two browsers side by side, with keys only."""

from playwright.sync_api import expect

from allo3939.accounts.models import Secteur
from calls import presence
from calls.models import Transfert
from tests.e2e.keyboard import type_words


def open_by_digit(page, words, title):
    """Type the words, go down into the list and open a result by its digit."""
    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    type_words(page, words)
    result = page.locator("#resultats [role=option]", has_text=title)
    expect(result).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press(result.get_attribute("data-a39-chiffre"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def wait_until_free(page):
    """Until the stream of the informateur's desk is open: the panel counts who is there then."""
    for _ in range(100):
        if presence.count_available()["justice"]:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the desk of the sector never connected")


def test_the_card_arrives_is_accepted_and_both_close(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214", site="Le Mans 2")
    make_agent("informateur", username="ines", poste="Poste 37", site="CAI Metz")
    informateur = open_desk("ines")
    expect(informateur.locator("#carte")).to_contain_text("Aucun transfert")
    wait_until_free(informateur)
    conseiller = open_desk("camille")

    open_by_digit(conseiller, "succession contestée", "Véhicule et succession contestée")
    conseiller.keyboard.press("F8")
    expect(conseiller.get_by_role("radio", name="Justice")).to_be_checked()
    expect(conseiller.get_by_text("1 disponible ·")).to_be_visible()
    conseiller.keyboard.press("Control+Enter")
    expect(conseiller.locator("#transfert")).to_contain_text(
        "Je vous mets en relation avec le secteur Justice"
    )

    # Pushed: the desk of the sector was not touched.
    expect(informateur.locator("#carte h1")).to_contain_text("succession contestée")
    informateur.keyboard.press("Enter")
    expect(informateur.locator("#carte")).to_contain_text("Appel accepté")
    expect(conseiller.locator("#transfert")).to_contain_text("Poste 37 · CAI Metz a accepté")

    informateur.keyboard.press("5")
    expect(informateur.locator("#fiche-lue h1")).to_contain_text("succession contestée")

    conseiller.keyboard.press("F9")
    expect(conseiller.get_by_role("radio", name="Escaladé")).to_be_checked()
    conseiller.keyboard.press("Control+Enter")
    expect(conseiller.locator("#lecture")).to_contain_text("Appel clos")
    conseiller.keyboard.press("F2")  # ready at once for the next call
    expect(conseiller.get_by_role("combobox", name="Rechercher")).to_be_focused(timeout=3000)

    informateur.keyboard.press("F9")
    expect(informateur.get_by_role("radio", name="Répondu")).to_be_focused()
    informateur.keyboard.press("2")  # orienté
    informateur.keyboard.press("3")  # fiche à créer
    informateur.keyboard.press("Control+Enter")
    expect(informateur.locator("#carte")).to_contain_text("Aucun transfert")

    transfert = Transfert.objects.get()
    assert transfert.etat == "transferee"
    assert transfert.informateur.username == "ines"
    assert (transfert.resultat, transfert.niveau_1) == ("oriente", "fiche_a_creer")
    assert transfert.demande.issue_id == "ES"
    assert transfert.demande.secteur.slug == "justice"


def test_a_refusal_returns_to_the_same_agent_with_its_reason(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214")
    make_agent("informateur", username="ines", poste="Poste 37")
    informateur, conseiller = open_desk("ines"), open_desk("camille")
    open_by_digit(conseiller, "succession contestée", "Véhicule et succession contestée")
    conseiller.keyboard.press("F8")
    expect(conseiller.get_by_role("radio", name="Justice")).to_be_checked()
    conseiller.keyboard.press("Control+Enter")
    expect(informateur.locator("#carte h1")).to_contain_text("succession contestée")

    informateur.keyboard.press("Escape")
    expect(informateur.locator("#refus")).to_be_focused()
    informateur.keyboard.press("1")

    expect(informateur.locator("#carte")).to_contain_text("Aucun transfert")
    expect(conseiller.locator("#transfert")).to_contain_text("Justice a refusé : mauvais secteur")
    assert Transfert.objects.get().etat == "refusee"


def escalate_in_keys(page, *keys):
    """Open the panel, press the keys, confirm."""
    page.keyboard.press("F8")
    expect(page.locator("#panneau form")).to_be_visible()
    for key in (*keys, "Control+Enter"):
        page.keyboard.press(key)


def test_a_sector_and_a_reason_are_chosen_in_four_keys(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille")
    conseiller = open_desk("camille")
    open_by_digit(conseiller, "succession contestée", "Véhicule et succession contestée")

    escalate_in_keys(conseiller, "1", "2")

    expect(conseiller.locator("#transfert-dire")).to_be_focused()
    transfert = Transfert.objects.get()
    assert (transfert.secteur.slug, transfert.motif) == ("justice", "situation_personnelle")


def test_a_consultation_then_the_same_agent_closes(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214")
    make_agent("informateur", username="ines", poste="Poste 37")
    informateur, conseiller = open_desk("ines"), open_desk("camille")
    open_by_digit(conseiller, "succession contestée", "Véhicule et succession contestée")
    escalate_in_keys(conseiller)
    expect(informateur.locator("#carte h1")).to_contain_text("succession contestée")

    informateur.keyboard.press("Enter")
    expect(informateur.locator("#carte")).to_contain_text("Appel accepté")
    informateur.keyboard.press("1")
    expect(informateur.locator("#carte")).to_contain_text("En consultation")
    expect(conseiller.locator("#transfert")).to_contain_text("Poste 37 vous répond")
    expect(conseiller.locator("#transfert-dire")).to_be_focused()  # through each swap
    informateur.keyboard.press("1")
    expect(informateur.locator("#carte")).to_contain_text("Aucun transfert")
    expect(conseiller.locator("#transfert")).to_contain_text("Poste 37 vous rend la question")

    conseiller.keyboard.press("F9")
    conseiller.keyboard.press("Control+Enter")
    expect(conseiller.locator("#lecture")).to_contain_text("Appel clos")
    assert Transfert.objects.get().etat == "rendue"


def test_a_conference_said_by_the_agent_shows_to_both(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille")
    make_agent("informateur", username="ines")
    informateur, conseiller = open_desk("ines"), open_desk("camille")
    open_by_digit(conseiller, "succession contestée", "Véhicule et succession contestée")
    escalate_in_keys(conseiller)
    expect(informateur.locator("#carte h1")).to_contain_text("succession contestée")
    informateur.keyboard.press("Enter")
    expect(conseiller.locator("#transfert")).to_contain_text("a accepté")

    conseiller.keyboard.press("F2")  # elsewhere, then back to the transfer
    conseiller.keyboard.press("F8")
    expect(conseiller.locator("#transfert-dire")).to_be_focused()
    conseiller.keyboard.press("2")

    expect(conseiller.locator("#transfert")).to_contain_text("Conférence à trois avec Justice")
    assert Transfert.objects.get().mode == "conference"


def test_a_wrong_sector_sends_on_and_the_agent_sees_it(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille")
    make_agent("informateur", username="ines", poste="Poste 37")
    travail = Secteur.objects.get(slug="travail")
    make_agent("informateur", username="tom", poste="Poste 41", secteur=travail)
    informateur, conseiller, right = open_desk("ines"), open_desk("camille"), open_desk("tom")
    open_by_digit(conseiller, "succession contestée", "Véhicule et succession contestée")
    escalate_in_keys(conseiller)
    expect(informateur.locator("#carte h1")).to_contain_text("succession contestée")

    informateur.keyboard.press("F8")
    expect(informateur.locator("#reroutage")).to_be_focused()
    informateur.keyboard.press("2")
    expect(informateur.locator("#raison")).to_be_focused()
    informateur.keyboard.type("Contrat de travail")
    informateur.keyboard.press("Control+Enter")

    expect(informateur.locator("#carte")).to_contain_text("Aucun transfert")
    expect(right.locator("#carte h1")).to_contain_text("succession contestée")
    expect(right.locator("#carte")).to_contain_text("Contrat de travail")
    expect(conseiller.locator("#transfert")).to_contain_text(
        "Justice a envoyé la question à Travail"
    )
    right.keyboard.press("Enter")
    expect(conseiller.locator("#transfert")).to_contain_text("Poste 41 a accepté")


def test_a_break_is_one_key_and_the_agent_no_longer_counts_on_it(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille")
    make_agent("informateur", username="ines")
    informateur, conseiller = open_desk("ines"), open_desk("camille")
    open_by_digit(conseiller, "succession contestée", "Véhicule et succession contestée")

    informateur.keyboard.press("p")
    expect(informateur.locator("#statut")).to_have_text("En pause")
    conseiller.keyboard.press("F8")
    expect(conseiller.get_by_text("0 disponible ·").first).to_be_visible()
    expect(conseiller.get_by_text("1 disponible ·")).to_have_count(0)

    informateur.keyboard.press("p")
    expect(informateur.locator("#statut")).to_have_text("Disponible")


def test_after_three_refusals_a_superviseur_sees_the_question(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214")
    make_agent("informateur", username="ines")
    make_agent("superviseur", username="sam")
    superviseur, informateur = open_desk("sam"), open_desk("ines")
    conseiller = open_desk("camille")
    expect(superviseur.locator("#alertes")).to_contain_text("Aucune question")
    open_by_digit(conseiller, "succession contestée", "Véhicule et succession contestée")

    for _ in range(3):
        conseiller.keyboard.press("F8")
        expect(conseiller.locator("#panneau form")).to_be_visible()
        justice = conseiller.locator("label.route", has_text="Justice")
        conseiller.keyboard.press(justice.get_attribute("data-a39-chiffre"))
        conseiller.keyboard.press("Control+Enter")
        expect(informateur.locator("#carte h1")).to_contain_text("succession contestée")
        informateur.keyboard.press("Escape")
        expect(informateur.locator("#refus")).to_be_focused()
        informateur.keyboard.press("3")
        expect(conseiller.locator("#transfert")).to_contain_text("Justice a refusé")

    expect(superviseur.locator("#alertes")).to_contain_text("succession contestée")
    expect(superviseur.locator("#alertes")).to_contain_text("Poste 214")


def test_where_streams_are_blocked_the_pages_ask(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille")
    make_agent("informateur", username="ines", poste="Poste 37")
    conseiller = open_desk("camille")
    conseiller.context.route("**/flux/**", lambda route: route.fulfill(status=204))
    conseiller.reload()
    informateur = open_desk("ines")
    open_by_digit(conseiller, "succession contestée", "Véhicule et succession contestée")
    escalate_in_keys(conseiller)
    expect(informateur.locator("#carte h1")).to_contain_text("succession contestée")

    informateur.keyboard.press("Enter")

    expect(conseiller.locator("#transfert")).to_contain_text("Poste 37 a accepté")
    conseiller.problems.clear()  # the browser says that its stream fails
