"""A process that searches the index of fiches, told what to do line by line.

On stdin ``{"search": text}`` answers the keys found; ``{"stall": true}`` starts to build the index,
says so and never ends, as a process about to be killed in the middle of a write.
"""

import json
import os
import sys
import time

import django
from django.conf import settings

settings.DATABASES["default"].update(json.loads(os.environ["TEST_BASE"]))
django.setup()

from allo3939.shared.index import refresh  # noqa: E402
from knowledge.search import FICHES, search_fiches  # noqa: E402


def say(value):
    print(json.dumps(value), flush=True)


def stall(keys):
    read = FICHES_READ(keys)
    yield next(read)
    say("writing")
    time.sleep(600)


FICHES_READ = FICHES.lire
refresh(FICHES, wait=True)
say("ready")
for line in sys.stdin:
    asked = json.loads(line)
    if "search" in asked:
        say([found.cle for found in search_fiches(asked["search"])])
    else:
        FICHES.lire = stall
        if asked["stall"] == "change":
            search_fiches("passeport")
        else:
            FICHES.rebuild()
