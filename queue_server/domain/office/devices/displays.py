"""What managers set for a screen: what it shows and what it says aloud, that at most one screen in
a zone speaks, and how far its numbers can be read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from queue_server.domain.errors import BadInput

LAYOUTS = ("main", "halls", "counter", "entry")
SPOKEN = ("visitor", "both")
LANGUAGES = ("id", "en")

NAME_MAX, MESSAGE_MAX = 40, 200
"""Characters: of a zone or a hall, and of a screen's own line in one language."""

REPEATS, VOLUME, DISTANCE_M, DIAGONAL_INCH = (1, 3), (0, 100), (2, 40), (15, 120)
"""The lowest and the highest that a setting may be."""

QUIET_MAX = 6
COUNTERS_MAX = 100

MM_PER_M = 5.0
"""Millimetres of a capital letter's height for each metre of distance: smaller is not legible."""

HEIGHT_MM_PER_INCH = 12.45
"""Of a screen of 16:9, for each inch of its diagonal."""

CALL_SHARE, RECENT_SHARE, RECENT_SHARE_MOST = 0.20, 0.06, 0.12
"""Of the screen's height: what the capitals of the number called have at least, and those of the
calls before it, which grow with the distance of the last row up to a most.
"""

_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]\Z")


@dataclass(frozen=True)
class Quiet:
    """A stretch of each day without sound, as `12:00`. One that ends before it starts runs over
    midnight.
    """

    starts: str
    ends: str


@dataclass(frozen=True)
class Hall:
    """Some counters, by id, that a screen shows together. `name` is the heading by language."""

    name: Mapping[str, str] = field(default_factory=dict)
    counters: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScreenSettings:
    """The settings of one screen, as `protocol.displays.DisplaySettings` explains them, with the
    counters by id. A screen that nobody has set says nothing aloud.
    """

    layout: str = "main"
    zone: str = ""
    halls: tuple[Hall, ...] = ()
    languages: tuple[str, ...] = LANGUAGES
    voice: bool = False
    spoken: str = "visitor"
    also_spoken: str = ""
    repeats: int = 1
    volume: int = 80
    quiet: tuple[Quiet, ...] = ()
    message: Mapping[str, str] = field(default_factory=dict)
    media: bool = False
    distance_m: int = 8
    diagonal_inch: int = 43


def admit_settings(settings: ScreenSettings, counters: Collection[str]) -> None:
    """Refuse what a screen cannot show. `counters` are those of its office.

    Raises `BadInput` with the `field`, such as "message_id" or "hall_2", and the `reason`.
    """
    _admit_choice("layout", settings.layout, LAYOUTS)
    _admit_choice("spoken", settings.spoken, SPOKEN)
    if settings.also_spoken and not _LANGUAGE_CODE.fullmatch(settings.also_spoken):
        raise BadInput(field="also_spoken", reason="language")
    for name, value, (low, high) in (
        ("repeats", settings.repeats, REPEATS),
        ("volume", settings.volume, VOLUME),
        ("distance_m", settings.distance_m, DISTANCE_M),
        ("diagonal_inch", settings.diagonal_inch, DIAGONAL_INCH),
    ):
        if not low <= value <= high:
            raise BadInput(field=name, reason="range", low=low, high=high)
    _admit_length("zone", settings.zone, NAME_MAX)
    _admit_words("message", settings.message, MESSAGE_MAX)
    languages = settings.languages
    if not languages or len(set(languages)) < len(languages) or not set(languages) <= {*LANGUAGES}:
        raise BadInput(field="languages", reason="choice")
    if len(settings.quiet) > QUIET_MAX:
        raise BadInput(field="quiet", reason="count", high=QUIET_MAX)
    for number, each in enumerate(settings.quiet, 1):
        if not (_CLOCK.match(each.starts) and _CLOCK.match(each.ends)):
            raise BadInput(field=f"quiet_{number}", reason="time")
        if each.starts == each.ends:
            raise BadInput(field=f"quiet_{number}", reason="empty")
    _admit_halls(settings, counters)


