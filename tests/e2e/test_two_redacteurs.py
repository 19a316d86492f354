"""Two rédacteurs in two browsers on one fiche: kept as they type, told of each other, merged."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from knowledge import propose
from knowledge.models import BlocPartage, Fiche, Proposition
from tests.e2e.test_accessibility import faults, violations
from tests.e2e.test_parcours import litige, make, secteur

__all__ = ["litige", "secteur"]  # fixtures


@pytest.fixture
def edit(front, litige, make_agent, open_desk):
    """Open the editor of a fiche as a rédacteur of that name."""

    def open_editor(username, *, fiche=litige, **screen):
        make_agent("redacteur", username=username, poste=f"Poste de {username}")
        page = open_desk(username, **screen)
        page.goto(front + reverse("admin:knowledge_fiche_change", args=[fiche.pk]))
        return page

    return open_editor


def kept(page):
    expect(page.locator("[data-a39-etat]")).to_have_text(re.compile(r"^Enregistré à \d\d:\d\d\.$"))


def test_two_browsers_on_one_fiche(edit, litige, make_agent):
    sam = edit("sam")
    lou = edit("lou")

    # Who has only opened it is told already.
    expect(lou.locator("[data-a39-autres]")).to_contain_text("Poste de sam")
    expect(lou.locator("[data-a39-autres]")).to_contain_text("sans rien y garder encore")

    # Each is kept without a button, and tells the other.
    sam.get_by_label("À dire", exact=False).first.fill("Tout dépend du lieu de l'achat.")
    sam.get_by_label("Pourquoi, en quelques mots").fill("Plus court")
    kept(sam)
    lou.get_by_label("À dire", exact=False).first.fill("Cela dépend du magasin.")
    lou.get_by_label("Pourquoi, en quelques mots").fill("Plus clair")
    kept(lou)
    told = lou.locator("[data-a39-autres]")
    expect(told).to_contain_text("Poste de sam")
    expect(told).to_contain_text("brouillon")
    expect(told).to_contain_text("à dire")
    found = {"avis": faults(lou)}

    # The first to submit is done; the second settles each field.
    sam.get_by_role("button", name="Soumettre à relecture").press("Enter")
    expect(sam.locator(".success")).to_contain_text("attend une relecture")
    lou.get_by_role("button", name="Soumettre à relecture").press("Enter")
    expect(lou).to_have_url(re.compile(r"/fusion/$"))
    expect(lou.locator("#content")).to_contain_text("Poste de sam, à relire")
    expect(lou.locator("ins").first).to_contain_text("magasin")
    found["fusion"] = faults(lou)
    lou.get_by_role("radio", name="Garder la mienne").focus()
    lou.keyboard.press("Space")
    lou.get_by_role("button", name="Garder ces choix").press("Enter")
    expect(lou.locator(".success")).to_contain_text("Vos choix sont gardés")
    expect(lou.get_by_label("À dire", exact=False).first).to_have_value("Cela dépend du magasin.")
    lou.get_by_role("button", name="Soumettre à relecture").press("Enter")
    expect(lou.locator(".success")).to_contain_text("attend une relecture")
    found["soumise"] = faults(lou)

    # Nothing of either is lost: both wait, and what is published is still as it was.
    assert set(Proposition.objects.submitted().values_list("champs__a_dire", flat=True)) == {
        "Tout dépend du lieu de l'achat.",
        "Cela dépend du magasin.",
    }
    assert Fiche.objects.get(pk=litige.pk).version == 1
    assert not {name: said for name, said in found.items() if said}


def test_one_window_does_not_write_over_another(edit, front, litige):
    page = edit("sam")
    other = page.context.new_page()
    other.problems = []
    other.goto(page.url)
    page.get_by_label("Titre", exact=True).first.fill("Renoncer à un achat en ligne")
    kept(page)
    other.get_by_label("Titre", exact=True).first.fill("Autre chose")
    expect(other.locator("[data-a39-etat]")).to_contain_text("dans une autre fenêtre")
    assert Proposition.objects.get().champs == {"titre": "Renoncer à un achat en ligne"}
    # What was refused keeps the page from being left without a word.
    asked = []
    other.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    other.goto(front + "/preferences/")
    assert asked == ["beforeunload"]
    # The browser tells of the refusal itself.
    page.problems[:] = [text for text in page.problems if "409" not in text]


def test_a_new_fiche_is_kept_as_it_is_typed(front, litige, make_agent, open_desk):
    make_agent("redacteur", username="sam")
    page = open_desk("sam")
    page.goto(front + reverse("admin:knowledge_fiche_add"))
    page.get_by_label("Titre", exact=True).first.fill("Livraison en retard")
    kept(page)
    fiche = Fiche.objects.get(titre="Livraison en retard")
    expect(page).to_have_url(front + reverse("admin:knowledge_fiche_change", args=[fiche.pk]))
    page.get_by_label("Mots-clés", exact=False).first.fill("livraison, retard")
    kept(page)
    expect(page.locator("#id_revision")).to_have_value("2")
    assert Proposition.objects.get().champs["mots_cles"] == ["livraison", "retard"]
    page.reload()
    expect(page.get_by_label("Titre", exact=True).first).to_have_value("Livraison en retard")


def test_what_was_just_begun_is_taken_back_and_up_again(edit):
    page = edit("sam")
    withdraw = page.locator("[data-a39-une-fois-enregistree]")
    expect(withdraw).to_be_hidden()
    page.get_by_label("Titre", exact=True).first.fill("Un es")
    kept(page)
    page.get_by_label("Titre", exact=True).first.fill("Un essai")
    withdraw.press("Enter")  # what was typed is kept first
    expect(page.locator(".success")).to_contain_text("Proposition retirée")
    assert Proposition.objects.get().champs == {"titre": "Un essai"}
    page.get_by_role("button", name="La reprendre").press("Enter")
    expect(page.get_by_label("Titre", exact=True).first).to_have_value("Un essai")


def test_writing_is_comfortable_by_keyboard(edit, litige):
    make("A39-8803", titre="Médiateur de la consommation", a_dire="Il est gratuit.")
    page = edit("sam")

    # Rows: added under the one being written, moved, removed; each is told.
    row = page.locator("#id_sources-0-titre")
    row.press("Control+Enter")
    expect(page.locator("#id_sources-1-titre")).to_be_focused()
    page.keyboard.type("Code civil")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#id_sources-0-titre")).to_have_value("Code civil")
    expect(page.locator("#id_sources-0-titre")).to_be_focused()
    expect(page.locator("[data-a39-deplacement]")).to_have_text("Ligne déplacée en 1.")
    page.keyboard.press("Alt+Delete")
    expect(page.locator("#id_sources-0-titre")).to_have_value("Code de la consommation")

    # A fiche is linked by its words, where the caret was.
    page.locator("#id_texte").fill("Voir ")
    page.locator("#id_texte_lien").press_sequentially("médiateur")
    option = page.get_by_role("option", name="Médiateur de la consommation (A39-8803)")
    expect(option).to_be_visible()
    found = {"liens": violations(page)}  # the list lies over the text on purpose
    page.keyboard.press("Enter")
    expect(page.locator("#id_texte")).to_have_value("Voir [Médiateur de la consommation](A39-8803)")
    expect(page.locator("#id_texte")).to_be_focused()

    # What is wrong is told as one types.
    page.locator("#id_texte").fill("Voir [la suite](A39-0999)")
    expect(page.locator(".a39-remarques")).to_contain_text("aucune fiche A39-0999")
    page.locator("#id_a_dire").fill("mot " * 61)
    expect(page.locator("#id_a_dire + .a39-mots")).to_have_text("61 mots sur 60")
    expect(page.locator(".a39-fautes")).to_contain_text("61 mots à dire, 60 au plus")
    page.locator("#id_verifiee_le").fill("")
    expect(page.locator(".a39-fautes")).to_contain_text("une date de vérification")
    page.locator("#id_a_dire").fill("Cela dépend de l'achat.")
    expect(page.locator("#id_a_dire")).to_have_attribute("lang", "fr")
    expect(page.locator("#id_a_dire")).to_have_attribute("spellcheck", "true")

    # An office is found by a part of its name.
    page.locator("#id_organismes_0").fill("Point-justice")
    kept(page)
    found["saisie"] = faults(page)
    assert Proposition.objects.get().champs["organismes"] == ["point_justice"]
    assert not {name: said for name, said in found.items() if said}


def test_the_history_is_read_and_a_version_comes_back(edit, front, litige, make_agent):
    page = edit("sam")
    page.get_by_label("À dire", exact=False).first.fill("Cela dépend du magasin.")
    page.get_by_label("Pourquoi, en quelques mots").fill("Plus clair")
    page.get_by_role("button", name="Soumettre à relecture").press("Enter")
    expect(page.locator(".success")).to_contain_text("attend une relecture")
    propose.approve(Proposition.objects.get(), by=make_agent("redacteur", username="lou"))
    page.goto(front + reverse("admin:knowledge_fiche_history", args=[litige.pk]))
    page.get_by_role("link", name=re.compile("^Ce qui a changé")).first.press("Enter")
    expect(page.locator("#mot-a-mot ins")).to_contain_text("du magasin")
    assert faults(page) == []
    page.get_by_role("button", name=re.compile("^Revenir à cette version")).first.press("Enter")
    expect(page.locator(".success")).to_contain_text("reprend cette version")
    expect(page.get_by_label("À dire", exact=False).first).to_have_value(
        "Cela dépend de la façon dont l'achat s'est fait."
    )


def test_a_block_found_before_the_text_was_entered_goes_to_its_end(edit, litige, make_agent):
    BlocPartage.objects.create(code="timbre", titre="Timbre fiscal", genre="montant")
    litige.a_dire = "Écrivez au vendeur."
    litige.save()
    page = edit("sam")
    find = page.get_by_label("Insérer un bloc partagé").first
    text = page.locator("[name=a_dire]")

    find.press_sequentially("timbre")
    expect(page.get_by_role("option", name="Timbre fiscal")).to_be_visible()
    find.press("Enter")
    expect(text).to_have_value("Écrivez au vendeur. {bloc:timbre}")
    expect(text).to_be_focused()

    # Once in the text, where the caret stands.
    text.press("Control+Home")
    find.press_sequentially("timbre")
    expect(page.get_by_role("option", name="Timbre fiscal")).to_be_visible()
    find.press("Enter")
    expect(text).to_have_value("{bloc:timbre}Écrivez au vendeur. {bloc:timbre}")
