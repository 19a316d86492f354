#!/usr/bin/env python
"""Django's command line."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")
    if sys.argv[1:2] == ["run"]:
        # Both before the settings are read: that starts the embedded servers.
        from allo3939.shared.management.commands.run import check_port

        check_port(sys.argv[2:])
        os.environ.setdefault("DEMONSTRATION", "true")
    execute_from_command_line(sys.argv)
