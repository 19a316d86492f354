"""The open data of the directory: who may read it, and what is told."""

import re
from datetime import timedelta

import pytest
import schemathesis
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks

from allo3939.shared.changes import record_change
from allo3939.shared.models import Importation
from orientation.hsds import term_id
from orientation.models import Consommateur, HoraireExceptionnel, TypeService
from orientation.tokens import consumer_of, issue, renew

LUNDI = {"jour": 0, "debut": "09:00", "fin": "12:00", "commentaire": ""}
MARDI = LUNDI | {"jour": 1}


@pytest.fixture(autouse=True)
def no_request_counted():
    cache.clear()


@pytest.fixture
def token(db):
    return issue("Mairie du Mans, site")[1]


@pytest.fixture
def read(client, token):
    """Ask an address of the API as a consumer."""

    def ask(path, headers=(), **query):
        all_headers = {"Authorization": f"Bearer {token}"} | dict(headers)
        return client.get(f"/api/v1/{path}", query, headers=all_headers)

    return ask


@pytest.fixture
def mairie(make_organisme):
    TypeService.objects.create(code="mairie", libelle="Mairie")
    return make_organisme(
        plages=[LUNDI, MARDI],
        sigle="VM",
        latitude=48.0,
        longitude=0.2,
        ancien_code_pivot="mairie-72181-01",
        adresse={
            "lignes": ["Place Saint-Pierre", "CS 40010"],
            "code_postal": "72000",
            "commune": "Le Mans",
            "accessibilite": "ACC",
        },
    )


def test_a_consumer_reads_a_body(read, mairie):
    body = read(f"organizations/{mairie.pk}").json()
    assert body["name"] == "Mairie - Le Mans"
    assert body["alternate_name"] == "VM"
    assert body["description"] == "Mairie"
    assert [phone["number"] for phone in body["phones"]] == ["0261910101"]
    assert body["organization_identifiers"][0]["identifier"] == "mairie-72181-01"
    assert body["attributes"][0]["taxonomy_term_id"] == str(term_id("mairie"))
    assert "email" not in body


def test_a_counter_tells_where_and_when_it_receives(read, mairie):
    counter = read(f"services/{mairie.pk}").json()
    assert counter["status"] == "active"
    [week] = counter["schedules"]
    assert (week["byday"], week["opens_at"], week["closes_at"]) == ("MO,TU", "09:00", "12:00")
    assert week["time_zone"] == "Europe/Paris"
    place = counter["service_at_locations"][0]["location"]
    assert place["addresses"][0]["address_1"] == "Place Saint-Pierre"
    assert place["addresses"][0]["address_2"] == "CS 40010"
    assert place["accessibility"][0]["description"] == "Accessible en fauteuil roulant"
    assert (place["latitude"], place["longitude"]) == (48.0, 0.2)


def test_a_counter_tells_its_exceptional_days(read, mairie, make_agent):
    day = timezone.localdate() + timedelta(days=3)
    exception = {"du": day, "au": day, "motif": "Travaux", "auteur": make_agent("redacteur")}
    HoraireExceptionnel.objects.create(organisme=mairie, plages=[], **exception)
    closed = read(f"services/{mairie.pk}").json()["schedules"][-1]
    assert closed["valid_from"] == closed["valid_to"] == day.isoformat()
    assert (closed["description"], closed["notes"]) == ("Fermeture exceptionnelle", "Travaux")
    assert "opens_at" not in closed


def test_where_a_counter_receives_is_told_alone_and_in_a_list(read, mairie):
    alone = read(f"service_at_locations/{mairie.pk}").json()
    assert read("service_at_locations").json()["contents"] == [alone]
    assert alone["service_id"] == alone["location_id"] == str(mairie.pk)
    assert alone["location"]["addresses"][0]["address_1"] == "Place Saint-Pierre"
    assert [week["byday"] for week in alone["schedules"]] == ["MO,TU"]
    assert [phone["number"] for phone in alone["phones"]] == ["0261910101"]
    assert read("service_at_locations/6a3c7f0e-3939-4f5e-9d0a-5f1c6b7a8d90").status_code == 404


