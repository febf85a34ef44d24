"""A load generator that costs little: keep-alive sockets in one epoll loop, in a process of its
own.

`python -m benchmarks.load --port 8000 --clients 16 --seconds 3 --path /livez` prints one line of
JSON. `{key}` in a header becomes a fresh value for every request; of several paths the clients ask
for one after the other.
"""

from __future__ import annotations

import argparse
import json
import selectors
import socket
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle


@dataclass(frozen=True)
class Load:
    """What was reached. Latencies in seconds, `statuses` counts answers by status."""

    rate: float
    p50: float
    p99: float
    worst: float
    statuses: dict[str, int]


def load_command(
    port: int,
    *paths: str,
    clients: int,
    seconds: float,
    method: str = "GET",
    body: str = "",
    headers: tuple[str, ...] = (),
) -> list[str]:
    """The command line of the generator."""
    return [
        sys.executable,
        "-m",
        "benchmarks.load",
        "--port",
        str(port),
        *(part for each in paths for part in ("--path", each)),
        "--clients",
        str(clients),
        "--seconds",
        str(seconds),
        "--method",
        method,
        "--body",
        body,
        *(part for each in headers for part in ("--header", each)),
    ]


def run_load(command: list[str]) -> Load:
    """Run the generator in a process of its own and wait for it. Raises `RuntimeError` if any
    answer is not a success.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    load = Load(**json.loads(done.stdout))
    if any(not status.startswith(("2", "304")) for status in load.statuses):
        raise RuntimeError(f"{command}: {load.statuses}")
    return load


class Client:
    """One keep-alive connection that always has one request under way."""

    def __init__(self, port: int, heads: Iterator[str], body: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._heads, self._body = heads, body.encode()
        self._received = b""
        self.sent_at = 0.0
        self.body = b""

    def send(self) -> None:
        head = next(self._heads)
        if "{key}" in head:
            head = head.replace("{key}", uuid.uuid4().hex)
        self.sent_at = time.perf_counter()
        self.socket.sendall(head.encode() + self._body)

    def receive(self) -> str | None:
        """Read what is there; the status once the whole answer has come."""
        chunk = self.socket.recv(65_536)
        if not chunk:
            raise ConnectionError("the server closed a connection")
        self._received += chunk
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self._received[:end].lower()
        mark = head.find(b"content-length:")
        length = int(head[mark + 15 :].split(b"\r\n", 1)[0]) if mark >= 0 else 0
        if len(self._received) < end + 4 + length:
            return None
        status = self._received[9:12].decode()
        self.body = self._received[end + 4 : end + 4 + length]
        self._received = self._received[end + 4 + length :]
        return status


def request_head(port: int, method: str, path: str, body: str, headers: tuple[str, ...]) -> str:
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers]
    if method != "GET":
        lines += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
    return "\r\n".join(lines) + "\r\n\r\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", action="append", default=[])
    parser.add_argument("--method", default="GET")
    parser.add_argument("--body", default="")
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=3)
    arguments = parser.parse_args()
    heads = cycle(
        request_head(
            arguments.port, arguments.method, each, arguments.body, tuple(arguments.header)
        )
        for each in arguments.path or ["/livez"]
    )
    selector = selectors.DefaultSelector()
    for _ in range(arguments.clients):
        client = Client(arguments.port, heads, arguments.body)
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.send()
    latencies: list[float] = []
    statuses: Counter[str] = Counter()
    started = time.perf_counter()
    while (now := time.perf_counter()) < started + arguments.seconds:
        for ready, _ in selector.select(timeout=1):
            client = ready.data
            status = client.receive()
            if status is not None:
                statuses[status] += 1
                latencies.append(time.perf_counter() - client.sent_at)
                client.send()
    latencies.sort()
    print(
        json.dumps(
            {
                "rate": len(latencies) / (now - started),
                "p50": latencies[len(latencies) // 2],
                "p99": latencies[int(len(latencies) * 0.99)],
                "worst": latencies[-1],
                "statuses": statuses,
            }
        )
    )


if __name__ == "__main__":
    main()
