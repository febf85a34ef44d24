"""The floor for the live rows: the same libraries with nothing in them. Two ports: Socket.IO echo,
and a raw broadcast.

Raw: each connection that sends anything is kept; a line "GO <bytes>" from any of them sends one
websocket text frame to all.
"""

from __future__ import annotations

import sys

from gevent import monkey

monkey.patch_all()

import socket  # noqa: E402

import gevent  # noqa: E402
from flask import Flask  # noqa: E402
from flask_socketio import Namespace, SocketIO  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402


class Echo(Namespace):  # type: ignore[misc]  # the library has no types
    def on_echo(self, message: object) -> object:
        return message


def listener(port: int) -> socket.socket:
    socket_ = socket.socket()
    socket_.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    socket_.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    socket_.bind(("127.0.0.1", port))
    socket_.listen(4096)
    return socket_


def broadcast(port: int) -> None:
    """Accept, keep, and on "GO n" send one prepared frame of n bytes to everybody, one socket after
    the other.
    """
    kept: set[socket.socket] = set()

    def serve(connection: socket.socket) -> None:
        while line := connection.recv(64):
            kept.add(connection)
            if line.startswith(b"GO "):
                size = int(line.split()[1])
                frame = b"\x81\x7e" + size.to_bytes(2, "big") + b"x" * size
                for each in kept:
                    each.sendall(frame)
        kept.discard(connection)

    accepting = listener(port)
    while True:
        gevent.spawn(serve, accepting.accept()[0])


if __name__ == "__main__":
    echo_port, raw_port = map(int, sys.argv[1:3])
    app = Flask("floor")
    socketio = SocketIO(app, async_mode="gevent", cors_allowed_origins="*")
    socketio.on_namespace(Echo("/live"))
    gevent.spawn(broadcast, raw_port)
    WSGIServer(listener(echo_port), app, log=None).serve_forever()
