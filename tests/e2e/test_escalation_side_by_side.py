"""A question goes to its sector, two browsers side by side, with keys only."""

from playwright.sync_api import expect

from calls.models import Transfert


def open_by_digit(page, words, title):
    """Type the words, go down into the list and open a result by its digit."""
    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    page.keyboard.type(words, delay=10)
    result = page.locator("#resultats [role=option]", has_text=title)
    expect(result).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press(result.get_attribute("data-a39-chiffre"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def test_the_card_arrives_is_accepted_and_both_close(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214", site="Le Mans 2")
    make_agent("informateur", username="ines", poste="Poste 37", site="CAI Metz")
    informateur = open_desk("ines")
    expect(informateur.locator("#carte")).to_contain_text("Aucun transfert")
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

    informateur.keyboard.press("3")
    expect(informateur.locator("#fiche-lue h1")).to_contain_text("succession contestée")

    conseiller.keyboard.press("F9")
    expect(conseiller.get_by_role("radio", name="Escaladé")).to_be_checked()
    conseiller.keyboard.press("Control+Enter")
    expect(conseiller.locator("#lecture")).to_contain_text("Appel clos")
    conseiller.keyboard.press("F2")  # ready at once for the next call
    expect(conseiller.get_by_role("combobox", name="Rechercher")).to_be_focused(timeout=3000)

    informateur.keyboard.press("F9")
    expect(informateur.get_by_role("radio", name="Répondu")).to_be_focused()
    informateur.keyboard.press("Tab")
    informateur.keyboard.press("ArrowDown")
    informateur.keyboard.press("Control+Enter")
    expect(informateur.locator("#carte")).to_contain_text("Aucun transfert")

    transfert = Transfert.objects.get()
    assert transfert.etat == "transferee"
    assert transfert.informateur.username == "ines"
    assert (transfert.resultat, transfert.niveau_1) == ("repondu", "non")
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
