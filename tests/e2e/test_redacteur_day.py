"""A rédacteur's day by keyboard: one thing opened, several dealt with at once and taken back."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from knowledge.misses.follow import key_of
from knowledge.models import Fiche, Proposition, RechercheManquee, UsageFiche
from tests.e2e.test_accessibility import violations
from tests.redaction.test_inbox import forget


def found_in(page):
    """What axe says of the page, without the frame that Django's administration draws."""
    # The toggle of the theme has no text of its own before a script gives it one.
    return violations(page, context={"include": [["#content"]]})


@pytest.fixture
def waiting(world, make_agent):
    """A proposition to approve with many calls, two reviews due, a search without result."""
    forget()
    colleague = make_agent("redacteur", username="claire", poste="Poste 2", site="Paris")
    make_agent("redacteur", username="rachid", site="Paris")
    today = timezone.localdate()
    others = list(Fiche.objects.exclude(pk=world.fiche.pk).order_by("reference")[:2])
    for calls, fiche in enumerate([*others, world.fiche], 1):
        UsageFiche.objects.create(fiche=fiche, jour=today, consultations=calls * 10)
    Fiche.objects.filter(pk__in=[each.pk for each in others]).update(a_revoir_le=today)
    RechercheManquee.objects.create(
        texte="trottinette", genre="sans_resultat", cle=key_of("trottinette"), le=timezone.now()
    )
    return Proposition.objects.create(
        fiche=world.fiche, auteur=colleague, etat="a_relire", motif="Nouveau tarif"
    )


def lines(page):
    return page.locator("[data-a39-affaire]")


def test_the_first_line_has_the_most_calls_at_stake_and_opens_with_enter(waiting, open_desk, front):
    page = open_desk("rachid")
    expect(page).to_have_url(f"{front}/administration/boite/")
    expect(lines(page)).to_have_count(4)

    page.keyboard.press("ArrowDown")
    expect(lines(page).first).to_be_focused()
    expect(lines(page).first).to_have_text(waiting.fiche.titre)
    page.keyboard.press("ArrowDown")
    expect(lines(page).nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{front}/administration/knowledge/proposition/{waiting.pk}/change/")


def test_several_reviews_are_ticked_verified_and_taken_back(waiting, open_desk):
    page = open_desk("rachid")
    page.keyboard.press("9")
    expect(page.get_by_role("link", name="Revues dues")).to_have_attribute("aria-current", "true")
    expect(lines(page)).to_have_count(2)

    for _ in range(2):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("x")
    expect(page.get_by_text("2 choisies")).to_be_visible()
    page.keyboard.press("v")

    expect(page.locator(".a39-boite-regret")).to_contain_text("Vérifiée aujourd'hui\u00a0: 2.")
    expect(page.get_by_text("Rien avec ces filtres.")).to_be_visible()
    page.keyboard.press("u")

    expect(lines(page)).to_have_count(2)


def test_a_letter_deals_with_the_line_in_hand(waiting, open_desk):
    page = open_desk("rachid")
    page.keyboard.press("7")
    expect(lines(page)).to_have_text(["trottinette"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("t")

    expect(page.locator(".a39-boite-regret")).to_contain_text("Traité\u00a0: 1.")


def test_without_shortcuts_the_letters_do_nothing(waiting, open_desk, make_agent):
    make_agent("redacteur", username="regis", raccourcis=False)
    page = open_desk("regis")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("9")
    page.keyboard.press("x")

    expect(lines(page)).to_have_count(4)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    expect(page.locator("kbd")).to_have_count(0)


def test_the_inbox_full_filtered_and_empty_is_accessible(waiting, open_desk, front):
    page = open_desk("rachid")
    found = {"pleine": found_in(page)}
    page.keyboard.press("9")
    expect(lines(page)).to_have_count(2)
    found["filtrée"] = found_in(page)
    Proposition.objects.all().delete()
    RechercheManquee.objects.all().delete()
    Fiche.objects.update(a_revoir_le=None)
    page.goto(f"{front}/administration/boite/")
    expect(page.get_by_text("Tout est réglé.")).to_be_visible()
    found["vide"] = found_in(page)

    assert {state: wrong for state, wrong in found.items() if wrong} == {}
