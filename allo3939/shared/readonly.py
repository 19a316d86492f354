"""A page that is only looked at cannot write."""

from collections.abc import Callable
from functools import wraps

from django.db import InternalError, connection, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from psycopg.errors import ReadOnlySqlTransaction

READING = ("GET", "HEAD")


class WriteInGetError(RuntimeError):
    """A view wrote to the database while answering a GET."""


def read_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Run the view's GET and HEAD in a transaction that PostgreSQL itself keeps from writing.

    A write raises `WriteInGetError` with the view's name. Other methods are left alone. The session
    is saved by its middleware, outside the transaction.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.method not in READING:
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION READ ONLY")
                return view(request, *args, **kwargs)
        except InternalError as error:
            if isinstance(error.__cause__, ReadOnlySqlTransaction):
                name = getattr(view, "__name__", repr(view))
                raise WriteInGetError(f"{name} writes to the database on GET") from error
            raise

    return wrapped
