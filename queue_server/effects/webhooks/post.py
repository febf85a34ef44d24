"""One request to an address that a manager has typed: to a public machine only, resolved once,
within one time limit, and nothing of the answer but its status.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

from queue_server.domain.webhooks.address import Network, admits_address


class ForbiddenAddress(OSError):
    """The name stands for a machine that must not be told. What it is says nothing to others."""


def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    timeout_seconds: float,
    allowed: Sequence[Network] = (),
) -> int:
    """The status of the answer. Follows no redirect, uses no proxy, reads no body. Raises
    `ForbiddenAddress`, `OSError`, `HTTPException`, `ValueError`.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    raw = _connect(host, port, timeout_seconds, allowed)
    # Each read has its own time-out; whoever sends a byte now and then would never be done.
    limit = threading.Timer(timeout_seconds, _hang_up, [raw])
    limit.daemon = True
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(host, port, timeout=timeout_seconds)
    try:
        limit.start()
        # With a socket given, the connection looks nothing up. A copy of the descriptor stays
        # behind for the limit: wrapping takes the socket itself.
        connection.sock = raw.dup()
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, headers)
        return connection.getresponse().status
    finally:
        limit.cancel()
        connection.close()
        raw.close()


def _connect(
    host: str, port: int, timeout_seconds: float, allowed: Sequence[Network]
) -> socket.socket:
    """A connection to the first address of a name. All of them must be admitted: who chooses which
    one is asked for next is the owner of the name.
    """
    known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in known]
    if not addresses or not all(admits_address(each, allowed) for each in addresses):
        raise ForbiddenAddress(host)
    return socket.create_connection((addresses[0], port), timeout_seconds)


def _hang_up(raw: socket.socket) -> None:
    with suppress(OSError):  # it has hung up by itself
        raw.shutdown(socket.SHUT_RDWR)
