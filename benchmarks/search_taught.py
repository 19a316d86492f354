"""What synonyms, pins and learning cost a search.

    python benchmarks/search_taught.py

Needs a database with fiches. In one transaction that is rolled back it adds 2,000 synonyms, 500
pins and 50,000 learnt rows made of the titles of the fiches, and measures the same searches, typed
letter by letter, without and with them; then how long a process takes to read them again.
"""

import itertools
import os
import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from allo3939.shared.changes import EVERYTHING, record_change  # noqa: E402
from allo3939.shared.index import refresh  # noqa: E402
from knowledge import learn, pins, vocabulary  # noqa: E402
from knowledge.models import Apprentissage, Epingle, Fiche, Synonyme  # noqa: E402
from knowledge.search import FICHES, search_fiches  # noqa: E402
from knowledge.vocabulary import mattering  # noqa: E402
from orientation.search import ORGANISMES, search_everything  # noqa: E402

SYNONYMES, EPINGLES, APPRIS = 2_000, 500, 50_000
TYPED = (
    *("carte grise décès", "divorce par consentement mutuel", "passport perdu", "apl étudiant"),
    *("impots sur le revenu", "prefecture 72", "mairie fontaine le port", "cni mineur"),
)


def measure(name, search):
    texts = [text[:length] for text in TYPED for length in range(2, len(text) + 1)]
    for text in texts[:40]:
        search(text)
    times = []
    for text in texts * 3:
        start = time.perf_counter()
        search(text)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    with CaptureQueriesContext(connection) as queries:
        search(TYPED[0])
    middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"  {name:15} p50 {middle:6.2f} ms   p95 {high:6.2f} ms   {len(queries)} query")


def both():
    measure("fiches", search_fiches)
    measure("the whole box", search_everything)


def reading(name, kept):
    kept._copy = None
    start = time.perf_counter()
    kept.get()
    print(f"  {name:15} {(time.perf_counter() - start) * 1000:6.0f} ms")


def fill():
    chance = random.Random(3939)
    fiches = list(Fiche.objects.published().only("pk", "titre"))
    words = sorted({word.forme for fiche in fiches for word in mattering(fiche.titre)})
    Synonyme.objects.bulk_create(
        Synonyme(
            expression=f"{chance.choice(words)} {chance.choice(words)} {number}",
            equivalents=[chance.choice(fiches).titre[:120]],
            deux_sens=number % 4 == 0,
        )
        for number in range(SYNONYMES)
    )
    Epingle.objects.bulk_create(
        Epingle(
            mots=f"{chance.choice(words)} {chance.choice(words)} {number}",
            fiche=chance.choice(fiches),
        )
        for number in range(EPINGLES)
    )
    pairs = itertools.islice(
        dict.fromkeys((chance.choice(words), chance.choice(fiches)) for _ in range(2 * APPRIS)),
        APPRIS,
    )
    Apprentissage.objects.bulk_create(
        Apprentissage(mot=mot, fiche=fiche, poids=1 + chance.random() * 20, le=timezone.now())
        for mot, fiche in pairs
    )
    for genre in (vocabulary.GENRE, learn.GENRE):
        record_change(genre, [EVERYTHING])


def main():
    refresh(FICHES, ORGANISMES, wait=True)
    with transaction.atomic():
        print(f"{Fiche.objects.published().count()} fiches; without")
        both()
        fill()
        rows = [model.objects.count() for model in (Synonyme, Epingle, Apprentissage)]
        print("With {} synonyms, {} pins, {} learnt rows".format(*rows))
        both()
        print("Read again by a process")
        reading("synonyms", vocabulary._NAMES)
        reading("pins", pins._BOARD)
        reading("learning", learn._SAVOIR)
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
