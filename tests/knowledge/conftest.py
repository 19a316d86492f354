"""What the tests of imports share."""

import pytest

from allo3939.shared.sources import open_source
from knowledge.ingest import import_fiches
from tests.knowledge.vosdroits import make_folder, make_zip


@pytest.fixture
def bring(tmp_path):
    """Import files given by name, as a folder or, with ``zip=True``, as an archive."""
    deliveries = iter(range(100))

    def run(files, *, zip=False, apply=True, **options):
        path = tmp_path / f"livraison-{next(deliveries)}"
        if zip:
            path = make_zip(path.with_suffix(".zip"), files)
        else:
            make_folder(path, files)
        with open_source(str(path)) as source:
            return import_fiches(source, apply=apply, **options)

    return run
