"""What was changed of an office's settings, part by part, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from queue_server.domain.office.location import WheelchairAccess
from queue_server.domain.office.office import Office
from queue_server.domain.office.settings.beside import ROOM, is_beside
from queue_server.domain.office.settings.parts import Difference
from queue_server.services.shown import counter_name, service_of
from queue_server.web.edge.locale import (
    LANGUAGE_NAMES,
    LANGUAGES,
    current_language,
    format_date,
    format_moment,
)
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.codes import channel_words, mode_name_words
from queue_server.web.edge.words.location import wheelchair_words
from queue_server.web.edge.words.opening import stretch_words, weekday_name
from queue_server.web.edge.words.remote import at_home_words, say_kinds
from queue_server.web.edge.words.rules.groups import rule_labels
from queue_server.web.edge.words.rules.values import value_words
from queue_server.web.edge.words.units import minutes_words

from .beside import Devices, label_beside, say_beside

LONGEST = 240
"""Characters of a value that are shown."""


@dataclass(frozen=True)
class ChangedPart:
    """A part with what it was and what it became, in words. `group` is the kind of part, as
    `part_groups` names it.
    """

    group: str
    label: str
    before: str
    after: str


def part_groups() -> dict[str, str]:
    """The kinds of parts by which the history is filtered, with their names."""
    return {
        "office": _("Name, address and access"),
        "services": _("Services and queues"),
        "counters": _("Counters"),
        "hours": _("Opening hours"),
        "mode": _("Service mode"),
        "limit": _("Limit and shares"),
        "rules": _("Queue rules"),
        "slip": _("Printed slip"),
        "messages": _("Messages to visitors"),
        "room": _("Room"),
        "devices": _("Screens and devices"),
    }


def group_of(path: str) -> str:
    """The kind of part that a path names."""
    kind, _sep, rest = path.partition("/")
    if rest in ("booking.online_share", "booking.urgent_share", "booking.release_minutes"):
        return "limit"
    known = {
        **dict.fromkeys(("service", "stream", "order"), "services"),
        **dict.fromkeys(("week", "season", "day"), "hours"),
        **{each: each for each in ("mode", "limit", "rules", "slip")},
        "counter": "counters",
        "message": "messages",
        **dict.fromkeys(ROOM, "room"),
        **dict.fromkeys(("display", "device"), "devices"),
    }
    return known.get(kind, "office")


def list_parts(
    changed: Difference, office: Office, devices: Devices | None = None
) -> list[ChangedPart]:
    """What was changed, in words for who reads now. `office` knows the names, `devices` what its
    devices are called.
    """
    said = []
    for path, pair in changed.items():
        if is_beside(path):
            label = label_beside(path, devices or {})
            was, became = map(_short, say_beside(path, pair, office))
        else:
            label, (was, became) = part_words(path, pair, office), _say_both(path, pair, office)
        said.append(ChangedPart(group_of(path), label, was, became))
    return said


def say_holding(before: int | None, after: int | None) -> ChangedPart:
    """How many the room as described would hold; None: it limits nobody."""
    was, became = (_("no limit") if each is None else str(each) for each in (before, after))
    return ChangedPart("room", _("The room holds as described, people"), was, became)


def parts_words(changed: Mapping[str, Sequence[Any]], office: Office) -> str:
    """What the log says was changed, part by part."""
    parts = {path: (was, became) for path, (was, became) in changed.items()}
    return "; ".join(
        f"{each.label}: {each.before} → {each.after}" for each in list_parts(parts, office)
    )


def part_words(path: str, pair: tuple[Any, Any], office: Office) -> str:
    """What a part is called."""
    kind, _sep, rest = path.partition("/")
    id, _sep, field = rest.partition("/")
    if kind == "rules":
        return rule_labels().get(rest, rest)
    if kind == "season":
        return _("Season from %(date)s", date=_date(id))
    if kind == "day":
        return _("Hours of %(date)s", date=_date(id))
    if kind == "mode":
        service = (pair[1] or pair[0])["service"]
        return _("Service mode") if service is None else _service_name(service, office)
    if kind in ("service", "stream", "counter"):
        whole = {
            "service": lambda: _("Service “%(name)s”", name=_service_name(id, office)),
            "stream": lambda: _("Queue %(letter)s", letter=id),
            "counter": lambda: _("Counter %(name)s", name=_counter_name(id, pair, office)),
        }[kind]()
        return f"{whole}: {_field_words(field)}" if field else whole
    return _plain_labels().get(path, path)


def _plain_labels() -> dict[str, str]:
    return {
        "name": _("Name of the office"),
        "address": _("Address"),
        "phone": _("Telephone"),
        "zone": _("Time zone"),
        "languages": _("Languages for visitors"),
        "limit": _("People inside at most"),
        "week": _("Weekly hours"),
        "order": _("Order of the services"),
        "location/coordinates": _("Point on the map"),
        "location/wheelchair": _("Wheelchairs"),
        "location/parking": _("Parking"),
        "location/directions": _("How to get there"),
        "slip/header": _("Slip: lines at the top"),
        "slip/footer": _("Slip: lines at the end"),
        "slip/logo": _("Slip: logo"),
    }


def _field_words(field: str) -> str:
    return {
        "name": _("name"),
        "letter": _("queue"),
        "letters": _("queues"),
        "minutes": _("planned time"),
        "identity": _("number to give"),
        "channel": _("online or with a visit"),
        "summary": _("what it is"),
        "requirements": _("what to bring"),
        "online": _("online address and steps"),
        "search_words": _("search words"),
        "remote": _("from home"),
        "slot_quota": _("places in one slot at most"),
        "walk_in_quota": _("walk-ins on one day at most"),
        "meeting_url": _("address of its video meetings"),
    }.get(field, field)


def _service_name(code: str, office: Office) -> str:
    return _text(service_of(office, code).name)


def _counter_name(id: str, pair: tuple[Any, Any], office: Office) -> str:
    """One that is gone is called as it was."""
    named = [each["name"] for each in pair if isinstance(each, Mapping) and "name" in each]
    return counter_name(office, id) if not named else str(named[-1])


def identity_words(identity: str) -> str:
    """Which number whoever books a service must give."""
    return {
        "NIK": _("NIK"),
        "PASSPORT": _("passport or KITAS/KITAP number"),
        "NIK_OR_PASSPORT": _("NIK, or passport or KITAS/KITAP number"),
    }[identity]


def _say_both(path: str, pair: tuple[Any, Any], office: Office) -> tuple[str, str]:
    """What a part was and became. Of texts in several languages those are told that differ."""
    was, became = pair
    if all(value is None or _is_text(value) for value in pair) and any(map(_is_text, pair)):
        old, new = was or {}, became or {}
        differ = [each for each in LANGUAGES if old.get(each) != new.get(each)]
        if differ == [current_language()]:
            return _short(old.get(differ[0], "")), _short(new.get(differ[0], ""))
        return tuple(  # type: ignore[return-value]  # of two
            _short(" · ".join(f"{each.upper()}: {side.get(each) or _('none')}" for each in differ))
            for side in (old, new)
        )
    if path == "slip/logo" and was and became:
        return _("a picture"), _("another picture")
    return _short(_say(path, was, office)), _short(_say(path, became, office))


def _is_text(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) <= set(LANGUAGES)


def _say(path: str, value: Any, office: Office) -> str:
    kind, _sep, rest = path.partition("/")
    if kind == "rules":
        return value_words(rest, value)
    if value is None:
        return _("no limit") if kind == "limit" else _("none")
    whole = _WHOLE.get(kind)
    field = path.rpartition("/")[2]
    if whole is not None and isinstance(value, Mapping) and path.count("/") == 1:
        return whole(value, office)
    if kind == "week":
        return _week(value)
    if path == "slip/logo":
        return _("a picture") if value else _("none")
    if kind == "languages":
        return ", ".join(LANGUAGE_NAMES.get(each, each) for each in value)
    if kind == "order":
        return ", ".join(_service_name(each, office) for each in value)
    if field == "remote":
        return say_kinds(value) if kind == "service" else at_home_words(value)
    said: dict[str, Callable[[Any], str]] = {
        "minutes": minutes_words,
        "channel": lambda code: channel_words(code)[1],
        "identity": identity_words,
        "wheelchair": lambda code: wheelchair_words(WheelchairAccess(code)),
        "online": lambda way: str(way["url"]),
    }
    if field in said:
        return said[field](value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _say_service(value: Mapping[str, Any], _office: Office) -> str:
    queue = _("queue %(letter)s", letter=value["letter"])
    return f"{_text(value['name'])}, {queue}, {minutes_words(value['minutes'])}"


def _say_counter(value: Mapping[str, Any], _office: Office) -> str:
    return f"{value['name']} ({', '.join(value['letters'])})"


def _say_season(value: Mapping[str, Any], _office: Office) -> str:
    until = _("until %(date)s", date=_date(value["last"]))
    return f"{value['name']}, {until}: {_week(value['week'])}"


def _say_day(value: Mapping[str, Any], _office: Office) -> str:
    reason = _text(value["reason"])
    return _stretches(value["openings"]) + (f" ({reason})" if reason else "")


def _say_mode(value: Mapping[str, Any], office: Office) -> str:
    """A decision, from when until when."""
    begins, ends = (
        None
        if value[name] is None
        else format_moment(datetime.fromisoformat(value[name]), current_language(), office.zone)
        for name in ("starts_at", "ends_at")
    )
    name = mode_name_words(value["mode"])
    if ends is None:
        return _("%(mode)s from %(begins)s on", mode=name, begins=begins)
    return _("%(mode)s from %(begins)s until %(ends)s", mode=name, begins=begins, ends=ends)


_WHOLE: Mapping[str, Callable[[Mapping[str, Any], Office], str]] = {
    "service": _say_service,
    "stream": lambda value, _office: _text(value["name"]),
    "counter": _say_counter,
    "season": _say_season,
    "day": _say_day,
    "mode": _say_mode,
}


def _week(week: Sequence[Sequence[Any]]) -> str:
    days = {day: [each[1:] for each in week if each[0] == day] for day in range(7)}
    said = [f"{weekday_name(day)} {_stretches(own)}" for day, own in days.items() if own]
    return "; ".join(said) or _("closed")


def _stretches(stretches: Sequence[Sequence[str]]) -> str:
    pairs = [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in stretches]
    return ", ".join(stretch_words(pairs)) or _("closed")


def _date(written: str) -> str:
    return format_date(date.fromisoformat(written), current_language())


def _text(words: Mapping[str, str]) -> str:
    return words.get(current_language()) or words.get("id") or next(iter(words.values()), "")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
