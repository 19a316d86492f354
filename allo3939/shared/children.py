"""Child processes that live and die together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

STOP_DELAY = 8.0  # seconds between the polite request and the end
LAST_LINES = 15
# Found here, not in the child: between fork and exec a child had better load nothing.
_PRCTL = ctypes.CDLL(None).prctl
_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Ask Linux to end this child when its parent dies without having stopped it."""
    _PRCTL(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Children:
    """Start processes, notice the first that ends, stop them all.

    Each one is the head of its own session: Ctrl-C reaches the parent alone, which then stops them
    in order. What they print goes to ``<logs>/<name>.log``, emptied at each start.
    """

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, *command: str, environ: Mapping[str, str] | None = None) -> None:
        with self.log(name).open("wb") as output:
            self.running[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | (environ or {}),
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def last_lines(self, name: str) -> str:
        with self.log(name).open(encoding="utf-8", errors="replace") as lines:
            return "".join(deque(lines, LAST_LINES)).rstrip()

    def ended(self) -> str | None:
        """The name of a child that is no longer there."""
        return next(
            (name for name, child in self.running.items() if child.poll() is not None), None
        )

    def stop(self) -> None:
        """End all of them, the last started first; those that will not are killed."""
        for child in reversed(self.running.values()):
            if child.poll() is None:
                child.terminate()
            else:  # what it left must be gone before the last one looks whether it is alone
                _signal_group(child, signal.SIGKILL)
        deadline = time.monotonic() + STOP_DELAY
        for child in self.running.values():
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(child, signal.SIGKILL)
                child.wait()
            # What a child may have started itself.
            _signal_group(child, signal.SIGKILL)
        self.running.clear()


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)
