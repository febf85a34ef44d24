"""A managers' form as typed, field by field, and the kinds of values in it."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import FormLine

Typed = dict[str, str]
"""A form as typed, field by field."""

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?::00)?\Z")
LONGEST_NAME, LONGEST_NOTICE = 80, 500


def _read_clock(text: str) -> time:
    clock = _CLOCK.match(text.strip())
    if clock is None:
        raise ValueError("a time of day such as 08.00")
    return time(int(clock[1]), int(clock[2]))


FormClock = Annotated[time, BeforeValidator(_read_clock)]
"""A time of day as a browser or a person writes it."""

Name = Annotated[FormLine, StringConstraints(max_length=LONGEST_NAME)]
Notice = Annotated[FormLine, StringConstraints(max_length=LONGEST_NOTICE)]


class ManagersForm(BaseModel):
    """A form of a managers' page that carries more, or in other pieces, than a body of the API."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


def of_the_whole(errors: Errors) -> Errors:
    """The same sentences without their fields, for a page that has none of these."""
    return {"": " ".join(errors.values())} if errors else {}


def one_line(typed: Typed, name: str) -> str:
    """A text as typed, its white space as single blanks."""
    return " ".join(typed.get(name, "").split())


def filled_in(typed: Typed, *names: str) -> dict[str, str]:
    """Those of the fields that hold more than white space, without any around it."""
    return {name: typed[name].strip() for name in names if typed.get(name, "").strip()}


def read_count(text: str) -> int | None:
    """A whole number from 0 on, or None for what is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def read_percent(text: str) -> float | None:
    """A share in percent as a fraction of 1, to a tenth of a percent, or None for what is none."""
    share = re.match(r"([0-9]{1,3}(?:[.,][0-9])?)\s*%?\Z", text.strip())
    percent = float(share[1].replace(",", ".")) if share else None
    return round(percent / 100, 3) if percent is not None and percent <= 100 else None
