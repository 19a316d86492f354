"""What the addresses of pages may hold: anything else is a page not found, never a query."""

from django.urls.converters import StringConverter


class ReferenceConverter(StringConverter):
    """A fiche's reference: ``F2918``, ``N19810``, ``A39-0101``."""

    regex = r"[A-Z0-9-]{1,20}"


class InseeConverter(StringConverter):
    """A commune's INSEE code: ``72181``, ``2A004``."""

    regex = r"[0-9AB]{5}"
