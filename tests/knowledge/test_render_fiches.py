"""``manage.py render_fiches``: every published fiche, whole, one a line."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from allo3939.shared.sources import open_source
from knowledge import readxml
from knowledge.ingest import import_fiches
from knowledge.models import Fiche
from tests.knowledge.lossless import lost, pieces, split
from tests.knowledge.vosdroits import DATA, make_fiche, make_folder, needs_data

pytestmark = pytest.mark.django_db


def bring(path):
    with open_source(str(path)) as source:
        return import_fiches(source, apply=True)


def render(capsys, *references):
    call_command("render_fiches", *references)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def three(tmp_path):
    files = {f"F{n}.xml": make_fiche(f"F{n}", titre=f"Fiche {n}") for n in (1, 2, 3)}
    bring(make_folder(tmp_path, files))
    Fiche.objects.filter(reference="F3").update(etat="archivee")


def test_every_published_fiche_comes_whole_one_a_line(three, capsys):
    lines = render(capsys)

    assert [line["reference"] for line in lines] == ["F1", "F2"]
    assert "<h1" in lines[0]["html"]
    assert "Fiche 1" in lines[0]["html"]
    assert "Elle est gratuite." in lines[0]["html"]


def test_what_the_desk_adds_and_the_dates_come_with_it(three, capsys, secteur):
    Fiche.objects.filter(reference="F1").update(
        a_dire="À dire ainsi.",
        note="Une note.",
        mots_cles=["cni"],
        secteur=secteur,
        importante_le=timezone.localdate(),
    )

    (line,) = render(capsys, "F1")

    for words in ("À dire ainsi.", "Une note.", "cni", "Justice", "changement important le"):
        assert words in line["html"]
    assert '<details class="a39-cadre" open' in line["html"], "nothing is folded"


def test_an_unknown_reference_is_told_after_the_others_are_written(three, capsys):
    with pytest.raises(CommandError, match="F9, F3"):
        call_command("render_fiches", "F9", "F2", "F3")

    assert json.loads(capsys.readouterr().out)["reference"] == "F2"


def test_the_fiches_are_fetched_in_one_query(three, capsys, django_assert_num_queries):
    with django_assert_num_queries(1):
        render(capsys)


@needs_data
def test_nothing_of_a_real_fiche_is_missing_from_what_is_written(capsys):
    from lxml import html

    bring(DATA / "xml")

    for line in render(capsys):
        root = readxml.parse((DATA / "xml" / f"{line['reference']}.xml").read_bytes())
        head, body = split(root)
        shown = html.fromstring(line["html"]).text_content()
        assert lost([piece for element in body for piece in pieces(element)], shown) == []
        assert lost([piece for element in head for piece in pieces(element)], shown) == []
