"""The bytes on the websocket: frames any client reads, no compression, nothing cut off."""

from __future__ import annotations

import socket

import gevent
import pytest
import websocket
from engineio.packet import MESSAGE, Packet
from gevent import socket as cooperative
from gevent.queue import JoinableQueue
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage

from queue_server.web.edge.live.frames import PlainWebSocket, frame_text, send_at_once
from tests.fixtures.live_server import LiveServer


def read(frame: bytes) -> str:
    """What an independent implementation of the client's side makes of it."""
    client = Connection(ConnectionType.CLIENT)
    client.receive_data(frame)
    texts = [event for event in client.events() if isinstance(event, TextMessage)]
    assert texts[-1].message_finished
    return "".join(each.data for each in texts)


@given(st.text())
def test_any_text_is_read_back(text: str) -> None:
    assert read(frame_text(text)) == text


@pytest.mark.parametrize("size", [0, 125, 126, 127, 65_535, 65_536, 200_000])
def test_every_form_of_the_length_is_right(size: int) -> None:
    assert read(frame_text("x" * size)) == "x" * size


class Peer:
    """A connected websocket as the library hands it over, on a real pair of sockets with small
    buffers.
    """

    connected = True

    def __init__(self) -> None:
        mine, self.other = socket.socketpair()
        mine.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.sock = cooperative.socket(fileno=mine.detach())


def plain(peer: Peer) -> PlainWebSocket:
    found = PlainWebSocket.__new__(PlainWebSocket)
    found.ws = peer
    return found


def test_a_slow_screen_gets_the_whole_message() -> None:
    """Much more than the socket's buffer, read in small pieces while the sender waits."""
    peer, text = Peer(), "x" * 1_000_000
    sender = gevent.spawn(plain(peer).send, text)
    gevent.sleep(0)
    received = b""
    peer.other.setblocking(False)
    while len(received) < len(frame_text(text)):
        try:
            received += peer.other.recv(50_000)
        except BlockingIOError:
            gevent.sleep(0)
    sender.get(timeout=10)
    assert read(received) == text


def test_the_same_message_is_framed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    framed: list[str] = []
    monkeypatch.setattr(
        "queue_server.web.edge.live.frames.frame_text",
        lambda text: framed.append(text) or frame_text(text),
    )
    message = f"the snapshot of the board, made at run time {len(framed)}"
    for _ in range(3):
        peer = Peer()
        plain(peer).send(message)
        assert read(peer.other.recv(65_536)) == message
    plain(Peer()).send(message + ", newer")
    assert framed == [message, message + ", newer"]


class Screen:
    """One screen's connection: its queue, and the writer that empties it, as in the library."""

    def __init__(self, peer: Peer) -> None:
        self.queue: JoinableQueue = JoinableQueue()
        self.plain = plain(peer)

    def write(self) -> None:
        while True:
            self.plain.send(self.queue.get().encode())


@pytest.mark.parametrize("sizes", [(10, 20), (1_000_000, 10, 300_000), (100,) * 2_000])
def test_nothing_is_lost_or_overtaken_on_a_screen_of_any_speed(sizes: tuple[int, ...]) -> None:
    """Messages sent at once, the rest of one that did not fit, and those that had to wait come out
    in order and whole.
    """
    peer = Peer()
    screen = Screen(peer)
    writer = gevent.spawn(screen.write)
    send = send_at_once({"one": screen}, lambda _id, packet: screen.queue.put(packet))
    texts = [f"{place:06d}".ljust(size, "x") for place, size in enumerate(sizes)]
    expected = b"".join(frame_text("4" + text) for text in texts)
    received = b""
    peer.other.setblocking(False)
    for place, text in enumerate(texts):
        send("one", Packet(MESSAGE, text))
        if place % 3 == 0:
            gevent.sleep(0)
    while len(received) < len(expected):
        try:
            received += peer.other.recv(50_000)
        except BlockingIOError:
            gevent.sleep(0)
    writer.kill()
    assert received == expected


def test_a_free_screen_is_sent_to_without_waking_its_writer() -> None:
    peer = Peer()
    screen = Screen(peer)
    send_at_once({"one": screen}, lambda _id, _packet: pytest.fail("queued"))(
        "one", Packet(MESSAGE, "now")
    )
    assert read(peer.other.recv(100)) == "4now"
    assert screen.queue.empty()


@pytest.mark.parametrize("why", ["writing", "waiting", "closed", "unknown"])
def test_a_screen_that_is_not_free_gets_it_through_its_queue(why: str) -> None:
    peer = Peer()
    screen = Screen(peer)
    screen.plain._writing = why == "writing"
    peer.connected = why != "closed"
    if why == "waiting":
        screen.queue.put("earlier")
    queued: list[str] = []
    known = {} if why == "unknown" else {"one": screen}
    send_at_once(known, lambda id, _packet: queued.append(id))("one", Packet(MESSAGE, "later"))
    assert queued == ["one"]


def test_a_closed_connection_says_so() -> None:
    peer = Peer()
    peer.connected = False
    with pytest.raises(OSError, match="closed"):
        plain(peer).send("late")


def test_compression_is_not_agreed_to(live_server: LiveServer) -> None:
    """What every browser offers; each that were agreed to would cost some 300 KB."""
    connection = websocket.create_connection(
        f"{live_server.url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket",
        timeout=10,
        header=["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"],
    )
    assert "sec-websocket-extensions" not in {
        name.lower() for name in connection.getheaders() or {}
    }
    assert str(connection.recv()).startswith("0{")
    connection.close()
