"""The lines that search indexes follow."""

import threading

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from allo3939.shared.changes import KEYS_LIMIT, record_change
from allo3939.shared.models import Changement


def test_a_change_leaves_one_line_with_its_distinct_keys(db):
    record_change("fiches", ["F2", "F1", "F2"])

    line = Changement.objects.get()
    assert (line.genre, line.cles) == ("fiches", ["F1", "F2"])


def test_nothing_changed_leaves_no_line(db):
    record_change("fiches", iter(()))

    assert not Changement.objects.exists()


def test_a_very_long_list_becomes_everything(db):
    record_change("organismes", (str(number) for number in range(KEYS_LIMIT + 1)))

    assert Changement.objects.get().cles == ["*"]


@pytest.mark.django_db(transaction=True)
def test_a_change_outside_a_transaction_is_refused():
    with pytest.raises(TransactionManagementError):
        record_change("fiches", ["F1"])


@pytest.mark.django_db(transaction=True)
def test_lines_become_visible_in_the_order_of_their_ids():
    first_has_written, second_has_started = threading.Event(), threading.Event()
    seen_by_second: list[int] = []

    def second():
        first_has_written.wait(5)
        second_has_started.set()
        with transaction.atomic():
            record_change("fiches", ["F2"])
            seen_by_second.append(Changement.objects.count())
        connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        record_change("fiches", ["F1"])
        first_has_written.set()
        second_has_started.wait(5)
        thread.join(0.2)
        assert thread.is_alive(), "the second writer waits for the first to commit"
    thread.join(5)

    assert seen_by_second == [2]
    assert [line.cles for line in Changement.objects.order_by("id")] == [["F1"], ["F2"]]
