"""The directory in the administration."""

import uuid

import pytest
from django.utils import timezone
from lxml import html

from allo3939.accounts.models import Secteur
from orientation import close, correct, report
from orientation.models import Correction, Departement, Organisme, Signalement, TypeService

BODIES = "/administration/orientation/organisme/"
KINDS = "/administration/orientation/typeservice/"
REPORTS = "/administration/orientation/signalement/"
NEW = [{"numero": "02 61 91 02 02", "description": ""}]


def text(response):
    return response.content.decode()


def fields(content):
    document = html.fromstring(content)
    form = next(each for each in document.forms if "tenue" in each.get("class", "").split())
    return {name: value for name, value in form.form_values() if not name.startswith("_")}


def change(body):
    return f"{BODIES}{body.pk}/change/"


def test_a_redacteur_corrects_a_body(client, login, make_organisme):
    agent = login("redacteur")
    body = make_organisme()
    data = fields(text(client.get(change(body)))) | {"telephones-0-numero": "02 61 91 02 02"}
    answer = client.post(change(body), data, follow=True)
    assert "Corrigé\u00a0: téléphones." in text(answer)
    body.refresh_from_db()
    assert body.telephones == NEW
    assert Correction.objects.get().auteur == agent
    assert "La source dit" in text(client.get(change(body)))


def test_bodies_are_neither_added_nor_deleted(client, login, make_organisme):
    login("redacteur")
    body = make_organisme()
    assert client.get(f"{BODIES}add/").status_code == 403
    assert client.post(f"{BODIES}{body.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Organisme.objects.exists()


@pytest.mark.parametrize("key", [str(uuid.UUID(int=7)), "x", "1"])
def test_a_body_that_is_not_there_is_not_found(client, login, key):
    login("redacteur")
    assert client.get(f"{BODIES}{key}/change/").status_code == 404
    assert client.get(f"{BODIES}{key}/history/").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["tenue=signales", "tenue=corriges", "tenue=depasses", "tenue=disparus",
     "type=caf", "departement=75", "q=caf"],
)  # fmt: skip
def test_bodies_are_filtered(client, login, make_organisme, query):
    agent = login("redacteur")
    make_organisme()
    TypeService.objects.create(code="caf", libelle="CAF")
    Departement.objects.create(code="75", nom="Paris")
    caf = make_organisme("Caisse (CAF)", "caf", insee="75111", etat="disparu")
    report.report(caf, objet="telephone", by=agent)
    correct.correct(caf, champ="telephones", valeur=NEW, by=agent)
    Correction.objects.update(source_changee_le=timezone.now())
    content = text(client.get(f"{BODIES}?{query}"))
    assert "Caisse (CAF)" in content
    assert "Mairie - Le Mans" not in content


def test_bodies_take_the_same_queries_for_1_and_20(
    client, login, make_organisme, django_assert_num_queries
):
    login("redacteur")
    make_organisme()
    client.get(BODIES)
    with django_assert_num_queries(5):
        client.get(BODIES)
    for _ in range(19):
        make_organisme()
    with django_assert_num_queries(5):
        client.get(BODIES)


def test_the_history_tells_who_did_what(client, login, make_agent, make_organisme):
    agent = login("redacteur", poste="Poste 9")
    body = make_organisme()
    said = report.report(
        body, objet="telephone", precision="ne sonne pas", by=make_agent(poste="Poste 214")
    )
    correct.correct(body, champ="telephones", valeur=NEW, by=agent, motif="vu sur le site")
    report.settle(said, etat="ecarte", reponse="déjà corrigé", by=agent)
    correct.withdraw(Correction.objects.get(), by=agent)
    correct.verify(body, by=agent)
    day = timezone.localdate()
    given = close.except_days(body, du=day, au=day, plages=[], motif="inventaire", by=agent)
    close.restore_days(given, by=agent)
    rows = [
        " ".join(row.text_content().split())
        for row in html.fromstring(text(client.get(f"{BODIES}{body.pk}/history/"))).iter("tr")
    ]
    for words in (
        ("Signalement", "Poste 214", "ne sonne pas"),
        ("Correction", "Téléphones", "Poste 9", "vu sur le site"),
        ("Écarté", "Poste 9", "déjà corrigé"),
        ("Retour à la source", "Téléphones", "Poste 9"),
        ("Vérification", "Poste 9"),
        ("Horaires exceptionnels", "inventaire"),
        ("Horaires exceptionnels retirés", "Poste 9"),
    ):
        assert any(all(word in row for word in words) for row in rows), words


