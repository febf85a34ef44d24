"""Traps that were measured once and must never open again: the socket, the async mode, lazy
imports, the host filter.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import websocket

from queue_server.serving.server import open_listener
from tests.fixtures.application import HOME, House
from tests.fixtures.live_server import LiveServer


def run(program: str, *, path: Path | None = None) -> str:
    """What a fresh interpreter prints."""
    environ = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(
            [*([str(path)] if path else []), str(Path(__file__).parents[2])]
        ),
    }
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, env=environ, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_accepted_connections_send_at_once() -> None:
    listener = open_listener("127.0.0.1", 0)
    client = socket.create_connection(listener.getsockname())
    accepted, _address = listener.accept()
    assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    for each in (client, accepted, listener):
        each.close()


def test_a_port_is_shared_only_when_asked() -> None:
    first = open_listener("127.0.0.1", 0)
    with pytest.raises(OSError):
        open_listener("127.0.0.1", first.getsockname()[1])
    first.close()
    shared = open_listener("127.0.0.1", 0, share_port=True)
    second = open_listener("127.0.0.1", shared.getsockname()[1], share_port=True)
    shared.close()
    second.close()


def test_a_kept_connection_does_not_stall(live_server: LiveServer) -> None:
    """Where Nagle's algorithm waits for the peer's acknowledgement, every small answer on a kept
    connection takes 40 ms more, but the first of a connection, which is acknowledged at once.
    """
    address = urlsplit(live_server.url).netloc
    kept_connection = http.client.HTTPConnection(address, timeout=20)
    kept, first = [], []
    for _ in range(40):
        new_connection = http.client.HTTPConnection(address, timeout=20)
        first.append(time_answer(new_connection))
        new_connection.close()
        kept.append(time_answer(kept_connection))
    kept_connection.close()
    # The fastest of each: a stall would be in every single one, a busy machine is not.
    assert min(kept[1:]) < 2 * min(first), (kept, first)


def time_answer(connection: http.client.HTTPConnection) -> float:
    """The seconds until a small answer has been read."""
    started = time.perf_counter()
    connection.request("GET", f"/api/v1/offices/{HOME}")
    assert connection.getresponse().read()
    return time.perf_counter() - started


def test_the_async_mode_is_gevents_whatever_else_is_installed(
    tmp_path: Path, open_house: Callable[..., House]
) -> None:
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "eventlet.py").write_text("raise RuntimeError('eventlet was imported')\n")
    house = open_house()
    program = (
        "from pathlib import Path\nfrom queue_server.app import create_app\nfrom "
        "queue_server.settings import Settings\n"
        f"print(create_app(Settings(database_url={house.settings.database_url!r}, "
        f"secret_key_file=Path({str(tmp_path / 'secret.key')!r}), "
        f"nik_key_file=Path({str(tmp_path / 'nik.key')!r}))).socketio.async_mode)"
    )
    assert run(program, path=tmp_path / "fake") == "gevent"


def test_the_server_starts_without_the_printers_libraries() -> None:
    loaded = run(
        "import sys, queue_server.app, queue_server.serving.server; print(' '.join(sys.modules))"
    ).split()
    for heavy in ("reportlab", "escpos", "PIL", "babel", "eventlet", "kiosk", "display.agent"):
        assert heavy not in loaded, heavy


def test_the_command_starts_without_the_servers_libraries() -> None:
    loaded = run("import sys, queue_server.cli; print(' '.join(sys.modules))").split()
    for heavy in ("flask", "sqlalchemy", "gevent", "pydantic"):
        assert heavy not in loaded, heavy


def test_the_live_channel_does_not_pass_by_the_host_filter(live_server: LiveServer) -> None:
    address = live_server.url.replace("http://", "ws://") + "/socket.io/?EIO=4&transport=websocket"
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(
            address, timeout=20, host="rebound.example", suppress_origin=True
        )
    assert refused.value.status_code == 421


def test_a_page_that_is_left_says_no_last_words(live_server: LiveServer) -> None:
    """After a websocket the web server once took the client's last words for a request: three
    seconds, and a line of it in the log.
    """
    with live_server.screen() as screen:
        screen.watch("board", HOME)
        screen.client.disconnect()
    assert "unreadable_request" not in live_server.log and "HTTP" not in live_server.log


def test_what_cannot_be_read_is_not_logged(live_server: LiveServer) -> None:
    with socket.create_connection(
        ("127.0.0.1", urlsplit(live_server.url).port or 0), timeout=20
    ) as client:
        client.sendall(b"NIK 9101014507880042 0123456789AB\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 400")
    assert "9101014507880042" not in live_server.log and "unreadable_request" in live_server.log


def test_addresses_are_not_logged(live_server: LiveServer) -> None:
    code = live_server.walk_in()["code"]
    live_server.ask("GET", f"/tickets/{code}")
    assert code not in live_server.log
