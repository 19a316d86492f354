"""A fiche as read on the phone: definitions in place, links that keep the call, copy, paper."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from calls.models import Consultation
from knowledge.models import Fiche
from tests.e2e.test_accessibility import faults


def paragraph(*parts):
    return {"type": "paragraphe", "texte": list(parts)}


@pytest.fixture
def linked(world):
    """A fiche with a defined word, and a link to « Carte grise d'un véhicule après un décès »."""
    defined = {"m": "definition", "id": "R1", "c": ["préavis"]}
    link = {"m": "fiche", "reference": world.fiche.reference, "c": ["la carte grise"]}
    dossier = {"m": "interne", "reference": "N526", "c": ["le dossier"]}
    fork = {
        "type": "fourche",
        "question": "CDI ou CDD ?",
        "genre": "cas",
        "cas": [
            {"titre": "CDI", "blocs": [paragraph("Trois mois de ", defined, ".")]},
            {"titre": "CDD", "blocs": [paragraph("Voyez ", link, " ou ", dossier, ".")]},
        ],
    }
    definition = {"type": "definition", "id": "R1", "titre": "Préavis"}
    return Fiche.objects.create(
        reference="F1",
        nature="reponse",
        origine="service_public",
        etat="publiee",
        publiee_le=timezone.now(),
        modifiee_le=timezone.localdate(),
        titre="Démission",
        contenu=[
            {"type": "introduction", "blocs": [paragraph("Vous démissionnez.")]},
            fork,
            definition | {"blocs": [paragraph("Délai avant le départ.")]},
        ],
    )


@pytest.fixture
def desk(linked, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214", site="Le Mans 2")
    page = open_desk("camille")
    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    page.evaluate(
        "htmx.ajax('POST', '/console/fiche/F1/', {target: '#lecture', swap: 'outerHTML'})"
    )
    expect(page.get_by_role("heading", name="Démission")).to_be_visible()
    expect(page.locator("#lecture")).to_be_focused()
    return page


def test_a_definition_opens_in_place_and_escape_gives_the_focus_back(desk):
    desk.keyboard.press("1")
    desk.locator("summary", has_text="Lire le texte").click()
    word = desk.get_by_role("button", name="préavis")
    word.focus()

    desk.keyboard.press("Enter")

    note = desk.get_by_role("note", name="Définition : Préavis")
    expect(note).to_contain_text("Délai avant le départ.")
    expect(word).to_have_attribute("aria-expanded", "true")
    assert faults(desk) == []
    desk.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(word).to_be_focused()
    expect(desk.locator("#lecture .puce.on")).to_have_text(["CDI"])


def test_a_link_keeps_the_thread_and_escape_returns_to_the_same_case(desk, world):
    desk.keyboard.press("2")
    desk.locator("summary", has_text="Lire le texte").click()
    desk.locator("#lecture a[data-reference]", has_text="la carte grise").click()

    expect(desk.get_by_role("heading", level=1)).to_contain_text("Carte grise")
    expect(desk.locator("#lecture")).to_be_focused()
    expect(desk.get_by_role("button", name="Revenir à « Démission »")).to_be_visible()
    assert faults(desk) == []
    desk.keyboard.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    desk.keyboard.press("Escape")
    expect(desk.locator("#lecture .puce.on")).to_have_count(0)
    desk.keyboard.press("Escape")

    expect(desk.get_by_role("heading", level=1)).to_contain_text("Démission")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["CDD"])
    expect(desk.locator("#lecture a[data-reference]", has_text="la carte grise")).to_be_focused()
    assert Consultation.objects.count() == 2
    assert Consultation.objects.get(fiche=world.fiche).depuis.fiche.reference == "F1"


def test_a_page_of_the_source_opens_beside_the_call(desk):
    desk.keyboard.press("2")
    desk.locator("summary", has_text="Lire le texte").click()

    with desk.context.expect_page() as opened:
        desk.get_by_role("link", name="le dossier").click()

    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
    assert opened.value.url.endswith("/ressources/N526/")
    opened.value.close()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Démission")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["CDD"])


def test_one_key_copies_what_is_to_be_said(desk, front):
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=front)

    desk.keyboard.press("c")

    expect(desk.locator("[data-a39-copie-etat]")).to_have_text("Copié, prêt à coller.")
    copied = desk.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Démission\nReste à demander")
    assert "Vous démissionnez." in copied


def test_a_refused_clipboard_leaves_a_text_to_select(desk):
    desk.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')) }")

    desk.keyboard.press("c")

    expect(desk.locator("#dictee")).to_be_focused()
    expect(desk.locator("[data-a39-copie-etat]")).to_contain_text("sélectionné")
    assert faults(desk) == []
    desk.keyboard.press("Escape")
    expect(desk.locator("#dictee")).to_be_hidden()


def test_paper_has_the_fiche_alone_black_on_white(desk):
    desk.keyboard.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["CDI"])
    desk.evaluate("document.documentElement.dataset.frTheme = 'dark'")

    desk.emulate_media(media="print")
    desk.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    for hidden in ("#recherche", "#journal", ".a39-entete", ".outils"):
        expect(desk.locator(hidden)).to_be_hidden()
    expect(desk.get_by_text("Trois mois de")).to_be_visible()
    expect(desk.locator(".pied-de-page")).to_contain_text("F1, version 1")
    colour = "getComputedStyle(document.querySelector('.dire')).color"
    assert desk.evaluate(colour) == "rgb(0, 0, 0)"
