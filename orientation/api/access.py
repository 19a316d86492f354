"""Who may ask, and how often: a token for each consumer, a number of requests a minute."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from orientation.models import Consommateur
from orientation.tokens import consumer_of, note_use


class Jeton(HttpBearer):
    """``Authorization: Bearer …``."""

    openapi_name = "jeton"

    def authenticate(self, request: HttpRequest, token: str) -> Consommateur | None:
        consommateur = consumer_of(token)
        if consommateur is not None:
            note_use(consommateur)
        return consommateur


class Debit(SimpleRateThrottle):
    """As many requests a minute as the consumer is allowed."""

    scope = "consommateur"

    def __init__(self) -> None:
        super().__init__("120/min")

    def get_cache_key(self, request: HttpRequest) -> str:
        return f"api-debit-{request.auth.pk}"  # type: ignore[attr-defined]  # set by `Jeton`

    def allow_request(self, request: HttpRequest) -> bool:
        # One instance serves all threads; what a request changes must be its own.
        throttle = Debit()
        throttle.num_requests = request.auth.par_minute  # type: ignore[attr-defined]
        return SimpleRateThrottle.allow_request(throttle, request)

    def wait(self) -> float:
        return 60.0
