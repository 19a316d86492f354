"""The day of those who write outside the admin, by keyboard: a partenaire's, an informateur's."""

import pytest
from playwright.sync_api import expect

from allo3939.accounts.models import Secteur
from calls import escalate
from knowledge import propose
from knowledge.models import Lacune, Proposition, UsageFiche
from tests.e2e.keyboard import type_words
from tests.e2e.test_accessibility import faults, violations
from tests.knowledge.proposed import submit, write

TABS_MAX = 400


@pytest.fixture
def interieur(world):
    return Secteur.objects.get(slug="interieur")


@pytest.fixture
def partner(interieur, make_agent):
    return make_agent("partenaire", username="paul", secteur=interieur, site="Metz")


@pytest.fixture
def reviewer(make_agent):
    return make_agent("redacteur", username="relectrice", site="Paris")


def reach(page, target):
    """Press Tab until the control has the focus; shows that it can be reached by keyboard."""
    for _ in range(TABS_MAX):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by keyboard: {target}")


def press(page, target, key="Enter"):
    reach(page, target)
    page.keyboard.press(key)


def test_a_partenaires_day_by_keyboard_alone(world, partner, reviewer, open_desk):
    page = open_desk("paul")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fiches du secteur Intérieur")
    reach(page, page.get_by_label("Mots du titre ou mots-clés"))
    words = world.fiche.titre.split()[0].lower()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if words in request.url else None)
    type_words(page, words)
    expect(page.locator("#a39-direct")).to_contain_text("fiche")
    reach(page, page.get_by_role("link", name=world.fiche.titre, exact=True))
    assert len(asked) == 1  # leaving the box asks nothing again: the list would lose the focus
    page.keyboard.press("Enter")

    spoken = page.get_by_label("À dire", exact=False).first
    reach(page, spoken)
    page.keyboard.press("Control+A")
    type_words(page, "Faites la démarche en ligne, avec FranceConnect.")
    expect(page.locator("[data-a39-etat]")).to_contain_text("Enregistré à")
    reach(page, page.get_by_label("Pourquoi, en quelques mots", exact=False))
    type_words(page, "Le téléservice a ouvert")
    press(page, page.get_by_role("button", name="Soumettre à relecture"))

    expect(page.get_by_role("status").filter(has_text="soumise à relecture")).to_be_visible()
    proposition = Proposition.objects.get()
    assert (proposition.etat, proposition.champs) == (
        "a_relire",
        {"a_dire": "Faites la démarche en ligne, avec FranceConnect."},
    )
    propose.send_back(proposition, by=reviewer, commentaire="Dites aussi le délai.")

    press(page, page.get_by_role("link", name="Fiches du secteur", exact=True).first)
    expect(page.get_by_text("Dites aussi le délai.").first).to_be_visible()
    press(page, page.locator(".a39-annonce a").first)
    press(page, page.get_by_role("link", name="Corriger", exact=True))
    expect(page.get_by_text("À corriger, dit Paris")).to_be_visible()
    reach(page, page.get_by_label("À dire", exact=False).first)
    page.keyboard.press("End")
    page.keyboard.press("Control+End")
    page.keyboard.type(" Comptez deux semaines.")
    expect(page.locator("[data-a39-etat]")).to_contain_text("Enregistré à")
    press(page, page.get_by_role("button", name="Soumettre à relecture"))
    expect(page.get_by_role("status").filter(has_text="soumise à relecture")).to_be_visible()

    proposition.refresh_from_db()
    propose.approve(proposition, by=reviewer)
    page.reload()
    expect(page.get_by_text("Publiée", exact=True).first).to_be_visible()
    world.fiche.refresh_from_db()
    assert world.fiche.a_dire.endswith("Comptez deux semaines.")


def test_a_new_fiche_is_begun_and_kept_by_keyboard(world, partner, open_desk):
    page = open_desk("paul")
    press(page, page.get_by_role("link", name="Écrire une fiche"))
    reach(page, page.get_by_label("Titre", exact=True).first)
    type_words(page, "Carte grise perdue à l'étranger")
    expect(page.locator("[data-a39-etat]")).to_contain_text("Enregistré à")
    proposition = Proposition.objects.get()
    assert proposition.fiche.secteur == partner.secteur
    page.wait_for_url(f"**{proposition.fiche.reference}/")
    page.reload()
    expect(page.get_by_label("Titre", exact=True).first).to_have_value(
        "Carte grise perdue à l'étranger"
    )


