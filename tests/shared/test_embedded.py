"""The embedded servers, in an installation of their own."""

import re
import stat
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
