"""What the live channel takes from its libraries beyond their published interface still is there.

`frames`, `websockets` and `message_queue` reach into them, so setup.cfg admits only the minor
versions that these checks and the other tests of this folder have been run with. Who raises the
range finds here what to look at.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from configparser import ConfigParser
from importlib.metadata import version
from pathlib import Path
from typing import Any

import gevent
import pytest
import simple_websocket
import socketio
from engineio.packet import MESSAGE
from engineio.socket import Socket
from gevent import socket as cooperative
from packaging.requirements import Requirement

import queue_server.web.edge.live as live
from queue_server.web.edge.live.frames import PATH, PlainWebSocket, _Rest
from queue_server.web.edge.live.message_queue import PromptRedis

ROOT = Path(__file__).parents[4]

HOOKS: dict[str, tuple[Callable[..., Any], tuple[str, ...], str]] = {
    "_send_eio_packet": (
        socketio.Server._send_eio_packet,
        ("self", "eio_sid", "eio_pkt"),
        "frames.install, send_at_once: by it every message leaves the server",
    ),
    "_handle_events": (
        simple_websocket.Server._handle_events,
        ("self",),
        "websockets.PulledWebSocket.receive: it tells whether the connection goes on",
    ),
    "handshake": (
        simple_websocket.Server.handshake,
        ("self",),
        "websockets.PulledWebSocket.handshake: it sends its answer by `sock.send`",
    ),
    "_handle_emit": (
        socketio.RedisManager._handle_emit,
        ("self", "message"),
        "message_queue.PromptRedis: another process's message is sent to the screens of this one",
    ),
    "_publish": (
        socketio.RedisManager._publish,
        ("self", "data"),
        "message_queue.PromptRedis: replaced, so that a lost Redis delays nobody",
    ),
    "_listen": (
        socketio.RedisManager._listen,
        ("self",),
        "message_queue.PromptRedis: replaced, so that it is back as soon as Redis is",
    ),
    "_redis_connect": (
        socketio.RedisManager._redis_connect,
        ("self",),
        "message_queue.PromptRedis._listen: it sets `pubsub`",
    ),
    "_get_redis_module": (
        socketio.RedisManager._get_redis_module,
        ("self",),
        "message_queue.PromptRedis._publish: it returns the module with `Redis`",
    ),
    "disconnect": (
        socketio.Manager.disconnect,
        ("self", "sid", "namespace", "kwargs"),
        "sockets.LiveNamespace.release_transport: `ignore_queue` keeps it to this process",
    ),
    "eio_sid_from_sid": (
        socketio.Manager.eio_sid_from_sid,
        ("self", "sid", "namespace"),
        "sockets.LiveNamespace._connect: which websocket a listener has",
    ),
    "is_connected": (
        socketio.Manager.is_connected,
        ("self", "sid", "namespace"),
        "sockets.LiveNamespace._close",
    ),
    "close": (
        Socket.close,
        ("self", "wait", "abort", "reason"),
        "frames.PlainWebSocket and callers.Callers: a connection is ended without waiting",
    ),
    "_websocket_handler": (
        Socket._websocket_handler,
        ("self", "ws"),
        "frames.PlainWebSocket: it is given in place of the library's websocket",
    ),
}
"""By name: what the library has, its parameters, and where the live channel relies on it."""

INSIDE = {
    "_async": "frames.install: the library's table of classes, `websocket` among them",
    "_sock": "frames.PlainWebSocket.send_now: the socket that never waits, below gevent's",
}
"""Private attributes that are no functions; a test below looks at each."""


def server() -> socketio.Server:
    return socketio.Server(async_mode="gevent", async_handlers=False)


@pytest.mark.parametrize("name", HOOKS)
def test_each_hook_has_the_parameters_it_is_used_with(name: str) -> None:
    found, parameters, where = HOOKS[name]
    assert tuple(inspect.signature(found).parameters) == parameters, f"look at {where}"


def test_every_private_name_of_a_library_is_looked_at_here() -> None:
    """What the modules of the live channel touch that begins with an underscore and is not
    theirs.
    """
    touched: set[str] = set()
    own: set[str] = set()
    for path in Path(live.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                own.add(node.name)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                own.add(node.target.id)
            elif isinstance(node, ast.Assign):
                own |= {each.id for each in node.targets if isinstance(each, ast.Name)}
            if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
                is_set = isinstance(node.ctx, ast.Store)
                (own if is_set and _is_self(node.value) else touched).add(node.attr)
    replaced = {name for name in own if name in HOOKS}
    libraries = {name for name in touched - own if not name.startswith("__")} | replaced
    known = HOOKS.keys() | INSIDE.keys()
    assert libraries <= known, f"add what is new: {sorted(libraries - known)}"
    private = {name for name in known if name.startswith("_")} - {"_websocket_handler"}
    assert private <= libraries, f"take out what is gone: {sorted(private - libraries)}"


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def test_a_websocket_is_made_by_the_class_of_the_table() -> None:
    """Look at `frames.install` and `PlainWebSocket.__init__` where this fails."""
    engine = server().eio
    made: list[tuple[Any, Any]] = []

    def accept(handler: Any, of: Any) -> Callable[..., list[bytes]]:
        made.append((handler, of))
        return lambda _environ, _start_response: [b"answered"]

    engine._async = {**engine._async, "websocket": accept}
    connection = Socket(engine, "one")
    assert connection._upgrade_websocket({}, None) == [b"answered"]
    (handler, of), *others = made
    assert (of, others) == (engine, [])
    assert handler.__self__ is connection, "PlainWebSocket.connection is the handler's own"
    assert connection.sid == "one"
    assert isinstance(engine.max_http_buffer_size, int)
    assert engine.sockets == {}, "the open connections by their id"


def test_a_message_for_many_leaves_by_one_way_as_the_very_same_text() -> None:
    """Look at `frames.send_at_once` and `PlainWebSocket._frame` where this fails."""
    of = server()
    sent: list[tuple[str, Any]] = []
    of._send_eio_packet = lambda connection_id, packet: sent.append((connection_id, packet))
    for each in ("one", "two"):
        sid = of.manager.connect(each, PATH)
        assert of.manager.eio_sid_from_sid(sid, PATH) == each
        of.manager.enter_room(sid, PATH, "board/3674")
    of.emit("board", {"version": 1}, to="board/3674", namespace=PATH)
    assert sorted(connection_id for connection_id, _packet in sent) == ["one", "two"]
    assert {packet.packet_type for _id, packet in sent} == {MESSAGE}
    first, second = (packet.encode() for _id, packet in sent)
    assert first == '42/live,["board",{"version":1}]'
    assert first is second, "a frame is made once for all who get the same message"


class Watched:
    """Has what `PlainWebSocket` offers to the library, and nothing else."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.closed = False

    def wait(self) -> None:
        gevent.sleep(0.01)

    def send(self, message: Any) -> None:
        self.sent.append(message)

    def close(self) -> None:
        self.closed = True


