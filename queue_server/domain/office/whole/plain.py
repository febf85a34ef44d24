"""A value of a file with its path: read as what it must be, or refused by that path."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import TypeVar

from queue_server.domain.errors import BadInput

Choice = TypeVar("Choice", bound=StrEnum)
T = TypeVar("T")

TEXT_LENGTH, ITEMS_MOST = 6_000, 2_000


@dataclass(frozen=True)
class Plain:
    """One value and where it stands, such as "services[2].minutes". All methods raise `BadInput`:
    `field` is the path, `reason` one of type, missing, unknown, length, count, format.
    """

    value: object
    path: str = ""

    def refuse(self, reason: str, **facts: object) -> BadInput:
        """Why this value cannot be."""
        return BadInput(field=self.path or "file", reason=reason, **facts)

    def of_kind(self, kind: str, version: int) -> Plain:
        """The same, if it is a file of this kind and version."""
        head = self.entries()
        if head.get("antrean", Plain(None)).value != kind:
            raise Plain(None, "antrean").refuse("kind", wanted=kind)
        version_given = head.get("version", Plain(None)).value
        if version_given != version or isinstance(version_given, bool):
            raise Plain(None, "version").refuse(
                "version", wanted=version, value=str(version_given)[:20]
            )
        return self

    def fields(self, needed: Collection[str], optional: Collection[str] = ()) -> dict[str, Plain]:
        """The fields of an object; those left out, or empty, are not in the answer."""
        if not isinstance(self.value, Mapping):
            raise self.refuse("type", wanted="object")
        for name in self.value:
            if name not in needed and name not in optional:
                raise Plain(None, self._below(str(name)[:60])).refuse("unknown_field")
        given = {
            str(name): Plain(value, self._below(str(name)))
            for name, value in self.value.items()
            if value is not None
        }
        for name in needed:
            if name not in given:
                raise Plain(None, self._below(name)).refuse("missing")
        return given

    def entries(self) -> dict[str, Plain]:
        """The entries of an object whose names are free."""
        if not isinstance(self.value, Mapping):
            raise self.refuse("type", wanted="object")
        if len(self.value) > ITEMS_MOST:
            raise self.refuse("count", high=ITEMS_MOST)
        return {str(name): Plain(each, self._below(str(name))) for name, each in self.value.items()}

    def _below(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def items(self, read: Callable[[Plain], T]) -> tuple[T, ...]:
        """The items of a list, each read."""
        if not isinstance(self.value, list | tuple):
            raise self.refuse("type", wanted="list")
        if len(self.value) > ITEMS_MOST:
            raise self.refuse("count", high=ITEMS_MOST)
        return tuple(
            read(Plain(each, f"{self.path}[{index}]")) for index, each in enumerate(self.value)
        )

    def text(self) -> str:
        """A text; a whole number, as codes and names of counters may be, counts as one."""
        value = self.value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            raise self.refuse("type", wanted="text")
        if len(value) > TEXT_LENGTH:
            raise self.refuse("length", high=TEXT_LENGTH)
        return value

    def words(self) -> dict[str, str]:
        """A text by language code."""
        return {language: each.text() for language, each in self.entries().items()}

    def whole(self) -> int:
        """A whole number."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.refuse("type", wanted="whole")
        return self.value

    def flag(self) -> bool:
        """Yes or no."""
        if not isinstance(self.value, bool):
            raise self.refuse("type", wanted="true or false")
        return self.value

    def number(self) -> float:
        """A number."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            raise self.refuse("type", wanted="number")
        return float(self.value)

    def choice(self, kind: type[Choice]) -> Choice:
        """One of several values."""
        for each in kind:
            if each.value == self.value:
                return each
        raise self.refuse("choice", wanted=", ".join(each.value for each in kind))

    def clock(self) -> time:
        """A time of day, such as "08:00"."""
        return self._parsed(time.fromisoformat, "time")

    def day(self) -> date:
        """A date, such as "2026-12-25"."""
        return self._parsed(date.fromisoformat, "date")

    def _parsed(self, parse: Callable[[str], T], wanted: str) -> T:
        try:
            return parse(self.text())
        except ValueError:
            raise self.refuse("type", wanted=wanted) from None
