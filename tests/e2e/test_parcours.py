"""A rédacteur writes a parcours by keyboard; an agent follows each kind of target in a call."""

import datetime
import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from allo3939.accounts.models import Secteur
from calls.models import Consultation, OrientationDonnee
from knowledge import propose
from knowledge.load import load_secteurs
from knowledge.models import Fiche, Proposition, Theme
from knowledge.publish import publish
from tests.e2e.test_accessibility import faults

SECTEURS = Path(__file__).parents[2] / "fixtures" / "secteurs.toml"

OUI_NON = [{"code": "oui", "libelle": "Oui"}, {"code": "non", "libelle": "Non"}]
PARCOURS = {
    "questions": [
        {
            "code": "contrat",
            "texte": "L'achat s'est-il fait en magasin, sur internet, ou à domicile ?",
            "choix": [
                {"code": "magasin", "libelle": "En magasin"},
                {"code": "internet", "libelle": "Sur internet"},
                {"code": "domicile", "libelle": "À domicile"},
            ],
            "aide": "Regardez votre facture ou votre courriel de confirmation.",
        },
        {
            "code": "recu",
            "texte": "Avez-vous reçu l'objet ?",
            "choix": OUI_NON,
            "aide": "Le suivi du transporteur dit s'il a été remis.",
        },
        {"code": "delai", "texte": "Est-ce il y a moins de 14 jours ?", "choix": OUI_NON},
    ],
    "issues": [
        {
            "titre": "achat en magasin",
            "si": {"contrat": ["magasin"]},
            "a_dire": "En magasin, la loi ne prévoit pas de délai pour changer d'avis. Demandez au "
            "vendeur : certains reprennent l'article.",
            "cible": {"fiche": "A39-8802"},
        },
        {
            "titre": "rétractation possible",
            "si": {
                "contrat": ["internet", "domicile"],
                "recu": ["oui", "non"],
                "delai": ["oui"],
            },
            "a_dire": "Vous pouvez renoncer à l'achat sans donner de raison. Écrivez au vendeur, "
            "gardez une copie, puis renvoyez l'objet sous quatorze jours.",
            "pieces": ["Facture", "Formulaire de rétractation"],
            "delai": ["14 jours"],
        },
        {
            "titre": "reçu trop tard pour renoncer",
            "si": {"contrat": ["internet", "domicile"], "recu": ["oui"], "delai": ["non", "nsp"]},
            "a_dire": "Le délai est passé. Un médiateur gratuit peut vous aider.",
            "cible": {
                "exterieur": {
                    "titre": "Médiateur de la consommation",
                    "telephone": "3939",
                    "url": "https://www.economie.gouv.fr/mediation-conso",
                }
            },
        },
        {
            "titre": "jamais livré",
            "si": {"contrat": ["internet", "domicile"], "recu": ["non"], "delai": ["non", "nsp"]},
            "a_dire": "Je vous mets en relation avec un spécialiste de la consommation.",
            "cible": {"secteur": "consommation"},
        },
        {
            "titre": "à préciser avec la facture",
            "inconnu": True,
            "a_dire": "Rappelez-nous avec votre facture sous les yeux.",
        },
    ],
}


def make(reference, **fields):
    fiche = Fiche(
        **{
            "reference": reference,
            "nature": "reponse",
            "origine": "allo3939",
            "theme": Theme.objects.authored().first(),
            "mots_cles": ["achat"],
            "sources": [{"titre": "Code de la consommation", "url": ""}],
            "verifiee_le": datetime.date(2026, 10, 14),
        }
        | fields
    )
    return publish(fiche, by=None)


@pytest.fixture
def litige(db):
    load_secteurs(SECTEURS)
    always = [{"jour": day, "debut": "00:00", "fin": "23:59"} for day in range(7)]
    Secteur.objects.update(horaires=always)  # whenever the tests run
    make("A39-8802", titre="Geste commercial : que demander", a_dire="Rien n'est obligatoire.")
    return make(
        "A39-8801",
        titre="Renoncer à un achat",
        a_dire="Cela dépend de la façon dont l'achat s'est fait.",
        secteur=Secteur.objects.get(slug="consommation"),
        parcours=PARCOURS,
    )


@pytest.fixture
def secteur(litige):
    return Secteur.objects.get(slug="justice")


