"""``manage.py run``, as somebody would start and stop it, on the embedded servers."""

import http.client
import re
import signal
import socket
import time

import psutil
import pytest

from tests.shared import processes

pytestmark = pytest.mark.embedded

READY = "Le bureau est prêt"


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    directory = tmp_path_factory.mktemp("bureau")
    yield directory
    assert processes.wait_until_gone(directory) == []


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def open_desk(var, port):
    """Start the desktop, wait until it says that it is ready; the process and what it said."""
    arguments = ("manage.py", "run", "--port", str(port), "--web", "2")
    process = processes.start(var, *arguments, DEMONSTRATION="false", PYTHONUNBUFFERED="1")
    said = ""
    while READY not in said:
        line = process.stdout.readline()
        assert line, said + process.stderr.read()
        said += line
    return process, said


@pytest.fixture
def desk(var, port):
    process, said = open_desk(var, port)
    yield process, said
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_answers_where_it_says_and_each_way_to_stop_it_leaves_nothing(desk, var, port, number):
    process, said = desk
    assert re.search(r"http://\S+", said).group() == f"http://127.0.0.1:{port}/"
    answer = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    answer.request("GET", "/connexion/")
    assert "Connexion au bureau" in answer.getresponse().read().decode()
    answer.close()
    assert len(processes.of_installation(var)) >= 6  # itself, web, worker, beat, two servers
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert "Tout est arrêté." in out
    assert process.returncode == 0, err
    assert processes.wait_until_gone(var, seconds=3) == []


def test_a_second_ctrl_c_does_not_cut_the_end_short(desk, var):
    process, _ = desk
    process.send_signal(signal.SIGINT)
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert processes.wait_until_gone(var, seconds=3) == []


@pytest.mark.parametrize(("name", "word"), [("web", "uvicorn"), ("taches", "worker")])
def test_a_part_that_dies_stops_the_rest_and_is_named(desk, var, name, word):
    process, _ = desk
    children = psutil.Process(process.pid).children()
    next(child for child in children if word in child.cmdline()).kill()
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"Le processus « {name} » s'est arrêté" in err
    assert processes.wait_until_gone(var, seconds=3) == []


def test_its_parts_do_not_outlive_it_when_it_is_killed(desk, var, port):
    process, _ = desk
    children = psutil.Process(process.pid).children()
    assert len(children) == 3
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
    # The two servers may stay: the next start joins them, its end stops them.
    process, _ = open_desk(var, port)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert processes.wait_until_gone(var, seconds=3) == []


def test_a_busy_port_is_told_before_anything_is_started(tmp_path):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        process = processes.start(tmp_path, "manage.py", "run", "--port", str(port))
        _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"Le port {port} est déjà utilisé" in err
    assert f"make run PORT={port + 1}" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_does_not_exist_is_told(tmp_path, port):
    process = processes.start(tmp_path, "manage.py", "run", "--port", port)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"Le port {port} n'existe pas" in err
