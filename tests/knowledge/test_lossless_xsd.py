"""Nothing is lost of any document that DILA's schema 3.5 allows."""

import pytest
from hypothesis import HealthCheck, given, settings

from knowledge import readxml
from tests.knowledge.lossless import check, name_of
from tests.knowledge.xsd import SCHEMA, Schema, documents

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not SCHEMA.is_dir(), reason="DILA's schema 3.5 is not beside the project"),
]


@pytest.mark.parametrize(
    ("root", "reference", "examples"),
    [("Publication", "F1", 250), ("Publication", "N1", 40), ("ServiceComplementaire", "R1", 250)],
)
def test_nothing_of_a_document_of_the_schema_is_lost(root, reference, examples):
    schema = Schema(f"{root}.xsd")
    met: set[str] = set()

    # The same documents each time: what they hold is asserted below.
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(documents(schema, root, reference))
    def every_text_and_attribute_is_kept(document):
        met.update(name_of(element) for element in document.iter())
        reader = readxml.read if reference[0] == "F" else readxml.read_resource
        found = reader(document)
        assert check(document, found.contenu, unique=True) == []
        assert not found.inconnus

    every_text_and_attribute_is_kept()

    if examples > 100:
        assert schema.names(root) - met == set(), "elements that no document held"
