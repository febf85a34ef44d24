"""What was made once and is given to everybody who asks for the same, for as long as it holds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class _Made(Generic[T]):
    """A value, of which version it is, how much room it takes, and the number of its making."""

    value: T
    version: object
    size: int
    making: int


class Kept(Generic[T]):
    """Values by key, each kept until its version is another or the room is needed.

    Of many who ask for the same at once, one makes it and the others wait for that. `room` bounds
    the sum of all sizes (`size_of`, one for each value if not given): what was asked for longest
    ago goes first. A value larger than that is made and not kept.
    """

    def __init__(self, room: int, size_of: Callable[[T], int] = lambda _value: 1) -> None:
        self._room, self._size_of = room, size_of
        self._made: OrderedDict[Hashable, _Made[T]] = OrderedDict()
        self._locks: dict[Hashable, Lock] = {}
        self._used = self._begun = 0

    @property
    def used(self) -> int:
        """The sum of the sizes of what is kept."""
        return self._used

    def peek(self, key: Hashable) -> T | None:
        """What is kept, of whatever version."""
        made = self._made.get(key)
        return None if made is None else made.value

    def get(self, key: Hashable, version: object, make: Callable[[], T]) -> T:
        """The value of a key in this version or a later one; what `make` raises is kept for nobody.

        `version` is read before the value is made, so a value is at times newer than its version
        says, and never older. What was begun after somebody asked is new enough for them.
        """
        made = self._made.get(key)
        if made is not None and made.version == version:
            self._made.move_to_end(key)
            return made.value
        begun_before = self._begun
        lock = self._locks.setdefault(key, Lock())
        with lock:
            try:
                made = self._made.get(key)
                if made is not None and (made.version == version or made.making > begun_before):
                    return made.value
                self._begun += 1
                making, value = self._begun, make()
                self._keep(key, _Made(value, version, self._size_of(value), making))
                return value
            finally:
                if self._locks.get(key) is lock:
                    del self._locks[key]

    def _keep(self, key: Hashable, made: _Made[T]) -> None:
        self._drop(key)
        if made.size > self._room:
            return
        self._made[key] = made
        self._used += made.size
        while self._used > self._room:
            self._drop(next(iter(self._made)))

    def _drop(self, key: Hashable) -> None:
        made = self._made.pop(key, None)
        if made is not None:
            self._used -= made.size
