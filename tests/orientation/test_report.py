"""An agent reports a body, somebody answers."""

import pytest

from orientation import amend, report
from orientation.enums import EtatSignalement, ObjetSignalement
from orientation.models import Correction, Organisme, Signalement

TELEPHONE, HORAIRES = ObjetSignalement.TELEPHONE, ObjetSignalement.HORAIRES
NEW = [{"numero": "02 61 91 02 02", "description": ""}]


@pytest.fixture
def agent(make_agent):
    return make_agent("teleconseiller")


@pytest.fixture
def redacteur(make_agent):
    return make_agent("redacteur")


def htmx(client, url, data=None):
    return client.post(url, data or {}, headers={"HX-Request": "true"})


def test_a_report_keeps_what_was_on_screen(agent, make_organisme):
    mairie = make_organisme()
    said = report.report(mairie, objet=TELEPHONE, precision="ne  sonne pas", by=agent)
    assert (said.precision, said.etat, said.auteur) == ("ne sonne pas", "a_traiter", agent)
    assert said.montre == {"telephones": [{"numero": "0261910101", "description": ""}]}


def test_a_key_pressed_twice_is_one_report_that_keeps_the_last_words(agent, make_organisme):
    mairie = make_organisme()
    report.report(mairie, objet=TELEPHONE, by=agent)
    report.report(mairie, objet=TELEPHONE, precision="ne sonne pas", by=agent)
    report.report(mairie, objet=TELEPHONE, by=agent)
    assert list(Signalement.objects.values_list("precision", flat=True)) == ["ne sonne pas"]


def test_two_agents_make_two_reports(agent, make_agent, make_organisme):
    mairie = make_organisme()
    report.report(mairie, objet=TELEPHONE, by=agent)
    report.report(mairie, objet=TELEPHONE, by=make_agent(username="autre"))
    assert Signalement.objects.count() == 2


@pytest.mark.parametrize(
    "text",
    [
        "le bon est le 06 12 34 56 78",
        "0261910102",  # one digit away from the body's own
        "02 61 91 01 01 22 33",  # the body's own, and more
        "1 02 61 91 01 01 234",
        "écrire à jean.dupont@exemple.fr",
        "FR76 3000 6000 0112 3456 7890 189",
    ],
)
def test_what_could_identify_somebody_is_refused(agent, make_organisme, text):
    mairie = make_organisme(courriels=["mairie@exemple.fr"])
    with pytest.raises(report.SignalementImpossible, match="anonyme"):
        report.report(mairie, objet=TELEPHONE, precision=text, by=agent)
    assert not Signalement.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["02 61 91 01 01 sonne dans le vide", "+33 2 61.91.01.01", "Mairie@exemple.fr revient"],
)
def test_the_body_s_own_numbers_are_not_somebody_s(agent, make_organisme, text):
    mairie = make_organisme(courriels=["mairie@exemple.fr"])
    assert report.report(mairie, objet=TELEPHONE, precision=text, by=agent).precision == text


def test_an_unknown_subject_is_refused(agent, make_organisme):
    with pytest.raises(report.SignalementImpossible, match="1 à 6"):
        report.report(make_organisme(), objet="humeur", by=agent)


def test_one_s_own_open_report_is_taken_back_and_no_other(agent, make_agent, make_organisme):
    mine = report.report(make_organisme(), objet=TELEPHONE, by=agent)
    with pytest.raises(report.SignalementImpossible):
        report.withdraw(mine, by=make_agent(username="autre"))
    report.withdraw(mine, by=agent)
    assert not Signalement.objects.exists()


def test_an_answered_report_is_not_taken_back(agent, redacteur, make_organisme):
    mine = report.report(make_organisme(), objet=TELEPHONE, by=agent)
    report.settle(mine, etat=EtatSignalement.CONFIRME, reponse="", by=redacteur)
    with pytest.raises(report.SignalementImpossible, match="déjà reçu"):
        report.withdraw(mine, by=agent)


def test_an_answer_closes_the_same_subject_of_the_same_body(
    agent, make_agent, redacteur, make_organisme
):
    mairie, other = make_organisme(), make_organisme("Autre")
    first = report.report(mairie, objet=TELEPHONE, by=agent)
    report.report(mairie, objet=TELEPHONE, by=make_agent(username="autre"))
    report.report(mairie, objet=HORAIRES, by=agent)
    report.report(other, objet=TELEPHONE, by=agent)
    assert report.settle(first, etat=EtatSignalement.ECARTE, reponse="juste", by=redacteur) == 2
    assert Signalement.objects.open().count() == 2


@pytest.mark.parametrize(
    ("etat", "checked"),
    [("confirme", True), ("transmis", False), ("ecarte", False)],
)
def test_only_an_answer_that_checked_the_body_verifies_it(
    agent, redacteur, make_organisme, etat, checked
):
    said = report.report(make_organisme(), objet=TELEPHONE, by=agent)
    report.settle(said, etat=etat, reponse="vu au téléphone", by=redacteur)
    body = Organisme.objects.get()
    assert (body.verifie_par == redacteur) is checked
    assert (body.verifie_le is not None) is checked


