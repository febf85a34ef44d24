"""Requests end in time, over TLS as well, though a byte comes now and then."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from queue_server.effects.access.limited_session import TimeLimit
from tests.fixtures.parts import find_program, need

BYTES = 400
"""At 50 a second, far longer than the limit: without it the answer would be whole."""


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    program = find_program("openssl")
    need("openssl", program, "install the package openssl")
    assert program
    names = ["-subj", "/CN=program", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "ca.pem")]
    subprocess.run(
        [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *names, "-days", "2", *files],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return tmp_path / "ca.pem"


def serve(listening: socket.socket, tls: ssl.SSLContext | None, over: threading.Event) -> None:
    plain, _address = listening.accept()
    try:
        with tls.wrap_socket(plain, server_side=True) if tls else plain as connection:
            connection.recv(4_000)
            connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {BYTES}\r\n\r\n".encode())
            for _ in range(BYTES):
                over.wait(0.02)
                connection.sendall(b"x")
    except OSError:
        pass  # whoever asked has hung up


@pytest.fixture
def over() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize("is_tls", [False, True])
def test_an_answer_that_drips_is_hung_up(
    certificate: Path, over: threading.Event, is_tls: bool
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, certificate.with_name("key.pem"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(
            target=serve, args=(listening, tls if is_tls else None, over), daemon=True
        )
        thread.start()
        url = f"http{'s' if is_tls else ''}://127.0.0.1:{listening.getsockname()[1]}/"
        with TimeLimit(0.5) as limit, requests.Session() as session:
            limit.put_on(session)
            session.verify = str(certificate)
            with pytest.raises(requests.RequestException):
                session.get(url)
            with pytest.raises(requests.Timeout):
                session.get(url)
        thread.join()


def test_within_the_limit_nothing_is_cut_short(over: threading.Event) -> None:
    over.set()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening, None, over), daemon=True)
        thread.start()
        with TimeLimit(30) as limit, requests.Session() as session:
            limit.put_on(session)
            answer = session.get(f"http://127.0.0.1:{listening.getsockname()[1]}/")
            assert answer.text == "x" * BYTES
        thread.join()
