"""What on a page is each visitor's own, such as the token of its forms. While a page is made for
everybody, a mark stands in the place of each; whenever the page is sent, each is made anew for whom
it is sent to.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, TypeVar

from flask import g

T = TypeVar("T")
Own = tuple[Callable[[], Any], Callable[[Any], str]]
"""How an own part is made, once for each answer, and how its text is read from that."""

Parts = tuple[bytes | Own, ...]
_MARK = re.compile(r"(own[0-9a-f]{24})")


def own(make: Callable[[], T], read: Callable[[T], str] = str) -> str:
    """A text for the page at hand: what `make` gives, or the mark in its place on a page that is
    made for everybody.

    `make` is called while a request is answered, so it must hold nothing of the one that it was
    named in. The text may have letters, digits, ".", "-" and "_": it is put in as it is.
    """
    marks: dict[str, Own] | None = g.get("own_marks")
    if marks is None:
        return read(make())
    mark = f"own{secrets.token_hex(12)}"
    marks[mark] = (make, read)
    return mark


def own_fields(make: Callable[[], T], *names: str) -> T:
    """A dataclass that `make` gives, of which the named fields are each visitor's own and the
    others are the same for all.
    """
    made: Any = make()
    if "own_marks" in g:
        made = replace(made, **{name: own(make, attrgetter(name)) for name in names})
    return made  # type: ignore[no-any-return]  # what `make` gives, with other texts


def begin_for_everybody() -> dict[str, Own]:
    """Let the page that is made in this context be for everybody. Returns where its marks are
    noted.
    """
    marks: dict[str, Own] = {}
    g.own_marks = marks
    return marks


def split(page: str, marks: dict[str, Own]) -> Parts:
    """A page in the pieces between its marks. What only looks like a mark was typed by somebody."""
    parts: list[bytes | Own] = []
    text = ""
    for piece in _MARK.split(page):
        part = marks.get(piece)
        if part is None:
            text += piece
        else:
            parts += [text.encode(), part]
            text = ""
    return (*parts, text.encode())


def join(parts: Sequence[bytes | Own]) -> bytes:
    """The page for whoever asks: what is made several times on it is made once."""
    made: dict[Callable[[], Any], Any] = {}
    pieces = []
    for part in parts:
        if isinstance(part, bytes):
            pieces.append(part)
            continue
        make, read = part
        if make not in made:
            made[make] = make()
        pieces.append(read(made[make]).encode())
    return b"".join(pieces)
