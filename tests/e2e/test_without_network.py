"""A minute without network in the middle of a call: what is done is kept, and entered once."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import expect

from calls.models import Appel, Rejeu
from knowledge import qualify
from tests.e2e.cut import banner, begin_call, stored
from tests.e2e.test_accessibility import violations


@pytest.fixture
def desk(world, make_agent, open_desk):
    """A call in progress, its fiche open and its copy taken."""
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    begin_call(page)
    yield page
    page.problems.clear()  # the browser tells of each request that finds no server


def test_answers_are_taken_back_and_given_anew_without_network(desk):
    desk.context.set_offline(True)
    expect(banner(desk)).to_be_visible()

    desk.keyboard.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    desk.keyboard.press("2")
    desk.keyboard.press("Escape")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    desk.keyboard.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé", "Un seul"])
    expect(desk.locator("#lecture .dire")).to_contain_text("vous êtes seul héritier")
    desk.context.set_offline(False)

    expect(banner(desk)).to_be_hidden(timeout=20_000)
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé", "Un seul"])
    expect(desk.locator("#lecture")).to_be_focused()
    consultation = Appel.objects.get().demandes.get().consultations.get()
    assert consultation.situation == ["Gardé", "Un seul"]
    assert Rejeu.objects.count() == 4
    desk.keyboard.press("Escape")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])


def test_a_choice_entered_by_the_server_whose_answer_was_lost_is_entered_once(desk):
    def lose(route):
        route.fetch()
        route.abort("connectionreset")

    desk.route("**/console/choix/", lose)

    desk.keyboard.press("1")

    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    desk.unroute("**/console/choix/")
    expect(banner(desk)).to_be_hidden(timeout=20_000)
    assert Appel.objects.get().demandes.get().consultations.get().chemin == [1]


def test_a_replay_whose_answer_was_lost_is_sent_again_and_entered_once(desk):
    desk.context.set_offline(True)
    desk.keyboard.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    lost = []

    def lose(route):
        route.fetch()
        lost.append(route.request.post_data)
        route.abort("connectionreset")

    desk.route("**/console/rejeu/", lose, times=2)
    desk.context.set_offline(False)

    expect(banner(desk)).to_be_hidden(timeout=30_000)
    assert len(lost) == 2
    assert Rejeu.objects.count() == 1
    assert Appel.objects.get().demandes.get().consultations.get().chemin == [1]


def test_a_proxy_that_answers_in_the_server_s_place_is_a_cut_too(desk):
    desk.route("**/console/choix/", lambda route: route.fulfill(status=502, body="Bad gateway"))
    desk.route("**/sante/vivant", lambda route: route.fulfill(status=503))

    desk.keyboard.press("1")

    expect(banner(desk)).to_be_visible()
    expect(desk.locator("#a39-panne")).to_be_hidden()
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    desk.unroute_all()
    expect(banner(desk)).to_be_hidden(timeout=20_000)


def test_a_duplicated_tab_brings_back_the_same_actions_once(desk, front):
    desk.context.set_offline(True)
    desk.keyboard.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    kept = desk.evaluate("() => sessionStorage.getItem('a39.secours')")
    desk.context.set_offline(False)
    expect(banner(desk)).to_be_hidden(timeout=20_000)

    other = desk.context.new_page()
    other.problems = []
    other.add_init_script(
        f"if (!sessionStorage.length) sessionStorage.setItem('a39.secours', {kept!r})"
    )
    with other.expect_response("**/console/rejeu/") as answer:
        other.goto(f"{front}/console/")

    assert answer.value.status == 200
    expect(other.locator("#retour-connexion")).not_to_contain_text("sauf")
    assert Rejeu.objects.count() == 1
    assert Appel.objects.get().demandes.get().consultations.get().chemin == [1]


def test_a_fiche_published_again_meanwhile_is_told_on_the_screen(desk, world):
    desk.context.set_offline(True)
    desk.keyboard.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    world.fiche.version += 1
    world.fiche.save()
    desk.context.set_offline(False)

    told = desk.locator("#retour-connexion")
    expect(told).to_contain_text("publiée de nouveau pendant la coupure", timeout=20_000)
    expect(desk.locator("#lecture .puce.on")).to_have_count(0)
    assert Appel.objects.get().demandes.get().consultations.get().chemin == []


def test_what_cannot_be_done_waits_and_the_page_is_not_left(desk, front):
    desk.context.set_offline(True)
    expect(banner(desk)).to_be_visible()

    desk.get_by_role("link", name="Annuaire").first.click()
    expect(banner(desk)).to_contain_text("attend le retour de la connexion")
    desk.get_by_role("button", name="Quitter").click()
    desk.keyboard.press("F2")
    assert desk.url == f"{front}/console/"
    expect(desk.locator("#lecture")).to_contain_text("Carte grise")

    desk.get_by_role("combobox", name="Rechercher").fill("passeport")
    expect(banner(desk)).to_contain_text("La recherche reprendra")
    desk.context.set_offline(False)

    expect(banner(desk)).to_be_hidden(timeout=20_000)
    expect(desk.locator("#resultats")).to_contain_text("asseport")
    expect(desk.locator("#retour-connexion")).to_contain_text("refaites-la")


def test_a_close_kept_may_be_taken_back(desk):
    desk.context.set_offline(True)
    desk.keyboard.press("F9")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#cloture-gardee")).to_be_visible()

    desk.get_by_role("button", name="Reprendre l'appel").click()

    expect(desk.locator("#journal .pied [type=submit]")).to_be_visible()
    assert "a39.secours" not in stored(desk)
    desk.context.set_offline(False)
    expect(banner(desk)).to_be_hidden(timeout=20_000)
    assert Appel.objects.get().termine_le is None


def test_a_note_typed_meanwhile_is_saved_at_the_return_and_the_focus_stays_in_it(desk):
    desk.context.set_offline(True)
    note = desk.get_by_label("Note")
    note.focus()
    desk.keyboard.type("Demande aussi pour un scooter.")
    desk.context.set_offline(False)

    expect(banner(desk)).to_be_hidden(timeout=20_000)
    expect(note).to_be_focused()
    expect(note).to_have_value("Demande aussi pour un scooter.")
    assert Appel.objects.get().demandes.get().note == "Demande aussi pour un scooter."


def test_logging_out_empties_what_the_tab_keeps(desk, front):
    desk.evaluate("() => sessionStorage.setItem('a39.secours', '{}')")

    desk.get_by_role("button", name="Quitter").click()
    desk.wait_for_url("**/connexion/**")

    assert "a39.secours" not in stored(desk)


def test_the_screen_of_a_cut_is_accessible(make_agent, open_desk, world):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    begin_call(page)
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("#lecture .puce.on")).to_have_count(2)
    page.keyboard.press("F9")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#cloture-gardee")).to_be_visible()

    assert violations(page) == []
    page.problems.clear()


def paths(fiche, path=()):
    """Every path of a fiche, shorter ones first on each branch, with what it reads."""
    lecture = qualify.read(fiche.contenu, list(path), fiche.a_dire)
    yield lecture
    for choice in lecture.fourche["choix"] if lecture.fourche else ():
        yield from paths(fiche, (*path, choice["rang"]))


def test_the_copy_asks_and_says_what_the_server_would_at_every_path(desk, world, front):
    expected = [
        {
            "puces": lecture.puces,
            "question": lecture.fourche["question"] if lecture.fourche else None,
            "touches": [choice["touche"] for choice in lecture.fourche["choix"]]
            if lecture.fourche
            else [],
            "dit": " ".join(lecture.a_dire.split()),
        }
        for lecture in paths(world.fiche)
    ]

    found = desk.evaluate(
        """async (chemins) => {
            const { lire } = await import("/static/js/copie.js");
            return chemins.map((chemin) => {
                const fiche = lire(chemin);
                const dire = fiche.querySelector(":scope > .dire").cloneNode(true);
                dire.querySelector("small").remove();
                for (const saut of dire.querySelectorAll("br")) saut.replaceWith(" ");
                return {
                    puces: [...fiche.querySelectorAll(".parcours .puce")].map((e) => e.textContent),
                    question: fiche.querySelector(".question")?.getAttribute("aria-label") ?? null,
                    touches: [...fiche.querySelectorAll(".question .choix")].map(
                        (e) => e.dataset.a39Chiffre ?? ""),
                    dit: dire.textContent.replace(/\\s+/g, " ").trim(),
                };
            });
        }""",
        [lecture.chemin for lecture in paths(world.fiche)],
    )

    assert len(found) > 5
    assert found == expected


def test_a_session_that_expired_meanwhile_keeps_everything_until_the_next_login(desk, front):
    desk.context.set_offline(True)
    desk.keyboard.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    Session.objects.all().delete()
    cache.clear()
    desk.context.set_offline(False)
    expect(banner(desk)).to_contain_text("Votre session a expiré", timeout=20_000)
    assert desk.url == f"{front}/console/"

    other = desk.context.new_page()
    other.problems = []
    other.goto(front)
    other.get_by_label("Identifiant").fill("camille")
    other.get_by_label("Mot de passe").fill("mot de passe long")
    other.keyboard.press("Enter")

    expect(banner(desk)).to_be_hidden(timeout=30_000)
    assert Appel.objects.get().demandes.get().consultations.get().chemin == [1]
    other.problems.clear()
