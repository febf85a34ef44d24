"""Numbers on paper meet no other number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import Office, Stream
from queue_server.domain.office.roll import roll_letter, roll_number
from queue_server.domain.visit.identity import mask_name

OFFICE = Office("3674", "Kantor", "Jalan 1", "021", "Asia/Jakarta", None)


def test_numbers_on_paper_have_a_letter_that_is_no_streams() -> None:
    assert [roll_number(OFFICE, each) for each in (1, 999)] == ["R001", "R999"]
    taken = replace(OFFICE, streams=tuple(Stream(each, {}) for each in "ARQ"))
    assert roll_letter(taken) == "V"


@pytest.mark.parametrize("sequence", [0, -1, 1000])
def test_there_are_999_of_them(sequence: int) -> None:
    with pytest.raises(BadInput):
        roll_number(OFFICE, sequence)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Siti Aminah", "Si*** Am***"),
        ("Ng", "N***"),
        ("I Gusti Ngurah", "I*** Gu*** Ng***"),
        ("", ""),
    ],
)
def test_a_masked_name_shows_how_each_word_begins(name: str, masked: str) -> None:
    assert mask_name(name) == masked
