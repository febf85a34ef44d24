"""How often somebody may ask, so that nobody is refused for what his neighbours do.

An address may be a whole phone network or the office's own Wi-Fi. So staff who are signed in count
as themselves, a browser that books counts as that browser, and a right code is never counted at
all: only guesses are counted for the address they come from. Devices and staff with a token, and
the demo on its own machine, may ask as often as they need.

How often a password may be tried is decided in `domain.access.sign_in`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from flask import Flask, Response, g, request
from limits import RateLimitItem, parse

from queue_server.domain.errors import Unknown
from queue_server.settings import Settings
from queue_server.web.edge.access.csrf import browser_mark
from queue_server.web.edge.access.principals import is_near, principal
from queue_server.web.edge.live.callers import network_of

from .counting import Counting

View = Callable[..., Any]

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
LOST_CODES = "30 per 10 minute"
"""Of one address: who tries contacts of others makes them messages that they did not ask for."""

SERVICE = "60 per minute"
"""Of one address: each asks the office's sign-in service something."""

PER_ENDPOINT: dict[str, tuple[str, tuple[str, ...]]] = {
    "pairing": (PAIRINGS, ("api.request_pairing",)),
    "sign_in_service": (SERVICE, ("account.ask_service", "account.finish_service")),
    "lost_code": (LOST_CODES, ("public.send_lost_code",)),
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

UNCOUNTED = frozenset(
    {"assets.file", "assets.favicon", "screens.file", "voice.clip", "ops.show_alive"}
)
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
    if not (settings.rate_limits or settings.is_demo):
        return lambda: None
    counting, everything, unlimited = Counting(settings.redis_url), parse(EVERYTHING), set[str]()

    def count() -> None:
        if request.endpoint in UNCOUNTED or request.endpoint in unlimited or _is_free(settings):
            return
        counting.admit(everything, "everything", counted_as())

    app.before_request(count)
    misses = _Misses(counting, settings)
    app.after_request(misses.note)

    def bind() -> None:
        for name, (limit, endpoints) in PER_ENDPOINT.items():
            _wrap(app, endpoints, _limited(counting, settings, parse(limit), name, address))
        for name, (limit, endpoints) in PER_BROWSER.items():
            _wrap(app, endpoints, _limited(counting, settings, parse(limit), name, browser_mark))
        # Whoever knows a ticket's code may act on it, so codes must not be guessed here. But who
        # shows a right one is never refused.
        by_code = {
            each.endpoint
            for each in app.url_map.iter_rules()
            if "code" in each.arguments and _is_open(app, each.endpoint)
        }
        _wrap(app, by_code, misses.bound)
        unlimited.update(by_code)

    return bind


def _limited(
    counting: Counting,
    settings: Settings,
    limit: RateLimitItem,
    what: str,
    whom: Callable[[], str | None],
) -> Callable[[View], View]:
    """Bind a view to a limit that it shares with others; whom it is counted for, or None for
    nobody.
    """

    def bind(view: View) -> View:
        @wraps(view)
        def limited(**parameters: Any) -> Any:
            who = None if _is_free(settings) else whom()
            if who is not None:
                counting.admit(limit, what, who)
            return view(**parameters)

        return limited

    return bind


class _Misses:
    """Views behind a limit on unknown codes, which is passed all the same when the code is right.

    The look-up costs one question to an index, less than the refusal's page, so it is made for
    everybody. Wrong proofs of a right code are counted for its ticket, wherever they come from.
    """

    def __init__(self, counting: Counting, settings: Settings) -> None:
        self._counting, self._settings = counting, settings
        self._misses, self._look_ups = parse(MISSES), parse(LOOK_UPS)

    def bound(self, view: View) -> View:
        @wraps(view)
        def looked(**parameters: Any) -> Any:
            if _is_free(self._settings):
                return view(**parameters)
            who = counted_as()
            may_miss = self._counting.has_room(self._misses, "misses", who)
            if may_miss:
                g.counts_misses = who
            self._counting.admit(self._look_ups, "look-up", _code_and_address())
            try:
                return view(**parameters)
            except Unknown:
                if may_miss:
                    raise
                raise self._counting.refusal(self._misses, "misses", who) from None

        return looked

    def note(self, response: Response) -> Response:
        """Count a code that was wrong, whether the view said so or raised it."""
        if response.status_code == 404 and "counts_misses" in g:
            self._counting.note(self._misses, "misses", g.counts_misses)
        return response


def _is_open(app: Flask, endpoint: str) -> bool:
    access = getattr(app.view_functions[endpoint], "access", None)
    return access is not None and access.roles is None


def _wrap(app: Flask, endpoints: Iterable[str], bind: Callable[[View], View]) -> None:
    for endpoint in endpoints:
        app.view_functions[endpoint] = bind(app.view_functions[endpoint])


def _is_free(settings: Settings) -> bool:
    if settings.is_demo and not settings.rate_limits and is_near():
        return True
    who = principal()
    return who is not None and who.token is not None