def test_an_informateur_writes_the_fiche_that_a_call_lacked(
    world, make_agent, secteur, offer, open_desk
):
    ines = make_agent("informateur", username="ines", secteur=secteur)
    transfert = offer()
    escalate.accept(transfert, by=ines)
    page = open_desk("ines")
    with page.context.expect_page() as opened:
        press(page, page.locator(".carte").get_by_role("button", name="Écrire la fiche"))
    written = opened.value
    written.problems = []
    expect(written.get_by_text("Née d'un appel")).to_be_visible()
    expect(written.get_by_label("Titre", exact=True).first).to_have_value("Succession contestée")
    proposition = Proposition.objects.get()
    assert (proposition.origine, proposition.fiche.secteur) == ("appel", secteur)
    expect(page.get_by_role("heading", name="succession contestée")).to_be_visible()


@pytest.fixture
def busy(world, partner, reviewer, make_agent, interieur):
    """A sector where everything waits: (address, state) of its pages."""
    colleague = make_agent("informateur", username="ines", secteur=interieur, poste="Poste 31")
    own = write(world.fiche, partner, a_dire="Faites-le en ligne.", mots_cles=["carte grise"])
    own.contexte = {
        "question": "carte grise après un décès",
        "precision": "le délai manque",
        "situation": ["véhicule gardé"],
        "dit": "Un mois.",
        "motif": "Fiche insuffisante",
    }
    own.save()
    propose.send_back(
        propose.submit(own, by=partner), by=reviewer, commentaire="Dites aussi le délai."
    )
    submit(world.fiche, colleague, a_dire="Demandez-le en mairie.")
    other = submit(world.escalade, partner, titre="Un autre titre")
    UsageFiche.objects.create(fiche=world.fiche, jour="2026-11-20", consultations=140)
    Lacune.objects.create(titre="Carte grise perdue", cles=["carte"], fiche=world.fiche)
    return {
        "sector": "/redaction/",
        "nothing found": "/redaction/?q=introuvable",
        "list": "/redaction/propositions/",
        "empty list": "/redaction/propositions/?etat=publiee",
        "sent back": own.get_absolute_url(),
        "waiting": other.get_absolute_url(),
        "preview": f"{own.get_absolute_url()}apercu/",
        "merge": f"{own.get_absolute_url()}fusion/",
        "writing": f"/redaction/fiches/{world.fiche.reference}/",
        "new": "/redaction/fiches/nouvelle/",
    }


def test_axe_finds_nothing_on_any_page(front, busy, open_desk):
    page = open_desk("paul")
    found = {}
    for state, path in busy.items():
        page.goto(front + path)
        # The buttons of a long form stay in sight over it.
        found[state] = (violations if state in ("writing", "new") else faults)(page)
    assert {state: said for state, said in found.items() if said} == {}


def test_axe_finds_nothing_on_what_is_refused(front, busy, open_desk):
    page = open_desk("paul")
    page.goto(front + busy["merge"])
    page.locator("form").last.evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="Rapprocher").click()
    assert violations(page) == []
    page.goto(front + busy["waiting"])
    page.get_by_role("button", name="Ajouter le commentaire").click()
    expect(page.get_by_text("Écrivez votre commentaire.")).to_be_visible()
    assert faults(page) == []
    page.problems.clear()  # the browser tells of each answer 422


def test_axe_finds_nothing_in_an_empty_sector(front, world, make_agent, open_desk):
    empty = Secteur.objects.get(slug="justice")
    make_agent("partenaire", username="jean", secteur=empty)
    page = open_desk("jean")
    expect(page.get_by_text("Le secteur n'a pas encore de fiche.")).to_be_visible()
    assert faults(page) == []


def test_axe_finds_nothing_on_the_desk_of_an_informateur(
    world, make_agent, secteur, offer, open_desk
):
    ines = make_agent("informateur", username="ines", secteur=secteur)
    transfert = offer()
    escalate.accept(transfert, by=ines)
    escalate.transfer(transfert, by=ines, mode="transfert")
    page = open_desk("ines")
    assert faults(page) == []
    escalate.finish(transfert, by=ines, result="repondu", level_1="fiche_a_creer")
    page.reload()
    expect(page.locator("#clos").get_by_role("button", name="Écrire la fiche")).to_be_visible()
    assert faults(page) == []


def test_nothing_is_lost_at_200_percent(front, busy, open_desk):
    page = open_desk("paul", size=(640, 360))
    wide = {}
    for state, path in busy.items():
        page.goto(front + path)
        wide[state] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert {state: extra for state, extra in wide.items() if extra > 0} == {}


def test_a_proposition_is_printed_with_what_changes_and_without_its_buttons(front, busy, open_desk):
    page = open_desk("paul")
    page.goto(front + busy["sent back"])
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("ins").first).to_be_visible()
    decoration = page.locator("del").first.evaluate(
        "element => getComputedStyle(element).textDecorationLine"
    )
    assert decoration == "line-through"
    expect(page.get_by_text("Dites aussi le délai.")).to_be_visible()
    for name in ("Corriger", "Retirer", "Ajouter le commentaire"):
        expect(page.get_by_text(name, exact=True)).to_be_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")
