#!/usr/bin/env python3
"""Make ``.venv`` with the packages of ``requirements.lock``; nothing but the standard library.

Runs again in a moment when the lock has not changed. Debian's python3 comes without ensurepip, so
pip may have to be fetched from the package index that pip itself is configured to use. One version
of pip is expected by its SHA-256: such a file may be fetched even where no certificate authority is
installed. pip then brings its own.
"""

import configparser
import hashlib
import html
import importlib.util
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "requirements.sha256"

PIP_FILE = "pip-26.2.1-py3-none-any.whl"
PIP_SHA256 = "71138adf1f4ca900cdb7d289c21b7494329f2332b6d85f0e1c42108c0384ed3e"
LINK = re.compile(r"""<a[^>]+href=["']([^"']+)["']""")


def wanted() -> str:
    """What the environment must have been made from: the lock and this interpreter's version."""
    return hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()


def ready() -> bool:
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted()


def pip_setting(option: str) -> list[str]:
    """The words of one of pip's options, from its environment variable or its files."""
    value = os.environ.get("PIP_" + option.upper().replace("-", "_"))
    if value:
        return value.split()
    config = configparser.RawConfigParser()
    home = Path.home()
    files = ["/etc/xdg/pip/pip.conf", "/etc/pip.conf", home / ".pip/pip.conf"]
    files += [Path(os.environ.get("XDG_CONFIG_HOME", home / ".config")) / "pip/pip.conf"]
    config.read([*files, os.environ.get("PIP_CONFIG_FILE", os.devnull)])
    for section in ("install", "global"):
        if config.has_option(section, option):
            return [word.strip("'\"") for word in config.get(section, option).split()]
    return []


def fetch(url: str, *, verified: bool = True) -> bytes:
    """The bytes at a URL. ``verified=False`` only for a file whose hash is checked afterwards."""
    cert = pip_setting("cert")
    if verified:
        context = ssl.create_default_context(cafile=cert[0] if cert else None)
    else:
        context = ssl._create_unverified_context()  # noqa: S323
    with urllib.request.urlopen(url, context=context, timeout=60) as answer:  # noqa: S310
        return answer.read()


def pip_wheels() -> Iterator[str]:
    """Addresses of the expected pip on the configured indexes, without their fragment."""
    indexes = pip_setting("index-url") or ["https://pypi.org/simple"]
    for index in indexes + pip_setting("extra-index-url"):
        page = index.rstrip("/") + "/pip/"
        if page.startswith("file:"):
            page += "index.html"
        for verified in (True, False):
            try:
                text = fetch(page, verified=verified).decode()
            except (OSError, ValueError):
                continue
            for href in LINK.findall(text):
                url = urllib.parse.urljoin(page, html.unescape(href)).partition("#")[0]
                if url.endswith("/" + PIP_FILE):
                    yield url
            break


def install_pip() -> None:
    """Put pip into an environment made without it."""
    for url in pip_wheels():
        try:
            content = fetch(url, verified=False)
        except OSError:
            continue
        if hashlib.sha256(content).hexdigest() == PIP_SHA256:
            with tempfile.TemporaryDirectory() as folder:
                wheel = Path(folder) / PIP_FILE
                wheel.write_bytes(content)
                command = [PYTHON, wheel / "pip", "install", "--quiet", "--no-index", wheel]
                subprocess.run(command, check=True)
            return
    raise SystemExit(
        f"Impossible de télécharger {PIP_FILE} depuis l'index de paquets.\n"
        "Vérifiez l'accès au réseau (ou PIP_INDEX_URL), ou installez python3-venv, puis relancez."
    )


def make() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    with_pip = importlib.util.find_spec("ensurepip") is not None
    option = [] if with_pip else ["--without-pip"]
    made = subprocess.run([sys.executable, "-m", "venv", *option, VENV], check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", VENV], check=True)
        with_pip = False
    if not with_pip:
        install_pip()


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - the message is for an older interpreter
        raise SystemExit(
            f"Python 3.11 ou plus récent est nécessaire (ici {sys.version.split()[0]})."
        )
    if ready():
        return
    print("Préparation de l'environnement Python (.venv)…", flush=True)
    pip = [PYTHON, "-m", "pip"]
    if not PYTHON.exists() or subprocess.run([*pip, "--version"], capture_output=True).returncode:
        make()
    install = [*pip, "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", LOCK]
    if os.geteuid() == 0:
        install.insert(4, "--root-user-action=ignore")
    if subprocess.run(install, check=False).returncode:
        raise SystemExit("Les paquets de requirements.lock n'ont pas pu être installés.")
    STAMP.write_text(wanted())


if __name__ == "__main__":
    main()
