"""What is kept beside an office's settings, in words: messages, the room, screens, devices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from os.path import commonprefix
from typing import Any

from queue_server.domain.messages.message import MessageKind
from queue_server.domain.office.office import Office
from queue_server.domain.room.zones import METHODS, ZoneKind
from queue_server.services.shown import counter_name
from queue_server.web.edge.locale import LANGUAGE_NAMES
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.devices.layouts import layout_words
from queue_server.web.edge.words.messages.templates import template_of, write_words
from queue_server.web.edge.words.messages.told import message_kind_words
from queue_server.web.edge.words.rooms import layout_words as pattern_words
from queue_server.web.edge.words.rooms import (
    measure_words,
    method_words,
    number_words,
    rule_words,
    zone_kind_words,
)

SHARED_SHOWN = 20
"""Characters before the first difference of two texts that are shown, and the word they are in."""

Devices = Mapping[str, str]
"""What devices are called now, by id."""


def label_beside(path: str, devices: Devices) -> str:
    """What a part is called."""
    kind, _sep, rest = path.partition("/")
    id, _sep, field = rest.partition("/")
    if kind == "message":
        about = message_kind_words(MessageKind(id))
        language = LANGUAGE_NAMES.get(field, field)
        return _("Message “%(about)s” in %(language)s", about=about, language=language)
    if kind == "room":
        zone = _("Room: %(zone)s", zone=_zone_name(id))
        return f"{zone}: {measure_words().get(field, field)}" if field else zone
    if kind == "building":
        return measure_words()["building_limit"]
    name = devices.get(id) or _("a device that is gone")
    if kind == "display":
        what = _screen_labels().get(field, field)
        return _("Screen %(name)s: %(what)s", name=name, what=what)
    return _("Name of the device %(name)s", name=name)


def say_beside(path: str, pair: tuple[Any, Any], office: Office) -> tuple[str, str]:
    """What a part was and became. Of a message those pieces are told that differ."""
    if path.startswith("message/"):
        _kind, about, language = path.split("/")
        standard = asdict(write_words(template_of(MessageKind(about), language)))
        return _say_message(*pair, standard), _say_message(*pair[::-1], standard)
    return _say(path, pair[0], office), _say(path, pair[1], office)


def _say_message(
    words: Mapping[str, str] | None, others: Mapping[str, str] | None, standard: Mapping[str, str]
) -> str:
    if words is None:
        return _("the standard words")
    others, pieces = others or standard, ("subject", "body", "text")
    return " · ".join(
        _from_difference(_one_line(words[each]), _one_line(others[each]))
        for each in [each for each in pieces if words[each] != others[each]] or pieces
    )


def _one_line(text: str) -> str:
    return " ¶ ".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _from_difference(text: str, other: str) -> str:
    """A text without the beginning that it shares with another, but for the last words of that."""
    shared = len(commonprefix((text, other)))
    begins = text.rfind(" ", 0, max(0, shared - SHARED_SHOWN)) + 1
    return f"…{text[begins:]}" if begins else text


def _say(path: str, value: Any, office: Office) -> str:
    kind, _sep, rest = path.partition("/")
    field = rest.partition("/")[2]
    if value is None:
        return _("none")
    if kind == "room":
        return _say_measure(field, value) if field else _say_zone(value)
    if kind == "display":
        return _say_screen(field, value, office)
    return str(value) or _("none")


def _zone_name(name: str) -> str:
    for kind in ZoneKind:
        prefix = f"{kind.value.lower().replace('_', '-')}-"
        if name.startswith(prefix):
            return f"{zone_kind_words(kind)} {name.removeprefix(prefix)}"
    return name


def _say_zone(facts: Mapping[str, Any]) -> str:
    """A whole zone by its kind, size and methods."""
    size = [facts.get(each) for each in ("length_m", "width_m")]
    said = [zone_kind_words(facts["kind"])]
    if None not in size:
        said.append(" × ".join(number_words(float(each)) for each in size if each) + " m")
    return ", ".join((*said, _say_methods(facts["methods"])))


def _say_methods(methods: list[str]) -> str:
    known = {each.value for kind in METHODS.values() for each in kind}
    return ", ".join(method_words(each)[0] for each in methods if each in known) or _("none")


def _say_measure(fact: str, value: Any) -> str:
    said: dict[str, Callable[[Any], str]] = {
        "kind": zone_kind_words,
        "layout": pattern_words,
        "methods": _say_methods,
        **dict.fromkeys(("area_rule", "spacing_rule", "percent_rule"), rule_words),
    }
    if fact in said and value:
        return said[fact](value)
    if isinstance(value, bool):
        return _yes_or_no(value)
    if isinstance(value, list):
        return str(len(value))
    return number_words(value) if isinstance(value, int | float) else str(value) or _("none")


def _yes_or_no(value: bool) -> str:
    return _("yes") if value else _("no")


def _screen_labels() -> dict[str, str]:
    return {
        "layout": _("Layout"),
        "zone": _("Zone"),
        "halls": _("Counters on this screen"),
        "languages": _("Languages on the screen"),
        "voice": _("This screen speaks"),
        "spoken": _("Language of a call"),
        "also_spoken": _("Another language after that"),
        "repeats": _("Say each call"),
        "volume": _("Volume in percent"),
        "quiet": _("Quiet hours"),
        "message": _("A line of this screen alone"),
        "media": _("Show this screen’s own pictures and films beside the calls"),
        "distance_m": _("How far the last row stands, in metres"),
        "diagonal_inch": _("Diagonal of the screen in inches"),
    }


def _say_screen(field: str, value: Any, office: Office) -> str:
    if isinstance(value, bool):
        return _yes_or_no(value)
    said: dict[str, Callable[[Any], str]] = {
        "layout": lambda code: layout_words()[code][0],
        "zone": lambda zone: zone or _("the whole office"),
        "halls": lambda halls: _say_halls(halls, office),
        "languages": lambda codes: ", ".join(LANGUAGE_NAMES.get(each, each) for each in codes),
        "spoken": lambda code: (
            _("the visitor’s") if code == "visitor" else _("the visitor’s, then the other")
        ),
        "repeats": lambda times: f"{times} ×",
        "quiet": lambda hours: ", ".join(f"{starts}–{ends}" for starts, ends in hours),
        "message": lambda words: " · ".join(
            f"{language.upper()}: {text}" for language, text in words.items()
        ),
    }
    return (said[field](value) if field in said else str(value)) or _("none")


def _say_halls(halls: list[Mapping[str, Any]], office: Office) -> str:
    return " | ".join(
        ", ".join(counter_name(office, id) for id in each["counters"]) for each in halls
    ) or _("all")
