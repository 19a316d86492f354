"""``manage.py import_annuaire``: a diff, in one transaction, that never forgets a body."""

import json
import os
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from allo3939.shared.models import Changement, Importation
from orientation.ingest import ImportRefuse, import_annuaire
from orientation.models import Competence, EmpreinteCompetence, Organisme, TypeService
from orientation.readjson import SourceIllisible
from tests.orientation.annuaire import commune, record, sample, write_json, write_tar
from tests.shared.served import served

A, B = (str(uuid.UUID(int=number, version=4)) for number in (1, 2))

pytestmark = pytest.mark.django_db


def run(source, *, apply=True, **options):
    report = import_annuaire(source, apply=apply, **options)
    return report.added, report.changed, report.unchanged, report.gone


def competences():
    return {
        (row.commune_insee, row.type_code): [str(pk) for pk in row.organismes]
        for row in Competence.objects.all()
    }


@pytest.fixture
def source(tmp_path):
    """Write a delivery of ``count`` bodies; ``changes`` by rank."""

    def write(count=20, communes=None, **changes):
        records = [record(rank, **changes.get(f"r{rank}", {})) for rank in range(count)]
        return write_json(tmp_path / "annuaire.json.gz", records, communes)

    return write


def test_a_first_delivery_is_added(source):
    assert run(source(3)) == (3, 0, 0, 0)
    body = Organisme.objects.get(pk=record(1)["id"])
    assert body.nom == "Mairie - Fontaine-le-Port"
    assert body.plages[0] == {"jour": 0, "debut": "09:00", "fin": "12:00", "commentaire": ""}
    assert body.nom_recherche.strip() == "mairie fontaine le port fontaine le port"
    assert "Secret" not in json.dumps(list(Organisme.objects.values()), default=str)


def test_the_same_delivery_again_writes_nothing(source):
    run(source())
    lines = Changement.objects.count()
    assert run(source()) == (0, 0, 20, 0)
    assert Changement.objects.count() == lines


def test_only_what_changed_is_written_and_told_to_the_index(source):
    run(source())
    assert run(source(r3={"sigle": "NEUF"})) == (0, 1, 19, 0)
    assert Organisme.objects.get(pk=record(3)["id"]).sigle == "NEUF"
    assert Changement.objects.latest("id").cles == [record(3)["id"]]


def test_a_body_gone_is_marked_and_comes_back(source):
    run(source())
    assert run(source(19)) == (0, 0, 19, 1)
    assert Organisme.objects.get(pk=record(19)["id"]).etat == "disparu"
    assert Changement.objects.latest("id").cles == [record(19)["id"]]
    assert run(source(19)) == (0, 0, 19, 0)
    assert run(source(20)) == (0, 1, 19, 0)
    assert Organisme.objects.present().count() == 20


def test_a_dry_run_tells_the_same_and_writes_nothing(source):
    assert run(source(3), apply=False) == (3, 0, 0, 0)
    assert not Organisme.objects.exists()
    assert not Importation.objects.exists()
    run(source(20))
    assert run(source(19, r2={"sigle": "X"}), apply=False) == (0, 1, 18, 1)
    assert Organisme.objects.present().count() == 20


def test_more_than_a_tenth_going_stops_unless_accepted(source):
    run(source(20))
    for apply in (False, True):
        with pytest.raises(ImportRefuse, match="3 organismes sur 20"):
            run(source(17), apply=apply)
    assert Organisme.objects.present().count() == 20
    assert run(source(17), accept_removals=True) == (0, 0, 17, 3)


def test_a_bad_record_is_set_aside_and_the_rest_goes_in(source):
    report = import_annuaire(source(4, r1={"nom": ""}, r2={"id": record(0)["id"]}), apply=True)
    assert report.added == 2
    assert report.set_aside == [
        {"reference": record(1)["id"], "reason": "organisme sans nom"},
        {"reference": record(0)["id"], "reason": "identifiant présent deux fois dans le fichier"},
    ]
    link = {"vue": "organisme", "cle": record(0)["id"]}
    assert Importation.objects.get().ecartes == [report.set_aside[0], report.set_aside[1] | link]


def test_whatever_a_record_holds_goes_into_the_table_or_is_told(source):
    deep = []
    for _ in range(700):
        deep = [deep or "x"]
    odd = {"a\x00b": "c\x00d", "mesure": float("inf"), "n": 10**40, "e": 1e-300, "v": [[]]}
    report = import_annuaire(source(3, r0={"cle": odd}, r1={"cle": deep}), apply=True)
    details = Organisme.objects.get(pk=record(0)["id"]).details
    assert details["cle"] == {"ab": "cd", "mesure": "inf", "n": 10**40, "e": 1e-300}
    assert [each["reason"] for each in report.set_aside] == ["structure trop profonde"]


