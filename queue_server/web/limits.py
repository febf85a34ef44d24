"""How often one address may ask. Devices and staff with a token, and the demo on its own machine, may ask as often as they need.

Counted in this process's memory, or in Redis where several processes share the work. If Redis is away each process counts alone.
"""
from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter, RateLimitExceeded
from werkzeug.exceptions import TooManyRequests

from ..settings import Settings
from .auth import is_near, principal
from .errors import refuse_too_many

EVERYTHING = "600 per minute"
SIGN_INS = "10 per minute"
LOOK_UPS = "60 per minute"
MISSES = "20 per 10 minute"
BOOKINGS = "30 per minute"
HOLDS = "60 per minute"
PAIRINGS = "20 per minute"

SIGN_IN = ("desk.do_login", "desk.do_password")
"""Where a password is checked. Counted together and whoever asks: neither a token nor a log-in is leave to guess one."""

PER_ENDPOINT = {
    "sign-in": (SIGN_INS, SIGN_IN),
    "booking": (BOOKINGS, (
        "api.hold_places", "api.book_slot", "api.wait_in_line", "public.confirm", "api.join_waitlist", "public.join_waitlist",
        "public.join_line",
    )),
    "holding": (HOLDS, ("public.hold_time", "public.check")),
    "pairing": (PAIRINGS, ("api.request_pairing",)),
}
"""What is counted together -> how often, and the endpoints it is counted for."""

UNCOUNTED = frozenset({"assets.file", "assets.favicon", "ops.show_alive", "ops.show_ready"})
"""A page's own files, and what a supervisor asks to learn whether the server lives."""


def address() -> str:
    """Whom a request is counted for: an IPv4 address, or an IPv6 network, of which one household has a whole one."""
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def install(app: Flask, settings: Settings) -> Callable[[], None]:
    """Count from the first step of each request on. The function returned sets the endpoints' own limits; call it when all exist."""
    limiter = Limiter(
        address, application_limits=[EVERYTHING], strategy="sliding-window-counter", storage_uri=settings.redis_url or "memory://",
        in_memory_fallback_enabled=settings.redis_url is not None, enabled=settings.rate_limits or settings.is_demo,
    )
    limiter.request_filter(lambda: request.endpoint in UNCOUNTED or _is_free(settings))
    limiter.init_app(app)
    app.register_error_handler(RateLimitExceeded, lambda _error: _answer(limiter))

    def bind() -> None:
        for name, (limit, endpoints) in PER_ENDPOINT.items():
            _wrap(app, endpoints, limiter.shared_limit(limit, scope=name))
        # Whoever knows a ticket's code may act on it, so codes and the proofs that go with them must not be guessed here.
        by_code = {each.endpoint for each in app.url_map.iter_rules() if "code" in each.arguments and _is_open(app, each.endpoint)}
        _wrap(app, by_code, limiter.shared_limit(LOOK_UPS, scope="look-up"))
        _wrap(app, by_code, limiter.shared_limit(MISSES, scope="misses", deduct_when=_is_miss))

    return bind


def _is_open(app: Flask, endpoint: str) -> bool:
    access = getattr(app.view_functions[endpoint], "access", None)
    return access is not None and access.roles is None


def _wrap(app: Flask, endpoints: Iterable[str], limited: Callable[[Any], Any]) -> None:
    for endpoint in endpoints:
        app.view_functions[endpoint] = limited(app.view_functions[endpoint])


def _is_free(settings: Settings) -> bool:
    if settings.is_demo and not settings.rate_limits and is_near():
        return True
    if request.endpoint in SIGN_IN:
        return False
    who = principal()
    return who is not None and who.token is not None


def _is_miss(response: Response) -> bool:
    """Whether a code, or the proof that belongs to it, was wrong."""
    return response.status_code in (403, 404)


def _answer(limiter: Limiter) -> ResponseReturnValue:
    breached = limiter.current_limit
    seconds = breached.reset_at - time.time() if breached else 60.0
    return refuse_too_many(TooManyRequests(retry_after=max(1, round(seconds + 0.5))))
