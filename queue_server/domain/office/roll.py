"""Numbers that are printed ahead and given out by hand when no machine works.

They have a letter that is no stream's, so they can meet neither the server's sequence nor a lease,
and a sheet stays good for every stream and for another day.
"""

from __future__ import annotations

from queue_server.domain.errors import BadInput

from .office import Office

ROLL_LAST = 999
_LETTERS = "RQVWYPTSNMLKJHGDBE"
"""In order of choice: R as in "roll"; none that is easily taken for a figure."""


def roll_letter(office: Office) -> str:
    """The letter of an office's numbers on paper: the first that is no stream's."""
    taken = {each.letter for each in office.streams}
    return next(each for each in _LETTERS if each not in taken)


def roll_number(office: Office, sequence: int) -> str:
    """The n-th number on paper: R001 ... R999. Raises `BadInput` (roll: range)."""
    if not 1 <= sequence <= ROLL_LAST:
        raise BadInput(field="roll", reason="range", low=1, high=ROLL_LAST)
    return f"{roll_letter(office)}{sequence:03d}"
