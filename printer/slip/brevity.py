"""How a slip is shortened that would be longer than a hand: step by step, and what a visitor needs
most never.
"""

from __future__ import annotations

from dataclasses import dataclass

HEIGHT_MAX_MM = 160.0
"""No slip on 80 mm paper is longer, white edges included."""


@dataclass(frozen=True)
class Brevity:
    """What a slip leaves out. `name_max`, `list_max` and `line_max` are the most characters of a
    name, of what to bring and of the office's own lines; 0 leaves them out. `small` sets all but
    the number and the place in small type.
    """

    gaps: bool = True
    asides: bool = True
    logo: bool = True
    small: bool = False
    name_max: int = 120
    list_max: int = 500
    line_max: int = 200


STEPS = (
    Brevity(),
    Brevity(asides=False),
    Brevity(gaps=False, asides=False, list_max=300),
    Brevity(gaps=False, asides=False, small=True, list_max=300),
    Brevity(gaps=False, asides=False, small=True, list_max=200, line_max=90),
    Brevity(gaps=False, asides=False, small=True, logo=False, list_max=160, line_max=90),
    Brevity(
        gaps=False, asides=False, small=True, logo=False, name_max=90, list_max=120, line_max=0
    ),
    Brevity(gaps=False, asides=False, small=True, logo=False, name_max=60, list_max=80, line_max=0),
    Brevity(gaps=False, asides=False, small=True, logo=False, name_max=24, list_max=50, line_max=0),
)
"""From the whole slip to the shortest: what merely explains first, then white space, then the size
of the type, what the office adds, and at last the ends of long texts. Number, place, facts, code
and "free of charge" stay.
"""
