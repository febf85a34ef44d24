"""Where an agent may listen."""
from __future__ import annotations

import pytest

from queue_server.protocol.local_edge import read_listen


@pytest.mark.parametrize(("listen", "read"), [
    ("127.0.0.1:8020", ("127.0.0.1", 8020)), ("localhost:8020", ("127.0.0.1", 8020)), ("[::1]:8020", ("::1", 8020)),
])
def test_a_loopback_address_is_taken(listen: str, read: tuple[str, int]) -> None:
    assert read_listen(listen) == read


@pytest.mark.parametrize("listen", [
    "0.0.0.0:8020", "192.168.1.4:8020", "8020", "127.0.0.1", "127.0.0.1:http", "antrean.lan:8020", "[::]:1",
])
def test_anything_else_is_refused(listen: str) -> None:
    with pytest.raises(ValueError):
        read_listen(listen)
