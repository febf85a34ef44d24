"""Measures as people give them: checked against sense, and turned into whole centimetres without
being deceived by binary fractions.
"""

from __future__ import annotations

import math

from queue_server.domain.errors import BadInput


def down(value: float) -> int:
    """Floor, where 28.999999999999996 (0.29 m in cm) counts as 29."""
    return math.floor(round(value, 6))


def up(value: float) -> int:
    """Ceiling, where 110.00000000000001 (1.1 m in cm) counts as 110."""
    return math.ceil(round(value, 6))


def nearest_cm(metres: float) -> int:
    """A place measured with a tape, to the centimetre."""
    return round(metres * 100)


def admit_number(field: str, value: object, low: float, high: float) -> None:
    """Refuse what is no number (reason `type`), not a finite one (`number`), or outside the limits
    (`range`). Raises `BadInput`.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(field=field, reason="type")
    if isinstance(value, float) and not math.isfinite(value):
        raise BadInput(field=field, reason="number")
    if not low <= value <= high:
        raise BadInput(field=field, reason="range", low=low, high=high)


def admit_whole(field: str, value: object, low: int, high: int) -> None:
    """The same for a count. Raises `BadInput`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput(field=field, reason="type")
    admit_number(field, value, low, high)