def test_a_body_nobody_touched_has_a_history_that_says_so(client, login, make_organisme):
    login("redacteur")
    body = make_organisme()
    body.history.all().delete()
    assert "Rien n'a changé" in text(client.get(f"{BODIES}{body.pk}/history/"))


# --- The queue ----------------------------------------------------------------------------------


def test_the_longest_waiting_body_comes_first_with_all_its_reports(
    client, login, make_agent, make_organisme
):
    agents = [make_agent(username=f"a{rank}") for rank in range(3)]
    mairie, caf = make_organisme(), make_organisme("Caisse (CAF)", "caf")
    report.report(caf, objet="adresse", by=agents[0])
    for agent in agents:
        report.report(mairie, objet="telephone", by=agent)
    Signalement.objects.filter(organisme=mairie).update(
        cree_le=timezone.now() - timezone.timedelta(days=2)
    )
    login("redacteur")
    content = text(client.get(REPORTS))
    assert content.index("Mairie - Le Mans") < content.index("Caisse (CAF)")
    assert "<b>3</b> signalements" in content
    assert content.count(">Répondre<") == 2


@pytest.mark.parametrize(
    "query", ["objet=telephone", "type=caf", "departement=75", "secteur=justice"]
)
def test_the_queue_is_filtered(client, login, secteur, make_agent, make_organisme, query):
    TypeService.objects.create(code="caf", libelle="CAF", secteur=secteur)
    Departement.objects.create(code="75", nom="Paris")
    agent = make_agent()
    report.report(make_organisme("Caisse (CAF)", "caf", insee="75111"), objet="telephone", by=agent)
    report.report(make_organisme(), objet="adresse", by=agent)
    login("redacteur")
    content = text(client.get(f"{REPORTS}?{query}"))
    assert "Caisse (CAF)" in content
    assert "Mairie - Le Mans" not in content


def test_an_empty_queue_says_so(client, login):
    login("redacteur")
    assert "Rien à traiter" in text(client.get(REPORTS))
    assert "avec ces filtres" in text(client.get(f"{REPORTS}?objet=telephone"))
    assert client.get(f"{REPORTS}?objet=inconnu&page=x").status_code == 200


def test_the_queue_takes_the_same_queries_for_1_and_20_bodies(
    client, login, make_agent, make_organisme, django_assert_num_queries
):
    agent = make_agent()
    report.report(make_organisme(), objet="telephone", by=agent)
    login("redacteur")
    client.get(REPORTS)
    with django_assert_num_queries(10):
        client.get(REPORTS)
    for _ in range(19):
        report.report(make_organisme(), objet="adresse", by=agent)
    with django_assert_num_queries(10):
        client.get(REPORTS)


def test_a_report_is_answered_where_it_is_read(client, login, make_agent, make_organisme):
    body = make_organisme()
    said = report.report(body, objet="telephone", precision="ne sonne pas", by=make_agent())
    agent = login("redacteur")
    url = f"{REPORTS}{said.pk}/change/"
    content = text(client.get(url))
    assert "ne sonne pas" in content
    assert "02 61 91 01 01" in content
    data = fields(content) | {"telephones-0-numero": "02 61 91 02 02", "etat": "corrige"}
    answer = client.post(url, data, follow=True)
    assert "1 signalement clos" in text(answer)
    body.refresh_from_db()
    said.refresh_from_db()
    assert (body.telephones, body.verifie_par) == (NEW, agent)
    assert (said.etat, said.traite_par) == ("corrige", agent)
    assert client.post(url, data).status_code == 422


def test_a_report_that_is_not_there_is_not_found(client, login):
    login("redacteur")
    assert client.get(f"{REPORTS}7/change/").status_code == 404
    assert client.get(f"{REPORTS}x/change/").status_code == 404


# --- Kinds --------------------------------------------------------------------------------------


def test_a_redacteur_words_a_kind_and_gives_it_to_a_sector_but_not_its_code(client, login, secteur):
    login("redacteur")
    TypeService.objects.create(code="caf", libelle="CAF")
    data = {"code": "autre", "libelle": "Caisse (CAF)", "secteur": secteur.pk}
    assert client.post(f"{KINDS}caf/change/", data).status_code == 302
    kept = list(TypeService.objects.values_list("code", "libelle", "secteur"))
    assert kept == [("caf", "Caisse (CAF)", secteur.pk)]
    assert Secteur.objects.count() == 1


@pytest.mark.parametrize("url", [BODIES, KINDS, REPORTS])
def test_a_teleconseiller_does_not_enter(client, login, url):
    login()
    assert client.get(url).status_code == 403
