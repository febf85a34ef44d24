"""How a request reaches the queue server: one HTTP session, its time-outs and its repetitions.

There are exactly three outcomes: an answer; `Refused` if the server refused and said why; and
`ServerUnreachable` if the result is unknown. In the last case a request with an idempotency key may
have been carried out; send it again with the same key to find out.
"""

from __future__ import annotations

import ipaddress
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import requests

from .messages import BadMessage, from_wire

M = TypeVar("M")

CONNECT_SECONDS = 3.0
READ_SECONDS = 5.0
ATTEMPTS = 3
PAUSE_SECONDS = (0.2, 0.6)
PATIENCE_SECONDS = 7.0
"""No further attempt starts after this time, because a visitor is waiting in front of the screen.
"""


class Refused(Exception):
    """The server refused the request. `code` is stable; `detail` is for people; `facts` are the
    other fields.
    """

    def __init__(
        self, status: int, code: str, detail: str = "", facts: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code} ({status}): {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.facts: Mapping[str, Any] = dict(facts or {})


class ServerUnreachable(Exception):
    """No usable answer: no connection, a time-out, a 5xx, or an answer that is not from an Antrean
    server.
    """


class Transport:
    """The queue server as seen by one device. Safe to share between greenlets.

    `server_url` is the server's root, such as `https://antrean.example`; anything else raises
    `ValueError`. So does plain http to another machine unless it is allowed, because anybody on the
    path could read the token and every name. `ca_file` is the certificate authority of an office
    that has its own; a file without a certificate raises `ValueError`. `attempts` (1 to 3) bounds
    how often an idempotent request is sent. `is_local`: the server runs on this machine. Proxy
    settings and `.netrc` of the environment are ignored: a `.netrc` entry would silently replace
    the device's token.
    """

    def __init__(
        self,
        server_url: str,
        token: str | None = None,
        *,
        ca_file: str | None = None,
        allow_plain_http: bool = False,
        attempts: int = ATTEMPTS,
        pause: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(server_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(
                f"{server_url!r} is not a server's address such as https://antrean.example"
            )
        self.is_local = _is_loopback(parts.hostname)
        if parts.scheme == "http" and not allow_plain_http and not self.is_local:
            raise ValueError(
                f"{server_url!r} is not encrypted: use https://, or --allow-plain-http on a "
                "network that nobody else is on"
            )
        _admit_authority(ca_file)
        self.server_url = server_url.rstrip("/")
        self.ca_file = ca_file
        self.token = token
        self._attempts = attempts
        self._pause = pause
        self._monotonic = monotonic
        self._etags: dict[str, str] = {}
        self._session = requests.Session()
        self._session.trust_env = False
        if ca_file is not None:
            self._session.verify = ca_file

    def close(self) -> None:
        """Close the kept-alive connections."""
        self._session.close()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> requests.Response:
        """Read `path`. Raises `Refused`, `ServerUnreachable`."""
        return self._persist(lambda: self.send("GET", path, headers or {}))

    def post_once(self, path: str, body: Mapping[str, Any], key: str) -> requests.Response:
        """Send `body` so that it takes effect once, however often it is sent with this `key`.
        Raises `Refused`, `ServerUnreachable`.
        """
        return self._persist(lambda: self.send("POST", path, {"Idempotency-Key": key}, body))

    def _persist(self, send: Callable[[], requests.Response]) -> requests.Response:
        """Send an idempotent request, and repeat it a few times within `PATIENCE_SECONDS`."""
        began = self._monotonic()
        for attempt in range(self._attempts):
            try:
                return send()
            except ServerUnreachable:
                if (
                    attempt == self._attempts - 1
                    or self._monotonic() - began + PAUSE_SECONDS[attempt] > PATIENCE_SECONDS
                ):
                    raise
            self._pause(PAUSE_SECONDS[attempt])
        raise AssertionError("unreachable: the loop returns or raises")

    def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
    ) -> requests.Response:
        """Send one request, once. Raises `Refused`, `ServerUnreachable`."""
        all_headers = {"Accept": "application/json, application/problem+json", **headers}
        if self.token is not None:
            all_headers["Authorization"] = f"Bearer {self.token}"
        try:
            answer = self._session.request(
                method,
                f"{self.server_url}/api/v1{path}",
                headers=all_headers,
                json=body,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException as problem:
            raise ServerUnreachable(type(problem).__name__) from problem
        if answer.status_code == 304 or 200 <= answer.status_code < 300:
            return answer
        if 400 <= answer.status_code < 500:
            raise _refusal(answer)
        raise ServerUnreachable(f"the server answered {answer.status_code}")

    def read(self, kind: type[M], answer: requests.Response) -> M:
        """The answer as a message of `kind`. Raises `ServerUnreachable` if it is none."""
        try:
            return from_wire(kind, json_object(answer))
        except BadMessage as problem:
            raise ServerUnreachable(f"not an answer of an Antrean server: {problem}") from problem


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _admit_authority(ca_file: str | None) -> None:
    """Refuse a file without a certificate now, instead of at each request. Raises `ValueError`."""
    if ca_file is not None:
        try:
            ssl.create_default_context(cafile=ca_file)
        except (OSError, ValueError):  # an SSLError is an OSError
            raise ValueError(f"{ca_file} holds no certificate in PEM form") from None


def segment(text: str) -> str:
    """`text` as one path segment, so that a scanned code can never reach another endpoint."""
    if set(text) <= {
        "."
    }:  # empty, "." and ".." are removed from a path before it is sent, even if quoted
        raise ValueError(f"{text!r} cannot be part of an address")
    return quote(text, safe="")


def json_object(answer: requests.Response) -> dict[str, Any]:
    """The answer's JSON object. Raises `ServerUnreachable` if there is none."""
    try:
        data = answer.json()
    except ValueError as problem:
        raise ServerUnreachable("the answer is not JSON") from problem
    if not isinstance(data, dict):
        raise ServerUnreachable("the answer is not a JSON object")
    return data


def _refusal(answer: requests.Response) -> Exception:
    """A 4xx answer as `Refused`, or as `ServerUnreachable` if it does not come from our server (a
    proxy, a login page).
    """
    if (
        answer.headers.get("Content-Type", "").partition(";")[0].strip()
        != "application/problem+json"
    ):
        return ServerUnreachable(
            f"{answer.status_code} without a problem description: not an Antrean server?"
        )
    data = json_object(answer)
    known = {"type", "title", "status", "code", "detail", "instance"}
    return Refused(
        status=answer.status_code,
        code=str(data.get("code") or "refused"),
        detail=str(data.get("detail") or data.get("title") or ""),
        facts={name: value for name, value in data.items() if name not in known},
    )
