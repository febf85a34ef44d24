"""Whoever lets others go first lets those go first, too, who have just come."""

from __future__ import annotations

import socket

import gevent
from gevent.server import StreamServer

from queue_server.serving.rounds import await_arrivals


def test_who_comes_now_does_not_wait_for_all_who_are_awake() -> None:
    order: list[str] = []

    def answer(connection: socket.socket, _address: object) -> None:
        order.append(connection.recv(9).decode())

    def take_steps(name: str) -> None:
        for step in range(3):
            await_arrivals()
            order.append(f"{name}{step}")

    server = StreamServer(("127.0.0.1", 0), answer)
    server.start()
    try:
        with socket.create_connection(("127.0.0.1", server.server_port)) as newcomer:
            newcomer.sendall(b"request")
            gevent.joinall([gevent.spawn(take_steps, name) for name in "ab"], raise_error=True)
    finally:
        server.stop()
    assert order[0] == "request", order
    assert sorted(order[1:]) == ["a0", "a1", "a2", "b0", "b1", "b2"]
