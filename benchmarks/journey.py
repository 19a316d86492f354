"""What one agent asks of the desk during a call: a locustfile, started by `benchmarks/load.py`.

Each user is an agent who takes calls one after the other, one request at a time, at a rate that
does not depend on the answers: typed letters, a fiche, its forks, the commune letter by letter, the
office, the line, the close. Every twentieth request is the bare Django view, to compare with. Every
answer is checked: anything but 200 is an error.
"""

import json
import os
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import gevent
from locust import FastHttpUser, task

WORLD = (
    json.loads(Path(os.environ["A39_LOAD_WORLD"]).read_text())
    if "A39_LOAD_WORLD" in os.environ
    else {}
)
RATE = float(os.environ.get("A39_LOAD_RATE", "28"))
SCREENS = list(WORLD.get("screens", []))
PERIOD = max(1, len(SCREENS)) / RATE  # seconds between two requests of one agent
FORKS = 2
WORDS_MAX = 14
BARE_EVERY = 20

_VUS = re.compile(r'name="vus" value="([^"]*)"')
_DEMANDE = re.compile(r'name="demande" value="(\d+)"')
_OFFICE = re.compile(r"/console/organisme/[0-9a-f-]{36}/")


class Agent(FastHttpUser):
    def wait_time(self) -> float:
        """Seconds until the next request: agents are not in step with each other."""
        now = time.monotonic()
        self.due = max(now, self.due + PERIOD * self.chance.uniform(0.3, 1.7))
        return self.due - now

    def on_start(self) -> None:
        self.headers = SCREENS.pop()
        self.chance = random.Random(self.headers["Cookie"])
        self.steps = self.take_calls()
        self.count = self.chance.randrange(BARE_EVERY)
        self.due = time.monotonic()
        gevent.sleep(self.chance.uniform(0, PERIOD))

    @task
    def next_request(self) -> None:
        self.count += 1
        if self.count % BARE_EVERY == 0:
            self.client.get("/sante/vivant", name="bare view")
        else:
            next(self.steps)

    def ask(self, kind: str, path: str, *, target: str = "", **data) -> str:
        headers = self.headers | ({"HX-Target": target} if target else {})
        answer = self.client.post(path, name=kind, data=data, headers=headers)
        return answer.text or ""

    def take_calls(self) -> Iterator[None]:
        # Not all at the same point: the first search is nearer to its end for some.
        yield from self.take_call(typed=self.chance.randint(2, WORDS_MAX))
        while True:
            yield from self.take_call(typed=2)

    def take_call(self, *, typed: int) -> Iterator[None]:
        """A call; each step is one request. ``typed``: the letters of the first search asked."""
        words, reference = self.chance.choice(WORLD["questions"])
        insee, name = self.chance.choice(WORLD["communes"])
        found = _DEMANDE.search(self.ask("save: pick-up", "/console/appel/"))
        demande = found[1] if found else ""
        yield
        shown = ""
        for length in range(min(typed, len(words)), len(words) + 1):
            data = {"q": words[:length], "vus": shown, "demande": demande}
            found = _VUS.search(self.ask("search", "/console/recherche/", **data))
            shown = found[1] if found else ""
            yield
        page = self.ask("fiche", f"/console/fiche/{reference}/", q=words)
        yield
        for _ in range(FORKS):
            if 'data-a39-choix="1"' in page:
                page = self.ask("fiche: choice", "/console/choix/", choix="1")
                yield
        for length in range(2, min(len(name), 6) + 1):
            self.ask("communes", "/console/communes/", commune=name[:length])
            yield
        page = self.ask("save: commune", f"/console/commune/{insee}/")
        yield
        if office := _OFFICE.search(page):
            self.ask("save: office", office[0], target="lieu")
            yield
        self.ask("save: note", "/console/note/", note="L'usager rappellera.")
        yield
        self.ask("save: close", "/console/cloture/", issue="RE", note="L'usager rappellera.")
        yield
