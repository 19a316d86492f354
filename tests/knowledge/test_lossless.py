"""Nothing is lost on import: every real file, whole, in the tree and on the page."""

import zipfile

import pytest

from knowledge import readxml
from tests.knowledge.lossless import check
from tests.knowledge.vosdroits import CORPUS, needs_data, real_files


def tree_of(root):
    if root.tag == "Publication":
        return readxml.read(root).contenu
    return readxml.read_fragment(root)[0]


@needs_data
@pytest.mark.parametrize(
    "path",
    real_files("xml", "versions", "xml-transpose-3.5", "fragments"),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_nothing_of_a_real_file_is_lost(path):
    root = readxml.parse(path.read_bytes())

    assert check(root, tree_of(root)) == []


@needs_data
@pytest.mark.corpus
def test_nothing_of_the_2938_fiches_is_lost():
    faults = {}
    with zipfile.ZipFile(CORPUS) as archive:
        names = [name for name in archive.namelist() if name.startswith("F")]
        for name in names:
            root = readxml.parse(archive.read(name))
            if found := check(root, readxml.read(root).contenu):
                faults[name] = found

    assert len(names) == 2938
    assert faults == {}
