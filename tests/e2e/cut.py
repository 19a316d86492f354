"""A call begun, to be cut off; and what the browser keeps of it."""

from playwright.sync_api import expect

from tests.e2e.keyboard import type_words


def begin_call(page):
    """Pick up, open a fiche and wait until the page has taken its copy."""
    page.keyboard.press("F2")
    expect(page.get_by_role("combobox", name="Rechercher")).to_be_focused()
    type_words(page, "carte grise déc")
    expect(page.locator("#resultat-1")).to_contain_text("Carte grise")
    page.keyboard.press("Enter")
    expect(page.locator("#lecture")).to_be_focused()
    page.evaluate(
        """async () => {
            const { disponible } = await import("/static/js/copie.js");
            while (!disponible()) await new Promise((resolve) => setTimeout(resolve, 20));
        }"""
    )


def banner(page):
    """What says that the connection is cut."""
    return page.locator("#coupure")


def stored(page):
    """All that the browser keeps for this site, as one text."""
    return page.evaluate(
        """async () => JSON.stringify([
            Object.entries(sessionStorage), Object.entries(localStorage),
            document.cookie, await indexedDB.databases(),
            await Promise.all((await caches.keys()).map(async (name) =>
                (await (await caches.open(name)).keys()).map((request) => request.url))),
        ])"""
    )
