"""What errors may tell: never what an agent typed.

A traceback in the logs names the place of an error; the values of a request or of a row do not
belong there, in production or on a developer's machine.
"""

from __future__ import annotations

import logging
import re

from django.views.debug import SafeExceptionReporterFilter

# PostgreSQL quotes the row or the value that it refuses.
_QUOTED = re.compile(r"^(?:DETAIL|CONTEXT|LINE \d+|STATEMENT|PARAMETERS):.*$", re.MULTILINE)
# The key of a link for somebody without account stands in its address.
_KEY = re.compile(r"(/relecture/)[^/\s\"'?#]+")
_VALUE = re.compile(r"(invalid input (?:syntax|value)[^:\n]*:) \".*\"")


class DiscreetFormatter(logging.Formatter):
    """Log lines without the values that PostgreSQL quotes in its errors, nor the key of a link."""

    def format(self, record: logging.LogRecord) -> str:
        line = _QUOTED.sub("[valeurs omises]", super().format(record))
        return _KEY.sub(r"\1…", _VALUE.sub(r"\1 …", line))


class DiscreetReporterFilter(SafeExceptionReporterFilter):
    """Error pages and error mails without what was sent nor any variable, debugging or not."""

    def is_active(self, request) -> bool:
        return True

    def get_post_parameters(self, request):
        if request is None:
            return {}
        return dict.fromkeys(request.POST, self.cleansed_substitute)

    def get_traceback_frame_variables(self, request, tb_frame):
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]
