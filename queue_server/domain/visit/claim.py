"""What one visit takes of a day: how many persons, how many slots, and from which pool."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Pool(StrEnum):
    """Which share of the places a visit takes from."""

    ONLINE = "ONLINE"
    WALK_IN = "WALK_IN"
    URGENT = "URGENT"


@dataclass(frozen=True)
class Claim:
    """The places that one visit takes: `people` persons, 0 from home, and one visit of a stream, in
    `span` slots one after another.
    """

    starts_at: datetime
    span: int
    letter: str
    pool: Pool
    people: int