@pytest.mark.parametrize("etat", ["ecarte", "transmis"])
def test_an_answer_that_changes_nothing_needs_words(agent, redacteur, make_organisme, etat):
    said = report.report(make_organisme(), objet=TELEPHONE, by=agent)
    with pytest.raises(report.SignalementImpossible, match="pourquoi"):
        report.settle(said, etat=etat, reponse=" ", by=redacteur)


def test_a_report_is_answered_once(agent, redacteur, make_organisme):
    said = report.report(make_organisme(), objet=TELEPHONE, by=agent)
    report.settle(said, etat="confirme", reponse="", by=redacteur)
    with pytest.raises(report.SignalementImpossible, match="vient de répondre"):
        report.settle(said, etat="ecarte", reponse="non", by=redacteur)


def test_correcting_answers_and_verifies(agent, redacteur, make_organisme):
    mairie = make_organisme()
    said = report.report(mairie, objet=TELEPHONE, by=agent)
    report.settle_by_correcting(
        said,
        values={"telephones": NEW},
        lu=amend.read_mark(mairie),
        reponse="merci",
        by=redacteur,
    )
    said.refresh_from_db()
    mairie.refresh_from_db()
    assert said.etat == "corrige"
    assert said.correction == Correction.objects.get()
    assert (mairie.telephones, mairie.verifie_par) == (NEW, redacteur)


def test_correcting_nothing_answers_nothing(agent, redacteur, make_organisme):
    mairie = make_organisme()
    said = report.report(mairie, objet=TELEPHONE, by=agent)
    with pytest.raises(report.SignalementImpossible, match="Rien n'a été changé"):
        report.settle_by_correcting(
            said, values={}, lu=amend.read_mark(mairie), reponse="", by=redacteur
        )
    assert Signalement.objects.open().count() == 1


def test_a_body_that_changed_meanwhile_is_not_overwritten(redacteur, make_organisme):
    mairie = make_organisme()
    read = amend.read_mark(mairie)
    Organisme.objects.update(commentaire_plages="Fermé en août")
    with pytest.raises(amend.FicheChangee):
        amend.amend(mairie, values={"telephones": NEW}, lu=read, by=redacteur)
    assert not Correction.objects.exists()


# --- Pages --------------------------------------------------------------------------------------


def test_the_panel_offers_six_digits_and_shows_the_body(client, login, make_organisme):
    login()
    mairie = make_organisme()
    page = client.get(f"/annuaire/{mairie.pk}/signaler/", headers={"HX-Request": "true"})
    content = page.content.decode()
    assert content.count('data-a39-chiffre="') == 6
    assert "02 61 91 01 01" in content
    assert "<html" not in content


@pytest.mark.parametrize(
    "role",
    ["teleconseiller", "informateur", "redacteur", "partenaire", "superviseur", "administrateur"],
)
def test_every_agent_reports(client, login, make_organisme, role):
    agent = login(role)
    mairie = make_organisme()
    answer = htmx(client, f"/annuaire/{mairie.pk}/signaler/", {"objet": "horaires"})
    assert answer.status_code == 200
    assert Signalement.objects.get().auteur == agent


def test_who_is_not_logged_in_reports_nothing(client, make_organisme):
    mairie = make_organisme()
    assert client.post(f"/annuaire/{mairie.pk}/signaler/", {"objet": "autre"}).status_code == 302
    assert not Signalement.objects.exists()


def test_a_report_is_said_in_the_live_region_and_can_be_undone(client, login, make_organisme):
    login()
    mairie = make_organisme()
    answer = htmx(client, f"/annuaire/{mairie.pk}/signaler/", {"objet": "telephone"})
    content = answer.content.decode()
    assert 'id="a39-direct" hx-swap-oob' in content
    address = f"/annuaire/signalements/{Signalement.objects.get().pk}/retirer/"
    assert address in content
    assert "Signalement retiré" in htmx(client, address).content.decode()
    assert not Signalement.objects.exists()


def test_a_refused_line_comes_back_with_its_reason(client, login, make_organisme):
    login()
    mairie = make_organisme()
    data = {"objet": "telephone", "precision": "06 12 34 56 78"}
    answer = htmx(client, f"/annuaire/{mairie.pk}/signaler/", data)
    assert answer.status_code == 422
    content = answer.content.decode()
    assert "anonyme" in content
    assert 'value="telephone" checked' in content


def test_another_agent_s_report_is_not_found(client, login, make_agent, make_organisme):
    said = report.report(make_organisme(), objet=TELEPHONE, by=make_agent(username="autre"))
    login()
    assert htmx(client, f"/annuaire/signalements/{said.pk}/retirer/").status_code == 404


def test_the_agent_reads_the_answer_on_the_body_s_page(client, login, redacteur, make_organisme):
    agent = login()
    mairie = make_organisme()
    said = report.report(mairie, objet=TELEPHONE, by=agent)
    assert "Pas encore de réponse" in client.get(mairie.get_absolute_url()).content.decode()
    report.settle(said, etat="ecarte", reponse="Le standard ferme à midi", by=redacteur)
    page = client.get(mairie.get_absolute_url()).content.decode()
    assert "Signalé par vous le" in page
    assert "Le standard ferme à midi" in page
