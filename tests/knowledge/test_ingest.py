"""Bringing fiches up to date: difference, report, provenance, and what an import never touches."""

import zipfile

import pytest
from django.db import connection

from allo3939.shared.models import Changement, Importation
from allo3939.shared.sources import open_source
from knowledge.enums import Etat, Nature, Origine
from knowledge.ingest import ImportRefuse, import_fiches
from knowledge.models import Fiche, Parution, SourceFiche, Theme
from tests.knowledge.vosdroits import (
    CORPUS,
    arborescence,
    make_fiche,
    needs_data,
)
from tests.knowledge.vosdroits import DATA as VOSDROITS

pytestmark = pytest.mark.django_db


def counts(report):
    return (report.added, report.changed, report.unchanged, report.gone)


def two():
    return {"F1.xml": make_fiche("F1"), "F2.xml": make_fiche("F2", titre="Passeport")}


def test_new_fiches_are_published_with_their_source_and_its_provenance(bring):
    report = bring(two(), zip=True, url="https://lecomarquage.service-public.gouv.fr/v.zip")

    assert counts(report) == (2, 0, 0, 0)
    fiche = Fiche.objects.get(reference="F1")
    assert (fiche.etat, fiche.nature, fiche.origine) == (
        *(Etat.PUBLIEE, Nature.REPONSE),
        Origine.SERVICE_PUBLIC,
    )
    assert not fiche.demonstration
    assert fiche.fil == ["Papiers", "Identité"]
    assert fiche.url == "https://www.service-public.gouv.fr/particuliers/vosdroits/F1"
    assert fiche.audiences == ["Particuliers"]
    assert fiche.source.xml == make_fiche("F1").decode()
    assert (fiche.source.fichier, fiche.source.schema) == ("F1.xml", "3.5")
    importation = Importation.objects.get()
    assert fiche.source.importation == importation
    assert importation.producteur == "Service-Public.gouv.fr / DILA"
    assert importation.url == "https://lecomarquage.service-public.gouv.fr/v.zip"
    assert importation.fichier == "livraison-0.zip"
    assert importation.date_fichier is not None
    assert importation.ajoutes == 2
    assert Changement.objects.get().cles == ["F1", "F2"]
    assert fiche.history.get().history_change_reason == "Import de livraison-0.zip"


def test_each_version_that_comes_is_told_once_as_a_detail(bring):
    bring(two())
    changed = {**two(), "F2.xml": make_fiche("F2", titre="Passeport d'un mineur")}
    bring(changed)
    bring({"F1.xml": make_fiche("F1")}, accept_removals=True)
    bring(changed)  # F2 is back as it was

    told = Parution.objects.order_by("fiche__reference", "version")
    assert list(told.values_list("fiche__reference", "version", "importance")) == [
        ("F1", 1, "precision"),
        ("F2", 1, "precision"),
        ("F2", 2, "precision"),
    ]


def test_a_dry_run_reports_the_same_and_writes_nothing(bring):
    bring({"F1.xml": make_fiche("F1")})
    tables = (Fiche, SourceFiche, Theme, Importation, Changement, Fiche.history.model)
    before = [table.objects.count() for table in tables]
    version = Fiche.objects.get().version
    changed = two() | {"F1.xml": make_fiche("F1", titre="CNI"), "F3.xml": b"<Publication"}

    dry = bring(changed, apply=False)

    assert [table.objects.count() for table in tables] == before
    assert Fiche.objects.get().version == version
    assert not dry.applied
    wet = bring(changed)
    assert counts(dry) == counts(wet) == (1, 1, 0, 0)
    assert dry.set_aside == wet.set_aside
    assert dry.changes == wet.changes


def test_the_same_again_changes_nothing(bring):
    bring(two())
    Changement.objects.all().delete()

    report = bring(two())

    assert counts(report) == (0, 0, 2, 0)
    assert Fiche.objects.get(reference="F1").version == 1
    assert Fiche.objects.get(reference="F1").history.count() == 1
    assert not Changement.objects.exists()


def test_a_changed_fiche_gets_a_version_a_trace_and_its_change_in_words(bring):
    bring(two())
    published = Fiche.objects.get(reference="F1").publiee_le
    Changement.objects.all().delete()

    report = bring(two() | {"F1.xml": make_fiche("F1", titre="CNI", date="2026-02-01")})

    assert counts(report) == (0, 1, 1, 0)
    assert report.changes == [
        {
            "reference": "F1",
            "titre": "CNI",
            "what": [
                "titre : « Carte d'identité » devient « CNI »",
                "mise à jour à la source : du 15 janvier 2026 au 1er février 2026",
            ],
        }
    ]
    fiche = Fiche.objects.get(reference="F1")
    assert (fiche.titre, fiche.version) == ("CNI", 2)
    assert fiche.publiee_le > published
    assert [row.titre for row in fiche.history.all()] == ["CNI", "Carte d'identité"]
    assert Changement.objects.get().cles == ["F1"]


