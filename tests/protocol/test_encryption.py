"""Agents trust an office's own certificate authority where they are told to, and nothing
unencrypted beyond their own machine.
"""

from __future__ import annotations

import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
import socketio
from click.testing import CliRunner

from display.channel import Channel
from queue_server.cli import main
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.enrolment import make_private
from tests.fixtures.parts import find_program, need


class Door(BaseHTTPRequestHandler):
    """Says no to everything, and remembers what was asked."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path.partition("?")[0])
        body = b'{"code": "unauthorized", "status": 401}'
        self.send_response(401)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A certificate for 127.0.0.1 that signs itself, and so is its own authority."""
    program = find_program("openssl")
    need("openssl", program, "install the package openssl")
    assert program
    folder = tmp_path_factory.mktemp("authority")
    key, certificate = folder / "key.pem", folder / "ca.pem"
    command = [
        program,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=office",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
    ]
    subprocess.run(
        [*command, "-days", "2", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return SimpleNamespace(key=key, certificate=certificate)


@pytest.fixture
def url(authority: SimpleNamespace) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.certificate, authority.key)
    Door.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def watch(client: QueueClient) -> None:
    """Open the live channel as the TV does, once."""
    Channel(client, "9101", lambda board: None).open()


def test_a_server_is_known_by_the_offices_own_authority_over_both_ways(
    url: str, authority: SimpleNamespace
) -> None:
    client = QueueClient(url, "token", ca_file=str(authority.certificate))
    with pytest.raises(Refused):
        client.device_self()
    with pytest.raises(socketio.exceptions.ConnectionError):
        watch(client)
    assert Door.asked == ["/api/v1/devices/self", "/socket.io/"], (
        "the certificate was good, and the server answered"
    )


def test_without_it_nothing_is_said_to_such_a_server(url: str) -> None:
    client = QueueClient(url, "token", attempts=1)
    with pytest.raises(ServerUnreachable):
        client.device_self()
    with pytest.raises(socketio.exceptions.ConnectionError):
        watch(client)
    assert Door.asked == []


@pytest.mark.parametrize(
    "address", ["http://10.0.0.5:8000", "http://antrean.example", "http://[2001:db8::1]:8000"]
)
def test_plain_http_to_another_machine_is_refused_unless_it_is_allowed(address: str) -> None:
    with pytest.raises(ValueError, match="allow-plain-http"):
        QueueClient(address)
    assert QueueClient(address, allow_plain_http=True).server_url == address


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"]
)
def test_on_the_same_machine_it_is_not(address: str) -> None:
    assert QueueClient(address).server_url == address


@pytest.mark.parametrize("part", ["kiosk", "display", "printer"])
def test_each_agent_says_so_in_one_line(part: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for given, words in (
        (["http://10.0.0.5:8000"], "not encrypted"),
        (["https://10.0.0.5", "--ca", str(empty)], "holds no certificate"),
    ):
        command = [part, "--server", *given, "--state", str(tmp_path / part)]
        done = subprocess.run(
            [sys.executable, "-m", "queue_server", *command],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr, (
            done.stderr
        )
    assert (
        CliRunner()
        .invoke(main, [part, "--server", "x", "--state", "y", "--ca", "/no/such/file"])
        .exit_code
        == 2
    )


def test_an_agents_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o755)
    make_private(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
