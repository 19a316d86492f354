"""What the settings make of the environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRINT = (
    "import json; from allo3939 import settings as s;"
    "print(json.dumps(s.DATABASES['default']['OPTIONS']))"
)


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", {}),
        (
            "?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"},
        ),
        ("?options=-c%20statement_timeout%3D9s", {"options": "-c statement_timeout=9s"}),
    ],
)
def test_the_options_of_the_database_address_are_kept_beside_the_pool(query, options):
    environment = os.environ | {
        "DATABASE_URL": f"postgres://user@db.example:5432/desk{query}",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "x" * 50,
        "DATABASE_POOL": "7",
    }
    printed = subprocess.run(
        [sys.executable, "-c", PRINT], env=environment, cwd=ROOT, capture_output=True, check=True
    )
    read = json.loads(printed.stdout)
    assert read.pop("pool")["max_size"] == 7
    assert read.pop("prepare_threshold") == 0
    given = options.get("options", "")
    assert read == options | {"options": f"{given} -c plan_cache_mode=force_generic_plan".strip()}
