"""Where a request for places comes from: its address and its browser, as keyed marks, and the
proofs it brings."""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets
from collections.abc import Iterable

from flask import g, request
from werkzeug.wrappers import Response

from queue_server.domain.booking.rush import Source
from queue_server.domain.office.office import Office
from queue_server.web.edge.access.principals import is_near, principal
from queue_server.web.edge.context import context, now

from .limits import address
from .proofs import read_proofs

BROWSER_COOKIE = "antrean_browser"
BROWSER_SECONDS = 24 * 3600
PROOF_FIELD = "proof"
_COOKIE = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32})\Z")


def _mark(kind: str, value: str) -> str:
    """A keyed mark: whoever reads the database learns no address from it."""
    return hmac.digest(context().nik_key, f"{kind}\0{value}".encode(), "sha256").hex()[:32]


def _network(of: str) -> str:
    """The network around what limits count as an address, in which the machines of one operator
    often lie: /24, or /48 of IPv6."""
    if ":" not in of:
        return of.rpartition(".")[0]
    return str(ipaddress.ip_network(of).supernet(new_prefix=48))


def _signed(name: str) -> str:
    return hmac.digest(context().secret_key, f"browser\0{name}".encode(), "sha256").hex()[:32]


def _browser(*, new: bool) -> str | None:
    """The browser's name from its cookie, if we gave it; with `new` a fresh one for a browser
    without."""
    match = _COOKIE.match(request.cookies.get(BROWSER_COOKIE, ""))
    if match is not None and hmac.compare_digest(match[2], _signed(match[1])):
        return match[1]
    if not new:
        return None
    if "browser" not in g:
        g.browser = secrets.token_hex(16)
    name: str = g.browser
    return name


def remember_browser(response: Response) -> Response:
    """Give a browser that has taken a place the name by which its places are counted."""
    if "browser" in g:
        response.set_cookie(
            BROWSER_COOKIE,
            f"{g.browser}.{_signed(g.browser)}",
            max_age=BROWSER_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=context().settings.is_https,
            path="/",
        )
    return response


def is_judged() -> bool:
    """Whether whoever asks is judged at all, as it is counted by `limits`: not where limits are
    switched off, nor in the demo on its own machine, nor staff and their devices, who answer for
    themselves."""
    settings = context().settings
    return principal() is None and (settings.rate_limits or (settings.is_demo and not is_near()))


def find_source(
    office: Office, proofs: Iterable[str], *, new_browser: bool = False
) -> Source | None:
    """Where the request comes from, with what its proofs are worth. None for staff and their
    devices."""
    if principal() is not None:
        return None
    browser = _browser(new=new_browser)
    proof = read_proofs(context().secret_key, office.code, proofs, now())
    return Source(
        _mark("address", address()),
        _mark("network", _network(address())),
        None if browser is None else _mark("browser", browser),
        proof,
        is_judged(),
    )


def given_proofs() -> list[str]:
    """The proofs that a form brings along."""
    return [each[:2_000] for each in request.form.getlist(PROOF_FIELD)[:8]]
