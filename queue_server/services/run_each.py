"""Doing the same for each of many, so that one at which it fails keeps none of the others
waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def do_each(things: Iterable[T], step: Callable[[T], int]) -> int:
    """Take a step for each thing. Returns the sum of what the steps return.

    Raises an `ExceptionGroup` of everything that failed, once all steps have been tried.
    """
    done = 0
    failed: list[Exception] = []
    for thing in things:
        try:
            done += step(thing)
        except Exception as error:
            failed.append(error)
    if failed:
        raise ExceptionGroup("not all steps succeeded", failed)
    return done
