"""The embedded servers, in an installation of their own."""

import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from allo3939 import embedded
from tests.shared import processes

pytestmark = pytest.mark.embedded

SERVE = """
import sys
from pathlib import Path
import psycopg, redis
from allo3939 import embedded

var = Path(sys.argv[1])
config = embedded.postgres(var)
with psycopg.connect(host=config["HOST"], dbname="postgres", user="postgres") as connection:
    listen = connection.execute("SHOW listen_addresses").fetchone()[0]
client = redis.Redis.from_url(embedded.redis_url(var))
print(f"listen=[{listen}] port=[{client.config_get('port')['port']}]", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    directory = tmp_path_factory.mktemp("installation")
    yield directory
    assert processes.wait_until_gone(directory) == []


def serve(var: Path):
    process = processes.start(var, "-c", SERVE, str(var))
    line = process.stdout.readline().strip()
    assert line, process.stderr.read()
    return process, line


def leave(process) -> None:
    process.communicate("", timeout=30)
    assert process.returncode == 0


def test_servers_start_answer_and_never_listen_on_the_network(var):
    process, line = serve(var)
    assert line == "listen=[] port=[0]"
    leave(process)
    assert processes.wait_until_gone(var) == []


def test_the_last_process_to_leave_stops_the_servers(var):
    first, _ = serve(var)
    second, _ = serve(var)
    servers = len([line for line in processes.of_installation(var) if "redis-server" in line])
    assert servers == 1
    leave(first)
    assert any("redis-server" in line for line in processes.of_installation(var))
    third, _ = serve(var)
    leave(second)
    leave(third)
    assert processes.wait_until_gone(var) == []


def test_servers_left_by_a_killed_process_are_joined_then_stopped(var):
    killed, _ = serve(var)
    killed.kill()
    killed.communicate()
    assert processes.of_installation(var)
    process, _ = serve(var)
    leave(process)
    assert processes.wait_until_gone(var) == []


@pytest.fixture
def killed(var):
    """The installation once all its servers were killed, and nobody could tidy up."""
    process, _ = serve(var)
    processes.kill(var)
    process.communicate()
    return var


@pytest.fixture
def unburied():
    """The number of a process that has ended, and that its parent has not taken note of."""
    process = subprocess.Popen(["true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    yield process.pid
    process.wait()


def starts_again(var):
    process, line = serve(var)
    leave(process)
    return line == "listen=[] port=[0]" and processes.wait_until_gone(var) == []


def test_killed_servers_start_again(killed):
    assert (killed / "postgres" / "postmaster.pid").exists()
    assert starts_again(killed)


def test_another_process_that_got_the_number_of_the_dead_one_is_not_taken_for_it(killed):
    _rename(killed, str(os.getpid()))
    assert starts_again(killed)


def test_a_dead_process_that_nobody_has_buried_is_not_taken_for_the_server(killed, unburied):
    _rename(killed, str(unburied))
    assert starts_again(killed)


@pytest.mark.parametrize("left", ["", "1", "1\n/ailleurs\n"])
def test_a_server_killed_as_it_started_is_no_obstacle(killed, left):
    (killed / "postgres" / "postmaster.pid").write_text(left)
    assert starts_again(killed)


def test_a_server_that_works_is_never_forgotten(var):
    process, _ = serve(var)
    number = var / "postgres" / "postmaster.pid"
    _rename(var, str(os.getpid()))

    embedded._forget_dead_postgres(var / "postgres")

    assert number.exists()
    processes.kill(var)
    process.communicate()
    assert starts_again(var)


def _rename(var, number):
    """Have the locks of the server name another process."""
    folder = var / "postgres"
    for lock in (folder / "postmaster.pid", *folder.glob(".s.PGSQL.*.lock")):
        _, *others = lock.read_text().splitlines(keepends=True)
        lock.write_text("".join([number + "\n", *others]))


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path):
    deep = tmp_path / ("dossier-au-nom-tres-long/" * 6)
    deep.mkdir(parents=True)
    directory = embedded.run_directory(deep)
    assert len(str(directory / "redis.sock")) <= embedded.SOCKET_PATH_LIMIT
    assert embedded.run_directory(deep) == directory
    directory.rmdir()


def test_the_secret_key_is_drawn_once_and_read_by_its_owner_only(tmp_path):
    key = embedded.secret_key(tmp_path)
    assert re.fullmatch(r"[\w-]{60,}", key)
    assert embedded.secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
