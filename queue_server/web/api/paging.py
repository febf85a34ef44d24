"""Long lists, a page at a time.

A cursor is the key of the last item given, so a page begins after it also when that item is gone or
others have come: nothing is given twice and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from queue_server.web.edge.bodies.base import PageQuery

Item = TypeVar("Item")


def cut_page(
    items: Iterable[Item], key: Callable[[Item], str], query: PageQuery
) -> tuple[list[Item], str | None]:
    """The page asked for of items in the order of their keys, and the cursor of the next one; None
    after the last.
    """
    rest = [each for each in items if query.cursor is None or key(each) > query.cursor]
    page = rest[: query.limit]
    return page, key(page[-1]) if len(rest) > len(page) else None
