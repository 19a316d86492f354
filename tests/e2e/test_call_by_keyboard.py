"""The call of the console's script, with keys only; each record is checked in the database."""

import pytest
from playwright.sync_api import expect

from calls import commands
from calls.models import Appel
from tests.e2e.keyboard import Keyboard
from tests.e2e.test_accessibility import violations

KEYS_ALLOWED = 26
KEYS_TO_CLOSE = 3
KEYS_TO_ESCALATE = 4


@pytest.fixture
def desk(world, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214", site="Le Mans 2")
    return open_desk("camille")


def test_the_scripted_call_takes_26_keys_from_pick_up_to_close(desk, world):
    keys = Keyboard(desk)

    keys.press("F2")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()
    expect(desk.locator("#lecture")).to_contain_text("Allo Service-Public, bonjour")

    keys.type("carte grise déc")  # the fiche is first by then: the agent types no further
    expect(desk.locator("#resultat-1")).to_contain_text("après un décès")
    keys.press("Enter")
    expect(desk.locator("#lecture")).to_be_focused()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("après un décès")

    keys.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    keys.press("2")
    expect(desk.locator("#lecture .dire")).to_contain_text("chaque autre héritier signe")

    keys.type("72000")  # nothing is left to ask: the digits go to the commune, alone to have it
    expect(desk.locator("#lieu")).to_contain_text("Préfecture de la Sarthe")
    expect(desk.locator("#lieu")).to_be_focused()

    before_close = keys.count
    keys.press("F9")
    expect(desk.get_by_role("radio", name="Répondu")).to_be_checked()
    expect(desk.get_by_role("radio", name="Répondu")).to_be_focused()
    expect(desk.locator("#duree")).to_contain_text("Fin de conversation")
    keys.press("Enter")
    expect(desk.locator("#lecture")).to_contain_text("Appel clos et enregistré")

    appel = Appel.objects.with_log().get()
    demande = appel.demandes.get()
    consultation = demande.consultations.get()
    assert appel.commence_le < appel.raccroche_le < appel.termine_le
    assert appel.commune == world.commune
    assert demande.question == "carte grise déc"
    assert demande.issue_id == "RE"
    assert (consultation.fiche, consultation.version) == (world.fiche, world.fiche.version)
    assert consultation.chemin == [1, 2]
    assert consultation.situation == ["Gardé", "Plusieurs"]
    assert "chaque autre héritier signe" in consultation.dit
    assert demande.orientations.get().organisme == world.prefecture
    assert keys.count - before_close <= KEYS_TO_CLOSE
    assert keys.count <= KEYS_ALLOWED
    print(f"keys pressed for the scripted call: {keys.count}")


def test_an_agent_who_sees_the_fiche_lower_in_the_list_types_less(desk, world):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("carte gri")
    line = desk.get_by_role("option", name="Carte grise d'un véhicule après un décès")
    expect(line).to_be_visible()
    keys.press("ArrowDown", line.get_attribute("data-a39-chiffre"))
    expect(desk.get_by_role("heading", level=1)).to_contain_text("après un décès")
    keys.press("1", "2", "F4")  # asked for by its key, the field is the same
    keys.type("72000")
    expect(desk.locator("#lieu")).to_contain_text("Préfecture de la Sarthe")
    keys.press("F9", "Enter")
    expect(desk.locator("#lecture")).to_contain_text("Appel clos et enregistré")

    assert Appel.objects.get().demandes.get().issue_id == "RE"
    assert keys.count <= KEYS_ALLOWED
    print(f"keys pressed with a digit in the list: {keys.count}")


def test_a_question_is_escalated_in_four_keys(desk, world):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("carte grise déc")
    keys.press("Enter")
    expect(desk.locator("#lecture")).to_be_focused()

    before = keys.count
    keys.press("F8")
    expect(desk.locator("#panneau form")).to_be_visible()
    keys.press("Control+Enter")
    expect(desk.locator("#transfert")).to_contain_text("mets en relation")

    assert Appel.objects.get().demandes.get().transferts.get().etat == "proposee"
    assert keys.count - before <= KEYS_TO_ESCALATE


def test_the_enter_of_habit_after_a_postcode_does_nothing_more(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("carte grise déc")
    keys.press("Enter", "1", "2", "F4")
    keys.type("72000")
    expect(desk.locator("#lieu")).to_be_focused()

    keys.press("Enter")

    expect(desk.locator("#lieu")).to_be_focused()
    expect(desk.locator("#panneau > *")).to_have_count(0)
    assert Appel.objects.get().commune.nom == "Le Mans"
    assert Appel.objects.get().demandes.get().orientations.count() == 1


def test_keys_typed_ahead_reach_the_postcode_in_order(desk):
    desk.route("**/console/choix/", lambda route: (desk.wait_for_timeout(400), route.continue_()))
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("carte grise déc")
    expect(desk.locator("#resultat-1")).to_contain_text("après un décès")
    keys.press("Enter")
    expect(desk.locator("#lecture")).to_be_focused()

    keys.type("1272000")

    expect(desk.locator("#lieu")).to_contain_text("Préfecture de la Sarthe")
    assert Appel.objects.get().commune.nom == "Le Mans"


def test_a_second_question_opens_the_next_line_of_the_same_call(desk, world):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("carte grise déc")
    keys.press("Enter")
    expect(desk.locator("#lecture")).to_be_focused()
    keys.press("1", "1")
    expect(desk.locator("#lecture .dire")).to_contain_text("vous êtes seul héritier")

    keys.press("F2")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()
    expect(desk.get_by_role("combobox", name="Rechercher")).to_have_value("")
    keys.type("mairie le mans")
    expect(desk.locator("#resultats")).to_contain_text("Annuaire")
    keys.press("Enter")
    expect(desk.locator("#lieu .lieu")).to_contain_text("Mairie - Le Mans")

    keys.press("F9")
    expect(desk.get_by_role("radio", name="Orienté")).to_be_checked()
    keys.press("Control+Enter")
    expect(desk.locator("#lecture")).to_contain_text("Prêt à décrocher")

    first, second = Appel.objects.get().demandes.all()
    assert (first.question, first.issue_id) == ("carte grise déc", "RE")
    assert first.consultations.get().situation == ["Gardé", "Un seul"]
    assert (second.question, second.issue_id) == ("mairie le mans", "OR")
    assert second.orientations.get().organisme == world.mairie


def test_escape_steps_back_with_the_earlier_choices_kept(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("carte grise déc")
    keys.press("Enter")
    expect(desk.locator("#lecture")).to_be_focused()
    keys.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    keys.press("2")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé", "Plusieurs"])

    keys.press("Escape")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    expect(desk.locator("#lecture")).to_be_focused()
    keys.press("Escape")
    expect(desk.locator("#lecture .puce.on")).to_have_count(0)
    keys.press("Escape")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()


def test_a_shared_postcode_asks_before_it_chooses(desk, world):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("carte grise déc")
    keys.press("Enter")
    expect(desk.locator("#lecture")).to_be_focused()
    keys.press("1", "1", "F4")
    keys.type("72190")
    expect(desk.locator("#communes [role=option]")).to_have_count(2)

    keys.press("Enter")
    expect(desk.locator("#communes [aria-selected=true]")).to_have_count(1)
    keys.press("2")

    expect(desk.locator("#lieu")).to_be_focused()
    assert Appel.objects.get().commune.nom == "Saint-Pavace"


def test_an_outcome_is_chosen_by_its_two_letters(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()

    keys.press("F9", "h", "c")
    expect(desk.get_by_role("radio", name="Hors champ")).to_be_checked()
    expect(desk.get_by_label("Ce qui manque")).to_be_focused()
    keys.type("un avis de droit privé")
    keys.press("Control+Enter")

    expect(desk.locator("#lecture")).to_contain_text("Prêt à décrocher")
    demande = Appel.objects.get().demandes.get()
    assert (demande.issue_id, demande.precision) == ("HC", "un avis de droit privé")


def test_a_line_that_is_missing_is_asked_where_it_is_typed(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()
    keys.type("trottinette")
    keys.press("F9", "p", "f")
    keys.press("Control+Enter")

    expect(desk.locator("#journal")).to_contain_text("dites en une ligne ce qui manque")
    expect(desk.get_by_label("Ce qui manque")).to_be_focused()
    desk.problems.clear()  # the browser logs the 422


@pytest.mark.parametrize(("digit", "code"), [("1", "AB"), ("3", "MU"), ("4", "AA")])
def test_a_call_without_a_question_closes_by_one_digit_after_f9(desk, digit, code):
    keys = Keyboard(desk)
    keys.press("F2")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()

    keys.press("F9", digit)

    expect(desk.locator("#lecture")).to_contain_text("Appel clos et enregistré")
    assert Appel.objects.get().demandes.get().issue_id == code


def test_the_emergency_card_opens_by_one_key_and_closes_the_call(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()
    keys.press("Escape")
    expect(desk.locator("#lecture")).to_be_focused()

    keys.press("u")
    expect(desk.get_by_role("region", name="Urgence")).to_be_focused()
    expect(desk.get_by_role("button", name="3919")).to_be_visible()
    keys.press("6")
    expect(desk.get_by_role("button", name="119 Enfance")).to_have_attribute("aria-pressed", "true")
    keys.press("Control+Enter")

    expect(desk.locator("#lecture")).to_contain_text("Appel clos et enregistré")
    demande = Appel.objects.get().demandes.get()
    assert demande.issue_id == "UR"
    assert demande.orientations.get().exterieur == "119 · Enfance en danger"


def test_the_emergency_card_opens_from_the_close_panel_too(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()

    keys.press("F9", "2")

    expect(desk.get_by_role("region", name="Urgence")).to_be_focused()
    keys.press("Escape")
    expect(desk.locator("#lecture")).to_be_focused()
    assert Appel.objects.get().termine_le is None


def test_escape_in_the_close_panel_takes_the_conversation_up_again(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()
    keys.press("F9")
    expect(desk.locator("#statut")).to_have_text("Après l'appel")

    keys.press("Escape")

    expect(desk.locator("#statut")).to_have_text("En appel")
    expect(desk.locator("#lecture")).to_be_focused()
    assert Appel.objects.get().raccroche_le is None


def test_whether_the_fiche_was_useful_takes_one_key_and_asks_why_only_for_a_no(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("carte grise déc")
    keys.press("Enter", "1", "1")
    expect(desk.locator("#lecture .dire")).to_contain_text("vous êtes seul héritier")

    keys.press("F9", "o")
    expect(desk.get_by_role("radio", name="Oui", exact=True)).to_be_checked()
    expect(desk.get_by_label("Pourquoi")).to_be_hidden()
    keys.press("n")
    expect(desk.get_by_label("Pourquoi")).to_be_focused()
    keys.type("le cas des mineurs")
    keys.press("Enter")

    expect(desk.locator("#lecture")).to_contain_text("Appel clos et enregistré")
    demande = Appel.objects.get().demandes.get()
    assert (demande.fiche_utile, demande.motif_inutile) == (False, "le cas des mineurs")


def test_a_code_that_begins_as_an_answer_is_still_a_code(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("carte grise déc")
    keys.press("Enter", "1", "1")
    expect(desk.locator("#lecture .dire")).to_contain_text("vous êtes seul héritier")

    keys.press("F9", "o", "r")

    expect(desk.get_by_role("radio", name="Orienté")).to_be_checked()
    expect(desk.get_by_role("radio", name="Oui", exact=True)).not_to_be_checked()


def test_commands_by_their_name_open_a_fiche_then_the_transfer(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type(">fiche A39-0101")
    keys.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("après un décès")
    keys.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])

    desk.get_by_role("combobox", name="Rechercher").click()
    desk.keyboard.press("Control+a")
    keys.type(">")
    expect(desk.get_by_role("option")).to_have_count(len(commands.COMMANDES))
    assert violations(desk) == []
    keys.press("Enter")  # the first one asks for a reference
    expect(desk.get_by_role("combobox", name="Rechercher")).to_have_value(">fiche ")
    keys.press("Backspace")
    desk.keyboard.press("Control+a")
    keys.type(">esc")
    keys.press("Enter")

    expect(desk.get_by_role("heading", name="Escalader vers un secteur")).to_be_visible()
    expect(desk.get_by_role("combobox", name="Rechercher")).to_have_value("")
    assert Appel.objects.get().demandes.get().recherches == []


def test_a_command_that_means_nothing_now_says_so_and_stays(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("carte")
    keys.press("F9")  # the conversation is over: there is no emergency left
    expect(desk.locator("#statut")).to_have_text("Après l'appel")
    box = desk.get_by_role("combobox", name="Rechercher")
    box.click()
    desk.keyboard.press("Control+a")
    keys.type(">urg")
    keys.press("Enter")

    urgence = desk.locator("[data-a39-commande=u]")
    expect(urgence).to_contain_text("pas à cette étape de l'appel")
    expect(box).to_have_value(">urg")


def test_the_sheet_of_keys_opens_on_a_question_mark(desk):
    desk.keyboard.press("F2")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()

    desk.keyboard.press("?")

    expect(desk.get_by_role("dialog", name="Raccourcis clavier")).to_be_visible()
    expect(desk.get_by_role("dialog")).to_contain_text("Escalader")


def test_a_note_that_identifies_somebody_is_refused_on_the_spot(desk):
    desk.keyboard.press("F2")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()

    desk.get_by_label("Note").fill("rappeler au 06 12 34 56 78")

    expect(desk.locator("#note-etat")).to_contain_text("anonyme")
    assert Appel.objects.get().demandes.get().note == ""
    desk.problems.clear()  # the browser logs the 422


def test_a_reload_in_the_middle_of_a_call_loses_nothing(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("carte grise déc")
    keys.press("Enter")
    expect(desk.locator("#lecture")).to_be_focused()
    keys.press("1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])

    desk.reload()

    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    expect(desk.locator("#journal")).to_contain_text("carte grise déc")


def test_a_postcode_typed_again_is_text_not_a_choice(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("carte grise déc")
    keys.press("Enter", "1", "1", "F4")
    keys.type("72190")
    expect(desk.locator("#communes [role=option]")).to_have_count(2)
    keys.press("Enter")
    expect(desk.locator("#communes [aria-selected=true]")).to_have_count(1)

    keys.press("F4")
    keys.type("7219")
    expect(desk.locator("#communes [aria-selected=true]")).to_have_count(0)
    keys.type("0")

    expect(desk.get_by_role("combobox", name="Commune")).to_have_value("72190")
    expect(desk.locator("#communes [role=option]")).to_have_count(2)
    assert Appel.objects.get().commune is None


def test_escape_in_the_search_box_undoes_nothing(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("carte grise déc")
    keys.press("Enter", "1")
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])
    desk.get_by_role("combobox", name="Rechercher").focus()

    keys.press("Escape")

    expect(desk.locator("#lecture")).to_be_focused()
    expect(desk.locator("#lecture .puce.on")).to_have_text(["Gardé"])


def test_keys_typed_ahead_of_the_screen_arrive_in_order(desk):
    desk.route("**/console/appel/", lambda route: (desk.wait_for_timeout(400), route.continue_()))

    desk.keyboard.press("F2")
    desk.keyboard.type("carte x")
    desk.keyboard.press("Backspace")
    desk.keyboard.type("grise")

    expect(desk.get_by_role("combobox", name="Rechercher")).to_have_value("carte grise")


def test_shortcuts_switched_off_leave_digits_and_function_keys_alone(desk, front):
    desk.goto(f"{front}/preferences/")
    desk.get_by_role("checkbox", name="Raccourcis clavier").uncheck(force=True)
    desk.get_by_role("button", name="Enregistrer").click()
    desk.goto(f"{front}/console/")

    desk.keyboard.press("F2")

    expect(desk.get_by_role("button", name="Décrocher")).to_be_visible()
    desk.get_by_role("button", name="Décrocher").click()
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()


def test_a_doubt_about_a_note_is_answered_without_leaving_it(desk):
    desk.keyboard.press("F2")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()
    desk.get_by_label("Note").fill("voir karim benhaddou")

    desk.get_by_role("button", name="Non, ce n'est personne").press("Enter")

    expect(desk.locator("#note-etat")).to_contain_text("Enregistrée")
    assert Appel.objects.get().demandes.get().note == "voir karim benhaddou"
    desk.problems.clear()  # the browser logs the 422


def test_the_line_for_the_sector_is_read_as_it_is_typed(desk):
    desk.keyboard.press("F2")
    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()
    desk.keyboard.press("F8")

    desk.get_by_label("Une ligne pour l'informateur").fill("rappeler au 06 12 34 56 78")

    expect(desk.locator("#garde-precision")).to_contain_text("c'est un numéro de téléphone")


def test_a_second_question_after_one_without_a_fiche_asks_what_was_missing(desk):
    keys = Keyboard(desk)
    keys.press("F2")
    keys.type("trottinette")
    keys.press("F9", "p", "f")
    expect(desk.get_by_label("Ce qui manque")).to_be_focused()

    keys.press("F2")
    expect(desk.locator("#journal")).to_contain_text("dites en une ligne ce qui manque. Puis F2.")
    expect(desk.get_by_label("Ce qui manque")).to_be_focused()
    keys.type("les engins sans plaque")
    keys.press("F2")

    expect(desk.get_by_role("combobox", name="Rechercher")).to_be_focused()
    expect(desk.get_by_role("combobox", name="Rechercher")).to_have_value("")
    expect(desk.locator("#statut")).to_have_text("En appel")
    first, second = Appel.objects.get().demandes.order_by("rang")
    assert (first.question, first.issue_id) == ("trottinette", "PF")
    assert first.precision == "les engins sans plaque"
    assert second.question == ""
    desk.problems.clear()  # the browser logs the 422
