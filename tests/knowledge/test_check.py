"""The live checker of a fiche's form: what is typed is read, nothing is saved."""

import json

import pytest
from django.urls import reverse

from allo3939.accounts.enums import Role
from knowledge.models import Fiche
from tests.knowledge.test_admin import CHANGE, create, edited, rows, theme, typed

__all__ = ["theme", "typed"]  # fixtures
CHECK = "admin:knowledge_fiche_check"


@pytest.fixture
def check(client, login, typed):
    """Send the form; the answer, ordinary spaces."""
    login(Role.REDACTEUR)

    def send(fiche=None, **changes):
        url = reverse(CHECK, args=[fiche.pk]) if fiche else reverse(CHECK)
        sent = client.post(url, (edited(client, fiche) if fiche else typed) | changes)
        assert sent.status_code == 200
        return json.loads(sent.content.decode().replace("\\u00a0", " "))

    return send


def test_a_sound_form_has_nothing_to_correct_and_shows_each_path(check):
    found = check()
    assert found["bloquants"] == 0
    assert found["resume"] == "Rien n'empêche de publier, 2 à relire."
    assert found["controle"].count("<tr") == 4
    assert "chez le notaire" in found["controle"]
    assert not Fiche.objects.exists()


def test_what_is_wrong_is_told_and_counted(check):
    found = check(**rows("issues", {"titre": "en mairie", "si_ou-voulez-vous-le-signer": "mairie"}))
    assert found["bloquants"] == 3
    for said in ("pas prévu partout", "« Notaire » à la question 1", "aucun cas"):
        assert said in found["controle"].replace("\xa0", " ")
    found = check(a_dire="", **rows("sources"))
    assert "Il manque au moins une source." in found["controle"]


def test_the_conditions_follow_the_questions_as_typed(check):
    question = {"code": "", "texte": "Avec qui ?", "choix": "Seul\nÀ deux", "aide": "Demandez."}
    found = check(**rows("questions", question))
    assert found["codes"]["questions-0-code"] == "avec-qui"
    assert json.loads(found["codes"]["questions-0-connus"]) == [
        {"code": "seul", "libelle": "Seul"},
        {"code": "a-deux", "libelle": "À deux"},
    ]
    assert len(found["conditions"]) == 2
    for said in ("Avec qui ?", "À deux", 'name="issues-1-si_avec-qui"', 'value="nsp"'):
        assert said in found["conditions"][1]


def test_a_tick_survives_the_rewording_of_a_choice_never_saved(check):
    first = check(**rows("questions", {"texte": "Avec qui ?", "choix": "Seul\nÀ deux"}))
    again = {
        "code": first["codes"]["questions-0-code"],
        "connus": first["codes"]["questions-0-connus"],
        "texte": "Vous êtes combien ?",
        "choix": "Tout seul\nÀ deux",
    }
    issue = {"titre": "seul", "si_avec-qui": ["seul"]}
    found = check(**rows("questions", again), **rows("issues", issue))
    assert "Vous êtes combien ?" in found["conditions"][0]
    ticked = [part for part in found["conditions"][0].split("<input") if "checked" in part]
    assert len(ticked) == 1
    assert "Tout seul" in ticked[0]


def test_a_stored_fiche_is_checked_as_typed_and_left_as_it_was(check, client, typed):
    create(client, typed)
    fiche = Fiche.objects.get()
    found = check(fiche, **{"issues-0-a_dire": "mot " * 61})
    assert "61 mots à dire, 60 au plus" in found["controle"]
    assert Fiche.objects.get().parcours == fiche.parcours
    assert fiche.history.count() == 1


@pytest.mark.parametrize(
    ("fields", "cible"),
    [
        ({"suite": "secteur", "suite_secteur": "justice"}, {"secteur": "justice"}),
        (
            {"suite": "exterieur", "suite_titre": " Le médiateur ", "suite_telephone": "39 39"},
            {"exterieur": {"titre": "Le médiateur", "telephone": "39 39"}},
        ),
    ],
)
def test_a_target_is_chosen_in_the_form(check, client, typed, fields, cible):
    typed |= {f"issues-0-{name}": value for name, value in fields.items()}
    create(client, typed)
    fiche = Fiche.objects.get()
    assert fiche.parcours["issues"][0]["cible"] == cible
    assert edited(client, fiche)["issues-0-suite"] == fields["suite"]
    assert check(fiche)["bloquants"] == 0


def test_a_wrong_target_blocks_publication_and_nothing_typed_is_lost(check, client, typed):
    typed |= {"issues-0-suite": "fiche", "issues-0-suite_fiche": "a39-0777"}
    html = create(client, typed).content.decode().replace("\xa0", " ")
    assert "aucune fiche A39-0777 n&#x27;est publiée" in html
    assert 'value="a39-0777"' in html
    assert not Fiche.objects.exists()


def test_help_and_the_fallback_are_kept(check, client, typed):
    typed["questions-0-aide"] = "C'est au choix."
    typed["issues-1-si_ou-voulez-vous-le-signer"] = ["notaire"]
    typed |= {"issues-TOTAL_FORMS": 3, "issues-2-titre": "à voir", "issues-2-inconnu": "on"}
    create(client, typed)
    parcours = Fiche.objects.get().parcours
    assert parcours["questions"][0]["aide"] == "C'est au choix."
    assert parcours["issues"][2]["inconnu"] is True
    assert parcours["issues"][2]["si"] == {}


def test_a_row_with_only_ticks_is_not_dropped(check, typed):
    found = check(
        **rows("issues", {"titre": "", "si_ou-voulez-vous-le-signer": ["mairie", "notaire", "nsp"]})
    )
    assert "Cas 1 : il manque le nom." in found["controle"].replace("\xa0", " ")


def test_codes_tampered_with_are_forgotten(check):
    question = {"code": "q", "connus": '{"x": 1', "texte": "Avec qui ?", "choix": "NSP\nSeul"}
    found = check(**rows("questions", question))
    codes = [choice["code"] for choice in json.loads(found["codes"]["questions-0-connus"])]
    assert codes == ["nsp-2", "seul"]


def test_archiving_a_fiche_names_those_that_lead_to_it(check, client, typed):
    create(client, typed)
    first = Fiche.objects.get()
    typed |= {"issues-0-suite": "fiche", "issues-0-suite_fiche": first.reference}
    create(client, typed)
    page = client.post(reverse(CHANGE, args=[first.pk]), {"_archiver": "1"}, follow=True)
    assert "Un cas de la fiche A39-1002 mène encore à celle-ci." in page.content.decode()


def test_only_a_redacteur_checks_and_only_by_post(client, login, db):
    login(Role.REDACTEUR)
    assert client.get(reverse(CHECK)).status_code == 405
    assert client.post(reverse(CHECK, args=[999])).status_code == 404
    login(Role.SUPERVISEUR, username="lou")
    assert client.post(reverse(CHECK)).status_code == 403