def test_a_body_whose_record_breaks_is_not_gone(source):
    run(source())
    assert run(source(r1={"nom": ""})) == (0, 0, 19, 0)
    assert Organisme.objects.present().count() == 20


def test_a_body_no_longer_published_is_gone(source):
    run(source())
    assert run(source(r1={"statut_de_diffusion": "false"})) == (0, 0, 19, 1)


def test_a_file_cut_in_the_middle_changes_nothing(source, tmp_path):
    run(source(20))
    whole = source(2000, r0={"sigle": "NEUF"}).read_bytes()
    cut = tmp_path / "coupe.json.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceIllisible):
        run(cut, accept_removals=True)
    assert Organisme.objects.count() == 20
    assert not Organisme.objects.filter(sigle="NEUF").exists()


def test_a_file_without_any_body_is_refused(tmp_path):
    path = tmp_path / "vide.json"
    path.write_text('{"service": []}')
    with pytest.raises(ImportRefuse, match="Aucun organisme"):
        run(path)


def test_provenance_is_kept(source):
    import_annuaire(source(2), apply=True, url="https://exemple.fr/all_latest.tar.bz2")
    kept = Importation.objects.get()
    assert (kept.genre, kept.fichier, kept.ajoutes) == ("annuaire", "annuaire.json.gz", 2)
    assert kept.producteur == "Service-Public.gouv.fr / DILA"
    assert kept.url == "https://exemple.fr/all_latest.tar.bz2"
    assert kept.date_fichier is not None


def test_competence_is_replaced_commune_by_commune(source):
    some = [commune("72181", caf=[A], cpam=[A, B]), commune("72003", caf=[B])]
    run(source(1, some))
    assert competences() == {
        ("72181", "caf"): [A], ("72181", "cpam"): [A, B], ("72003", "caf"): [B],
    }  # fmt: skip
    kept = Competence.objects.get(commune_insee="72003").pk
    run(source(1, [commune("72181", cpam=[B, A]), commune("72003", caf=[B])]))
    assert competences() == {("72181", "cpam"): [B, A], ("72003", "caf"): [B]}
    assert Competence.objects.get(commune_insee="72003").pk == kept


def test_a_delivery_without_competence_leaves_it(source):
    run(source(1, [commune("72181", caf=[A])]))
    run(source(1))
    assert competences() == {("72181", "caf"): [A]}


def test_communes_that_vanish_lose_their_competence_within_the_limit(source):
    many = [commune(f"72{number:03d}", caf=[A]) for number in range(1, 21)]
    run(source(1, many))
    with pytest.raises(ImportRefuse, match="5 communes sur 20"):
        run(source(1, many[:15]))
    assert Competence.objects.count() == 20
    run(source(1, many[:19]))
    assert Competence.objects.count() == EmpreinteCompetence.objects.count() == 19


def test_odd_competence_is_set_aside_or_read(source):
    spelled = {"code_insee_commune": "72181", "Type_service_local": [
        {"code_type_service_local": "caf", "organisme": A},
        {"code_type_service_local": "caf", "organisme": [B, B]},
        {"code_type_service_local": "vide", "organisme": []},
    ]}  # fmt: skip
    odd = [spelled, commune("72181"), {"nom": "sans code"}, commune("72003", caf=["x\ty"]), 12]
    report = import_annuaire(source(1, odd), apply=True)
    assert competences() == {("72181", "caf"): [A, B]}
    assert [each["reason"] for each in report.set_aside] == [
        "commune présente deux fois",
        "compétence sans code INSEE",
        "«\u00a0caf\u00a0» sans identifiant d'organisme",
        "compétence qui n'est pas un objet",
    ]


def test_rows_of_the_api_are_added_to_competence(source, tmp_path):
    run(source(1, [commune("72181", caf=[A])]))
    rows = [
        {
            "code_insee_commune": "72181",
            "code_type_service_local": code,
            "id_service_local": f'["{pk}"]',
        }
        for code, pk in (("caf", B), ("msa", A), ("msa", A))
    ]
    path = tmp_path / "competence.json"
    path.write_text(json.dumps(rows))
    assert run(path) == (0, 0, 0, 0)
    assert competences() == {("72181", "caf"): [B], ("72181", "msa"): [A]}
    assert Organisme.objects.present().count() == 1
    run(source(1, [commune("72181", caf=[A])]))
    assert competences() == {("72181", "caf"): [A]}


