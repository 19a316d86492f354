"""Search beside its references, in one run: a bare Tantivy query and PostgreSQL's ``ts_rank``.

    python benchmarks/search.py [QUESTIONS.jsonl …]

Needs a database with fiches and a directory. Questions default to the development files of the
data and to the project's own (``benchmarks/questions``).
Prints success and milliseconds of each way to find fiches, and ratios; then, for fiches, bodies,
the whole box and the whole request of the console, the milliseconds of each keystroke when queries
and questions are typed letter by letter as an agent would. What is written is rolled back.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")

import django  # noqa: E402

django.setup()

import tantivy  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from allo3939.accounts.enums import Role  # noqa: E402
from allo3939.shared.index import Entree, Trouvaille, refresh  # noqa: E402
from calls import record  # noqa: E402
from knowledge.evaluate import NoQuestion, Question, evaluate, read_questions  # noqa: E402
from knowledge.models import Fiche  # noqa: E402
from knowledge.search import FICHES, search_fiches  # noqa: E402
from orientation.models import Organisme  # noqa: E402
from orientation.search import ORGANISMES, search_everything, search_organismes  # noqa: E402

QUESTIONS = ROOT.parent / "shared" / "data" / "questions"
OWN_QUESTIONS = ROOT / "benchmarks" / "questions"
TYPED = (
    *("carte grise décès", "divorce par consentement mutuel", "caf sarthe", "prefecture 72"),
    *("mairie fontaine le port", "passport perdu", "apl étudiant", "france travail le mans"),
    *("tribunal judiciaire saint-denis", "impots sur le revenu", "mairie 77590"),
)


def text_of(entree: Entree) -> str:
    """What the fiche itself says, without what callers say of it."""
    return " ".join(text for champ, text in entree.champs.items() if champ != "paroles")


def bare_tantivy() -> Callable[[str], list[Trouvaille]]:
    """BM25 with Tantivy's own French analyser over title and text, nothing else."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("cle", stored=True, tokenizer_name="raw")
    for name in ("titre", "texte"):
        builder.add_text_field(name, tokenizer_name="fr")
    index = tantivy.Index(builder.build())
    filters = (
        tantivy.Filter.lowercase(),
        tantivy.Filter.stopword("french"),
        tantivy.Filter.stemmer("french"),
        tantivy.Filter.ascii_fold(),
    )
    analyser = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for each in filters:
        analyser = analyser.filter(each)
    index.register_tokenizer("fr", analyser.build())
    writer = index.writer(50_000_000, 1)
    for entree in FICHES.lire(None):
        document = tantivy.Document()
        document.add_text("cle", entree.cle)
        document.add_text("titre", entree.titre)
        document.add_text("texte", text_of(entree))
        writer.add_document(document)
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(text: str) -> list[Trouvaille]:
        query, _ = index.parse_query_lenient(text, ["titre", "texte"])
        hits = searcher.search(query, 10).hits
        return [
            Trouvaille(searcher.doc(address)["cle"][0], "", [], "", score)
            for score, address in hits
        ]

    return search


def ts_rank(text: str) -> list[Trouvaille]:
    """PostgreSQL's own ranking, any word, over a table made for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reference, ts_rank(texte, query) AS note FROM banc_fiches,"
            " to_tsquery('french', replace(plainto_tsquery('french', %s)::text, '&', '|')) query"
            " WHERE texte @@ query ORDER BY note DESC LIMIT 10",
            [text],
        )
        return [Trouvaille(cle, "", [], "", score) for cle, score in cursor.fetchall()]


def fill_ts_rank() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE banc_fiches (reference text, texte tsvector)")
        for entree in FICHES.lire(None):
            cursor.execute(
                "INSERT INTO banc_fiches VALUES (%s, to_tsvector('french', %s))",
                [entree.cle, text_of(entree)[:900_000]],
            )
        cursor.execute("CREATE INDEX ON banc_fiches USING gin (texte)")


def keystrokes(texts: Iterable[str]) -> list[str]:
    """What the box holds after each letter, from the second."""
    return [text[:length] for text in texts for length in range(2, len(text) + 1)]


def at(times: list[float], share: float) -> float:
    """The time below which this share of them lies."""
    return sorted(times)[int(len(times) * share)]


def measure_typing(name: str, texts: list[str], search: Callable[[str], object]) -> None:
    """Print the milliseconds of each text, and those that this thread's processor spent on it:
    what a busy machine disturbs least."""
    times, busy = [], []
    for text in texts:
        start, before = time.perf_counter(), time.thread_time()
        search(text)
        times.append((time.perf_counter() - start) * 1000)
        busy.append((time.thread_time() - before) * 1000)
    if times:
        print(
            f"  {name:22} p50 {at(times, 0.5):6.2f} ms   p95 {at(times, 0.95):6.2f} ms"
            f"   cpu {at(busy, 0.5):6.2f} and {at(busy, 0.95):6.2f}   ({len(times)} calls)"
        )


def console_request() -> Callable[[str], object]:
    """The search request of an agent in a call, through Django's whole stack."""
    agent = get_user_model().objects.create_user(
        f"banc-{time.time_ns()}", password=None, role=Role.TELECONSEILLER
    )
    record.pick_up(agent)
    client = Client()
    client.force_login(agent, backend="allo3939.accounts.backends.RoleBackend")
    address = reverse("console-recherche")

    def ask(text: str) -> object:
        response = client.post(address, {"q": text}, headers={"HX-Request": "true"})
        if response.status_code != 200:
            sys.exit(f"The console answers {response.status_code}.")
        return response

    return ask


def compare(file: Path, ways: dict[str, Callable[[str], list[Trouvaille]]]) -> list[str]:
    """Print each way's measures on a file, and the desk's over the others'; returns the texts."""
    questions: list[Question] = read_questions(file)
    print(file.name)
    measures = {}
    for name, search in ways.items():
        try:
            measures[name] = evaluate(questions, search=search)
        except NoQuestion:
            sys.exit("No question of this file expects a fiche of this database.")
        print(f"  {name:13}", *(f"{key} {value}" for key, value in measures[name].items()))
    desk = measures.pop("desk")
    for name, other in measures.items():
        ratios = (
            f"{key} x{desk[key] / max(other[key], 0.0001):.2f}"
            for key in ("success@1", "success@3", "success@5", "p50_ms", "p95_ms")
        )
        print(f"  desk / {name:13}", *ratios)
    return [question.texte for question in questions]


def main(files: list[str]) -> None:
    refresh(FICHES, ORGANISMES, wait=True)
    print(f"{Fiche.objects.published().count()} fiches, {Organisme.objects.count()} bodies")
    fill_ts_rank()
    ways = {"desk": search_fiches, "bare Tantivy": bare_tantivy(), "ts_rank": ts_rank}
    asked: list[str] = []
    own = sorted(OWN_QUESTIONS.glob("*.jsonl"))
    for file in [Path(file) for file in files] or [*sorted(QUESTIONS.glob("*-dev.jsonl")), *own]:
        asked += compare(file, ways)
    typed = keystrokes(TYPED)
    long = keystrokes(random.Random(3939).sample(asked, min(20, len(asked))))
    print("As typed, letter by letter")
    measure_typing("fiches, queries", typed, search_fiches)
    measure_typing("fiches, questions", long, search_fiches)
    measure_typing("bodies", typed, search_organismes)
    measure_typing("the whole box", typed, search_everything)
    with transaction.atomic():
        measure_typing("the whole request", typed, console_request())
        transaction.set_rollback(True)


if __name__ == "__main__":
    main(sys.argv[1:])
