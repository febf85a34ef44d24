"""Guards a page that an agent serves to its own screen: only this machine, only this page, nothing
injected.

Any web site open in a browser on the same machine can send requests to 127.0.0.1, and a foreign
name can be made to point there. Hence three rules: the Host must be our own, requests that change
something must come from our own page, and the page may load and run only our files.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WSGI = Callable[[Environ, StartResponse], Iterable[bytes]]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' "
    "data:; font-src 'self'; media-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for "
    "'script'; trusted-types 'none'"
)
HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        (
            "screen-wake-lock=(self), autoplay=(self), camera=(), microphone=(), geolocation=(), "
            "usb=(), serial=()"
        ),
    ),
)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def read_listen(listen: str) -> tuple[str, int]:
    """`ADDR:PORT` as its two parts. Raises `ValueError` for anything but a loopback address: agents
    serve only their own screen.
    """
    host, colon, port = listen.rpartition(":")
    address = "127.0.0.1" if host == "localhost" else host
    try:
        loopback = ipaddress.ip_address(address.strip("[]")).is_loopback
        number = int(port)
    except ValueError:
        raise ValueError(f"{listen!r} is not ADDR:PORT") from None
    if not colon or not loopback:
        raise ValueError(f"{listen!r}: an agent listens on a loopback address only")
    return address.strip("[]"), number


def open_listener(address: str, port: int) -> socket.socket:
    """A listening socket without Nagle's delay, which costs 44 ms on each kept-alive request.
    Raises `ValueError` if it cannot be opened.
    """
    try:
        listener = socket.create_server(
            (address, port),
            family=socket.AF_INET6 if ":" in address else socket.AF_INET,
            backlog=64,
        )
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise ValueError(
            f"{address}:{port} cannot be listened on ({why}); choose another with --listen"
        ) from None
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class LocalEdge:
    """A WSGI application guarded by the three rules. `port` is the one the agent listens on."""

    def __init__(self, application: WSGI, port: int) -> None:
        self._application = application
        names = ("127.0.0.1", "localhost", "[::1]")
        self._hosts = frozenset(
            names if port == 80 else (f"{name}:{port}" for name in names)
        )  # browsers omit the default port of http

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, *HEADERS], *rest)

        if environ.get("HTTP_HOST", "") not in self._hosts:
            return _refuse(start, "421 Misdirected Request")
        if environ["REQUEST_METHOD"] not in SAFE_METHODS and not self._from_own_page(environ):
            return _refuse(start, "403 Forbidden")
        return self._application(environ, start)

    def _from_own_page(self, environ: Environ) -> bool:
        site = environ.get("HTTP_SEC_FETCH_SITE")
        origin = environ.get("HTTP_ORIGIN")
        if site is not None and site != "same-origin":
            return False
        if origin is not None:
            return bool(origin == f"http://{environ['HTTP_HOST']}")
        return site is not None


def _refuse(start: StartResponse, status: str) -> Iterable[bytes]:
    start(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
    return [status.encode()]
