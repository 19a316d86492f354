"""Which processes of an installation are there."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]


def environment(var: Path, **variables: str) -> dict[str, str]:
    """The environment of an installation of its own, on the embedded servers."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "INDEX_DIR", "DJANGO_SETTINGS_MODULE")
    }
    return inherited | {"VAR_DIR": str(var), **variables}


def start(var: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Run this Python with the arguments, in an installation of its own."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(var, **variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def of_installation(var: Path) -> list[str]:
    """Command lines of the processes that work for the installation in ``var``."""
    found = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), process.environ().get("VAR_DIR", "")]
            if process.status() != psutil.STATUS_ZOMBIE and any(str(var) in word for word in words):
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def wait_until_gone(var: Path, seconds: float = 10) -> list[str]:
    """What is still there after at most so many seconds."""
    deadline = time.monotonic() + seconds
    while (left := of_installation(var)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def kill(var: Path) -> None:
    """Kill at once all that works for the installation, servers included: nothing tidies up."""
    victims = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), process.environ().get("VAR_DIR", ""), process.cwd()]
            if any(str(var) in word for word in words):
                victims.append(process)
        except psutil.Error:
            continue
    for process in victims:
        with suppress(psutil.NoSuchProcess):
            process.kill()