def test_the_writer_sends_the_rest_of_a_frame_as_it_stands_in_the_queue() -> None:
    """Look at `frames._Rest`, and at `Socket.poll`, which must take packets of any kind."""
    connection, ws, rest = Socket(server().eio, "one"), Watched(), _Rest(b"the rest")
    assert connection.queue.empty()
    connection.queue.put(rest)
    connection._websocket_handler(ws)
    assert ws.sent == [rest]
    assert ws.closed
    assert {"wait", "send", "close"} <= set(dir(PlainWebSocket))


def test_a_cooperative_socket_has_the_one_that_never_waits_below() -> None:
    """Look at `frames.PlainWebSocket.send_now` where this fails."""
    one, other = cooperative.socketpair()
    assert one._sock.send(b"now") == 3
    assert one._sock.gettimeout() == 0
    assert other.recv(3) == b"now"


def test_the_queue_between_processes_has_what_is_used_of_it() -> None:
    """Look at `message_queue.PromptRedis` where this fails. Redis is not asked."""
    manager = PromptRedis("redis://127.0.0.1:1/0", lambda _room, _snapshot: None)
    names = ("redis_url", "redis_options", "channel", "json", "host_id", "pubsub")
    assert [name for name in names if not hasattr(manager, name)] == []


@pytest.mark.parametrize("library", ["python-engineio", "python-socketio", "simple-websocket"])
def test_one_minor_version_is_admitted_and_installed(library: str) -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    wanted = map(Requirement, config["options.extras_require"]["server"].split("\n")[1:])
    (required,) = (each for each in wanted if each.name == library)
    installed = version(library)
    major, minor = map(int, installed.split(".")[:2])
    assert required.specifier.contains(installed), f"{installed} is not of {required}"
    assert not required.specifier.contains(f"{major}.{minor + 1}.0"), (
        f"{required} admits versions that the hooks were not tested with"
    )
