"""Tokens that members of staff make for their own programs: how long they last, how many there may
be at once.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from queue_server.domain.errors import BadInput, TooManyTokens

LIVES_DAYS = (30, 90, 365)
"""How many days a token may last."""

GOOD_MAX = 10
"""How many good ones somebody may have at once."""

NAME_LONGEST = 80

USED_STEP = timedelta(minutes=1)
"""A token's last use is noted at most this often, so that reading does not write each time."""


class TokenScope(StrEnum):
    """What a personal token may do of all that its person may."""

    READ = "read"
    ROLE = "role"


def parse_name(text: str) -> str:
    """What a token is for, in one line. Raises `BadInput` (field `name`; reason missing, too_long,
    characters).
    """
    name = " ".join(text.split())
    if not name:
        raise BadInput(field="name", reason="missing")
    if len(name) > NAME_LONGEST:
        raise BadInput(field="name", reason="too_long")
    if not name.isprintable():
        raise BadInput(field="name", reason="characters")
    return name


def parse_scope(text: str) -> TokenScope:
    """A scope by its code. Raises `BadInput` (field `scope`; reason choice)."""
    try:
        return TokenScope(text)
    except ValueError:
        raise BadInput(field="scope", reason="choice") from None


def parse_life(text: str) -> timedelta:
    """How long a token lasts, of the days on offer. Raises `BadInput` (field `days`; reason
    choice).
    """
    days = next((each for each in LIVES_DAYS if str(each) == text), None)
    if days is None:
        raise BadInput(field="days", reason="choice")
    return timedelta(days=days)


def admit_another(good: int) -> None:
    """Refuse one more token to who has as many good ones as may be. Raises `TooManyTokens`."""
    if good >= GOOD_MAX:
        raise TooManyTokens(limit=GOOD_MAX)
