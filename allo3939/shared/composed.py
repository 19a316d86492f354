"""Queries whose shape never changes: composed once in a process, planned once in a connection.

Django composes the SQL of a query anew each time it is asked, and writes the values into its text,
so that PostgreSQL plans it anew too. For the wide rows that the console reads at each action of an
agent, either takes longer than to find them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from functools import cached_property
from inspect import signature
from operator import itemgetter
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, ForeignKey, Lookup, Model, QuerySet, Value
from django.db.models import query as internals
from psycopg import Cursor
from psycopg.sql import Literal

M = TypeVar("M", bound=Model)
_PLACES = re.compile("(%%|%s)")


@ForeignKey.register_lookup
@Field.register_lookup
class AnyOf(Lookup):
    """``pk__any_of=keys``: as ``in``, the keys as one array, whatever their number."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", (*left_params, *right_params)


class _Planned(Cursor):
    """A cursor that sends the values apart from the text, which is planned once (``DATABASES``)."""

    def _send_query_prepared(self, name: bytes, pgq: Any, *, binary: bool | None = None) -> None:
        self._query = pgq  # what Django shows of a query while debugging
        super()._send_query_prepared(name, pgq, binary=binary)


def _ask_planned(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a query whose text is always the same."""
    with _send_planned(sql, values) as cursor:
        return cursor.fetchall()


def _send_planned(sql: str, values: Sequence[Any]) -> CursorWrapper:
    cursor = connection.cursor()
    cursor.cursor = _Planned(connection.connection)  # in place of one that binds in the text
    cursor.execute(sql, values)
    return cursor


_DECLARED: list[Composed[Any]] = []


def compose_declared() -> None:
    """Compose every query that the modules read so far declare, before any is asked."""
    with transaction.atomic():  # without one, Django composes none that locks
        for composed in _DECLARED:
            _ = composed._composed


class _Given:
    """Stands in the composed query for a value given when it is asked."""

    def __init__(self, rank: int) -> None:
        self.rank = rank


class Composed(Generic[M]):
    """The objects, or values, of a query of a fixed shape; ``make`` gives it for what is not known.

    ``make`` takes those values by position and must only compare columns with them: no slice by
    one of them, no condition on one of them. ``select_related``, ``defer``, annotations and
    ``values_list`` hold, ``prefetch_related`` does not.
    """

    def __init__(self, make: Callable[..., QuerySet[M]]) -> None:
        self._make = make
        _DECLARED.append(self)

    def ask(self, *values: Any) -> list[M]:
        """What the query now gives for these values, in its order: one query."""
        return self._build(_ask_planned(*self._written(values)))

    def first(self, *values: Any) -> M | None:
        """The first of them, or None."""
        found = self.ask(*values)
        return found[0] if found else None

    def _written(self, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """Its text, and the values in the order of their places."""
        sql, ranks, _ = self._composed
        return sql, [values[rank] for rank in ranks]

    def _build(self, rows: Iterable[tuple[Any, ...]]) -> list[M]:
        build = self._composed[-1]
        base = connections[DEFAULT_DB_ALIAS]  # looked up once, not for each column of each row
        return [build(row, base) for row in rows]

    @cached_property
    def _composed(self) -> tuple[str, list[int], Callable[[tuple[Any, ...], Any], M]]:
        stand_ins = (Value(_Given(rank)) for rank in range(len(signature(self._make).parameters)))
        queryset: Any = self._make(*stand_ins)
        compiler: Any = queryset.query.get_compiler(connection.alias)
        sql, params = compiler.as_sql()
        ranks = [each.rank for each in params if type(each) is _Given]
        return _write_constants(sql, params), ranks, _builder(compiler, queryset)


def ask_together(*asked: tuple[Composed[Any], Sequence[Any]]) -> list[list[Any]]:
    """What each query gives for its values, all asked in one passage to the base.

    For questions of which none needs the answer of another: a passage takes longer than most
    answers. Each is a query of its own, and sees what was committed when it is its turn.
    """
    written = [composed._written(values) for composed, values in asked]
    connection.ensure_connection()
    with ExitStack() as cursors:
        with connection.wrap_database_errors, connection.connection.pipeline():
            sent = [cursors.enter_context(_send_planned(*each)) for each in written]
        rows = [cursor.fetchall() for cursor in sent]
    return [composed._build(found) for (composed, _), found in zip(asked, rows, strict=True)]


def _write_constants(sql: str, params: Iterable[Any]) -> str:
    """The same text with what never changes in it, so that PostgreSQL plans for it; a place (%s) is
    left for each value given later.
    """
    left = iter(params)
    return "".join(
        part if part != "%s" or type(each := next(left)) is _Given else _literal(each)
        for part in _PLACES.split(sql)
    )


def _literal(value: Any) -> str:
    connection.ensure_connection()
    return Literal(value).as_string(connection.connection).replace("%", "%%")


def _builder(compiler: Any, queryset: Any) -> Callable[[tuple[Any, ...], Any], Any]:
    """What makes an object of a row, as Django's own `ModelIterable` does, or its values."""
    select, klass = compiler.select, compiler.klass_info
    columns = list(map(itemgetter(0), select[: compiler.col_count]))
    converters = [
        (at, convert, column)
        for at, (each, column) in compiler.get_converters(columns).items()
        for convert in each
    ]

    def read(row: tuple[Any, ...], base: Any) -> list[Any]:
        values = list(row)
        for at, convert, column in converters:
            values[at] = convert(values[at], column, base)
        return values

    iterable = queryset._iterable_class
    if issubclass(iterable, internals.NamedValuesListIterable):
        row_of = _named_rows(*queryset._fields)
        return lambda row, base: row_of(read(row, base))
    if issubclass(iterable, internals.ValuesListIterable):
        return lambda row, base: tuple(read(row, base))
    fields = klass["select_fields"]
    own = slice(fields[0], fields[-1] + 1)
    names = [column.target.attname for column, *_ in select[own]]
    make = klass["model"].from_db
    # Some internals have no stubs.
    related: Any = getattr(internals, "get_related_populators")  # noqa: B009
    populators = related(klass, select, connection.alias)
    extra = list((compiler.annotation_col_map or {}).items())

    def build(row: tuple[Any, ...], base: Any) -> Any:
        values = read(row, base)
        made = make(base.alias, names, values[own])
        for populator in populators:
            populator.populate(values, made)
        for name, at in extra:
            setattr(made, name, values[at])
        return made

    return build


def _named_rows(*names: str) -> Callable[[list[Any]], Any]:
    make: Any = getattr(internals, "create_namedtuple_class")  # noqa: B009
    return make(*names)._make


def held(owner: Model, name: str) -> list[Any] | None:
    """What ``owner.name.all()`` gives without a query; None when it was not read."""
    known: dict[str, Any] = owner.__dict__.get("_prefetched_objects_cache", {})
    return list(known[name]) if name in known else None


def hold(owner: Model, name: str, rows: list[Any]) -> None:
    """Have ``owner.name.all()`` give these rows, as `prefetch_related` does, and them know it."""
    manager = getattr(owner, name)
    queryset = manager.get_queryset()
    queryset._result_cache, queryset._prefetch_done = rows, True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = queryset
    for row in rows:
        setattr(row, manager.field.name, owner)
