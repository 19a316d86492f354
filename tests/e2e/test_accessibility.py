"""axe finds nothing to say on any screen, in any state, light and dark; no control overlaps."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from calls import escalate, flash, record
from orientation.correct import correct
from orientation.models import HoraireExceptionnel
from tests.e2e.keyboard import type_words

AXE = Axe()


CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
SETTLED = """
() => Promise.all(document.getAnimations()
  .filter((each) => each.effect.getTiming().iterations !== Infinity)
  .map((each) => each.finished.catch(() => {})))
"""


def violations(page, context=None):
    """What axe says of the page in light colours, then of its contrasts in dark ones."""
    found = told(page, context)
    page.emulate_media(color_scheme="dark")
    page.evaluate(SETTLED)
    found += [f"sombre, {each}" for each in told(page, context, CONTRAST)]
    page.emulate_media(color_scheme="light")
    page.evaluate(SETTLED)
    return found


def told(page, context=None, options=None):
    """What axe says of the page as it is."""
    results = AXE.run(page, context=context, options=options)
    return [
        f"{violation['id']} : {node['html'][:140]}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


OVERLAPS = """
() => {
  const controls = "button, input:not([type=radio]), textarea, .issue, [role=option]";
  // What stands under an open dialog cannot be reached.
  const shown = document.querySelector("dialog[open]") ?? document.querySelector("main");
  const boxes = [...shown.querySelectorAll(controls)]
    .filter((element) => element.checkVisibility() && !element.classList.contains("fr-sr-only"))
    .map((element) => [element, element.getBoundingClientRect()]);
  const found = [];
  for (const [one, a] of boxes)
    for (const [other, b] of boxes)
      if (one !== other && !one.contains(other) && !other.contains(one)
          && !one.closest(".pied") && !other.closest(".pied")
          && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
          && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
        found.push(`${one.outerHTML.slice(0, 80)} × ${other.outerHTML.slice(0, 80)}`);
  return found;
}
"""


def faults(page):
    """What axe says, and the controls that lie over one another (the sticky foot aside)."""
    return violations(page) + page.evaluate(OVERLAPS)


def test_login(front, chromium):
    page = chromium.new_page(color_scheme="light")
    page.goto(front)

    assert violations(page) == []
    page.close()


def test_console_in_each_state_of_a_call(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214", site="Le Mans 2")
    page = open_desk("camille")
    found = {"prêt": faults(page)}

    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    found["vide"] = faults(page)
    type_words(page, "carte grise déc")
    expect(page.locator("#resultat-1")).to_be_visible()
    found["résultats"] = faults(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Carte grise")
    found["question"] = faults(page)
    page.keyboard.press("1")
    expect(page.locator("#lecture .puce.on")).to_have_count(1)
    page.keyboard.press("2")
    expect(page.locator("#lecture .dire")).to_contain_text("chaque autre héritier")
    found["fiche"] = faults(page)
    page.keyboard.press("F4")
    page.keyboard.type("72190")
    expect(page.locator("#communes [role=option]")).to_have_count(2)
    found["communes"] = faults(page)
    page.keyboard.press("F4")
    page.keyboard.type("72000")
    expect(page.locator("#lieu .lieu")).to_be_visible()
    found["organisme"] = faults(page)
    page.keyboard.press("F8")
    expect(page.locator("#panneau form")).to_be_visible()
    found["escalade"] = faults(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#transfert")).to_contain_text("mets en relation")
    found["transfert"] = faults(page)
    page.keyboard.press("F9")
    found["clôture"] = faults(page)

    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_console_before_and_after_the_usual_call(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214", site="Le Mans 2")
    page = open_desk("camille")
    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    page.keyboard.type("succession")
    expect(page.locator("[role=option]").first).to_be_visible()
    page.locator("[role=option]").first.hover()
    found = {"résultat pointé": faults(page)}
    page.locator("[role=option]", has_text="Véhicule et succession").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("succession")
    found["fiche d'escalade"] = faults(page)
    page.keyboard.press("u")
    expect(page.get_by_role("region", name="Urgence")).to_be_focused()
    found["urgence"] = faults(page)
    page.keyboard.press("6")
    expect(page.get_by_role("button", name="119 Enfance")).to_have_attribute("aria-pressed", "true")
    found["numéro donné"] = faults(page)
    page.keyboard.press("Escape")
    page.keyboard.press("F9")
    expect(page.locator("#duree")).to_contain_text("Fin de conversation")
    page.keyboard.press("f")
    page.keyboard.press("i")
    expect(page.get_by_label("Ce qui manque")).to_be_focused()
    found["ligne demandée"] = faults(page)
    page.keyboard.type("le cas des mineurs")
    expect(page.locator("#precision-etat")).to_contain_text("Enregistrée")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#lecture")).to_contain_text("Appel clos et enregistré")
    found["clos"] = faults(page)
    page.get_by_role("link", name="Le revoir").click()
    expect(page.get_by_role("heading", level=1).first).to_contain_text("Appel n°")
    found["appel"] = faults(page)
    page.get_by_text("Rectifier").first.click()
    found["rectifier"] = faults(page)

    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_desk_of_a_sector_with_a_week_behind_it(world, make_agent, open_desk, offer):
    informateur = make_agent("informateur", username="ines", poste="Poste 37", site="CAI Metz")
    refused = offer()
    escalate.refuse(refused, by=informateur, reason="mauvais_secteur")
    record.close(refused.demande.appel, outcome="FI", precision="la succession à l'étranger")
    following = record.pick_up(refused.demande.appel.agent)
    answered = escalate.request(
        record.current_question(following),
        secteur=refused.secteur,
        motif="trop_complexe",
        fiche=world.escalade,
    )
    escalate.accept(answered, by=informateur)
    escalate.finish(answered, by=informateur, result="repondu", level_1="fiche_a_creer")
    page = open_desk("ines")

    expect(page.get_by_role("region", name="Secteur", exact=True)).to_contain_text("étranger")
    assert faults(page) == []


def test_pages_of_superviseurs(world, make_agent, open_desk, front):
    make_agent("superviseur", username="sam", site="Le Mans 1")
    page = open_desk("sam")
    found = {"supervision": faults(page)}
    page.goto(f"{front}/supervision/flash/")
    page.get_by_label("La ligne").fill("Rappeler Karim Benhaddou")
    expect(page.locator("#garde-texte")).to_contain_text("nom")
    found["flash douteux"] = faults(page)
    page.get_by_label("La ligne").fill("Téléservice indisponible jusqu'à 14 h")
    expect(page.locator("#apercu")).to_contain_text("Flash")
    found["flash"] = faults(page)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("button", name="Retirer")).to_be_visible()
    found["flash envoyé"] = faults(page)
    page.goto(f"{front}/supervision/lectures/")
    found["lectures"] = faults(page)
    page.problems.clear()  # the browser logs the 422 of the doubt

    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_a_flash_covers_nothing_of_the_panel_that_escalates(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille")
    flash.send(
        "Téléservice indisponible jusqu'à 14 h", by=make_agent("superviseur", username="sam")
    )
    page = open_desk("camille")
    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    page.keyboard.press("F8")
    expect(page.locator("#panneau form")).to_be_visible()
    page.locator("#lecture").evaluate("pane => pane.scrollTo(0, pane.scrollHeight)")

    banner = page.locator("#a39-flashs").bounding_box()
    button = page.get_by_role("button", name="Proposer le transfert").bounding_box()

    assert banner["height"] > 0
    assert button["y"] + button["height"] <= banner["y"]


def test_desk_of_a_sector_with_a_card(world, make_agent, open_desk, offer):
    make_agent("informateur", username="ines", poste="Poste 37", site="CAI Metz")
    page = open_desk("ines")
    found = {"vide": faults(page)}
    page.keyboard.press("p")
    expect(page.locator("#statut")).to_have_text("En pause")
    found["pause"] = faults(page)
    page.keyboard.press("p")
    offer()

    expect(page.locator("#carte h1")).to_contain_text("succession")
    found["carte"] = faults(page)
    page.keyboard.press("Escape")
    expect(page.locator("#refus")).to_be_focused()
    found["refus"] = faults(page)
    page.keyboard.press("Escape")
    page.keyboard.press("F8")
    expect(page.locator("#reroutage")).to_be_focused()
    found["autre secteur"] = faults(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator("#carte")).to_contain_text("Appel accepté")
    found["appel"] = faults(page)
    page.keyboard.press("1")
    expect(page.locator("#carte")).to_contain_text("En consultation")
    found["consultation"] = faults(page)

    assert {state: wrong for state, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    "path", ["/annuaire/", "/mes-appels/", "/preferences/", "/fiches/A39-0101/"]
)
def test_ordinary_pages(world, make_agent, open_desk, front, path):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    page.goto(front + path)

    assert violations(page) == []


def test_directory_in_each_state(world, make_agent, open_desk, front):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    found = {}
    for state, query in (
        ("tout", ""),
        ("filtré", "?type=mairie&dep=72&ouvert=1&acces=inconnue&voir=type"),
        ("rien", "?acces=ACC"),
        ("refusé", "?type=licorne"),
    ):
        page.goto(f"{front}/annuaire/{query}")
        found[state] = faults(page)
    page.problems.clear()  # the console tells the 422 that was asked for

    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_directory_at_200_percent_zoom_has_one_column(world, make_agent, open_desk, front):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille", size=(640, 360))
    page.goto(f"{front}/annuaire/?type=mairie")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Aller à la liste").press("Enter")
    expect(page.get_by_role("heading", name="1 organisme")).to_be_in_viewport()


def test_page_of_a_body_with_all_it_may_hold(world, make_agent, open_desk, front):
    redacteur = make_agent("redacteur", username="rachid")
    make_agent("teleconseiller", username="camille")
    body = world.prefecture
    correct(body, champ="telephones", valeur=[{"numero": "0243010203", "description": ""}],
            by=redacteur)  # fmt: skip
    today = timezone.localdate()
    HoraireExceptionnel.objects.create(
        organisme=body, du=today, au=today, plages=[], motif="formation", auteur=redacteur
    )
    page = open_desk("camille")
    page.goto(f"{front}{body.get_absolute_url()}?type=prefecture")

    expect(page.locator(".organisme-exceptions")).to_contain_text("formation")
    page.get_by_text("Corrigé par le 3939").click()
    expect(page.get_by_text("La source dit")).to_be_visible()
    assert faults(page) == []


def test_page_of_a_body(world, make_agent, open_desk, front):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    page.goto(front + world.prefecture.get_absolute_url())

    assert violations(page) == []


def test_the_shell_does_not_scroll_at_1280_by_720(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214", site="Le Mans 2")
    page = open_desk("camille")
    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    type_words(page, "carte grise déc")
    expect(page.locator("#resultat-1")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Carte grise")

    overflow = page.evaluate(
        "[document.documentElement.scrollHeight - innerHeight,"
        " document.documentElement.scrollWidth - innerWidth]"
    )

    assert overflow == [0, 0]


def test_at_200_percent_zoom_the_panes_follow_one_another(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214", site="Le Mans 2")
    page = open_desk("camille", size=(640, 360))

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    lefts = page.locator(".pane").evaluate_all("panes => panes.map(pane => pane.offsetLeft)")
    assert len(set(lefts)) == 1


def test_at_200_percent_zoom_a_call_is_led_to_its_end(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214", site="Le Mans 2")
    page = open_desk("camille", size=(640, 360))
    page.keyboard.press("F2")
    type_words(page, "carte grise déc")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("#lecture .dire").first).to_contain_text("chaque autre héritier")
    page.keyboard.press("F8")
    expect(page.locator("#panneau form")).to_be_in_viewport()
    page.keyboard.press("Escape")
    page.keyboard.press("F9")
    expect(page.get_by_role("radio", name="Répondu")).to_be_focused()
    expect(page.locator("#issues")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(page) == []
