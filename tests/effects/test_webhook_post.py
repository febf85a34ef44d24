"""Requests to an address that somebody has typed: to public machines only, within one time limit,
and over TLS only to whom the certificate names.
"""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from queue_server.effects.webhooks.post import ForbiddenAddress, post
from tests.effects.gateway import FakeGateway, open_gateway
from tests.effects.telling import LOOPBACK
from tests.fixtures.parts import find_program, need


@pytest.fixture
def receiver() -> Iterator[FakeGateway]:
    with open_gateway() as server:
        yield server


def test_an_endpoint_that_never_answers_is_left_after_the_time_limit() -> None:
    """It sends a byte now and then, each within the time-out of a read."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def drip() -> None:
            connection, _address = server.accept()
            with connection:
                while not done.wait(0.05):
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        try:
            with pytest.raises(Exception):  # noqa: B017  # how it ends differs by what came last
                post(url, {}, b"{}", timeout_seconds=0.3, allowed=LOOPBACK)
        finally:
            done.set()
            thread.join()


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/"])
def test_nothing_is_sent_to_the_servers_own_network(receiver: FakeGateway, url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        post(url.format(port=receiver.port), {}, b"{}", timeout_seconds=5)
    assert receiver.requests == []


def test_a_name_is_resolved_once_and_refused_if_any_of_its_addresses_is_private(
    receiver: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever owns a name can answer differently each time it is asked for."""
    answers = [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["10.0.0.1"]]

    def resolve(host: str, port: int, **_more: Any) -> list[Any]:
        return [(2, 1, 6, "", (each, port)) for each in answers.pop(0)]

    monkeypatch.setattr("queue_server.effects.webhooks.post.socket.getaddrinfo", resolve)
    # The rebinding name's second answer is not asked for: the connection goes to the first.
    asked: list[Any] = []
    monkeypatch.setattr(
        "queue_server.effects.webhooks.post.socket.create_connection",
        lambda address, timeout: asked.append(address) or _connect_to(receiver),
    )
    url = f"http://evil.example:{receiver.port}/"
    assert post(url, {"A": "b"}, b"{}", timeout_seconds=5, allowed=LOOPBACK) == 200
    assert asked == [("127.0.0.1", receiver.port)] and len(answers) == 2
    for _ in range(2):
        with pytest.raises(ForbiddenAddress):
            post(url, {}, b"{}", timeout_seconds=5, allowed=(ip_network("127.0.0.0/8"),))
    assert len(asked) == 1


def _connect_to(receiver: FakeGateway) -> socket.socket:
    plain = socket.socket()
    plain.settimeout(5)
    plain.connect(("127.0.0.1", receiver.port))
    return plain


def test_a_certificate_must_be_good_and_name_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = find_program("openssl")
    need("openssl", program, "install the package openssl")
    assert program
    key, certificate = tmp_path / "key.pem", tmp_path / "ca.pem"
    names = ["-subj", "/CN=program", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *names]
        + ["-days", "2", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
        timeout=60,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with open_gateway(context) as receiver:
        url = f"https://127.0.0.1:{receiver.port}/antrean"
        with pytest.raises(ssl.SSLCertVerificationError):
            post(url, {}, b"{}", timeout_seconds=5, allowed=LOOPBACK)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert post(url, {}, b"{}", timeout_seconds=5, allowed=LOOPBACK) == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            named = f"https://localhost:{receiver.port}/"
            post(named, {}, b"{}", timeout_seconds=5, allowed=(*LOOPBACK, ip_network("::1/128")))
        assert [(each.path, each.headers["Host"]) for each in receiver.requests] == [
            ("/antrean", f"127.0.0.1:{receiver.port}")
        ]
