"""From the commune to the office, said and dictated, with keys only."""

import uuid

import pytest
from playwright.sync_api import expect

from calls.models import Appel
from orientation.models import Commune, Competence, Departement, Organisme
from tests.e2e.keyboard import type_words
from tests.e2e.test_accessibility import faults


@pytest.fixture
def places(world):
    """Homonyms in two départements, and a former commune."""
    Departement.objects.create(code="93", nom="Seine-Saint-Denis")
    Departement.objects.create(code="11", nom="Aude")
    for code, departement, postcode, population in (
        ("93066", "93", "93200", 149_077),
        ("11339", "11", "11310", 523),
    ):
        Commune.objects.create(
            code_insee=code, nom="Saint-Denis", nom_recherche="saint denis",
            type="commune-actuelle", departement_id=departement, codes_postaux=[postcode],
            population=population,
        )  # fmt: skip
    Commune.objects.create(
        code_insee="72999", nom="Fontenay", nom_recherche="fontenay", type="commune-deleguee",
        departement_id="72", parente_id="72003",
    )  # fmt: skip


@pytest.fixture
def page(places, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214", site="Le Mans 2")
    return read_fiche(open_desk("camille"))


def read_fiche(page):
    """Pick up and read a fiche that sends to the préfecture, to the end of its forks."""
    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    type_words(page, "carte grise déc")
    page.keyboard.press("Enter")
    expect(page.locator("#lecture")).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator("#lecture .puce.on")).to_have_count(1)
    page.keyboard.press("2")
    expect(page.locator("#lecture .puce.on")).to_have_count(2)
    return page


def ask_commune(page, text):
    page.keyboard.press("F4")
    type_words(page, text)


