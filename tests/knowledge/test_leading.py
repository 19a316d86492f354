"""The fiches that lead to one, by a link in their text or by a case."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge.models import Fiche
from knowledge.propose.leading import leading_here

pytestmark = pytest.mark.django_db


def link(reference):
    """A text that links to a fiche, deep in its blocks."""
    said = [{"m": "fiche", "reference": reference, "c": ["x"]}]
    return [{"type": "liste", "elements": [[{"type": "paragraphe", "texte": said}]]}]


@pytest.fixture
def make(db):
    def create(reference, **fields):
        values = {"nature": "reponse", "origine": "allo3939", "titre": f"Fiche {reference}"}
        published = {"etat": "publiee", "publiee_le": "2026-01-05T09:00:00Z"}
        return Fiche.objects.create(reference=reference, **values | published | fields)

    return create


def leading(fiche):
    return [each.reference for each in leading_here(fiche)]


def test_links_and_cases_lead_to_a_fiche_and_drafts_do_not(make):
    fiche = make("A39-0001", contenu=link("A39-0001"))
    make("A39-0003", contenu=link("A39-0001"))
    make("A39-0002", parcours={"issues": [{"code": "a", "cible": {"fiche": "A39-0001"}}]})
    make("A39-0004", contenu=link("A39-0001"), etat="brouillon")
    make("A39-0005", contenu=link("A39-00011"))
    assert leading(fiche) == ["A39-0002", "A39-0003"]


def test_what_is_written_since_is_read_again_and_nothing_else(make):
    fiche = make("A39-0001")
    other = make("A39-0002")
    make("A39-0003", contenu=link("A39-0001"))
    assert leading(fiche) == ["A39-0003"]

    Fiche.objects.filter(pk=other.pk).update(contenu=link("A39-0001"))
    with CaptureQueriesContext(connection) as asked:
        assert leading(fiche) == ["A39-0002", "A39-0003"]
    assert len(asked) == 3
    assert f"'{{{other.pk}}}'" in asked[1]["sql"] or f"ARRAY[{other.pk}]" in asked[1]["sql"]

    Fiche.objects.filter(reference="A39-0003").update(contenu=[])
    assert leading(fiche) == ["A39-0002"]
    Fiche.objects.filter(pk=other.pk).update(etat="archivee")
    assert leading(fiche) == []


def test_as_many_queries_for_one_as_for_twenty(make, django_assert_num_queries):
    fiche = make("A39-0100")
    make("A39-0101", contenu=link("A39-0100"))
    leading(fiche)
    with django_assert_num_queries(2):
        leading(fiche)
    for number in range(20):
        make(f"A39-02{number:02}", contenu=link("A39-0100"))
    assert len(leading(fiche)) == 21
    with django_assert_num_queries(2):
        leading(fiche)
