"""One connection of the TV to the live channel: what comes, and whether the server is there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import socketio

from queue_server.protocol.client import QueueClient, ServerUnreachable

NAMESPACE = "/live"
AUDIENCE = "board"
ANSWER_SECONDS = 5
PROBE_SECONDS, SILENCE_SECONDS = 4.0, 4.0
"""How often the server is asked whether it is there, and how long it may be silent then. Both
together are less than the 10 s after which a screen must say that its data may be old.
"""


class NotLetIn(ServerUnreachable):
    """The server is there and does not let this TV watch."""


class Channel:
    """A connection that gives each board to `take`. `ended` is set once it is over."""

    def __init__(self, client: QueueClient, office: str, take: Callable[[Any], None]) -> None:
        self._client = client
        self._office = office
        self.ended = threading.Event()
        # A browser sends its page's origin, and the server checks it. This is not a page, so it
        # sends none.
        options: dict[str, Any] = {"suppress_origin": True}
        if client.ca_file is not None:
            options["sslopt"] = {"ca_certs": client.ca_file}
        self._socket = socketio.Client(
            reconnection=False, handle_sigint=False, websocket_extra_options=options
        )
        self._socket.on(AUDIENCE, take, namespace=NAMESPACE)
        self._socket.on("disconnect", lambda *_: self.ended.set(), namespace=NAMESPACE)

    def open(self) -> dict[str, Any]:
        """Connect and watch. Returns the present board. Raises `NotLetIn`, and Socket.IO's errors
        if the server is not there.
        """
        try:
            self._socket.connect(
                self._client.server_url,
                namespaces=[NAMESPACE],
                transports=["websocket"],
                auth={"token": self._client.token},
                wait_timeout=ANSWER_SECONDS,
            )
        except socketio.exceptions.ConnectionError as problem:
            if self._socket.failed_namespaces:
                raise NotLetIn(str(problem)) from problem
            raise
        snapshot = self._watch({}, ANSWER_SECONDS)
        if not isinstance(snapshot, dict) or "error" in snapshot:
            raise NotLetIn(f"the server does not let this TV watch the board: {snapshot}")
        return snapshot

    def ask(self, known: tuple[str, int]) -> Any:
        """Ask whether a version is still the newest. The answer is the version alone if so, and
        otherwise the whole board. Raises Socket.IO's errors if there is none.
        """
        return self._watch({"known": list(known)}, SILENCE_SECONDS)

    def close(self) -> None:
        """End the connection; safe in any state."""
        self.ended.set()
        self._socket.disconnect()

    def _watch(self, more: dict[str, Any], seconds: float) -> Any:
        return self._socket.call(
            "watch",
            {"audience": AUDIENCE, "key": self._office, **more},
            namespace=NAMESPACE,
            timeout=seconds,
        )