def test_the_office_is_said_then_dictated_then_the_fiche_again(page, world):
    Organisme.objects.filter(pk=world.prefecture.pk).update(courriels=["pref-72@exemple.fr"])

    ask_commune(page, "72000")  # of one commune: chosen without a key
    expect(page.locator("#lieu")).to_be_focused()
    expect(page.locator(".lieu-dire")).to_contain_text("est ouverte")

    page.keyboard.press("d")
    dictation = page.get_by_role("dialog", name="Préfecture de la Sarthe")
    expect(dictation).to_be_visible()
    expect(dictation).to_contain_text("02 61 91 01 01")
    expect(dictation).to_contain_text("p r e f, tiret, 7 2, arobase, e x e m p l e, point, f r")
    expect(dictation).to_contain_text("P comme Pierre, R comme Raoul")

    page.keyboard.press("Escape")
    expect(dictation).to_be_hidden()
    expect(page.locator("#lieu")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#lecture")).to_be_focused()
    assert "La préfecture" in Appel.objects.get().demandes.get().orientations.get().dit


def test_the_key_that_opened_the_dictation_closes_it(page):
    ask_commune(page, "72000")
    page.keyboard.press("Enter")
    expect(page.locator("#lieu")).to_be_focused()

    page.keyboard.press("d")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("d")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#lieu")).to_be_focused()


def test_homonyms_are_told_apart_and_none_is_taken_alone(page):
    ask_commune(page, "saint-denis")
    options = page.locator("#communes [role=option]")
    expect(options).to_have_count(2)
    expect(page.locator("#communes")).to_contain_text("demandez le département")
    expect(options.nth(0)).to_contain_text("Seine-Saint-Denis (93)")
    expect(options.nth(0)).to_contain_text("149")
    expect(options.nth(1)).to_contain_text("Aude (11)")

    page.keyboard.press("Enter")
    expect(page.locator("#communes [aria-selected=true]")).to_have_count(1)
    page.keyboard.press("2")

    expect(page.locator("#lieu")).to_be_focused()
    expect(page.locator("#lieu")).to_contain_text("Saint-Denis (11)")
    assert Appel.objects.get().commune_id == "11339"


def test_a_departement_said_with_the_name_leaves_no_choice(page):
    ask_commune(page, "saint-denis dans le 93")
    expect(page.locator("#communes [role=option]")).to_have_count(1)

    page.keyboard.press("Enter")

    expect(page.locator("#lieu")).to_be_focused()
    assert Appel.objects.get().commune_id == "93066"


def test_a_cedex_is_explained_and_a_guess_waits_for_a_second_key(page):
    ask_commune(page, "72039 cedex 9")
    expect(page.locator("#communes")).to_contain_text("72039 est un code CEDEX")
    expect(page.locator("#communes [role=option]")).to_have_count(1)

    page.keyboard.press("Enter")
    expect(page.locator("#communes [aria-selected=true]")).to_contain_text("Le Mans")
    assert Appel.objects.get().commune is None
    page.keyboard.press("Enter")

    expect(page.locator("#lieu")).to_be_focused()
    assert Appel.objects.get().commune_id == "72181"


def test_a_former_commune_says_what_it_has_become(page):
    ask_commune(page, "fontenay")

    expect(page.locator("#communes [role=option]")).to_contain_text(
        "ancienne commune, aujourd'hui Coulaines"
    )


def test_a_name_that_does_not_exist_says_what_to_do(page):
    ask_commune(page, "xyzzy")

    expect(page.locator("#communes")).to_contain_text("vérifiez l'orthographe")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Commune")).to_be_focused()


def test_unknown_hours_are_said_not_to_be_sure(page, world):
    Organisme.objects.filter(pk=world.prefecture.pk).update(plages=[])

    ask_commune(page, "72000")
    page.keyboard.press("Enter")

    card = page.locator(".lieu")
    expect(card).to_contain_text("Horaires à vérifier")
    expect(card.locator(".lieu-dire")).to_contain_text("Je n'ai pas d'horaires sûrs")
    expect(card).to_contain_text("Pas d'horaires dans l'annuaire")


def test_several_bodies_are_shown_and_a_digit_chooses(page, world):
    second = Organisme.objects.create(
        id=uuid.uuid4(), nom="Préfecture de la Sarthe - La Flèche",
        types=["prefecture"], commune_insee="72154", departement_code="72", commune_nom="La Flèche",
    )  # fmt: skip
    Competence.objects.filter(commune_insee="72181", type_code="prefecture").update(
        organismes=[world.prefecture.pk, second.pk]
    )

    ask_commune(page, "72000")
    page.keyboard.press("Enter")
    expect(page.locator("#lieu")).to_be_focused()
    expect(page.locator("#lieu .guichet")).to_have_count(2)
    expect(page.locator("#lieu .lieu")).to_have_count(0)
    page.keyboard.press("2")

    expect(page.locator("#lieu .lieu h3")).to_have_text("Préfecture de la Sarthe - La Flèche")
    assert Appel.objects.get().demandes.get().orientations.get().organisme == second


def test_the_commune_stays_for_the_next_question_and_not_for_the_next_call(page):
    ask_commune(page, "72000")
    page.keyboard.press("Enter")
    expect(page.locator("#lieu")).to_be_focused()

    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    type_words(page, "carte grise déc")
    page.keyboard.press("Enter")
    expect(page.locator("#lecture")).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator("#lecture .puce.on")).to_have_count(1)
    page.keyboard.press("2")
    expect(page.locator("#lieu .guichet")).to_contain_text("La préfecture")
    page.keyboard.press("1")
    expect(page.locator("#lieu .lieu-dire")).to_contain_text("La préfecture")

    page.keyboard.press("F9")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#lecture")).to_contain_text("Appel clos")
    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Commune")).to_have_value("")


@pytest.mark.parametrize("size", [(1280, 720), (640, 360)])  # the second as at 200 %
def test_nothing_to_say_on_any_state(places, make_agent, open_desk, world, size):
    make_agent("teleconseiller", username="camille")
    page = read_fiche(open_desk("camille", size=size))
    found = {}
    ask_commune(page, "72190")
    expect(page.locator("#communes [role=option]")).to_have_count(2)
    found["code partagé"] = faults(page)
    ask_commune(page, "72039 cedex")
    expect(page.locator("#communes [role=option]")).to_have_count(1)
    found["cedex"] = faults(page)
    ask_commune(page, "xyzzy")
    expect(page.locator("#communes")).to_contain_text("vérifiez")
    found["aucune"] = faults(page)
    Organisme.objects.filter(pk=world.prefecture.pk).update(
        plages=[], courriels=["pref-72@exemple.fr"], sites=["https://www.sarthe.gouv.fr/"]
    )
    ask_commune(page, "72000")
    page.keyboard.press("Enter")
    expect(page.locator("#lieu .lieu")).to_be_visible()
    found["horaires inconnus"] = faults(page)
    page.keyboard.press("d")
    expect(page.get_by_role("dialog")).to_be_visible()
    found["dictée"] = faults(page)
    wide = "document.querySelector('dialog[open]').scrollWidth > innerWidth"
    assert not page.evaluate(wide)

    assert {state: wrong for state, wrong in found.items() if wrong} == {}