def test_a_parcours_is_written_and_checked_by_keyboard(front, litige, make_agent, open_desk):
    make_agent("redacteur", username="sam")
    page = open_desk("sam")
    page.goto(front + reverse("admin:knowledge_fiche_change", args=[litige.pk]))
    resume = page.locator("[data-a39-resume]")
    expect(resume).to_have_text("1 point à corriger avant de soumettre.")
    page.get_by_label("Pourquoi, en quelques mots").fill("Questions revues")
    expect(resume).to_have_text("Rien n'empêche de soumettre.")
    expect(page.locator(".a39-controle tbody tr")).to_have_count(16)
    page.locator(".a39-redaction").scroll_into_view_if_needed()

    # A question more: nothing is lost, and each case has its conditions at once.
    page.get_by_role("button", name="Ajouter une question").press("Enter")
    expect(page.locator("#id_questions-3-texte")).to_be_focused()
    page.keyboard.type("Le vendeur est-il un professionnel ou un particulier ?")
    page.keyboard.press("Tab")
    page.keyboard.type("Oui\nNon")
    expect(page.locator("[data-a39-rang]").filter(has_text="Cas 2").first).to_contain_text(
        "Le vendeur est-il un professionnel"
    )
    expect(resume).to_contain_text("à corriger avant de soumettre")
    expect(page.locator(".a39-fautes")).to_contain_text("Question 4")
    expect(page.locator(".a39-remarques")).to_contain_text("on ne saura pas")
    page.locator("#id_issues-0-a_dire").fill("mot " * 61)
    expect(page.locator(".a39-controle")).to_contain_text("sa réponse ne change rien")
    page.locator("#id_issues-1-titre").fill("")
    expect(page.locator(".a39-fautes")).to_contain_text("Cas 2 : il manque le nom")
    page.locator(".a39-controle").scroll_into_view_if_needed()

    # The review waits, and the focus goes to what is wrong.
    page.get_by_role("button", name="Soumettre à relecture").click()
    expect(page.locator(".a39-controle")).to_be_focused()
    assert not Proposition.objects.submitted().exists()

    # The ticks of a question follow it when it moves, and its wording.
    last = page.locator("[data-a39-rang]").filter(has_text="Question 4")
    last.get_by_role("button", name="Monter").press("Enter")
    expect(page.locator("#id_questions-2-texte")).to_have_value(
        "Le vendeur est-il un professionnel ou un particulier ?"
    )
    page.locator("[data-a39-rang]").filter(has_text="Question 3").get_by_role(
        "button", name="Retirer"
    ).press("Enter")
    expect(page.locator("#id_questions-2-texte")).to_have_value("Est-ce il y a moins de 14 jours ?")
    page.locator("#id_questions-1-choix").fill("Oui, en entier\nNon, rien")
    page.locator("#id_issues-1-titre").fill("rétractation possible")
    page.locator("#id_issues-0-a_dire").fill("Demandez au vendeur.")
    expect(resume).to_have_text("Rien n'empêche de soumettre.")
    page.get_by_role("button", name="Soumettre à relecture").press("Enter")
    expect(page.locator(".success")).to_contain_text("attend une relecture")
    propose.approve(Proposition.objects.get(), by=make_agent("redacteur", username="lou"))
    litige.refresh_from_db()
    assert [q["code"] for q in litige.parcours["questions"]] == ["contrat", "recu", "delai"]
    assert litige.parcours["questions"][1]["choix"] == [
        {"code": "oui", "libelle": "Oui, en entier"},
        {"code": "non", "libelle": "Non, rien"},
    ]
    assert litige.parcours["issues"][2]["si"] == PARCOURS["issues"][2]["si"]
    assert litige.parcours["issues"][2]["cible"] == PARCOURS["issues"][2]["cible"]


def test_each_kind_of_target_is_followed_in_a_call(front, litige, make_agent, open_desk):
    make_agent("teleconseiller", username="camille", poste="Poste 214")
    page = open_desk("camille")
    page.keyboard.press("F2")
    page.get_by_role("combobox", name="Rechercher").press_sequentially("renoncer achat")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    question = page.locator(".question")
    expect(question).to_contain_text("L'achat s'est-il fait")
    found = {"question": faults(page)}

    # Not knowing: how to find out is said, the next question comes only if it still matters.
    page.keyboard.press("9")
    expect(page.locator(".aide-dire")).to_contain_text("Regardez votre facture")
    expect(page.locator("#journal")).to_contain_text("ou à domicile : ne sait pas")
    found["ne sait pas"] = faults(page)
    page.keyboard.press("Escape")
    expect(page.locator(".aide-dire")).to_have_count(0)

    # A sector.
    for key in "222":
        page.keyboard.press(key)
    expect(page.locator(".cible")).to_contain_text("Consommation")
    found["secteur"] = faults(page)
    page.keyboard.press("F8")
    expect(page.locator("#panneau")).to_contain_text("un spécialiste de la consommation")
    expect(page.locator("#panneau input[name=secteur]:checked")).to_have_value("consommation")
    found["escalade"] = faults(page)
    page.keyboard.press("Escape")

    # An outside body: one key gives it, the outcome follows.
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator(".cible")).to_contain_text("39 39")
    found["exterieur"] = faults(page)
    page.keyboard.press("Enter")
    expect(page.locator(".cible")).to_contain_text("donné")
    expect(page.locator("#issue-OR")).to_be_checked()
    assert str(OrientationDonnee.objects.get()) == "Médiateur de la consommation"

    # Another fiche, in the same call.
    for _ in range(3):
        page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.locator(".cible")).to_contain_text("Geste commercial")
    found["fiche"] = faults(page)
    page.keyboard.press("Enter")
    expect(page.locator(".titre-fiche")).to_contain_text("Geste commercial")
    assert [item.fiche.reference for item in Consultation.objects.order_by("pk")] == [
        "A39-8801",
        "A39-8802",
    ]
    assert not {name: said for name, said in found.items() if said}


def test_the_drawing_is_read_and_printed(front, litige, make_agent, open_desk):
    make_agent("teleconseiller", username="camille")
    page = open_desk("camille")
    page.goto(front + "/fiches/A39-8801/parcours/")
    expect(page.locator(".planche svg").first).to_be_visible()
    assert faults(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide


def test_a_fiche_is_read_with_the_digits_outside_a_call(front, litige, make_agent, open_desk):
    make_agent("superviseur", username="lou")
    page = open_desk("lou")
    page.goto(front + "/fiches/A39-8801/")
    page.keyboard.press("9")
    expect(page.locator(".aide-dire")).to_contain_text("Regardez votre facture")
    page.keyboard.press("Escape")
    expect(page.locator(".question")).to_contain_text("L'achat s'est-il fait")
    expect(page.locator(".aide-dire")).to_have_count(0)
    page.keyboard.press("1")
    expect(page.locator(".cible")).to_contain_text("Geste commercial")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/fiches/A39-8802/$"))
