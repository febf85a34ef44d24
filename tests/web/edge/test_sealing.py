"""Text that is kept sealed: only its key opens it, and nobody changes it unseen."""

from __future__ import annotations

import pytest

from queue_server.web.edge.forms.sealing import seal, unseal

KEY, OTHER = b"k" * 32, b"o" * 32
TEXTS = ["", "Siti", "3674004112900001", "ك 名 😀", "x" * 5_000]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_only_its_own_key_opens_a_text(text: str) -> None:
    sealed = seal(KEY, text)
    assert unseal(KEY, sealed) == text and unseal(OTHER, sealed) is None
    assert seal(KEY, text) != sealed, "nobody sees that two texts are the same"
    assert not text or text not in sealed


def test_a_text_that_was_changed_does_not_open() -> None:
    sealed = seal(KEY, "3674004112900001")
    for place in range(0, len(sealed) - 4, 3):
        other = "A" if sealed[place] != "A" else "B"
        assert unseal(KEY, sealed[:place] + other + sealed[place + 1 :]) is None
    for broken in ("", "AAAA", "not base64!", "ü", sealed[:-4], sealed + "AAAA"):
        assert unseal(KEY, broken) is None
