"""Days as they are read aloud."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format


def day_in_words(day: date, form: str = "j F Y") -> str:
    """« 1er mars 2024 »; ``form`` is one of Django's formats, whose first figure is the day."""
    written = date_format(day, form)
    return written.replace("1 ", "1er ", 1) if day.day == 1 else written
