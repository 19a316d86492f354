"""How long a card takes to reach the informateurs of a sector, through the real front.

    manage.py run --port 8000                      (in another terminal, the same VAR_DIR)
    python benchmarks/push.py http://127.0.0.1:8000 [TRANSFERS] [INFORMATEURS] [--one-sector]

INFORMATEURS (default 80) hold their push stream open, spread over the sectors as the calls are, or
all in the largest one (``--one-sector``, the hardest case); teleconseillers offer TRANSFERS
(default 40) questions to the largest sector, one every two seconds, and close each. Times run from
the instant the request leaves: until its answer, until the event reaches each stream of the sector,
until each of its pages has fetched the card (all of them at once, as pages do). Target: 0.5 s at
p95. Informateurs and teleconseillers are made for the run and deleted afterwards. Without
arguments, does nothing.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from contextlib import ExitStack
from urllib.parse import urlencode, urlsplit

TRANSFERS, INFORMATEURS = 40, 80
PAUSE = 2.0  # seconds between two offers
PATIENCE = 15.0  # seconds after which an event is lost
TARGET = 500  # ms


# What a page says that it shows: it sends it back.
_SHOWN = re.compile(r'name="(carte|clos|vu)" value="([^"]*)"')


class Browser:
    """One agent's connection, kept open, one request at a time."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.headers = {"Host": parts.netloc, **headers}
        self.line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, **data) -> asyncio.StreamReader:
        if self.line is None:
            self.line = await asyncio.open_connection(self.host, self.port, limit=2**20)
        reader, writer = self.line
        body = urlencode(data).encode()
        headers = {
            **self.headers,
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        await writer.drain()
        return reader

    async def ask(self, method: str, path: str, **data) -> str:
        """The answer's text; anything but 200 and 204 ends the benchmark."""
        reader = await self.send(method, path, **data)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        status = head.split(maxsplit=2)[1]
        if status not in ("200", "204"):
            sys.exit(f"{path} answers {status}.")
        length = head.partition("content-length:")[2].split("\r\n", 1)[0].strip()
        return (await reader.readexactly(int(length or 0))).decode()

    async def close(self) -> None:
        if self.line:
            self.line[1].close()


class Informateur:
    """An open stream, and the page that fetches at each event."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.stream, self.page = Browser(url, headers), Browser(url, headers)
        self.ready = asyncio.Event()
        self.shown = {"carte": "", "clos": "0", "vu": ""}
        self.waiting: asyncio.Future[tuple[float, float]] | None = None

    async def listen(self) -> None:
        reader = await self.stream.send("GET", "/flux/secteur/")
        while line := await reader.readline():
            if line.startswith(b"event: connexion"):
                self.ready.set()
            elif line.startswith(b"event: secteur"):
                heard, waiting = time.perf_counter(), self.waiting
                self.waiting = None
                html = await self.page.ask("GET", f"/secteur/file/?{urlencode(self.shown)}")
                self.shown |= dict(_SHOWN.findall(html))
                if waiting:
                    waiting.set_result((heard, time.perf_counter()))


def at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


async def measure(url: str, teleconseillers, by_sector, *, transfers: int, sector: str) -> None:
    everybody = {
        slug: [Informateur(url, screen.headers) for screen in informateurs]
        for slug, informateurs in by_sector.items()
    }
    all_desks = [desk for group in everybody.values() for desk in group]
    desks = everybody[sector]
    tasks = [asyncio.create_task(desk.listen()) for desk in all_desks]
    await asyncio.wait_for(asyncio.gather(*(desk.ready.wait() for desk in all_desks)), 60)
    print(f"{len(all_desks)} streams open, {len(desks)} of them of the sector {sector}")
    callers = [Browser(url, screen.headers) for screen in teleconseillers]
    answered: list[float] = []
    heard: list[float] = []
    first: list[float] = []
    shown: list[float] = []
    lost = 0
    for number in range(transfers):
        agent = callers[number % len(callers)]
        await agent.ask("POST", "/console/appel/")
        loop = asyncio.get_running_loop()
        waiting = [loop.create_future() for _ in desks]
        for desk, future in zip(desks, waiting, strict=True):
            desk.waiting = future
        start = time.perf_counter()
        offer = {"q": "carte grise", "secteur": sector, "motif": "trop_complexe"}
        await agent.ask("POST", "/console/transfert/", **offer)
        answered.append((time.perf_counter() - start) * 1000)
        done, pending = await asyncio.wait(waiting, timeout=PATIENCE)
        lost += len(pending)
        times = [future.result() for future in done]
        heard += [(event - start) * 1000 for event, _ in times]
        shown += [(card - start) * 1000 for _, card in times]
        first.append(min(card - start for _, card in times) * 1000)
        await asyncio.sleep(PAUSE / 2)
        await agent.ask("POST", "/console/cloture/", issue="AB")
        await asyncio.sleep(PAUSE / 2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for browser in (*callers, *(b for desk in all_desks for b in (desk.stream, desk.page))):
        await browser.close()
    print(f"  {'':26} {'count':>6} {'p50 ms':>8} {'p95 ms':>8} {'max':>8}")
    for name, found in {
        "request answered": answered,
        "event at a stream": heard,
        "card fetched by the first": first,
        "card fetched by each": shown,
    }.items():
        p50, p95 = at(found, 0.5), at(found, 0.95)
        print(f"  {name:26} {len(found):6} {p50:8.0f} {p95:8.0f} {max(found):8.0f}")
    held = at(shown, 0.95) <= TARGET and not lost
    print(f"  {lost} events lost; target of {TARGET} ms {'held' if held else 'NOT held'}")


def main(url: str, transfers: int, count: int, *, one_sector: bool) -> None:
    from screens import machine, screens

    from allo3939.accounts.models import Secteur
    from calls.models import Appel
    from calls.simulate.profile import SECTORS

    largest = max(SECTORS, key=lambda slug: SECTORS[slug])
    shares = {largest: 1} if one_sector else SECTORS
    print(f"{Appel.objects.count():,} calls in the tables")
    with ExitStack() as stack:
        teleconseillers = stack.enter_context(screens(4, role="teleconseiller"))
        by_sector = {}
        for slug, share in shares.items():
            secteur, number = Secteur.objects.get(slug=slug), share * count / sum(shares.values())
            made = screens(round(number), role="informateur", secteur=secteur)
            by_sector[slug] = stack.enter_context(made)
        asyncio.run(measure(url, teleconseillers, by_sector, transfers=transfers, sector=largest))
    print(machine())


if __name__ == "__main__":
    numbers = [int(arg) for arg in sys.argv[2:] if not arg.startswith("--")]
    if len(sys.argv) < 2:
        print("push.py URL [TRANSFERS] [INFORMATEURS] [--one-sector]: the address is missing.")
    else:
        asked = dict(enumerate(numbers))
        main(
            sys.argv[1],
            asked.get(0, TRANSFERS),
            asked.get(1, INFORMATEURS),
            one_sector="--one-sector" in sys.argv,
        )
