"""The random part of a new ticket, drawn outside the domain so that the domain stays repeatable."""

from __future__ import annotations

import secrets
import time

from queue_server.domain.visit.numbering import code_from_bits
from queue_server.domain.visit.step import Draw


def draw_chance() -> float:
    """A number in [0, 1) that nobody can foresee."""
    return secrets.randbelow(1 << 32) / (1 << 32)


def draw() -> Draw:
    """Draw an id (56 bits of time in microseconds, 72 random) and a 60-bit code."""
    return Draw(
        f"{time.time_ns() // 1_000:014x}{secrets.token_hex(9)}",
        code_from_bits(secrets.randbits(60)),
    )