@pytest.mark.parametrize("path", ["organizations", "services", "service_at_locations"])
def test_a_list_is_told_without_what_depends_on_each_when_it_is_not_asked_for(read, mairie, path):
    [whole] = read(path).json()["contents"]
    [flat] = read(path, full="false").json()["contents"]
    assert flat == {key: value for key, value in whole.items() if not isinstance(value, list)}
    assert whole != flat
    [asked] = read(path, full="true").json()["contents"]
    assert asked == whole


def test_a_minimal_list_tells_which_counters_there_are_and_when_they_changed(
    read, mairie, make_organisme
):
    when = timezone.now()
    recent = make_organisme(source_modifiee_le=when)
    contents = read("services", minimal="true").json()["contents"]
    assert {tuple(each) for each in contents} == {("id",), ("id", "last_modified")}
    assert {each["id"] for each in contents} == {str(mairie.pk), str(recent.pk)}


def test_a_list_is_narrowed_to_one_organization(read, mairie, make_organisme):
    make_organisme()
    for path in ("organizations", "services", "service_at_locations"):
        contents = read(path, organization_id=str(mairie.pk)).json()["contents"]
        assert [each["id"] for each in contents] == [str(mairie.pk)]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer a39_faux"}])
def test_without_a_known_token_nothing_is_read(client, mairie, header):
    response = client.get("/api/v1/organizations", headers=header)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json() == {"detail": "Jeton absent ou inconnu."}


def test_an_agent_who_is_logged_in_needs_a_token_too(client, login):
    login("administrateur")
    assert client.get("/api/v1/organizations").status_code == 401


def test_a_consumer_put_aside_reads_nothing(read):
    Consommateur.objects.update(actif=False)
    assert read("organizations").status_code == 401


def test_a_renewed_token_replaces_the_former(read):
    new = renew(Consommateur.objects.get())
    assert read("organizations").status_code == 401
    assert read("organizations", {"Authorization": f"Bearer {new}"}).status_code == 200


def test_only_the_hash_of_a_token_is_kept(token):
    kept = Consommateur.objects.values().get()
    assert token not in map(str, kept.values())
    assert token.startswith(kept["prefixe"])