def test_kinds_get_our_labels_and_an_unknown_code_is_kept(source):
    TypeService.objects.create(code="caf", libelle="La Caf, comme nous disons")
    odd = [{"type_service_local": "guichet_2031"}]
    run(source(1, [commune("72181", inconnu_aussi=[A])], r0={"pivot": odd}))
    labels = dict(TypeService.objects.values_list("code", "libelle"))
    assert labels["mairie"] == "Mairie"
    assert labels["caf"] == "La Caf, comme nous disons"
    assert labels["guichet_2031"] == "guichet_2031"
    assert labels["inconnu_aussi"] == "inconnu_aussi"


def test_the_kinds_nobody_has_labelled_are_told(source):
    TypeService.objects.create(code="borne_2030", libelle="Borne")
    odd = [{"type_service_local": code} for code in ("guichet_2031", "borne_2030", "mairie")]
    communes = [commune("72181", inconnu_aussi=[A])]
    report = import_annuaire(source(1, communes, r0={"pivot": odd}), apply=True)
    assert report.unknown_kinds == ["guichet_2031", "inconnu_aussi"]
    report = import_annuaire(source(1, communes, r0={"pivot": odd}))
    assert report.unknown_kinds == ["guichet_2031", "inconnu_aussi"]


def test_the_archive_is_imported_with_its_competence(tmp_path):
    path = write_tar(
        tmp_path / "all_latest.tar.bz2",
        {
            "x/communes/72181.json": json.dumps({"commune": [commune("72181", caf=[A])]}).encode(),
            "x/20261123-data.gouv_local.json": json.dumps({"service": [record(1)]}).encode(),
        },
    )
    assert run(path) == (1, 0, 0, 0)
    assert competences() == {("72181", "caf"): [A]}


def test_more_bodies_than_the_index_cares_to_list_are_told_as_everything(source):
    run(source(1500))
    assert Changement.objects.latest("id").cles == ["*"]


def test_the_command_reports_in_json(source):
    out = StringIO()
    call_command("import_annuaire", str(source(2, r1={"nom": ""})), "--apply", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert {"added", "changed", "unchanged", "gone", "set_aside", "seconds"} < set(report)
    assert (report["added"], report["gone"]) == (1, 0)
    assert report["set_aside"] == [{"reference": record(1)["id"], "reason": "organisme sans nom"}]


def test_the_command_is_a_dry_run_by_default(source):
    out = StringIO()
    call_command("import_annuaire", str(source(2)), stdout=out)
    assert "Organismes ajoutés\u00a0: 2" in out.getvalue()
    assert "rien n'est écrit" in out.getvalue()
    assert not Organisme.objects.exists()


def test_the_command_takes_a_folder(db, tmp_path):
    write_json(tmp_path / "a.json", [record(1)])
    write_json(tmp_path / "b.json", [record(2)], [commune("72181", caf=[A])])
    call_command("import_annuaire", str(tmp_path), "--apply", stdout=StringIO())
    assert Organisme.objects.count() == 2
    assert competences() == {("72181", "caf"): [A]}
    importation = Importation.objects.get()
    assert (importation.fichier, importation.url) == (tmp_path.name, "")


def test_the_command_takes_an_address_and_keeps_it(db, tmp_path, settings):
    settings.IMPORT_URL_HOSTS = ["127.0.0.1"]
    path = write_json(tmp_path / "annuaire.json.gz", [record(1)])
    os.utime(path, (1_700_000_000, 1_700_000_000))
    with served(tmp_path) as host:
        address = f"{host}/annuaire.json.gz"
        call_command("import_annuaire", address, "--apply", stdout=StringIO())
    importation = Importation.objects.get()
    assert (importation.fichier, importation.url) == ("annuaire.json.gz", address)
    assert importation.date_fichier.timestamp() == 1_700_000_000
    with pytest.raises(CommandError, match="IMPORT_URL_HOSTS"):
        call_command("import_annuaire", "https://exemple.fr/annuaire.json.gz")


def test_the_command_refuses_in_french(source, tmp_path):
    with pytest.raises(CommandError, match="n'existe pas"):
        call_command("import_annuaire", str(tmp_path / "rien.json"))
    run(source(20))
    with pytest.raises(CommandError, match="--accept-removals"):
        call_command("import_annuaire", str(source(2)), "--apply")


def test_the_real_samples_are_imported(db):
    assert run(sample("dump-exemples.json")) == (2, 0, 0, 0)
    sandillon = Organisme.objects.get(nom="Mairie - Sandillon")
    assert sandillon.adresse["note_accessibilite"] == "rampe d'accès"
    assert sandillon.plages[-1]["commentaire"].startswith("Accueil ouvert uniquement le 2e et 4e")
    assert run(sample("api-exemples.json"), accept_removals=True) == (2, 0, 0, 2)
    run(sample("api-competence-geographique-exemple.json"))
    assert list(competences()) == [("52499", "urcaue")]
