"""The index as a disposable copy: it follows the database, rebuilds by itself, always answers."""

import errno
from dataclasses import replace

import pytest
from django.db import transaction

from allo3939.shared.changes import EVERYTHING, record_change
from allo3939.shared.index import Entree, Index, Trouvaille, refresh


class Shelf:
    """Objects that an index follows, standing for a table."""

    def __init__(self):
        self.titles = {}
        self.whole_reads = 0
        self.disk_full = False

    def put(self, cle, titre, *, told=True):
        self.titles[cle] = titre
        if told:
            record_change("livres", [cle])

    def remove(self, cle):
        del self.titles[cle]
        record_change("livres", [cle])

    def read(self, keys):
        self.whole_reads += keys is None
        for cle, titre in sorted(self.titles.items()):
            if keys is None or cle in keys:
                yield Entree(cle, "livre", titre, "rayon 3", {"titre": titre, "corps": titre})
        if self.disk_full:
            raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def shelf(db, settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"
    return Shelf()


@pytest.fixture
def index(shelf):
    return Index(
        nom="livres",
        version=1,
        poids={"titre": 2.0, "corps": 1.0},
        lire=shelf.read,
        secours=lambda text, genre, limit: [Trouvaille("secours", genre, [], "", 0)],
    )


def found(index, text, **options):
    refresh(index)
    return [line.cle for line in index.search(text, **options).lignes]


def test_the_best_object_comes_first_with_its_line(index, shelf):
    shelf.put("1", "Passeport d'un majeur")
    shelf.put("2", "Passeport perdu : renouvellement")
    refresh(index)
    recherche = index.search("renouveler un passeport")
    lines = recherche.lignes
    assert [line.cle for line in lines] == ["2", "1"]
    assert recherche.total == 2
    assert lines[0].complement == "rayon 3"
    assert lines[0].titre[0] == ("Passeport", True)
    assert lines[0].titre_entier == "Passeport perdu : renouvellement"


def test_a_change_is_found_at_once_by_another_process(index, shelf):
    shelf.put("1", "Passeport")
    other = replace(index)
    assert found(index, "divorce") == found(other, "divorce") == []
    shelf.put("2", "Divorce par consentement mutuel")
    assert found(other, "divorce") == ["2"]
    assert found(index, "divorce") == ["2"]
    assert shelf.whole_reads == 1


def test_a_changed_and_a_removed_object_leave_their_old_words(index, shelf):
    shelf.put("1", "Passeport")
    shelf.put("2", "Permis de conduire")
    assert found(index, "passeport") == ["1"]
    shelf.put("1", "Carte électorale")
    shelf.remove("2")
    assert found(index, "passeport") == found(index, "permis") == []
    assert found(index, "carte électorale") == ["1"]


def test_an_index_up_to_date_asks_one_query(index, shelf, django_assert_num_queries):
    for number in range(20):
        shelf.put(str(number), f"Passeport {number}")
    refresh(index)
    with django_assert_num_queries(1):
        assert len(found(index, "passeport", limit=20)) == 20


def test_two_indexes_up_to_date_ask_one_query(index, shelf, django_assert_num_queries):
    shelf.put("1", "Passeport")
    twin = replace(index, nom="livres-bis")
    refresh(index, twin)
    with django_assert_num_queries(1):
        refresh(index, twin)


def test_a_first_search_builds_it_although_nothing_has_ever_changed(index, shelf):
    shelf.put("1", "Passeport", told=False)
    assert found(index, "passeport") == ["1"]


def test_lines_of_another_index_are_read_once(index, shelf, django_assert_num_queries):
    shelf.put("1", "Passeport")
    refresh(index)
    record_change("autres", ["7"])
    refresh(index)
    with django_assert_num_queries(1):
        assert found(index, "passeport") == ["1"]


def test_the_key_for_everything_builds_it_anew(index, shelf):
    shelf.put("1", "Passeport")
    refresh(index)
    shelf.put("2", "Divorce", told=False)
    assert found(index, "divorce") == []
    record_change("livres", [EVERYTHING])
    assert found(index, "divorce") == ["2"]
    assert shelf.whole_reads == 2


def test_a_deleted_directory_is_built_anew(index, shelf, settings):
    shelf.put("1", "Passeport")
    refresh(index)
    for path in sorted(settings.INDEX_DIR.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert found(index, "passeport") == ["1"]
    assert found(replace(index), "passeport") == ["1"]


@pytest.mark.parametrize("pattern", ["**/meta.json", "**/*.store", "**/*.term", "**/actuel"])
def test_damaged_files_are_replaced(index, shelf, settings, pattern):
    shelf.put("1", "Passeport")
    refresh(index)
    damaged = list(settings.INDEX_DIR.glob(pattern))
    assert damaged
    for path in damaged:
        path.unlink()
        path.write_bytes(b"broken" * 20)
    assert found(replace(index), "passeport") == ["1"]
    assert found(index, "passeport") == ["1"]


def test_an_index_ahead_of_a_restored_database_is_built_anew(index, shelf):
    shelf.put("1", "Passeport")
    refresh(index)
    with transaction.atomic():
        shelf.put("2", "Divorce")
        assert found(index, "divorce") == ["2"]
        transaction.set_rollback(True)
    del shelf.titles["2"]
    assert found(index, "divorce") == []


def test_while_another_process_builds_searches_still_answer(index, shelf):
    shelf.put("1", "Passeport")
    with replace(index)._store.lock(0) as held:
        assert held
        assert found(index, "passeport") == ["secours"]
    assert found(index, "passeport") == ["1"]


def test_while_another_process_writes_searches_get_what_was_there(index, shelf, monkeypatch):
    monkeypatch.setattr("allo3939.shared.index.LOCK_PATIENCE", 0.02)
    shelf.put("1", "Passeport")
    refresh(index)
    shelf.put("2", "Passeport perdu")
    with replace(index)._store.lock(0):
        assert found(index, "passeport") == ["1"]
    assert sorted(found(index, "passeport")) == ["1", "2"]


def test_an_index_that_cannot_be_built_is_not_tried_again_at_each_keystroke(index, shelf):
    shelf.put("1", "Passeport")
    shelf.disk_full = True
    assert [found(index, text) for text in ("pas", "passe", "passeport")] == [["secours"]] * 3
    assert shelf.whole_reads == 1
    index._next_try = 0.0
    assert found(index, "passeport") == ["secours"]
    assert sum(path.is_dir() for path in index._store.directory.iterdir()) == 1
    shelf.disk_full = False
    assert found(index, "passeport") == ["secours"]
    index._next_try = 0.0
    assert found(index, "passeport") == ["1"]


def test_an_index_that_can_no_longer_be_written_still_answers(index, shelf):
    shelf.put("1", "Passeport")
    refresh(index)
    shelf.put("2", "Passeport perdu")
    shelf.disk_full = True
    assert [found(index, "passeport") for _ in range(3)] == [["1"]] * 3
    assert shelf.whole_reads == 2
    shelf.disk_full = False
    index._next_try = 0.0
    assert sorted(found(index, "passeport")) == ["1", "2"]


def test_a_command_that_waits_tries_again_at_once(index, shelf):
    shelf.put("1", "Passeport")
    shelf.disk_full = True
    assert found(index, "passeport") == ["secours"]
    shelf.disk_full = False
    refresh(index, wait=True)
    assert [line.cle for line in index.search("passeport").lignes] == ["1"]


def test_a_place_that_is_no_directory_leaves_searches_without_an_index(index, shelf, settings):
    settings.INDEX_DIR.write_text("")
    shelf.put("1", "Passeport")
    assert found(index, "passeport") == found(index, "passeport") == ["secours"]
    assert not index.is_readable()


def test_a_build_leaves_one_directory(index, shelf):
    for _ in range(3):
        assert index.rebuild()
    assert sum(path.is_dir() for path in index._store.directory.iterdir()) == 1


def test_a_new_version_has_its_own_copy(index, shelf):
    shelf.put("1", "Passeport")
    newer = replace(index, version=2)
    assert found(index, "passeport") == found(newer, "passeport") == ["1"]
    assert index._store.directory != newer._store.directory


def test_fields_are_asked_for_only_when_too_much_is_found_without_them(index, shelf, monkeypatch):
    for number in range(1, 5):
        shelf.put(str(number), f"Passeport {number}")
    shelf.put("5", "Passeport du rayon")
    narrow = {"within": ("titre",)}
    assert len(found(index, "passeport", beyond=5, **narrow)) == 5
    read = shelf.read

    def outside(keys):
        for entree in read(keys):
            titre = entree.titre if entree.cle == "5" else ""
            yield replace(entree, champs=entree.champs | {"titre": titre})

    other = replace(index, nom="livres", version=2, lire=outside)
    assert len(found(other, "passeport", beyond=5, **narrow)) == 5
    assert found(other, "passeport", beyond=4, **narrow) == ["5"]
    assert found(other, "visa", beyond=4, **narrow) == []


def test_a_genre_can_be_asked_alone(index, shelf):
    shelf.put("1", "Passeport")
    assert found(index, "passeport", genre="livre") == ["1"]
    assert found(index, "passeport", genre="disque") == []


@pytest.mark.parametrize(
    "text",
    [
        "pas",
        "passep",
        "PASSEPORT",
        "passseport",
        "pasport",
        "l'passeports",
        "je voudrais passeport",
    ],
)
def test_a_word_is_found_however_it_is_typed(index, shelf, text):
    shelf.put("1", "Passeport")
    shelf.put("2", "Divorce")
    assert found(index, text) == ["1"]


@pytest.mark.parametrize(
    "text", ["", "   ", "?", "zzzzzz", "\x00", "\"'(*)~^", "le la les", "a" * 5000]
)
def test_any_text_gets_an_answer(index, shelf, text):
    shelf.put("1", "Passeport")
    assert found(index, text) == []


def test_where_every_word_is_asked_for_an_expression_beside_is_not(index, shelf):
    shelf.put("1", "Un père est mort avec des dettes")
    shelf.put("2", "Accepter ou renoncer à la succession")
    assert found(replace(index, strict=True), "père mort dettes") == ["1"]
    assert set(found(index, "père mort dettes")) == {"1", "2"}


def test_chatter_is_searched_when_there_is_nothing_else(index, shelf):
    shelf.put("1", "Rendre un message à son correspondant")
    assert found(index, "message correspondant") == ["1"]


def test_outside_a_transaction_an_older_index_answers_while_the_new_one_is_built(
    transactional_db, settings, tmp_path
):
    settings.INDEX_DIR = tmp_path / "index"
    shelf = Shelf()
    index = Index("livres", 1, {"titre": 1.0, "corps": 1.0}, shelf.read, lambda *asked: [])
    with transaction.atomic():
        shelf.put("1", "Passeport")
    assert found(index, "passeport") == ["1"]
    shelf.titles["2"] = "Divorce"
    with transaction.atomic():
        record_change("livres", [EVERYTHING])
    assert found(index, "passeport") == ["1"]
    index._builder.join()
    assert found(index, "divorce") == ["2"]
    with transaction.atomic():
        record_change("livres", [EVERYTHING])
    shelf.titles["3"] = "Mariage"
    refresh(index, wait=True)
    assert [line.cle for line in index.search("mariage").lignes] == ["3"]
