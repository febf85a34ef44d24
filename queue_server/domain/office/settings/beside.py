"""The parts of an office's settings that are kept beside it, with the plain values by which they
are named, compared and put back.

"message/CALL/id" are the words of a kind of message in one language, None for the standard ones;
"room/hall-1" is a zone of the room, "room/hall-1/length_m" one fact of it, "building" the limit of
the building; "display/<device>/volume" is one setting of a screen, "device/<device>/name" what a
device is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .parts import Difference, Parts

ROOM = ("room", "building")
"""The kinds of parts that describe the room."""

BESIDE = ("message", "display", "device", *ROOM)
"""All kinds of parts that are kept beside the office."""


def is_beside(path: str) -> bool:
    """Whether a part is kept beside the office."""
    return path.partition("/")[0] in BESIDE


def differ(before: Parts, after: Parts) -> Difference:
    """What is another value. Of a whole that is there before and after, its facts are compared."""
    differs: dict[str, tuple[Any, Any]] = {}
    for path in (*before, *(each for each in after if each not in before)):
        was, became = before.get(path), after.get(path)
        if was == became:
            continue
        if path.startswith("room/") and was is not None and became is not None:
            facts = {fact: (was.get(fact), became.get(fact)) for fact in (*was, *became)}
            differs |= {
                f"{path}/{fact}": pair for fact, pair in facts.items() if pair[0] != pair[1]
            }
        else:
            differs[path] = was, became
    return differs


def put_values(before: Parts, values: Parts) -> dict[str, Any]:
    """The parts with other values in them; a value may be that of one fact of a whole."""
    after = dict(before)
    for path, value in values.items():
        whole, _, fact = path.rpartition("/")
        if path not in after and isinstance(after.get(whole), Mapping):
            after[whole] = {**after[whole], fact: value}
        else:
            after[path] = value
    return {path: value for path, value in after.items() if value is not None}
