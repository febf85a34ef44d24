"""What every answer carries, and which host names we answer to. Works outside Flask, because
/socket.io never passes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response

CAMERA_ALLOWED = "camera=(self), microphone=(), geolocation=(), usb=(), serial=()"
"""The Permissions-Policy of pages that read codes with the camera."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' "
    "data:; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for "
    "'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=()",
}
LIVE_PATH = "/socket.io"
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]@,\s]+)(?::[0-9]{0,5})?\Z")
STRICT_TRANSPORT = "max-age=31536000"

Environ = dict[str, Any]
WSGI = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class HostFilter:
    """WSGI middleware that answers only to our own host names, whoever forged or rebound the
    others.
    """

    def __init__(self, app: WSGI, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(each.lower() for each in hosts)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if host_name(environ.get("HTTP_HOST", "")) not in self._hosts:
            start_response(
                "421 Misdirected Request",
                [("Content-Type", "text/plain; charset=utf-8"), *HEADERS.items()],
            )
            return [b"This server does not answer to that host name.\n"]
        if environ.get("PATH_INFO", "").startswith(LIVE_PATH):
            return self._app(environ, _with_headers(start_response))
        return self._app(environ, start_response)


def _with_headers(start_response: Callable[..., Any]) -> Callable[..., Any]:
    """For the live channel's own answers, which Flask never sees."""

    def start(status: str, given: list[tuple[str, str]], *more: Any) -> Any:
        return start_response(status, [*given, *HEADERS.items()], *more)

    return start


def host_name(host: str) -> str:
    """The name in a Host header, without its port, in lower case; "" for what is no name with a
    port.
    """
    match = _HOST.match(host)
    return match[1].lower() if match else ""


def install(app: Flask, *, https: bool) -> None:
    """Add the headers to every answer; pages of people are never cached by others."""

    common = dict(HEADERS)
    if https:
        common["Strict-Transport-Security"] = STRICT_TRANSPORT

    @app.after_request
    def add(response: Response) -> Response:
        given = {name.lower() for name, _value in response.headers}
        response.headers.extend(
            {name: value for name, value in common.items() if name.lower() not in given}
        )
        if "cache-control" not in given:
            response.headers["Cache-Control"] = "no-store"
        return response


"""The camera is for the pages that read the code on a slip or a phone alone."""
