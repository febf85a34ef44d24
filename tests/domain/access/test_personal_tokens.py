"""What a personal token may be called, may do, and how long it lasts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.access.personal_tokens import (
    GOOD_MAX,
    LIVES_DAYS,
    NAME_LONGEST,
    TokenScope,
    admit_another,
    parse_life,
    parse_name,
    parse_scope,
)
from queue_server.domain.errors import BadInput, TooManyTokens


def test_a_name_is_one_line() -> None:
    assert parse_name("  figures \t of the  month ") == "figures of the month"


@pytest.mark.parametrize(
    ("text", "reason"),
    [(" ", "missing"), ("x" * (NAME_LONGEST + 1), "too_long"), ("a\x00b", "characters")],
)
def test_an_odd_name_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_name(text)
    assert refused.value.facts == {"field": "name", "reason": reason}


def test_no_token_lasts_longer_than_a_year() -> None:
    lives = [parse_life(str(each)) for each in LIVES_DAYS]
    assert max(lives) == timedelta(days=365)
    for text in ("", "366", "0", "-30", "030", "thirty"):
        with pytest.raises(BadInput):
            parse_life(text)


def test_a_scope_is_one_that_is_known() -> None:
    assert [parse_scope(each) for each in ("read", "role")] == list(TokenScope)
    for text in ("", "admin", "READ"):
        with pytest.raises(BadInput):
            parse_scope(text)


def test_nobody_has_more_than_so_many() -> None:
    admit_another(GOOD_MAX - 1)
    with pytest.raises(TooManyTokens):
        admit_another(GOOD_MAX)
