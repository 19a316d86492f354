"""The bodies of a sector, kept by its partenaires."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from lxml import html

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Secteur
from orientation import correct, report
from orientation.forms.week import read_hours, week_formset
from orientation.ingest.kinds import label_kinds
from orientation.models import (
    Correction,
    HoraireExceptionnel,
    Organisme,
    Signalement,
    TypeService,
)

LIST = "/redaction/organismes/"
WEEK = [
    {"jour": 0, "debut": "09:00", "fin": "12:00", "commentaire": ""},
    {"jour": 0, "debut": "14:00", "fin": "17:00", "commentaire": "sur rendez-vous"},
    {"jour": 1, "debut": "09:00", "fin": "12:00", "commentaire": ""},
    {"jour": 2, "debut": "", "fin": "", "commentaire": "sur rendez-vous"},
]


@pytest.fixture
def kinds(secteur):
    """Tribunals belong to Justice, mairies to another sector, the CAF to none."""
    other = Secteur.objects.create(slug="interieur", nom="Intérieur", numero_transfert="01")
    TypeService.objects.create(code="tj", libelle="Tribunal judiciaire", secteur=secteur)
    TypeService.objects.create(code="mairie", libelle="Mairie", secteur=other)
    TypeService.objects.create(code="caf", libelle="CAF")


@pytest.fixture
def tribunal(kinds, make_organisme):
    return make_organisme("Tribunal judiciaire - Le Mans", "tj", plages=WEEK)


def address(body):
    return f"{LIST}{body.pk}/"


def typed(client, body, **changes):
    """What the page of a body sends, with changes."""
    page = client.get(address(body))
    return fields(page.content.decode()) | changes


def fields(content):
    document = html.fromstring(content)
    form = next(each for each in document.forms if "tenue" in each.get("class", "").split())
    return {name: value for name, value in form.form_values() if not name.startswith("_")}


def test_a_partenaire_corrects_a_body_of_the_own_sector(client, login, tribunal):
    agent = login("partenaire")
    data = typed(client, tribunal, **{"telephones-0-numero": "02 61 91 02 02"}, motif="site")
    answer = client.post(address(tribunal), data, follow=True)
    assert "Corrigé\u00a0: téléphones." in answer.content.decode()
    tribunal.refresh_from_db()
    assert tribunal.telephones == [{"numero": "02 61 91 02 02", "description": ""}]
    correction = Correction.objects.get()
    assert (correction.auteur, correction.motif) == (agent, "site")
    assert correction.valeur_source == [{"numero": "0261910101", "description": ""}]
    assert tribunal.history.first().history_user == agent


def test_the_page_sent_back_as_it_is_changes_nothing(client, login, kinds, make_organisme):
    login("redacteur")
    body = make_organisme(
        plages=[*WEEK, {"jour": 5, "debut": "00:00", "fin": "00:00", "commentaire": ""}],
        commentaire_plages="Fermé\nen août",
        informations="Parking  <gratuit>\n\nAscenseur",
        courriels=["pas une adresse"],
        sites=["https://exemple.fr/"],
        formulaires=["https://exemple.fr/contact"],
        telephones=[{"numero": "0 800", "description": "x"}, {"numero": "3939", "description": ""}],
        adresse={
            "lignes": ["1 place", "CS 1"],
            "code_postal": "72000",
            "commune": "Le Mans",
            "accessibilite": "DEM",
            "note_accessibilite": "sonner",
            "autres": [{"lignes": ["2 rue"], "code_postal": "72000", "commune": "Le Mans"}],
            "postale": {"lignes": ["BP 1"], "code_postal": "72039", "commune": "Le Mans Cedex"},
        },
    )
    answer = client.post(address(body), typed(client, body), follow=True)
    assert "Rien n&#x27;a été changé" in answer.content.decode()
    assert not Correction.objects.exists()


def test_each_column_changed_is_one_correction(client, login, tribunal):
    login("partenaire")
    data = typed(
        client,
        tribunal,
        **{"plages-0-heures": "8h30-12h", "plages-2-heures": "="},
        commentaire_plages="Fermé en août",
        adresse_lignes="2 rue Neuve\nBâtiment B",
        courriels="accueil@exemple.fr\ngreffe@exemple.fr",
        sites="https://exemple.fr",
        formulaires="https://exemple.fr/contact",
        informations="Se munir de sa convocation",
    )
    client.post(address(tribunal), data)
    tribunal.refresh_from_db()
    assert Correction.objects.count() == 7
    assert tribunal.adresse["lignes"] == ["2 rue Neuve", "Bâtiment B"]
    assert tribunal.adresse["code_postal"] == "72000"
    assert tribunal.courriels == ["accueil@exemple.fr", "greffe@exemple.fr"]
    monday = [each for each in tribunal.plages if each["jour"] == 0]
    assert [(each["debut"], each["commentaire"]) for each in monday] == [
        ("08:30", ""), ("14:00", "sur rendez-vous"),
    ]  # fmt: skip
    tuesday = [each for each in tribunal.plages if each["jour"] == 1]
    assert [(each["debut"], each["commentaire"]) for each in tuesday] == [
        ("14:00", "sur rendez-vous")
    ]


def test_what_is_badly_typed_comes_back_with_its_reason_and_saves_nothing(client, login, tribunal):
    login("partenaire")
    data = typed(
        client,
        tribunal,
        **{"plages-0-heures": "le matin", "telephones-0-numero": "02 61 91 02 02"},
        courriels="accueil",
    )
    answer = client.post(address(tribunal), data)
    assert answer.status_code == 422
    content = answer.content.decode()
    assert "Lundi\u00a0: «\u00a0le matin\u00a0» n&#x27;est pas une plage" in content
    assert "n&#x27;est pas une adresse électronique" in content
    assert 'value="02 61 91 02 02"' in content
    assert not Correction.objects.exists()


def test_a_body_that_changed_meanwhile_is_read_again(client, login, tribunal):
    login("partenaire")
    data = typed(client, tribunal, **{"telephones-0-numero": "02 61 91 02 02"})
    Organisme.objects.update(commentaire_plages="Fermé en août")
    answer = client.post(address(tribunal), data)
    assert answer.status_code == 422
    content = answer.content.decode()
    assert "a changé pendant que vous" in content
    assert "Fermé en août" in content
    assert not Correction.objects.exists()


def test_a_correction_shows_its_source_and_is_withdrawn(client, login, tribunal):
    agent = login("partenaire")
    new = [{"numero": "02 61 91 02 02", "description": ""}]
    held = correct.correct(tribunal, champ="telephones", valeur=new, by=agent)
    Correction.objects.filter(pk=held.pk).update(source_changee_le=timezone.now())
    content = client.get(address(tribunal)).content.decode()
    assert "La source dit" in content
    assert "02 61 91 01 01" in content
    assert "La source a changé le" in content
    client.post(address(tribunal), {"_retirer": "telephones"})
    tribunal.refresh_from_db()
    assert tribunal.telephones[0]["numero"] == "0261910101"
    assert client.post(address(tribunal), {"_retirer": "telephones"}).status_code == 404


def test_a_body_found_right_is_verified(client, login, tribunal):
    agent = login("partenaire")
    client.post(address(tribunal), {"_verifier": "1"})
    tribunal.refresh_from_db()
    assert tribunal.verifie_par == agent


def test_exceptional_hours_are_given_and_taken_back(client, login, tribunal):
    login("partenaire")
    day = timezone.localdate() + timedelta(days=3)
    data = {
        "_jours": "1",
        "jours-du": day.isoformat(),
        "jours-heures": "9h-12h",
        "jours-motif": "inventaire",
    }
    content = client.post(address(tribunal), data, follow=True).content.decode()
    assert "9 h – 12 h" in content
    given = HoraireExceptionnel.objects.get()
    assert (given.du, given.au, given.plages) == (day, day, [{"debut": "09:00", "fin": "12:00"}])
    client.post(address(tribunal), {"_rendre": given.pk})
    given.refresh_from_db()
    assert given.retire_le is not None
    assert client.post(address(tribunal), {"_rendre": "x"}).status_code == 404


def test_exceptional_hours_need_a_reason(client, login, tribunal):
    login("partenaire")
    day = timezone.localdate().isoformat()
    answer = client.post(address(tribunal), {"_jours": "1", "jours-du": day, "jours-heures": "x"})
    assert answer.status_code == 422
    assert "Dites le motif" in answer.content.decode()
    assert "pas une plage" in answer.content.decode()


# --- Who may ------------------------------------------------------------------------------------

# Role, kind of the body → status of a GET and of a forged POST.
MATRIX = [
    ("redacteur", "tj", 200), ("redacteur", "mairie", 200), ("redacteur", "caf", 200),
    ("partenaire", "tj", 200), ("partenaire", "mairie", 404), ("partenaire", "caf", 404),
    *((role, kind, 403) for kind in ("tj", "mairie", "caf")
      for role in ("teleconseiller", "informateur", "superviseur", "administrateur")),
]  # fmt: skip
FORGED = (
    {"_verifier": "1"},
    {"_retirer": "telephones"},
    {"_jours": "1", "jours-du": "2100-01-01", "jours-motif": "x"},
    {"lu": "", "informations": "x"},
)


@pytest.mark.parametrize(("role", "kind", "status"), MATRIX)
def test_who_may_put_right_which_body(
    client, login, make_agent, kinds, make_organisme, role, kind, status
):
    body = make_organisme("Un organisme", kind)
    if role != "redacteur":
        writer = make_agent("redacteur")
    else:
        writer = make_agent("redacteur", username="un autre")
    new = [{"numero": "02 61 91 02 02", "description": ""}]
    correct.correct(body, champ="telephones", valeur=new, by=writer)
    said = report.report(body, objet="telephone", by=writer)
    login(role)
    assert client.get(address(body)).status_code == status
    assert client.get(f"/redaction/signalements/{said.pk}/").status_code == status
    if status == 200:
        return
    before = Organisme.objects.values().get()
    for forged in FORGED:
        assert client.post(address(body), forged).status_code == status
    answer = {"etat": "ecarte", "reponse": "non"}
    assert client.post(f"/redaction/signalements/{said.pk}/", answer).status_code == status
    assert Organisme.objects.values().get() == before
    assert Correction.objects.in_force().count() == 1
    assert Signalement.objects.open().count() == 1
    assert not HoraireExceptionnel.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.REDACTEUR])
def test_the_admin_s_pages_of_bodies_are_for_redacteurs_alone(client, login, tribunal, role):
    login(role)
    for page in ("organisme", "signalement", "fermeture", "typeservice"):
        assert client.get(f"/administration/orientation/{page}/").status_code == 403
    change = f"/administration/orientation/organisme/{tribunal.pk}/change/"
    assert client.post(change, {"_verifier": "1"}).status_code == 403


def test_a_body_of_two_kinds_is_kept_by_either_sector(client, login, kinds, make_organisme):
    login("partenaire")
    body = make_organisme("Deux guichets", "tj", types=["mairie", "tj"])
    assert client.get(address(body)).status_code == 200


def test_a_partenaire_of_a_sector_without_kinds_keeps_nothing(client, login, tribunal):
    TypeService.objects.update(secteur=None)
    login("partenaire")
    page = client.get(LIST)
    assert "aucun type d'organisme n'est encore confié" in page.content.decode()
    assert "Aucun organisme" in page.content.decode()


def test_a_body_that_is_not_there_is_not_found(client, login, kinds):
    login("partenaire")
    assert client.get(f"{LIST}{uuid.uuid4()}/").status_code == 404


# --- The list -----------------------------------------------------------------------------------


def test_the_list_holds_the_bodies_of_the_own_kinds(client, login, tribunal, make_organisme):
    login("partenaire")
    make_organisme("Mairie - Le Mans")
    content = client.get(LIST).content.decode()
    assert "Tribunal judiciaire - Le Mans" in content
    assert "Mairie - Le Mans" not in content
    assert '<option value="mairie"' not in content


def test_the_list_is_narrowed(client, login, tribunal, make_organisme, make_agent):
    login("partenaire")
    rennes = make_organisme(
        "Tribunal judiciaire - Rennes", "tj", insee="35238", commune_nom="Rennes"
    )
    report.report(rennes, objet="telephone", by=make_agent())
    for query in ("nom=tribunal+renn", "signales=on"):
        content = client.get(f"{LIST}?{query}").content.decode()
        assert "Rennes" in content
        assert "Tribunal judiciaire - Le Mans" not in content
    assert "1 signalement" in client.get(LIST).content.decode()
    assert client.get(f"{LIST}?type=mairie").status_code == 422


def test_htmx_gets_the_results_alone(client, login, tribunal):
    login("partenaire")
    content = client.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in content
    assert 'id="resultats"' in content


def test_the_list_takes_the_same_queries_for_1_and_20_bodies(
    client, login, tribunal, make_organisme, django_assert_num_queries
):
    login("partenaire")
    client.get(LIST)
    with django_assert_num_queries(12):
        client.get(LIST)
    for rank in range(19):
        make_organisme(f"Tribunal {rank}", "tj")
    with django_assert_num_queries(12):
        client.get(LIST)


# --- Reports ------------------------------------------------------------------------------------


def test_a_partenaire_answers_a_report_by_a_correction(client, login, tribunal, make_agent):
    login("partenaire")
    said = report.report(tribunal, objet="telephone", precision="ne sonne pas", by=make_agent())
    url = f"/redaction/signalements/{said.pk}/"
    page = client.get(url).content.decode()
    assert "ne sonne pas" in page
    data = fields(page) | {
        "telephones-0-numero": "02 61 91 02 02",
        "etat": "corrige",
        "reponse": "merci",
    }
    assert client.post(url, data).status_code == 302
    said.refresh_from_db()
    tribunal.refresh_from_db()
    assert (said.etat, said.reponse) == ("corrige", "merci")
    assert tribunal.telephones[0]["numero"] == "02 61 91 02 02"
    assert "Corrigé" in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choisissez une réponse"),
        ({"etat": "ecarte"}, "pourquoi"),
        ({"etat": "corrige"}, "Rien n&#x27;a été changé"),
        ({"etat": "corrige", "telephones-0-numero": "x"}, "pas un numéro de téléphone"),
    ],
)
def test_an_answer_badly_given_comes_back(client, login, tribunal, make_agent, data, said):
    login("partenaire")
    reported = report.report(tribunal, objet="telephone", by=make_agent())
    url = f"/redaction/signalements/{reported.pk}/"
    answer = client.post(url, fields(client.get(url).content.decode()) | data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Signalement.objects.open().count() == 1


def test_nothing_is_corrected_from_the_report_of_a_body_that_is_no_more(
    client, login, tribunal, make_agent
):
    login("partenaire")
    reported = report.report(tribunal, objet="disparu", by=make_agent())
    content = client.get(f"/redaction/signalements/{reported.pk}/").content.decode()
    assert "Corriger et répondre" not in content
    assert "Transmis à la source" in content


# --- Hours as one types them --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", []),
        ("fermé", []),
        ("9h-12h", [("09:00", "12:00")]),
        ("9-12, 14h à 17h30", [("09:00", "12:00"), ("14:00", "17:30")]),
        ("08:30–12:00 et 13:30 – 16:45", [("08:30", "12:00"), ("13:30", "16:45")]),
        ("22h-2h", [("22:00", "02:00")]),
        ("20h-24h", [("20:00", "23:59")]),
        ("24h/24", [("00:00", "23:59")]),
    ],
)
def test_hours_are_read_as_they_are_typed(text, pairs):
    assert read_hours(text) == pairs


@pytest.mark.parametrize("text", ["le matin", "9h", "25h-26h", "9h70-12h", "9h-", "-12h"])
def test_what_is_not_hours_is_refused(text):
    with pytest.raises(ValidationError):
        read_hours(text)


def test_a_week_has_a_row_for_each_day_and_each_remark():
    rows = [form.initial for form in week_formset(None, WEEK) if form.initial]
    assert [row["jour"] for row in rows] == [0, 0, 1, 2, 3, 4, 5, 6]
    assert rows[1] == {"jour": 0, "heures": "14:00-17:00", "remarque": "sur rendez-vous"}


# --- Kinds given to sectors ---------------------------------------------------------------------


def test_an_obvious_kind_is_given_to_its_sector_once(secteur):
    with connection.cursor() as cursor:
        label_kinds(cursor, {"tj", "inconnu"})
        kinds = TypeService.objects.in_bulk()
        assert kinds["tj"].secteur == secteur
        assert kinds["inconnu"].secteur is None
        assert kinds["sip"].secteur is None  # no such sector here
        TypeService.objects.filter(pk="tj").update(secteur=None)
        label_kinds(cursor, {"tj"})
    assert TypeService.objects.get(pk="tj").secteur is None
