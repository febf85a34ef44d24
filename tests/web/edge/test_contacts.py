"""Mail addresses as people type them: what is kept, and what is refused."""

from __future__ import annotations

import pytest

from queue_server.domain.errors import BadInput
from queue_server.web.edge.contacts import parse_email


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ani@kantor.go.id", "ani@kantor.go.id"),
        ("  ani.b+ktp@Kantor.GO.ID ", "ani.b+ktp@kantor.go.id"),
        ("o'neil@gmail.com", "o'neil@gmail.com"),
        ("siti@münchen.example.org", "siti@xn--mnchen-3ya.example.org"),
    ],
)
def test_an_address_is_kept_as_mail_servers_take_it(typed: str, kept: str) -> None:
    assert parse_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ani",
        "ani@kantor",
        "ani@@kantor.go.id",
        "ani@kantor..go.id",
        ".ani@kantor.go.id",
        "ani@-kantor.go.id",
        "ani@kantor.go.id\nBcc: budi@kantor.go.id",
        "ani@kantor.go.id, budi@kantor.go.id",
        "<ani@kantor.go.id>",
        "Ani <ani@kantor.go.id>",
        "àni@kantor.go.id",
        f"{'a' * 65}@kantor.go.id",
        "ani@[127.0.0.1]",
    ],
)
def test_what_no_mail_server_takes_is_refused(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_email(typed)
    assert refused.value.facts == {"field": "email", "reason": "format"}
