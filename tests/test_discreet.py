"""Nothing that an agent types is told by logs, error pages, addresses or the browser."""

import logging
import re
from pathlib import Path

import pytest
from django.db import DataError, connection
from django.test import RequestFactory
from django.utils.log import configure_logging
from django.views.debug import ExceptionReporter

from allo3939.discreet import DiscreetFormatter

ROOT = Path(__file__).resolve().parents[1]
# In parts: an error page shows the lines of the source around an error.
SECRET = " ".join(("rappeler Mme", "Kerba" + "stard", "au", "06 39", "98 12 45"))


def failing_page(request):
    note = request.POST["note"]
    raise ValueError("panne") from KeyError(len(note))


@pytest.mark.parametrize("debug", [True, False])
def test_an_error_page_tells_nothing_of_what_was_sent(settings, debug):
    settings.DEBUG = debug
    request = RequestFactory().post("/console/note/", {"note": SECRET})
    try:
        failing_page(request)
    except ValueError as error:
        reporter = ExceptionReporter(request, type(error), error, error.__traceback__)

    pages = reporter.get_traceback_html(), reporter.get_traceback_text()

    assert "panne" in pages[0]
    assert not [page for page in pages if "Kerbastard" in page or "06 39 98" in page]


def line_of(error):
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "échec", (), None)
    record.exc_info = (type(error), error, error.__traceback__)
    return DiscreetFormatter("{message}", style="{").format(record)


def test_a_log_line_omits_the_row_that_postgresql_quotes():
    error = DataError(f"null value\nDETAIL:  Failing row contains (1, {SECRET}).")

    assert "null value" in line_of(error)
    assert "Kerbastard" not in line_of(error)


def test_a_real_error_of_the_database_is_logged_without_its_value(db):
    with pytest.raises(DataError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT %s::text::integer", [SECRET])

    assert "Kerbastard" in str(caught.value)
    assert "Kerbastard" not in line_of(caught.value)


def test_the_settings_log_through_this_formatter(settings):
    assert settings.LOGGING["formatters"]["line"]["()"].endswith("DiscreetFormatter")
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    handlers = logging.getLogger().handlers
    assert any(isinstance(handler.formatter, DiscreetFormatter) for handler in handlers)


def test_pages_are_not_kept_in_the_history_of_the_browser():
    base = (ROOT / "templates" / "base.html").read_text(encoding="utf-8")
    assert '"historyCacheSize":0' in base


# Kept for the tab alone: actions done without network, which hold no text, and numbers of flashes.
# A fiche just created takes its own address, which holds its number.
KEEPING = ("carnet.js", "flash.js", "edition-enregistrer.js")


@pytest.mark.parametrize(
    "path",
    sorted(path for path in (ROOT / "static" / "js").glob("*.js") if path.name not in KEEPING),
    ids=lambda p: p.name,
)
def test_a_script_keeps_nothing_in_the_browser(path):
    script = path.read_text(encoding="utf-8")
    kept = r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.|(?:push|replace)State"
    assert not re.search(kept, script)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "templates" / "calls").glob("*.html")), ids=lambda p: p.name
)
def test_a_free_text_of_a_call_is_guarded_and_posted(path):
    html = path.read_text(encoding="utf-8")
    fields = re.findall(r"<(?:textarea|input)[^>]*>", re.sub(r"{#.*?#}", "", html), re.S)
    free = [
        field
        for field in fields
        if not re.search(r'type="(?:hidden|radio|checkbox|datetime-local)"|readonly', field)
    ]
    assert not [f for f in free if 'autocomplete="off"' not in f and "{% garde " not in f]
    assert not [field for field in free if "hx-get" in field or "hx-push-url" in field]
    searched = ('name="q"', 'name="commune"')  # masked when kept
    unguarded = [field for field in free if "garde" not in field]
    assert all(any(name in field for name in searched) for field in unguarded)
