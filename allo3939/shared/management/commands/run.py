"""The whole desktop on this machine, in one command: ``make run``."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from allo3939.shared.children import Children

HOST = "127.0.0.1"
PORT = 8000
# Two for each core, four at most: a process writes one page at a time, and waits for the base
# meanwhile. At 28 requests a second the slowest pages take half the time that they take with two.
WEB_PROCESSES = min(4, 2 * (os.cpu_count() or 1))
START_DELAY = 60  # seconds for the web process to say it is ready


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=HOST, help=f"adresse d'écoute (défaut : {HOST})")
    parser.add_argument("--port", type=int, default=PORT, help=f"port (défaut : {PORT})")


def check_port(arguments: Sequence[str]) -> None:
    """Stop with a clear message when the port asked for cannot be listened to.

    Called by ``manage.py`` before the settings are read: reading them starts the embedded servers.
    """
    parser = argparse.ArgumentParser(add_help=False)
    _add_arguments(parser)
    asked, _ = parser.parse_known_args(arguments)
    family = socket.AF_INET6 if ":" in asked.host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((asked.host, asked.port))
            listener.listen(1)
        except OverflowError:
            sys.exit(f"Le port {asked.port} n'existe pas : choisissez-en un entre 1024 et 65535.")
        except OSError as error:
            sys.exit(_refusal(asked.host, asked.port, error))


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Le port {port} est déjà utilisé sur {host}.\n"
            f"Arrêtez le programme qui l'occupe, ou choisissez un autre port : "
            f"make run PORT={port + 1}"
        )
    if error.errno == errno.EACCES:
        return f"Le port {port} est réservé au système : choisissez-en un au-dessus de 1023."
    return f"Impossible d'écouter sur {host}, port {port} : {error.strerror or error}."


class Stopped(Exception):
    """Somebody asked for the end."""


def _stop(number: int, frame: FrameType | None) -> None:
    # A second Ctrl-C must not cut the orderly end short.
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)
    raise Stopped


class Command(BaseCommand):
    help = "Lance le bureau de l'agent : base, pages, tâches de fond, données de démonstration."
    # The migrations applied here are what the checks could complain about.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        _add_arguments(parser)
        said = f"processus qui écrivent les pages (défaut\u00a0: {WEB_PROCESSES})"
        parser.add_argument("--web", type=int, default=WEB_PROCESSES, help=said)

    def handle(self, *args, host: str, port: int, web: int, **options) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        children = Children(Path(settings.VAR_DIR) / "logs")
        try:
            self.prepare()
            self.start(children, host, port, web)
            self.wait_until_ready(children, host, port)
            self.welcome(host, port)
            while (name := children.ended()) is None:
                time.sleep(0.5)
            raise CommandError(self.obituary(children, name))
        except Stopped:
            self.stdout.write("\nArrêt en cours…")
        finally:
            children.stop()
        self.stdout.write("Tout est arrêté.")

    def prepare(self) -> None:
        """Bring the base, its data and the index to where the desktop can be used."""
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        if settings.DEMONSTRATION and not get_user_model().objects.exists():
            self.stdout.write("Première utilisation : chargement des données de démonstration.")
            call_command("load_demo", stdout=self.stdout, stderr=self.stderr)
        call_command("rebuild_index", missing=True, stdout=self.stdout, stderr=self.stderr)

    def start(self, children: Children, host: str, port: int, web: int) -> None:
        python = (sys.executable, "-m")
        celery = (*python, "celery", "--app", "allo3939", "--quiet")
        quiet = ("--loglevel", "warning")
        children.start("taches", *celery, "worker", "--pool", "solo", "--without-mingle", *quiet)
        children.start("horloge", *celery, "beat", *quiet)
        children.start(
            *("web", *python, "uvicorn", "allo3939.asgi:application"),
            *("--host", host, "--port", str(port), "--log-level", "warning"),
            *("--workers", str(web)),
            # An agent speaks for a minute between two actions: the connection must not close under
            # the second one.
            *("--timeout-keep-alive", "75"),
            # Streams of open screens never end by themselves.
            *("--timeout-graceful-shutdown", "2"),
            # The simulated switch of the demonstration sends its events to this very front.
            environ={"TELEPHONIE_SIMULE_URL": _address(host, port), **os.environ},
        )

    def wait_until_ready(self, children: Children, host: str, port: int) -> None:
        ready = f"{_address(host, port)}sante/pret"
        deadline = time.monotonic() + START_DELAY
        while not _answers(ready):
            if name := children.ended():
                raise CommandError(self.obituary(children, name))
            if time.monotonic() > deadline:
                lines = children.last_lines("web")
                raise CommandError(f"Le bureau ne répond pas sur {ready}.\n{lines}")
            time.sleep(0.1)

    def welcome(self, host: str, port: int) -> None:
        self.stdout.write(f"\nLe bureau est prêt : {_address(host, port)}\n")
        if settings.DEMONSTRATION:
            self.stdout.write("Comptes de démonstration :")
            call_command("load_demo", comptes=True, stdout=self.stdout)
        self.stdout.write("\nCtrl-C pour tout arrêter.")
        self.stdout.flush()

    def obituary(self, children: Children, name: str) -> str:
        return (
            f"Le processus « {name} » s'est arrêté : tout est arrêté. Dernières lignes de "
            f"{children.log(name)} :\n{children.last_lines(name)}"
        )


def _address(host: str, port: int) -> str:
    # Not "localhost": a bare machine may not know the name.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as response:
            return response.status == 200
    except OSError:
        return False
