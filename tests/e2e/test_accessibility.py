"""axe finds nothing to say on any screen, in any state, light and dark; no control overlaps."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from orientation.correct import correct
from orientation.models import HoraireExceptionnel

AXE = Axe()


def violations(page):
    results = AXE.run(page)
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


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


def test_login(front, chromium, scheme):
    page = chromium.new_page(color_scheme=scheme)
    page.goto(front)

    assert violations(page) == []
    page.close()


def test_console_in_each_state_of_a_call(world, make_agent, open_desk, scheme):
    make_agent("teleconseiller", username="camille", poste="Poste 214", site="Le Mans 2")
    page = open_desk("camille", scheme=scheme)
    found = {"prêt": faults(page)}

    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    found["vide"] = faults(page)
    page.keyboard.type("carte grise déc")
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
    page.keyboard.type("72000")
    expect(page.get_by_role("option", name="Le Mans")).to_be_visible()
    found["communes"] = faults(page)
    page.keyboard.press("Enter")
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


def test_desk_of_a_sector_with_a_card(world, make_agent, open_desk, offer, scheme):
    make_agent("informateur", username="ines", poste="Poste 37", site="CAI Metz")
    page = open_desk("ines", scheme=scheme)
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
def test_ordinary_pages(world, make_agent, open_desk, front, scheme, path):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille", scheme=scheme)
    page.goto(front + path)

    assert violations(page) == []


def test_directory_in_each_state(world, make_agent, open_desk, front, scheme):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille", scheme=scheme)
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


def test_page_of_a_body_with_all_it_may_hold(world, make_agent, open_desk, front, scheme):
    redacteur = make_agent("redacteur", username="rachid")
    make_agent("teleconseiller", username="camille")
    body = world.prefecture
    correct(body, champ="telephones", valeur=[{"numero": "0243010203", "description": ""}],
            by=redacteur)  # fmt: skip
    today = timezone.localdate()
    HoraireExceptionnel.objects.create(
        organisme=body, du=today, au=today, plages=[], motif="formation", auteur=redacteur
    )
    page = open_desk("camille", scheme=scheme)
    page.goto(f"{front}{body.get_absolute_url()}?type=prefecture")

    expect(page.locator(".organisme-exceptions")).to_contain_text("formation")
    page.get_by_text("Corrigé par le 3939").click()
    expect(page.get_by_text("La source dit")).to_be_visible()
    assert faults(page) == []


def test_page_of_a_body(world, make_agent, open_desk, front, scheme):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille", scheme=scheme)
    page.goto(front + world.prefecture.get_absolute_url())

    assert violations(page) == []


def test_supervision(world, make_agent, open_desk, scheme):
    make_agent("superviseur", username="sam")

    assert violations(open_desk("sam", scheme=scheme)) == []


def test_the_shell_does_not_scroll_at_1280_by_720(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214", site="Le Mans 2")
    page = open_desk("camille")
    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    page.keyboard.type("carte grise déc")
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