def _admit_halls(settings: ScreenSettings, counters: Collection[str]) -> None:
    halls, seen = settings.halls, set[str]()
    if len(halls) > 2:
        raise BadInput(field="halls", reason="count", high=2)
    for number, hall in enumerate(halls, 1):
        _admit_words(f"hall_{number}_name", hall.name, NAME_MAX)
        if len(hall.counters) > COUNTERS_MAX or not set(hall.counters) <= set(counters):
            raise BadInput(field=f"hall_{number}", reason="counter")
        if len(set(hall.counters)) < len(hall.counters) or seen & set(hall.counters):
            raise BadInput(field=f"hall_{number}", reason="twice")
        seen |= set(hall.counters)
    if settings.layout == "halls":
        for number in (1, 2):
            if len(halls) < number or not halls[number - 1].counters:
                raise BadInput(field=f"hall_{number}", reason="missing")
    elif len(halls) > 1:
        raise BadInput(field="hall_2", reason="layout")
    if settings.layout == "counter" and [len(each.counters) for each in halls] != [1]:
        raise BadInput(field="hall_1", reason="one")


def _admit_choice(name: str, value: str, choices: Collection[str]) -> None:
    if value not in choices:
        raise BadInput(field=name, reason="choice")


def _admit_length(name: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise BadInput(field=name, reason="length", high=longest)


def _admit_words(name: str, words: Mapping[str, str], longest: int) -> None:
    if not set(words) <= set(LANGUAGES):
        raise BadInput(field=name, reason="language")
    for language, text in words.items():
        _admit_length(f"{name}_{language}", text, longest)


def spell_zone(typed: str, known: Iterable[str]) -> str:
    """A zone without needless white space, spelled as it is where it is `known` already: "Lantai 1"
    and "lantai  1" are one place.
    """
    zone = " ".join(typed.split())
    return next((each for each in known if each.casefold() == zone.casefold()), zone)


def silence_others(
    screen: str, settings: ScreenSettings, others: Mapping[str, ScreenSettings]
) -> dict[str, ScreenSettings]:
    """The screens of an office, by id, that may speak no longer once `screen` has these settings,
    each with its settings from then on: in a zone at most one speaks.
    """
    if not settings.voice:
        return {}
    return {
        id: replace(each, voice=False)
        for id, each in others.items()
        if id != screen and each.voice and each.zone == settings.zone
    }


def first_settings(others: Iterable[ScreenSettings]) -> ScreenSettings:
    """The settings of a new screen: it speaks if no other screen of its zone does."""
    new = ScreenSettings()
    return replace(new, voice=not any(each.voice and each.zone == new.zone for each in others))


def legible_to_m(diagonal_inch: float, share: float = CALL_SHARE) -> int:
    """From how many metres capitals can be read that have a `share` of the height of a screen."""
    return int(share * HEIGHT_MM_PER_INCH * diagonal_inch / MM_PER_M)


def recent_legible_to_m(diagonal_inch: float, distance_m: float) -> int:
    """From how many metres the calls before the newest can be read on a screen whose last row
    stands `distance_m` away.
    """
    least = legible_to_m(diagonal_inch, RECENT_SHARE)
    return min(max(least, int(distance_m)), legible_to_m(diagonal_inch, RECENT_SHARE_MOST))


def find_changes(before: ScreenSettings, after: ScreenSettings) -> dict[str, list[Any]]:
    """What differs, by field, each from the old value to the new one."""
    old, new = write_settings(before), write_settings(after)
    return {name: [old[name], new[name]] for name in old if old[name] != new[name]}


def write_settings(settings: ScreenSettings) -> dict[str, Any]:
    """Settings as JSON keeps them."""
    return {
        "layout": settings.layout,
        "zone": settings.zone,
        "halls": [
            {"name": dict(each.name), "counters": list(each.counters)} for each in settings.halls
        ],
        "languages": list(settings.languages),
        "voice": settings.voice,
        "spoken": settings.spoken,
        "also_spoken": settings.also_spoken,
        "repeats": settings.repeats,
        "volume": settings.volume,
        "quiet": [[each.starts, each.ends] for each in settings.quiet],
        "message": dict(settings.message),
        "media": settings.media,
        "distance_m": settings.distance_m,
        "diagonal_inch": settings.diagonal_inch,
    }


def read_settings(stored: Mapping[str, Any]) -> ScreenSettings:
    """The settings that `write_settings` wrote; what is missing is as nobody has set it."""
    known = {**write_settings(ScreenSettings()), **stored}
    return ScreenSettings(
        layout=known["layout"],
        zone=known["zone"],
        halls=tuple(Hall(each["name"], tuple(each["counters"])) for each in known["halls"]),
        languages=tuple(known["languages"]),
        voice=known["voice"],
        spoken=known["spoken"],
        also_spoken=known["also_spoken"],
        repeats=known["repeats"],
        volume=known["volume"],
        quiet=tuple(Quiet(starts, ends) for starts, ends in known["quiet"]),
        message=known["message"],
        media=known["media"],
        distance_m=known["distance_m"],
        diagonal_inch=known["diagonal_inch"],
    )
