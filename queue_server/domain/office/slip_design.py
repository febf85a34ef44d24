"""What an office adds to its printed slips: lines of its own above and below, and a logo."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from queue_server.domain.errors import BadInput

LINES_MAX = 160
"""Characters of the header or the footer in one language: with more a slip would grow too long."""

LOGO_WIDTH_MAX_PX, LOGO_HEIGHT_MAX_PX = 384, 160
"""Dots: the whole width of 58 mm paper, and 20 mm of height."""


UPLOAD_BYTES_MAX = 48_000
"""Of the file that a logo is made from."""


@dataclass(frozen=True)
class SlipDesign:
    """What stands on all slips of an office. `header` and `footer` are texts by language code,
    `logo` is the id of its black and white picture, empty without one.
    """

    header: Mapping[str, str] = field(default_factory=dict)
    footer: Mapping[str, str] = field(default_factory=dict)
    logo: str = ""


@dataclass(frozen=True)
class NewLogo:
    """The picture that takes the place of the present one: a black and white PNG; None for none."""

    picture: bytes | None


def name_logo(picture: bytes | None) -> str:
    """The id of a picture, the same for the same one; empty for none."""
    return "" if picture is None else hashlib.sha256(picture).hexdigest()[:16]


def admit_design(design: SlipDesign) -> None:
    """Refuse lines that are too long. Raises `BadInput` with the `field`, such as "header_id"."""
    for name, words in (("header", design.header), ("footer", design.footer)):
        for language, text in words.items():
            if len(text) > LINES_MAX:
                raise BadInput(field=f"{name}_{language}", reason="length", high=LINES_MAX)


def find_changes(before: SlipDesign, after: SlipDesign) -> dict[str, list[Any]]:
    """What differs, by field, each from the old value to the new one."""
    old, new = write_design(before), write_design(after)
    return {name: [old[name], new[name]] for name in old if old[name] != new[name]}


def write_design(design: SlipDesign) -> dict[str, Any]:
    """A design as JSON keeps it."""
    return {"header": dict(design.header), "footer": dict(design.footer), "logo": design.logo}


def read_design(stored: Mapping[str, Any]) -> SlipDesign:
    """The design that `write_design` wrote; what is missing is empty."""
    return SlipDesign(
        stored.get("header", {}), stored.get("footer", {}), str(stored.get("logo", ""))
    )
