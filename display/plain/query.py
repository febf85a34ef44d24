"""The settings of a screen, as they stand in the address of its page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from queue_server.protocol.displays import LAYOUTS, SPOKEN, DisplayHall, DisplaySettings, QuietHours

LANGUAGES = ("id", "en")
MESSAGE_LETTERS_MAX = 200
SHOWN_LETTERS_MAX = 40
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_QUIET = re.compile(rf"({_TIME})-({_TIME})\Z")
_BARE = re.compile(r"^(?:loket|counter)\s+", re.IGNORECASE)

NAMES = frozenset(
    {
        "layout",
        "hall",
        "voice",
        "spoken",
        "also",
        "repeats",
        "volume",
        "quiet",
        "languages",
        "message",
        "message_en",
        "distance",
        "diagonal",
    }
)
"""What may stand in the address."""


class _Wrong(Exception):
    """A value that cannot be a setting."""


@dataclass(frozen=True)
class ReadSettings:
    """What an address asks for. `wrong` lists each `name=value` that is none, as it is shown; the
    usual setting stands in its place.
    """

    settings: DisplaySettings
    wrong: tuple[str, ...] = ()


def read_settings(
    query: Sequence[tuple[str, str]], counters: Sequence[str], version: str = ""
) -> ReadSettings:
    """The settings in an address. `counters` are the names of the office's counters, as calls give
    them. Without any, a screen is the main hall's and has no voice.
    """
    given: dict[str, list[str]] = {}
    wrong = []
    for name, value in query:
        if name in NAMES:
            given.setdefault(name, []).append(value)
        elif name != "lang":
            wrong.append(_show(name, value))
    values: dict[str, Any] = {"voice": False, "version": version}
    for name, read in _readers(counters).items():
        if name not in given:
            continue
        try:
            values.update(read(given[name]))
        except _Wrong:
            wrong += [_show(name, value) for value in given[name]]
    layout, halls = values.get("layout", "main"), values.get("halls", ())
    if _lacks_halls(layout, halls):
        wrong.append(_show("layout", layout))
        values["layout"] = "main"
    message = {"id": values.pop("message_id", ""), "en": values.pop("message_en", "")}
    values["message"] = {language: text for language, text in message.items() if text}
    return ReadSettings(DisplaySettings(**values), tuple(wrong))


def _lacks_halls(layout: str, halls: tuple[DisplayHall, ...]) -> bool:
    """Whether a layout is asked for that shows halls which nobody has named."""
    if layout == "halls":
        return len(halls) != 2
    if layout == "counter":
        return [len(each.counters) for each in halls] != [1]
    return len(halls) > 1


def _readers(counters: Sequence[str]) -> dict[str, Callable[[list[str]], dict[str, Any]]]:
    """By the name in the address: how its values become settings. Each raises `_Wrong`."""
    return {
        "layout": lambda given: {"layout": _one_of(given, LAYOUTS)},
        "hall": lambda given: {"halls": tuple(_hall(each, counters) for each in given)},
        "voice": lambda given: {"voice": _one_of(given, ("0", "1")) == "1"},
        "spoken": lambda given: {"spoken": _one_of(given, SPOKEN)},
        "also": lambda given: {"also_spoken": _code(given)},
        "repeats": lambda given: {"repeats": _number(given, 1, 3)},
        "volume": lambda given: {"volume": _number(given, 0, 100)},
        "quiet": lambda given: {"quiet": tuple(map(_quiet, given))},
        "languages": lambda given: {"languages": _languages(given)},
        "message": lambda given: {"message_id": _message(given)},
        "message_en": lambda given: {"message_en": _message(given)},
        "distance": lambda given: {"distance_m": _number(given, 2, 40)},
        "diagonal": lambda given: {"diagonal_inch": _number(given, 15, 120)},
    }


def _single(given: list[str]) -> str:
    if len(given) != 1:
        raise _Wrong
    return given[0]


def _one_of(given: list[str], known: Sequence[str]) -> str:
    value = _single(given)
    if value not in known:
        raise _Wrong
    return value


def _code(given: list[str]) -> str:
    value = _single(given)
    if not re.fullmatch(r"[a-z]{2,3}", value):
        raise _Wrong
    return value


def _number(given: list[str], least: int, most: int) -> int:
    value = _single(given)
    if not re.fullmatch(r"[0-9]{1,3}", value) or not least <= int(value) <= most:
        raise _Wrong
    return int(value)


def _quiet(value: str) -> QuietHours:
    match = _QUIET.match(value)
    if match is None or match[1] == match[2]:
        raise _Wrong
    return QuietHours(match[1], match[2])


def _languages(given: list[str]) -> tuple[str, ...]:
    languages = tuple(_single(given).split(","))
    if len(set(languages)) != len(languages) or not set(languages) <= set(LANGUAGES):
        raise _Wrong
    return languages


def _message(given: list[str]) -> str:
    value = " ".join(_single(given).split())
    if len(value) > MESSAGE_LETTERS_MAX:
        raise _Wrong
    return value


def _hall(value: str, counters: Sequence[str]) -> DisplayHall:
    """Counters between commas, each by its name or only by what follows "Loket": `1,2,3`."""
    known = {_bare(each): each for each in counters}
    wanted = [_bare(each) for each in value.split(",")]
    if not set(wanted) <= known.keys():
        raise _Wrong
    return DisplayHall(counters=tuple(dict.fromkeys(known[each] for each in wanted)))


def _bare(counter: str) -> str:
    return _BARE.sub("", counter.strip()).casefold()


def _show(name: str, value: str) -> str:
    """A wrong part of an address, as short as a screen has room for."""
    text = " ".join(f"{name}={value}".split())
    return text if len(text) <= SHOWN_LETTERS_MAX else f"{text[: SHOWN_LETTERS_MAX - 1]}…"