def test_a_change_of_the_site_s_domain_alone_is_not_a_change(bring):
    bring({"F1.xml": make_fiche("F1").replace(b"service-public.gouv.fr", b"service-public.fr")})

    assert counts(bring({"F1.xml": make_fiche("F1")})) == (0, 0, 1, 0)


def test_a_newer_reader_rebuilds_the_tree_of_an_unchanged_file(bring, monkeypatch):
    bring(two())
    Fiche.objects.filter(reference="F1").update(contenu=[])
    monkeypatch.setattr("knowledge.readxml.VERSION", 999)

    report = bring(two())

    assert counts(report) == (0, 1, 1, 0)
    assert Fiche.objects.get(reference="F1").contenu
    assert Fiche.objects.get(reference="F2").version == 1


def test_what_is_added_here_to_a_fiche_survives_the_next_import(bring, secteur):
    bring(two())
    Fiche.objects.filter(reference="F1").update(
        a_dire="La carte est gratuite.", mots_cles=["cni"], secteur=secteur
    )

    bring({"F1.xml": make_fiche("F1", titre="CNI")})

    fiche = Fiche.objects.get(reference="F1")
    assert fiche.titre == "CNI"
    assert fiche.a_dire == "La carte est gratuite."
    assert fiche.mots_cles == ["cni"]
    assert fiche.secteur == secteur


def test_a_fiche_archived_here_is_kept_up_to_date_but_stays_archived(bring):
    bring(two())
    Fiche.objects.filter(reference="F1").update(etat=Etat.ARCHIVEE)

    bring({"F1.xml": make_fiche("F1", titre="CNI")})

    fiche = Fiche.objects.get(reference="F1")
    assert (fiche.titre, fiche.etat) == ("CNI", Etat.ARCHIVEE)


def test_a_fiche_born_here_is_never_overwritten(bring):
    Fiche.objects.create(
        reference="F1", nature=Nature.REPONSE, origine=Origine.ALLO3939, titre="La nôtre"
    )

    report = bring(two())

    assert counts(report) == (1, 0, 0, 0)
    assert report.set_aside[0]["reference"] == "F1"
    assert Fiche.objects.get(reference="F1").titre == "La nôtre"


# --- Gone ---------------------------------------------------------------------------------------


def delivery(*numbers):
    references = [f"F{number}" for number in numbers]
    files = {f"{reference}.xml": make_fiche(reference) for reference in references}
    return files | {"arborescence.xml": arborescence(*references)}


def test_a_fiche_that_left_a_full_delivery_is_gone_but_readable(bring):
    bring(delivery(*range(1, 21)))
    Changement.objects.all().delete()

    report = bring(delivery(*range(1, 20)))

    assert counts(report) == (0, 0, 19, 1)
    fiche = Fiche.objects.get(reference="F20")
    assert fiche.etat == Etat.DISPARUE
    assert fiche.contenu
    assert fiche in Fiche.objects.readable()
    assert fiche not in Fiche.objects.published()
    assert fiche.history.first().etat == Etat.DISPARUE
    assert Changement.objects.get().cles == ["F20"]


def test_a_gone_fiche_that_comes_back_is_published_again(bring):
    bring(delivery(*range(1, 21)))
    bring(delivery(*range(1, 20)))

    report = bring(delivery(*range(1, 21)))

    assert counts(report) == (0, 1, 19, 0)
    fiche = Fiche.objects.get(reference="F20")
    assert (fiche.etat, fiche.version) == (Etat.PUBLIEE, 1)
    assert report.changes[0]["what"] == ["de nouveau publiée à la source"]


def test_a_folder_of_some_fiches_makes_nothing_gone(bring):
    bring(delivery(*range(1, 21)))

    report = bring({"F1.xml": make_fiche("F1")})

    assert counts(report) == (0, 0, 1, 0)
    assert not report.whole


def test_a_delivery_that_removes_too_much_stops_and_asks(bring):
    bring(delivery(*range(1, 21)))

    dry = bring(delivery(*range(1, 11)), apply=False)
    with pytest.raises(ImportRefuse, match="10 fiches sur 20"):
        bring(delivery(*range(1, 11)))

    assert dry.gone == 10
    assert "--accept-removals" in dry.removals_limit
    assert Fiche.objects.published().count() == 20
    assert Importation.objects.count() == 1
    assert bring(delivery(*range(1, 11)), accept_removals=True).gone == 10
    assert Fiche.objects.published().count() == 10


def test_a_large_zip_is_a_full_delivery_even_without_its_tree(bring):
    every = {f"F{number}.xml": make_fiche(f"F{number}") for number in range(1, 121)}
    bring(every, zip=True)
    del every["F120.xml"]

    assert bring(every, zip=True).gone == 1


