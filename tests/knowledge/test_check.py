"""The live checker of a fiche's form: what is typed is read, nothing is saved."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent
from knowledge.models import BlocPartage, Fiche, Proposition
from tests.knowledge.test_admin import CHANGE, approved, create, edited, rows, theme, typed, written

__all__ = ["theme", "typed"]  # fixtures
CHECK = "edition-controle"


@pytest.fixture
def check(client, login, typed):
    """Send the form; the answer, ordinary spaces."""
    login(Role.REDACTEUR)

    def send(fiche=None, **changes):
        url = reverse(CHECK, args=[fiche.reference]) if fiche else reverse(CHECK)
        sent = client.post(url, (edited(client, fiche) if fiche else typed) | changes)
        assert sent.status_code == 200
        return json.loads(sent.content.decode().replace("\\u00a0", " "))

    return send


def test_a_sound_form_has_nothing_to_correct_and_shows_each_path(check):
    found = check()
    assert found["bloquants"] == 0
    assert found["resume"] == "Rien n'empêche de soumettre, 2 à relire."
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
    fiche = approved(client, typed)
    before = fiche.history.count()
    found = check(fiche, **{"issues-0-a_dire": "mot " * 61})
    assert "61 mots à dire, 60 au plus" in found["controle"]
    assert Fiche.objects.get().parcours == fiche.parcours
    assert fiche.history.count() == before
    assert not Proposition.objects.in_writing().exists()


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
    fiche = approved(client, typed)
    assert fiche.parcours["issues"][0]["cible"] == cible
    assert edited(client, fiche)["issues-0-suite"] == fields["suite"]
    assert check(fiche, motif="Plus précis")["bloquants"] == 0


def test_a_wrong_target_blocks_the_review_and_nothing_typed_is_lost(check, client, typed):
    typed |= {"issues-0-suite": "fiche", "issues-0-suite_fiche": "a39-0777"}
    html = client.get(create(client, typed).url).content.decode().replace("\xa0", " ")
    assert "aucune fiche A39-0777 n&#x27;est publiée" in html
    assert 'value="A39-0777"' in html
    assert Proposition.objects.get().etat == "brouillon"


def test_help_and_the_fallback_are_kept(check, client, typed):
    typed["questions-0-aide"] = "C'est au choix."
    typed["issues-1-si_ou-voulez-vous-le-signer"] = ["notaire"]
    typed |= {"issues-TOTAL_FORMS": 3, "issues-2-titre": "à voir", "issues-2-inconnu": "on"}
    parcours = approved(client, typed).parcours
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
    first = approved(client, typed)
    typed |= {"issues-0-suite": "fiche", "issues-0-suite_fiche": first.reference}
    approved(client, typed)
    page = client.post(reverse(CHANGE, args=[first.pk]), {"_archiver": "1"}, follow=True)
    assert "Un cas de la fiche A39-1002 mène encore à celle-ci." in page.content.decode()


def test_what_is_worth_a_look_is_told_as_one_types(check, client, typed):
    fiche = approved(client, typed)
    found = check(
        fiche,
        motif="Plus précis",
        a_dire="Le Pacs coûte 25 € à tous.",
        texte="Voir [la suite](A39-0999) et [le Pacs](A39-1001).",
        **{"issues-0-cout": "42 euros", "issues-1-titre": "chez le notaire"},
    )
    assert found["bloquants"] == 0
    assert "Lien mort : aucune fiche A39-0999" in found["controle"]
    assert "A39-1001" not in found["controle"]
    assert "« 25 € » est dit à tous, et le cas « en mairie »" in found["controle"]
    caller = check(fiche, a_dire="Rappelez Mme Durand au 06 12 34 56 78.")
    assert "rien qui désigne quelqu" in caller["controle"]


def test_why_and_the_blocks_are_asked_for(check, client, typed):
    fiche = approved(client, typed)
    found = check(fiche, a_dire="Le Smic est de {bloc:smic}.")
    assert "Dites en quelques mots pourquoi." in found["controle"]
    assert "Le bloc partagé « smic » n&#x27;a pas de valeur." in found["controle"]
    BlocPartage.objects.create(code="smic", titre="Smic", genre="montant").valeurs.create(
        texte="11,88 €",
        du="2024-11-01",
        auteur=Agent.objects.get(username="redacteur"),
        approuvee_par=Agent.objects.get(username="relectrice"),
        approuvee_le=timezone.now(),
    )
    found = check(fiche, a_dire="Le Smic est de {bloc:smic}.", motif="Smic")
    assert found["bloquants"] == 0


def test_a_fiche_is_checked_with_what_its_author_has_in_writing(check, client, typed):
    fiche = approved(client, typed)
    written(client, fiche, sources="")
    assert "questions-0-code" in check(fiche, titre="Autre")["codes"]


def test_only_those_who_write_check_and_only_by_post(client, login, db):
    login(Role.REDACTEUR)
    assert client.get(reverse(CHECK)).status_code == 405
    assert client.post(reverse(CHECK, args=["A39-0999"])).status_code == 404
    login(Role.SUPERVISEUR, username="lou")
    assert client.post(reverse(CHECK)).status_code == 403
