"""Resources, pages of themes and redirections: brought in, read, followed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allo3939.accounts.enums import Role
from allo3939.shared.models import Importation
from knowledge.enums import Etat
from knowledge.models import Fiche, Redirection, Ressource
from knowledge.redirect import STEPS_MAX, find_published, follow
from knowledge.search import search_fiches
from tests.knowledge.vosdroits import arborescence, make_fiche, make_resource, redirections

pytestmark = pytest.mark.django_db


def whole(**more):
    """A full delivery of ten fiches, with what is given."""
    fiches = {f"F{n}.xml": make_fiche(f"F{n}", titre=f"Fiche {n}") for n in range(1, 11)}
    names = [name.removesuffix(".xml") for name in fiches]
    return fiches | {"arborescence.xml": arborescence(*names)} | more


# --- Import -------------------------------------------------------------------------------------


def test_resources_and_redirections_come_in_with_the_fiches(bring):
    report = bring(
        {
            "F1.xml": make_fiche("F1"),
            "R1.xml": make_resource("R1"),
            "N358.xml": make_fiche("N358", titre="Identité"),
            "redirections.xml": redirections(("F9", "F1"), ("F8", "https://exemple.gouv.fr/a")),
            "menu.xml": b'<Menu><ItemMenu ID="N1" type="Theme"/></Menu>',
        }
    )

    assert report.set_aside == []
    assert (report.resources.added, report.redirections.added) == (2, 2)
    assert report.indexes == [{"fichier": "menu.xml", "genre": "menu", "entrees": 1}]
    found = Ressource.objects.get(reference="R1")
    assert (found.genre, found.titre, found.etat) == ("Formulaire", "Demande de carte", "publiee")
    assert found.xml == make_resource("R1").decode()
    assert Redirection.objects.get(de="F8").url == "https://exemple.gouv.fr/a"
    kept = found.importation.rapport
    assert kept["resources"]["added"] == 2
    assert kept["indexes"] == report.indexes


def test_the_same_resources_again_change_nothing(bring):
    files = {"R1.xml": make_resource(), "redirections.xml": redirections(("F9", "F1"))}
    bring(files)

    report = bring(files)

    assert report.resources.as_json() == {"added": 0, "changed": 0, "unchanged": 1, "gone": 0}
    assert report.redirections.unchanged == 1


def test_a_changed_resource_is_told_in_words(bring):
    bring({"R1.xml": make_resource()})

    report = bring({"R1.xml": make_resource().replace(b"Gratuit", "25 €".encode())})

    assert report.resources.changed == 1
    (change,) = report.resource_changes
    assert [said.replace("\u00a0", " ") for said in change["what"]] == [
        "Chapitre « Coût » : suppression de « Gratuit »",
        "Chapitre « Coût » : ajout de « 25 € »",
    ]


def test_a_dry_run_writes_no_resource_and_counts_the_same(bring):
    files = {"R1.xml": make_resource(), "redirections.xml": redirections(("F9", "F1"))}

    dry = bring(files, apply=False)

    assert not Ressource.objects.exists()
    assert not Redirection.objects.exists()
    assert dry.resources == bring(files).resources


def test_a_resource_is_gone_when_a_whole_delivery_lacks_it_and_stays_readable(bring, client, login):
    login()
    many = {f"R{n}.xml": make_resource(f"R{n}") for n in range(1, 12)}
    bring(whole(**many))
    del many["R1.xml"]

    report = bring(whole(**many))

    assert (report.resources.gone, report.resources.unchanged) == (1, 10)
    assert Ressource.objects.get(reference="R1").etat == Etat.DISPARUE
    page = client.get("/ressources/R1/")
    assert page.status_code == 200
    assert "Disparue de la source" in page.content.decode()


def test_a_delivery_of_fiches_only_makes_no_resource_gone(bring):
    bring(whole(**{"R1.xml": make_resource()}))

    assert bring(whole()).resources.gone == 0


def test_a_delivery_for_another_audience_leaves_the_public_s_resources(bring):
    bring(whole(**{"R1.xml": make_resource()}))
    pro = {"F99.xml": make_fiche("F99", audience="Professionnels"),
           "R9.xml": make_resource("R9", audience="Professionnels"),
           "arborescence.xml": arborescence("F99")}  # fmt: skip

    assert bring(pro).resources.gone == 0


def test_wrong_redirections_are_set_aside_with_their_reason(bring):
    report = bring(
        {"redirections.xml": redirections(("F1", "F1"), ("x", "F1"), ("F2", "javascript://a"))}
    )

    assert [entry["reason"] for entry in report.set_aside] == [
        "la redirection mène à elle-même",
        "référence de départ inattendue",
        "ne mène nulle part",
    ]


def test_an_import_of_resources_costs_few_queries_however_many(
    bring, django_assert_max_num_queries
):
    many = {f"R{n}.xml": make_resource(f"R{n}") for n in range(1, 151)}
    many["redirections.xml"] = redirections(*((f"F{n}", "F1") for n in range(2, 152)))

    with django_assert_max_num_queries(30):
        bring(many)


# --- Redirections -------------------------------------------------------------------------------


def test_a_chain_is_followed_to_the_published_fiche(bring):
    bring({"F1.xml": make_fiche("F1"), "r.xml": redirections(("F3", "F2"), ("F2", "F1"))})

    assert find_published("F3").reference == "F1"


def test_a_loop_and_an_endless_chain_lead_nowhere(bring):
    long = [(f"F{n}", f"F{n + 1}") for n in range(10, 12 + STEPS_MAX)]
    bring({"r.xml": redirections(("F1", "F2"), ("F2", "F1"), *long)})

    assert follow("F1") is None
    assert follow("F10") is None
    assert find_published("F1") is None


def test_a_published_fiche_is_never_shadowed(bring, client, login, django_assert_num_queries):
    login()
    bring(
        {
            "F1.xml": make_fiche("F1"),
            "F2.xml": make_fiche("F2"),
            "r.xml": redirections(("F1", "F2")),
        }
    )

    with django_assert_num_queries(1):
        assert find_published("F1").reference == "F1"
    assert client.get("/fiches/F1/").status_code == 200


def test_a_merged_fiche_leads_to_its_target_and_stays_readable(bring, client, login):
    login()
    bring(whole())
    left = whole(**{"redirections.xml": redirections(("F10", "F1"))})
    del left["F10.xml"]
    left["arborescence.xml"] = arborescence(*(f"F{n}" for n in range(1, 10)))
    bring(left, accept_removals=True)

    answer = client.get("/fiches/F10/", follow=True)

    assert answer.redirect_chain == [("/fiches/F1/?de=F10", 302)]
    html = answer.content.decode()
    assert "F10 a été remplacée par cette fiche" in html
    assert "/fiches/F10/?ancienne=1" in html
    old = client.get("/fiches/F10/?ancienne=1")
    assert old.status_code == 200
    assert "a disparu de Service-Public.gouv.fr" in old.content.decode()


def test_a_target_that_we_have_not_leads_to_the_source_with_a_clear_message(bring, client, login):
    login()
    bring({"r.xml": redirections(("F1", "F99"), ("F2", "https://exemple.gouv.fr/ailleurs"))})

    page = client.get("/fiches/F1/").content.decode()
    outside = client.get("/fiches/F2/").content.decode()

    assert "F1 a été remplacée par F99" in page
    assert "https://www.service-public.gouv.fr/particuliers/vosdroits/F99" in page
    assert 'href="https://exemple.gouv.fr/ailleurs"' in outside


def test_the_console_opens_the_target_of_a_merged_fiche(bring, client, login):
    login()
    bring({"F1.xml": make_fiche("F1"), "r.xml": redirections(("F9", "F1"))})

    answer = client.post("/console/fiche/F9/", headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "Carte d&#x27;identité" in answer.content.decode()


def test_a_gone_fiche_is_neither_found_nor_opened_anew_but_still_read(bring, client, login):
    login()
    bring(whole(**{"F10.xml": make_fiche("F10", titre="Zanzibar")}))
    assert [found.cle for found in search_fiches("zanzibar")] == ["F10"]
    left = whole()
    del left["F10.xml"]
    left["arborescence.xml"] = arborescence(*(f"F{n}" for n in range(1, 10)))

    bring(left, accept_removals=True)

    assert search_fiches("zanzibar") == []
    assert client.post("/console/fiche/F10/").status_code == 404
    assert "a disparu de Service-Public.gouv.fr" in client.get("/fiches/F10/").content.decode()


# --- Pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_a_resource(bring, client, login, role):
    login(role)
    bring({"R1.xml": make_resource()})

    html = client.get("/ressources/R1/").content.decode()

    for words in ("Demande de carte", "Formulaire", "10103*12", "Gratuit"):
        assert words in html
    assert 'href="https://exemple.gouv.fr/demande"' in html


def test_nobody_reads_a_resource_without_login(bring, client):
    bring({"R1.xml": make_resource()})

    assert client.get("/ressources/R1/").status_code == 302


def test_a_dossier_shows_its_sub_themes_and_its_fiches(bring, client, login):
    login()
    bring(whole(**{"N358.xml": make_fiche("N358", titre="Identité", body="")}))

    theme = client.get("/ressources/N19810/").content.decode()
    dossier = client.get("/ressources/N358/").content.decode()

    assert 'href="/ressources/N358/"' in theme, "known by the tree, without a file of its own"
    assert 'href="/fiches/F7/"' in dossier
    assert 'href="/ressources/N19810/"' in dossier, "the way back up"


def test_an_unknown_resource_says_so_and_leads_to_the_public_site(client, login):
    login()

    page = client.get("/ressources/R404/")

    assert page.status_code == 404
    html = page.content.decode()
    assert "n&#x27;est pas dans le bureau" in html or "n'est pas dans le bureau" in html
    assert "https://www.service-public.gouv.fr/particuliers/vosdroits/R404" in html


def test_a_redirected_resource_leads_to_its_target(bring, client, login):
    login()
    bring({"R1.xml": make_resource(), "r.xml": redirections(("R9", "R1"))})

    assert client.get("/ressources/R9/").url == "/ressources/R1/"


def test_a_dossier_costs_the_same_queries_for_one_and_twenty_fiches(bring, client, login):
    login()
    bring(whole())
    Fiche.objects.exclude(reference="F1").update(theme=None)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/ressources/N358/").status_code == 200
        return len(captured)

    few = queries()
    bring({f"F{n}.xml": make_fiche(f"F{n}") for n in range(20, 40)})
    assert queries() == few


def test_a_service_without_an_address_leads_to_its_resource(bring, client, login):
    login()
    body = "<ServiceEnLigne ID='R1' type='Formulaire'><Titre>Contrat</Titre></ServiceEnLigne>"
    bring({"F1.xml": make_fiche(body=body)})

    assert 'href="/ressources/R1/"' in client.get("/fiches/F1/").content.decode()


def test_the_report_of_an_import_is_read_in_its_admin_page(bring, client, login):
    login(Role.REDACTEUR)
    bring({"F1.xml": make_fiche("F1"), "R1.xml": make_resource()})
    bring({"F1.xml": make_fiche("F1", titre="CNI"), "menu.xml": b"<Menu/>"})

    importation = Importation.objects.first()
    page = client.get(reverse("admin:shared_importation_change", args=[importation.pk]))

    html = page.content.decode().replace("\xa0", " ").replace("&#x27;", "'")
    assert "titre : « Carte d'identité » devient « CNI »" in html
    assert "menu.xml (0 entrée)" in html


def test_the_date_of_the_last_important_change_is_the_import_s(bring):
    told = 'dateDerniereModificationImportante="2026-01-02T00:00:00"'
    bring({"F1.xml": make_fiche(attributes=told)})

    assert Fiche.objects.get().importante_le.isoformat() == "2026-01-02"