def test_a_fiche_whose_file_is_damaged_is_not_gone(bring):
    bring(delivery(*range(1, 21)))

    report = bring(delivery(*range(1, 20)) | {"F20.xml": make_fiche("F20")[:300]})

    assert counts(report) == (0, 0, 19, 0)
    assert [entry["reference"] for entry in report.set_aside] == ["F20"]
    assert Fiche.objects.get(reference="F20").etat == Etat.PUBLIEE


# --- Several audiences --------------------------------------------------------------------------


def test_a_fiche_of_several_audiences_is_one_fiche_the_public_s_first(bring):
    report = bring(
        {
            "pro/F1.xml": make_fiche("F1", audience="Professionnels", titre="Pour les pros"),
            "part/F1.xml": make_fiche("F1", titre="Pour tous"),
        }
    )

    assert counts(report) == (1, 0, 0, 0)
    fiche = Fiche.objects.get()
    assert fiche.titre == "Pour tous"
    assert fiche.audiences == ["Particuliers", "Professionnels"]
    assert report.duplicates == [
        {"reference": "F1", "kept": "part/F1.xml", "others": ["pro/F1.xml"]}
    ]


def test_the_delivery_for_another_audience_does_not_take_the_place_of_the_public_s(bring):
    bring(delivery(*range(1, 21)))

    first = bring({"F1.xml": make_fiche("F1", audience="Professionnels", titre="Pour les pros")})
    again = bring({"F1.xml": make_fiche("F1", audience="Professionnels", titre="Pour les pros")})

    fiche = Fiche.objects.get(reference="F1")
    assert (counts(first), counts(again)) == ((0, 1, 0, 0), (0, 0, 1, 0))
    assert fiche.titre == "Carte d'identité"
    assert fiche.audiences == ["Particuliers", "Professionnels"]


def test_a_fiche_is_gone_once_it_has_left_all_its_audiences(bring):
    both = {"F20.xml": make_fiche("F20", audiences=("Particuliers", "Professionnels"))}
    bring(delivery(*range(1, 21)) | both)
    pros = {
        f"F{number}.xml": make_fiche(f"F{number}", audience="Professionnels")
        for number in range(30, 50)
    } | {"arborescence.xml": arborescence(*(f"F{number}" for number in range(30, 50)))}

    report = bring(delivery(*range(1, 20)))
    assert report.gone == 0
    assert Fiche.objects.get(reference="F20").audiences == ["Professionnels"]

    report = bring(pros, accept_removals=True)
    assert report.gone == 1
    assert Fiche.objects.get(reference="F1").etat == Etat.PUBLIEE


# --- Themes -------------------------------------------------------------------------------------


def test_the_tree_comes_from_the_arborescence(bring):
    bring(delivery(1, 2))

    theme = Fiche.objects.get(reference="F1").theme
    assert (theme.code, theme.titre, theme.parent.code) == ("N358", "Identité", "N19810")
    assert theme.parent.parent is None


def test_without_arborescence_the_tree_grows_from_the_breadcrumbs(bring):
    bring(two())

    theme = Fiche.objects.get(reference="F1").theme
    assert (theme.code, theme.parent.titre) == ("N358", "Papiers")
    assert Theme.objects.count() == 2


def test_a_fiche_that_only_moved_changes_its_theme(bring):
    bring(delivery(1, 2))

    report = bring(delivery(1, 2) | {"arborescence.xml": arborescence("F1", "F2", dossier="N9")})

    assert counts(report) == (0, 2, 0, 0)
    assert report.changes[0]["what"][0].startswith("thème\u00a0: «")
    assert Fiche.objects.get(reference="F1").theme.code == "N9"


def test_a_breadcrumb_does_not_lift_a_fiche_out_of_its_sub_dossier(bring):
    bring(two() | {"arborescence.xml": arborescence("F1", "F2", dossier="N358-2")})
    Theme.objects.filter(code="N358-2").update(
        parent=Theme.objects.create(code="N358", titre="Identité")
    )

    bring({"F1.xml": make_fiche("F1", titre="CNI")})

    assert Fiche.objects.get(reference="F1").theme.code == "N358-2"


def test_the_themes_of_the_sectors_are_left_alone(bring, secteur):
    Theme.objects.create(code="divorce", titre="Divorce", secteur=secteur)
    head = '<Theme ID="divorce"><Titre>Piège</Titre></Theme>'

    bring({"F1.xml": make_fiche("F1", head=head)})

    assert Theme.objects.get(code="divorce").titre == "Divorce"
    assert Fiche.objects.get(reference="F1").theme is None


# --- Wrong files --------------------------------------------------------------------------------


