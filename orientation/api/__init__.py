"""The directory and competence as open data: read-only, in HSDS 3.0's shapes where they fit."""

from orientation.api.endpoints import api

__all__ = ["api"]
