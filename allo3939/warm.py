"""What a web process reads once, read before its first page: no agent waits for it.

The first search of a process opens the indexes, reads the language lists and gathers the words that
a slip of the keys may have been meant for: half a second to a second, then kept in memory. What is
kept of its words is masked, which reads the lists of names and the numbers of the directory. The
first body shown looks for the public holidays, the first page of the directory reads all of its
bodies, and the first letter of a commune the names of all of them. Every page reads its templates,
and composes its queries.
"""

import gc
import logging
import time
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone

from allo3939.shared.anonymity import mask
from allo3939.shared.composed import compose_declared
from calls.propose import propose
from calls.views.console import PAGE
from orientation import locate
from orientation.columns import columns
from orientation.hours import opening

logger = logging.getLogger(__name__)

# A word of each kind: known, misspelt, unfinished.
WORDS = "carte grise a la prefecture de sartthe"
# What the guard of free texts reads once: its lists, and the numbers of the public bodies.
NOTE = "rappeler la mairie au 01 40 00 00 00"
MONDAY = {"jour": 0, "debut": "09:00", "fin": "12:00"}


def warm() -> None:
    """Search and write a list of results as an agent's first letter would. Never raises: a process
    without its database starts, and says so when it is asked whether it is ready.
    """
    start = time.monotonic()
    try:
        reverse("console")
        mask(NOTE)
        opening([MONDAY], at=timezone.now(), departement="72")
        compose_declared()
        _read_templates(settings.BASE_DIR / "templates")
        render_to_string(f"{PAGE}#resultats", {"mots": WORDS, "liste": propose(WORDS)})
        columns()
        locate.warm()
    except Exception:
        logger.exception("The first search of this process will be slow")
    finally:
        connections.close_all()
    # What was read stays for good: looking through it for what could be thrown away would stop
    # every request of the process for a tenth of a second.
    gc.collect()
    gc.freeze()
    logger.info("ready to search after %.1f s", time.monotonic() - start)


def _read_templates(folder: Path) -> None:
    for path in folder.rglob("*.html"):
        get_template(str(path.relative_to(folder)))