def test_one_wrong_file_is_set_aside_and_the_rest_goes_in(bring):
    report = bring(
        two()
        | {
            "F3.xml": make_fiche("F3")[:250],
            "F4.xml": b"\x89PNG\r\n",
            "F5.xml": b'<!DOCTYPE a [<!ENTITY x "y">]><Publication ID="F5">&x;</Publication>',
            "F6.xml": make_fiche("F6", titre="t" * 500),
            "lisezmoi.txt": b"bonjour",
            "autre.xml": b"<Facture/>",
            "X7.xml": make_fiche("X7"),
        },
        zip=True,
    )

    assert counts(report) == (2, 0, 0, 0)
    reasons = {entry["reference"]: entry["reason"] for entry in report.set_aside}
    assert set(reasons) == {"F3", "F4", "F5", "F6", "lisezmoi.txt", "autre.xml", "X7.xml"}
    assert "XML illisible" in reasons["F3"]
    assert "entités" in reasons["F5"]
    assert "titre" in reasons["F6"]
    assert Importation.objects.get().ecartes == report.set_aside


def test_themes_resources_and_indexes_are_counted_not_set_aside(bring):
    report = bring(
        two()
        | {
            "N358.xml": make_fiche("N358"),
            "R1.xml": b"<ServiceComplementaire ID='R1'/>",
            "menu.xml": b"<Menu/>",
            "redirections.xml": b"<Redirections/>",
        }
    )

    assert counts(report) == (2, 0, 0, 0)
    assert report.set_aside == []
    assert report.resources.added == 2
    assert report.indexes == [{"fichier": "menu.xml", "genre": "menu", "entrees": 0}]


def test_unknown_elements_are_reported_and_kept_with_the_source(bring):
    report = bring(
        {"F1.xml": make_fiche(body="<Texte><Nouveau>Du neuf</Nouveau><Nouveau/></Texte>")}
    )

    assert report.unknown_elements == {"Nouveau": 2}
    assert SourceFiche.objects.get().elements_inconnus == ["Nouveau"]


def test_an_older_delivery_is_said_to_be_older(bring):
    bring({"F1.xml": make_fiche(date="2026-02-01")})

    assert bring({"F1.xml": make_fiche(date="2020-02-01")}, apply=False).older == 1


def test_the_newest_of_several_states_is_taken(bring):
    report = bring(
        {
            "F1_2019.xml": make_fiche(titre="2019", date="2019-01-24", schema="3.0"),
            "F1_2022_v3.4.xml": make_fiche(titre="2022 (3.4)", date="2022-11-29", schema="3.4"),
            "F1_2022_v3.3.xml": make_fiche(titre="2022 (3.3)", date="2022-11-29", schema="3.3"),
        }
    )

    assert counts(report) == (1, 0, 0, 0)
    assert report.set_aside == []
    assert Fiche.objects.get().titre == "2022 (3.4)"
    assert report.duplicates[0]["kept"] == "F1_2022_v3.4.xml"


def test_an_import_costs_few_queries_however_many_fiches(bring, django_assert_max_num_queries):
    files = {f"F{number}.xml": make_fiche(f"F{number}") for number in range(1, 151)}
    bring({"F1000.xml": make_fiche("F1000")})

    with django_assert_max_num_queries(25):
        bring(files)


# --- Real files ---------------------------------------------------------------------------------


@needs_data
@pytest.mark.parametrize(("folder", "expected"), [("xml", 4), ("versions", 3)])
def test_the_real_files_go_in_with_none_set_aside(folder, expected):
    with open_source(str(VOSDROITS / folder)) as source:
        report = import_fiches(source, apply=True)

    assert counts(report) == (expected, 0, 0, 0)
    assert report.set_aside == []
    assert not report.unknown_elements
    assert sum(len(entry["others"]) for entry in report.duplicates) == (folder == "versions") * 4


@needs_data
@pytest.mark.corpus
def test_a_quarter_of_the_corpus_goes_in_whole_and_again_unchanged(tmp_path):
    """`test_lossless` reads all of it."""
    quarter = tmp_path / "quart.zip"
    with zipfile.ZipFile(CORPUS) as corpus, zipfile.ZipFile(quarter, "w") as kept:
        names = [name for name in corpus.namelist() if name[0] == "F"][::4]
        around = [name for name in corpus.namelist() if name[0] != "F"]
        for name in (*names, *around):
            kept.writestr(name, corpus.read(name))
    with open_source(str(quarter)) as source:
        first = import_fiches(source, apply=True)
        again = import_fiches(source, apply=True)

    assert len(names) > 700
    assert counts(first) == (len(names), 0, 0, 0)
    assert first.set_aside == []
    assert counts(again) == (0, 0, len(names), 0)
    assert Fiche.objects.published().count() == len(names)
    assert Fiche.objects.filter(theme__parent__parent__parent__isnull=False).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM knowledge_historicalfiche")
        assert cursor.fetchone() == (len(names),)