def test_the_day_a_token_was_last_used_is_kept(read, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        read("taxonomies")
    assert Consommateur.objects.get().dernier_usage_le == timezone.localdate()


def test_nothing_is_written_through_the_api(client, token, mairie):
    for method in (client.post, client.put, client.patch, client.delete):
        address = f"/api/v1/organizations/{mairie.pk}"
        answer = method(address, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 405


def test_beyond_its_requests_of_the_minute_a_consumer_waits(read, token):
    Consommateur.objects.update(par_minute=2)
    assert [read("taxonomies").status_code for _ in range(3)] == [200, 200, 429]
    refused = read("taxonomies")
    assert int(refused["Retry-After"]) > 0
    assert refused.json() == {"detail": "Trop de requêtes cette minute."}


def test_one_consumer_does_not_wait_for_another(read):
    Consommateur.objects.update(par_minute=1)
    read("taxonomies")
    other = issue("Une autre")[1]
    assert read("taxonomies").status_code == 429
    assert read("taxonomies", {"Authorization": f"Bearer {other}"}).status_code == 200


def test_the_same_answer_is_not_sent_twice(read, mairie):
    first = read("organizations")
    again = read("organizations", {"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    mairie.nom = "Hôtel de ville"
    mairie.save()
    assert read("organizations", {"If-None-Match": first["ETag"]}).status_code == 200


def test_a_list_comes_by_pages_as_hsds_numbers_them(read, make_organisme):
    for rank in range(5):
        make_organisme(f"Mairie {rank}")
    page = read("organizations", page=2, per_page=2).json()
    assert (page["total_items"], page["total_pages"], page["page_number"]) == (5, 3, 2)
    assert (page["size"], page["first_page"], page["last_page"]) == (2, False, False)
    seen = [
        body["id"]
        for number in (1, 2, 3)
        for body in read("organizations", page=number, per_page=2).json()["contents"]
    ]
    assert len(set(seen)) == 5


def test_beyond_the_last_page_there_is_nothing(read, mairie):
    page = read("organizations", page=9).json()
    assert (page["empty"], page["contents"], page["last_page"]) == (True, [], True)


@pytest.mark.parametrize(
    "query",
    [
        {"search": "hotel vil"},
        {"type": "mairie"},
        {"departement": "72"},
        {"commune": "72181"},
        {"taxonomy_term_id": str(term_id("mairie"))},
    ],
)
def test_a_list_is_narrowed(read, make_organisme, query):
    TypeService.objects.create(code="mairie", libelle="Mairie")
    wanted = make_organisme("Hôtel de ville")
    make_organisme("Caisse", "caf", insee="93066", commune_nom="Saint-Denis")
    contents = read("organizations", **query).json()["contents"]
    assert [body["id"] for body in contents] == [str(wanted.pk)]


def test_what_has_changed_since_an_instant_is_told_with_what_has_gone(read, make_organisme):
    make_organisme("Ancienne")
    instant = timezone.now()
    gone = make_organisme("Disparue", etat="disparu")
    with transaction.atomic():
        record_change("organismes", [str(gone.pk)])
    [told] = read("services", modified_after=instant.isoformat()).json()["contents"]
    assert (told["name"], told["status"]) == ("Disparue", "defunct")
    assert "Disparue" not in str(read("services").json())


def test_after_an_import_that_lists_nothing_everything_is_told(read, make_organisme):
    make_organisme("Ancienne")
    instant = timezone.now()
    with transaction.atomic():
        record_change("organismes", ["*"])
    changed = read("services", modified_after=instant.isoformat()).json()
    assert changed["total_items"] == 1


def test_whether_a_counter_is_open_at_an_instant(read, mairie):
    monday = {"at": "2026-11-30T10:00"}  # without a zone: Paris
    told = read(f"services/{mairie.pk}/opening", **monday).json()
    assert told["state"] == "open"
    assert told["until"] == "2026-11-30T12:00:00+01:00"
    assert told["sentence"].startswith("La mairie du Mans est ouverte jusqu'à 12 h")
    evening = read(f"services/{mairie.pk}/opening", at="2026-11-30T20:00:00+01:00").json()
    assert (evening["state"], evening["next_opening"]) == ("closed", "2026-12-01T09:00:00+01:00")


def test_hours_that_are_not_known_are_said_so(read, make_organisme):
    body = make_organisme(plages=[])
    assert read(f"services/{body.pk}/opening").json()["state"] == "unknown"


def test_the_bodies_that_serve_a_commune(read, communes, make_organisme):
    caf = make_organisme("Caf de la Sarthe", "caf", competent=["72003"])
    told = read("competence/72003", type=["caf", "mairie"]).json()
    assert told["commune"]["name"] == "Allonnes"
    [body] = told["bodies"]
    assert (body["type"], body["guarantee"]) == ("caf", "competence")
    assert "Allonnes" in body["why"]
    assert body["organization"]["id"] == str(caf.pk)


def test_the_communes_of_a_name(read, communes):
    told = read("communes", search="saint denis").json()
    assert [each["departement"] for each in told] == ["974", "93", "11"]


def test_the_kinds_of_office_are_one_taxonomy(read, mairie):
    assert read("taxonomies").json()["total_items"] == 1
    [term] = read("taxonomy_terms").json()["contents"]
    assert (term["code"], term["name"]) == ("mairie", "Mairie")


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("organizations/00000000-0000-4000-8000-000000000000", 404, "Introuvable."),
        ("organizations?page=0", 422, "Paramètre refusé\u00a0: page."),
        ("organizations?modified_after=hier", 422, "Paramètre refusé\u00a0: modified_after."),
        ("competence/72003", 422, "Paramètre refusé\u00a0: type."),
        ("competence/99999?type=caf", 404, "Introuvable."),
    ],
)
def test_a_refusal_is_told_in_french(read, db, path, status, detail):
    response = read(path)
    assert (response.status_code, response.json()) == (status, {"detail": detail})


def test_the_licence_and_the_provenance_are_public(client, db):
    Importation.objects.create(
        genre="annuaire",
        producteur="DILA",
        url="https://lecomarquage.service-public.gouv.fr/x.tar.bz2",
        fichier="x.tar.bz2",
        commencee_le=timezone.now(),
    )
    Importation.objects.create(
        genre="annuaire",
        producteur="DILA",
        fichier="refuse.tar.bz2",
        commencee_le=timezone.now(),
        rapport={"refus": "tronqué"},
    )
    told = client.get("/api/v1/").json()
    assert (told["version"], told["license"]) == ("3.0", "Licence Ouverte 2.0")
    assert (told["source_file"], told["source_url"][:8]) == ("x.tar.bz2", "https://")
    assert told["openapi_url"].endswith("/api/v1/openapi.json")


@pytest.mark.parametrize("path", ["organizations", "services", "competence/72003?type=mairie"])
def test_as_many_queries_for_one_body_as_for_twenty(read, communes, make_organisme, path):
    make_organisme(competent=["72003"])
    read(path)
    with CaptureQueriesContext(
        connection,
    ) as one:
        read(path)
    for rank in range(19):
        make_organisme(f"Mairie {rank}", competent=["72003"] if rank == 5 else ())
    with CaptureQueriesContext(connection) as twenty:
        read(path)
    assert len(one) == len(twenty)


def test_the_command_gives_a_token_once(db, capsys):
    call_command("create_consumer", "Un site")
    token = capsys.readouterr().out.strip()
    assert Consommateur.objects.get().prefixe == token[:8]
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("create_consumer", "Un site")
    call_command("create_consumer", "Un site", "--renew")
    assert capsys.readouterr().out.strip() != token


@pytest.fixture
def described(db):
    """What the API says of itself, read as any consumer would, within the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


# A parameter nobody knows is let pass; a line break in an address is refused before the API.
BADLY_FORMED = [
    checks.negative_data_rejection,
    checks.content_type_conformance,
]


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_address_answers_as_it_describes_itself(described, token, communes, mairie, mode):
    """Whatever is asked, well or badly formed: the statuses and shapes of the description."""
    Consommateur.objects.update(par_minute=1_000_000)
    badly_formed = mode == GenerationMode.NEGATIVE
    asked = 0
    for found in described.get_all_operations():
        operation = found.ok()
        if badly_formed and not list(operation.iter_parameters()):
            continue

        @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            nonlocal asked
            case.call_and_validate(
                headers={"Authorization": f"Bearer {token}"},
                excluded_checks=BADLY_FORMED if badly_formed else [],
            )
            asked += 1

        ask()
    assert asked > 50


def test_an_administrateur_gives_a_token_that_is_shown_once(client, login):
    login("administrateur")
    page = "/administration/orientation/consommateur/"
    given = {"nom": "Un site", "par_minute": 60, "actif": "on"}
    shown = client.post(f"{page}add/", given, follow=True).content.decode()
    consommateur = Consommateur.objects.get()
    assert consommateur.prefixe in shown
    token = re.search(r"<code>(.+?)</code>", shown).group(1)
    assert consumer_of(token) == consommateur
    assert token not in client.get(page).content.decode()


def test_a_token_is_replaced_from_the_list_of_consumers(client, login, token):
    login("administrateur")
    chosen = {"action": "renew_tokens", "_selected_action": [Consommateur.objects.get().pk]}
    shown = client.post("/administration/orientation/consommateur/", chosen, follow=True)
    new = re.search(r"<code>(.+?)</code>", shown.content.decode()).group(1)
    assert consumer_of(new)
    assert consumer_of(token) is None


def test_a_redacteur_gives_no_token(client, login):
    login("redacteur")
    assert client.get("/administration/orientation/consommateur/").status_code == 403
