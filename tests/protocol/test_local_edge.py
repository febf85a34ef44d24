"""Where an agent may listen, and by which names it is asked."""

from __future__ import annotations

from typing import Any

import pytest

from queue_server.protocol.local_edge import LocalEdge, open_listener, read_listen


@pytest.mark.parametrize(
    ("listen", "read"),
    [
        ("127.0.0.1:8020", ("127.0.0.1", 8020)),
        ("localhost:8020", ("127.0.0.1", 8020)),
        ("[::1]:8020", ("::1", 8020)),
    ],
)
def test_a_loopback_address_is_taken(listen: str, read: tuple[str, int]) -> None:
    assert read_listen(listen) == read


@pytest.mark.parametrize(
    "listen",
    [
        "0.0.0.0:8020",
        "192.168.1.4:8020",
        "8020",
        "127.0.0.1",
        "127.0.0.1:http",
        "antrean.lan:8020",
        "[::]:1",
    ],
)
def test_anything_else_is_refused(listen: str) -> None:
    with pytest.raises(ValueError):
        read_listen(listen)


def test_a_port_that_is_taken_is_named_with_the_way_out() -> None:
    with (
        open_listener("127.0.0.1", 0) as first,
        pytest.raises(ValueError, match="Address already in use.*--listen"),
    ):
        open_listener("127.0.0.1", first.getsockname()[1])


@pytest.mark.parametrize(
    ("port", "host", "status"),
    [
        (80, "127.0.0.1", "200 OK"),
        (80, "evil.example", "421 Misdirected Request"),
        (8010, "127.0.0.1", "421 Misdirected Request"),
    ],
)
def test_a_browser_leaves_out_the_port_only_where_it_is_the_usual_one(
    port: int, host: str, status: str
) -> None:
    answered: list[str] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return []

    LocalEdge(application, port)(
        {"HTTP_HOST": host, "REQUEST_METHOD": "GET"}, lambda found, *_: answered.append(found)
    )
    assert answered == [status]
