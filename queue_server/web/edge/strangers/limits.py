"""How often somebody may ask, so that nobody is refused for what his neighbours do.

An address may be a whole phone network or the office's own Wi-Fi. So staff who are signed in count
as themselves, a browser that books counts as that browser, and a right code is never counted at
all: only guesses are counted for the address they come from. Devices and staff with a token, and
the demo on its own machine, may ask as often as they need.

How often a password may be tried is decided in `domain.access.sign_in`. Counted in this process's
memory, or in Redis where several processes share the work. If Redis is away each process counts
alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter, RateLimitExceeded
from werkzeug.exceptions import TooManyRequests

from queue_server.domain.errors import Unknown
from queue_server.settings import Settings
from queue_server.web.edge.access.csrf import browser_mark
from queue_server.web.edge.access.principals import is_near, principal
from queue_server.web.edge.errors import refuse_too_many
from queue_server.web.edge.live.callers import network_of

EVERYTHING = "1800 per minute"
"""From one address, for all that is not counted otherwise: so much that a phone network's visitors
do not reach it together.
"""
LOOK_UPS = "60 per minute"
"""Of one code from one address: a page that follows its ticket asks twice a minute."""
MISSES = "20 per 10 minute"
"""Unknown codes from one address; after that only right ones are answered. At this pace one of 2⁶⁰
codes is not found in this world.
"""
BOOKINGS = "30 per minute"
"""Of one browser. Who books without one has no such bound: what asks for effort there is not a
matter of addresses.
"""
HOLDS = "60 per minute"
PAIRINGS = "20 per minute"

PER_ENDPOINT: dict[str, tuple[str, tuple[str, ...]]] = {
    "pairing": (PAIRINGS, ("api.request_pairing",))
}
"""What is counted together for an address -> how often, and the endpoints it is counted for."""

PER_BROWSER: dict[str, tuple[str, tuple[str, ...]]] = {
    "booking": (
        BOOKINGS,
        (
            "api.hold_places",
            "api.book_slot",
            "api.wait_in_line",
            "public.confirm",
            "api.join_waitlist",
            "public.join_waitlist",
            "public.join_line",
        ),
    ),
    "holding": (
        HOLDS,
        ("public.hold_time", "public.check_answers", "public.keep_details", "public.extend_time"),
    ),
}
"""The same for a browser."""

UNCOUNTED = frozenset({"assets.file", "assets.favicon", "ops.show_alive"})
"""A page's own files, and what a supervisor asks to learn whether the server lives."""


def address() -> str:
    """Whom a request is counted for: an IPv4 address, or an IPv6 network, of which one household
    has a whole one.
    """
    return network_of(request.remote_addr or "")


def counted_as() -> str:
    """Whom a request is counted for: staff who are signed in as themselves, and everybody else by
    their address.
    """
    who = principal()
    return address() if who is None else f"user:{who.id}"


def _code_and_address() -> str:
    return f"{address()} {(request.view_args or {}).get('code', '')}"


def install(app: Flask, settings: Settings) -> Callable[[], None]:
    """Count from the first step of each request on. The function returned sets the endpoints' own
    limits; call it when all exist.
    """
    unlimited: set[str] = set()
    limiter = Limiter(
        counted_as,
        application_limits=[EVERYTHING],
        application_limits_exempt_when=lambda: request.endpoint in unlimited,
        strategy="sliding-window-counter",
        storage_uri=settings.redis_url or "memory://",
        in_memory_fallback_enabled=settings.redis_url is not None,
        enabled=settings.rate_limits or settings.is_demo,
    )
    limiter.request_filter(lambda: request.endpoint in UNCOUNTED or _is_free(settings))
    limiter.init_app(app)
    app.register_error_handler(RateLimitExceeded, lambda _error: _answer(limiter))

    def bind() -> None:
        for name, (limit, endpoints) in PER_ENDPOINT.items():
            _wrap(app, endpoints, limiter.shared_limit(limit, scope=name, key_func=address))
        for name, (limit, endpoints) in PER_BROWSER.items():
            of_browser = limiter.shared_limit(
                limit,
                scope=name,
                key_func=lambda: browser_mark() or "",
                exempt_when=lambda: browser_mark() is None,
            )
            _wrap(app, endpoints, of_browser)
        # Whoever knows a ticket's code may act on it, so codes must not be guessed here. But who
        # shows a right one is never refused.
        by_code = {
            each.endpoint
            for each in app.url_map.iter_rules()
            if "code" in each.arguments and _is_open(app, each.endpoint)
        }
        misses = limiter.shared_limit(MISSES, scope="misses", deduct_when=_is_miss)
        look_ups = limiter.shared_limit(LOOK_UPS, scope="look-up", key_func=_code_and_address)
        _wrap(app, by_code, lambda view: _let_right_codes_in(view, misses, look_ups))
        unlimited.update(by_code)

    return bind


def _let_right_codes_in(
    view: Callable[..., Any], misses: Callable[[Any], Any], look_ups: Callable[[Any], Any]
) -> Callable[..., Any]:
    """A view behind a limit on misses that is passed all the same when the code is right.

    The look-up costs one question to an index, less than the refusal's page, so it is made for
    everybody.
    """

    bounded = look_ups(view)

    def seen(**parameters: Any) -> Any:
        return bounded(**parameters)

    # Limits belong to a function's name. Under the view's own one they would all be asked at once,
    # outside of what is caught here.
    seen.__module__, seen.__qualname__ = view.__module__, f"{view.__qualname__}.misses"
    seen.__name__ = f"{view.__name__}_misses"
    limited = misses(seen)

    @wraps(view)
    def looked(**parameters: Any) -> Any:
        try:
            return limited(**parameters)
        except RateLimitExceeded as refused:
            try:
                return bounded(**parameters)
            except Unknown:
                raise refused from None

    return looked


def _is_open(app: Flask, endpoint: str) -> bool:
    access = getattr(app.view_functions[endpoint], "access", None)
    return access is not None and access.roles is None


def _wrap(app: Flask, endpoints: Iterable[str], limited: Callable[[Any], Any]) -> None:
    for endpoint in endpoints:
        app.view_functions[endpoint] = limited(app.view_functions[endpoint])


def _is_free(settings: Settings) -> bool:
    if settings.is_demo and not settings.rate_limits and is_near():
        return True
    who = principal()
    return who is not None and who.token is not None


def _is_miss(response: Response) -> bool:
    """Whether a code was wrong. Wrong proofs of a right one are counted for its ticket, wherever
    they come from.
    """
    return response.status_code == 404


def _answer(limiter: Limiter) -> ResponseReturnValue:
    breached = limiter.current_limit
    seconds = breached.reset_at - time.time() if breached else 60.0
    return refuse_too_many(TooManyRequests(retry_after=max(1, round(seconds + 0.5))))
