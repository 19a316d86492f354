"""A colleague decides of a proposition without the mouse; a jurist answers from a link."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from knowledge.models import Fiche, Proposition
from knowledge.propose import links
from tests.e2e.keyboard import type_words
from tests.e2e.test_accessibility import faults
from tests.knowledge.proposed import programme, submit

NEW = "La carte grise se demande en ligne, jamais au guichet."


@pytest.fixture
def proposition(world, autrice, relectrice):
    return submit(world.fiche, autrice, a_dire=NEW, importance="changement")


@pytest.fixture
def open_screen(open_desk, front, proposition):
    def show(**options):
        page = open_desk("relectrice", **options)
        page.goto(front + reverse("admin:knowledge_proposition_change", args=[proposition.pk]))
        return page

    return show


@pytest.fixture
def send_link(proposition, relectrice, front):
    _, jeton = links.create(proposition, by=relectrice, relecteur="juriste")
    return front + reverse("relecture", args=[jeton])


@pytest.fixture
def browse(chromium):
    """A browser of somebody without account."""
    contexts = []

    def open_page(address):
        context = chromium.new_context(
            viewport={"width": 1280, "height": 720}, locale="fr-FR", color_scheme="light"
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_a_colleague_approves_by_four_keys(open_screen, proposition):
    page = open_screen()
    expect(page.locator(".differences ins").first).to_be_visible()

    page.keyboard.press("F9")
    expect(page.get_by_role("group", name="Votre décision")).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_role("radio", name="Approuver et publier")).to_be_checked()
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("la proposition est publiée")).to_be_visible()
    assert Fiche.objects.get(pk=proposition.fiche_id).a_dire == NEW


def test_sending_back_asks_why_without_leaving_the_keyboard(open_screen, proposition):
    page = open_screen()
    page.keyboard.press("F9")
    page.keyboard.press("r")
    comment = page.get_by_role("textbox", name="Commentaire")
    expect(comment).to_be_focused()
    page.keyboard.press("Control+Enter")
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("Dites pourquoi")
    expect(refusal).to_be_focused()
    assert [text for text in page.problems if "422" not in text] == []
    page.problems.clear()  # Chromium tells of the refusal itself

    page.keyboard.press("F9")
    page.keyboard.press("r")
    page.keyboard.type("voir Mme Kerbastard au 06 39 98 12 45")
    expect(page.locator("#garde-commentaire")).to_contain_text("numéro de téléphone")
    page.keyboard.press("Control+a")
    type_words(page, "Citez le décret.")
    expect(page.locator("#garde-commentaire .a39-erreur")).to_have_count(0)
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("est renvoyée à son auteur")).to_be_visible()
    proposition.refresh_from_db()
    assert proposition.etat == "a_corriger"
    assert proposition.etapes.last().commentaire == "Citez le décret."


def test_the_preview_is_walked_by_digits(open_screen):
    page = open_screen()
    page.keyboard.press("1")
    expect(page.locator("#apercu .puce.on")).to_have_count(1)
    expect(page.locator("#liens")).not_to_contain_text("en cours")


def test_another_day_is_given_by_keyboard(open_screen, proposition, relectrice):
    day = timezone.localdate() + timedelta(days=3)
    Proposition.objects.filter(pk=proposition.pk).update(
        etat="programmee", approuvee_par="juriste", effet_le=day
    )
    page = open_screen()
    page.keyboard.press("F9")
    page.keyboard.press("d")
    field = page.get_by_label("Date d'effet")
    expect(field).to_be_focused()
    later = day + timedelta(days=30)
    field.fill(later.isoformat())  # in what order a day is typed is the browser's affair
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("paraîtra le")).to_be_visible()
    proposition.refresh_from_db()
    assert proposition.effet_le == later


def test_a_jurist_agrees_from_a_link(browse, send_link, proposition):
    page = browse(send_link)
    expect(page.get_by_role("heading", level=1).first).to_contain_text("Carte grise")
    expect(page.get_by_role("navigation")).to_have_count(0)
    page.get_by_role("link", name="Gardé").press("Enter")
    expect(page.locator("#apercu .puce.on")).to_have_count(1)

    page.get_by_role("button", name="Je suis d'accord").press("Enter")

    expect(page.get_by_text("Votre accord est enregistré")).to_be_visible()
    proposition.refresh_from_db()
    assert (proposition.etat, proposition.approuvee_par) == ("approuvee", "juriste")
    page.goto(send_link)
    expect(page.get_by_text("Vous avez déjà répondu")).to_be_visible()


def test_axe_finds_nothing_to_say(
    open_screen,
    open_desk,
    browse,
    send_link,
    front,
    world,
    autrice,
    relectrice,
    make_agent,
):
    page = open_screen()
    expect(page.locator("#liens")).not_to_contain_text("en cours")
    found = {"décision": faults(page)}
    page.keyboard.press("F9")
    page.keyboard.press("e")
    found["écarter"] = faults(page)
    page.get_by_label("Pour qui").fill("juriste")
    page.get_by_role("button", name="Créer un lien").click()
    expect(page.locator("#adresse")).to_be_focused()
    found["lien"] = faults(page)
    jurist = browse(send_link)
    found["juriste"] = faults(jurist)
    jurist.goto(f"{front}/relecture/inconnu/")
    found["lien inconnu"] = faults(jurist)
    day = timezone.localdate() + timedelta(days=3)
    other = Fiche.objects.get(reference="A39-0102")
    programme(other, autrice, approver=relectrice, effet_le=day, note="À venir.")
    make_agent("teleconseiller", username="camille")
    desk = open_desk("camille")
    desk.goto(front + other.get_absolute_url())
    desk.get_by_text("À partir du").click()
    expect(desk.get_by_text("À venir.")).to_be_visible()
    found["à partir du"] = faults(desk)

    assert {state: wrong for state, wrong in found.items() if wrong} == {}
