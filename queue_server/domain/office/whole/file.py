"""An office as a file holds it: plain values out of an office, and an office out of plain values.

What is of the moment, of persons or a secret stays out: decisions on the mode, the address that
alerts go to, whether invented people may book, and the picture of the logo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

from queue_server.domain.office.hours import DayHours, Hours, Opening, Season, Source
from queue_server.domain.office.languages import KNOWN_LANGUAGES
from queue_server.domain.office.location import Coordinates, Location, WheelchairAccess
from queue_server.domain.office.office import Counter, Office, Stream
from queue_server.domain.office.remote import letters_served
from queue_server.domain.office.rule_ranges import PRIVATE
from queue_server.domain.office.rules import (
    GROUPS,
    RULE_NAMES,
    CallPolicy,
    Rules,
    value_of,
    with_values,
)
from queue_server.domain.office.slip_design import SlipDesign

from .catalogue import read_service, read_stream, write_service, write_stream
from .plain import Plain

KIND, VERSION = "office", 1
OFFICES_OWN = frozenset({*PRIVATE, "booking.synthetic_niks"})
"""Rules that no file holds: whom an office writes to, and what is for demonstrations alone."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class OfficeFile:
    """An office out of a file. `room` is the description of its zones as the file holds it, for
    who reads zones.
    """

    office: Office
    room: Mapping[str, Any] = field(default_factory=dict)


def keep_standing(office: Office) -> Office:
    """The office without what no file holds: what an import of its export gives back."""
    plain = Rules()
    own = {name: value_of(plain, name) for name in OFFICES_OWN}
    return replace(
        office,
        rules=with_values(office.rules, own),
        modes=(),
        slip=replace(office.slip, logo=""),
        revision=0,
        waits=None,
    )


def write_file(office: Office, room: Mapping[str, Any]) -> dict[str, Any]:
    """An office as plain values, in the order in which a person reads them."""
    return {
        "antrean": KIND,
        "version": VERSION,
        "code": office.code,
        "name": office.name,
        "address": office.address,
        "phone": office.phone,
        "zone": office.zone,
        "languages": list(office.languages),
        "people_limit": office.people_limit,
        "location": _write_location(office.location),
        "hours": _write_hours(office.hours),
        "streams": [write_stream(each) for each in office.streams],
        "services": [write_service(each) for each in office.services],
        "counters": [_write_counter(each) for each in office.counters],
        "slip": {"header": dict(office.slip.header), "footer": dict(office.slip.footer)},
        "rules": _write_rules(office.rules),
        "room": dict(room),
    }


def read_file(values: object) -> OfficeFile:
    """The office that plain values describe, sound or not: see `faults.find_faults`. Fields left
    out have their default. Raises `BadInput` with the path of the first value that cannot be read.
    """
    given = (
        Plain(values)
        .of_kind(KIND, VERSION)
        .fields(
            ("antrean", "version", "code", "name"),
            (
                *("address", "phone", "zone", "languages", "people_limit", "location", "hours"),
                *("streams", "services", "counters", "slip", "rules", "room"),
            ),
        )
    )
    code = given["code"].text()
    limit = given.get("people_limit")
    streams = given["streams"].items(read_stream) if "streams" in given else ()
    counters = given["counters"].items(_read_counter) if "counters" in given else ()
    office = Office(
        code=code,
        name=given["name"].text(),
        address=given["address"].text() if "address" in given else "",
        phone=given["phone"].text() if "phone" in given else "",
        zone=given["zone"].text() if "zone" in given else "Asia/Jakarta",
        people_limit=None if limit is None else limit.whole(),
        rules=_read_rules(given["rules"]) if "rules" in given else Rules(),
        streams=streams,
        services=given["services"].items(read_service) if "services" in given else (),
        counters=_name_counters(code, (_serve(each, streams) for each in counters)),
        hours=_read_hours(given["hours"]) if "hours" in given else Hours(),
        location=_read_location(given["location"]) if "location" in given else Location(),
        slip=_read_slip(given["slip"]) if "slip" in given else SlipDesign(),
        languages=given["languages"].items(lambda each: each.text())
        if "languages" in given
        else KNOWN_LANGUAGES,
    )
    room = given.get("room")
    return OfficeFile(office, {} if room is None else {**_admit_object(room)})


def rename(file: OfficeFile, code: str, name: str | None = None) -> OfficeFile:
    """The same office under another code, and with counters of its own: no two offices share one.
    `name` None: the same.
    """
    counters = tuple(replace(each, id="") for each in file.office.counters)
    office = replace(
        file.office,
        code=code,
        name=file.office.name if name is None else name,
        counters=_name_counters(code, counters),
    )
    return replace(file, office=office)


def _admit_object(value: Plain) -> Mapping[str, Any]:
    return {
        name: each.value for name, each in value.fields((), ("zones", "building_limit")).items()
    }


def _read_counter(value: Plain) -> Counter:
    given = value.fields(("name", "letters"), ("id", "remote", "meeting_url"))
    id = given["id"].text() if "id" in given else ""
    usual = given["letters"].items(lambda each: each.text())
    if "remote" not in given or not given["remote"].flag():
        return Counter(id, given["name"].text(), usual)
    meeting_url = given["meeting_url"].text() if "meeting_url" in given else None
    return Counter(id, given["name"].text(), (), True, meeting_url, usual)


def _serve(counter: Counter, streams: Sequence[Stream]) -> Counter:
    """A counter with the streams that it serves: at home, the remote ones."""
    letters = letters_served(counter.usual_letters, streams, remote=counter.remote)
    return replace(counter, letters=letters) if counter.remote else counter


def _write_counter(counter: Counter) -> dict[str, Any]:
    """Its letters are those of the office, also of a counter that is worked from home."""
    plain = {"id": counter.id, "name": counter.name, "letters": list(counter.usual_letters)}
    if not counter.remote:
        return plain
    at_home = {**plain, "remote": True}
    return (
        at_home if counter.meeting_url is None else {**at_home, "meeting_url": counter.meeting_url}
    )


def _name_counters(code: str, counters: Iterable[Counter]) -> tuple[Counter, ...]:
    """Counters with an id each: of those without one, the office's code and their number."""
    return tuple(
        each if each.id else replace(each, id=f"{code}-{number}")
        for number, each in enumerate(counters, 1)
    )


def _write_location(location: Location) -> dict[str, Any]:
    point = location.coordinates
    return {
        "coordinates": None if point is None else [point.latitude, point.longitude],
        "wheelchair": None if location.wheelchair is None else location.wheelchair.value,
        "parking": dict(location.parking),
        "directions": dict(location.directions),
    }


def _read_location(value: Plain) -> Location:
    given = value.fields((), ("coordinates", "wheelchair", "parking", "directions"))
    point = None
    if "coordinates" in given:
        numbers = given["coordinates"].items(lambda each: each.number())
        if len(numbers) != 2:
            raise given["coordinates"].refuse("type", wanted="coordinates")
        point = Coordinates(*numbers)
    return Location(
        point,
        given["wheelchair"].choice(WheelchairAccess) if "wheelchair" in given else None,
        given["parking"].words() if "parking" in given else {},
        given["directions"].words() if "directions" in given else {},
    )


def _clock(moment: time) -> str:
    return moment.isoformat("minutes") if moment.second == 0 else moment.isoformat()


def _write_openings(openings: Iterable[Opening]) -> list[dict[str, str]]:
    return [
        {"day": WEEKDAYS[each.weekday], "opens": _clock(each.opens), "closes": _clock(each.closes)}
        for each in openings
    ]


def _read_opening(value: Plain) -> Opening:
    given = value.fields(("day", "opens", "closes"))
    day = given["day"].text()
    if day not in WEEKDAYS:
        raise given["day"].refuse("choice", wanted=", ".join(WEEKDAYS))
    return Opening(WEEKDAYS.index(day), given["opens"].clock(), given["closes"].clock())


def _write_hours(hours: Hours) -> dict[str, Any]:
    return {
        "week": _write_openings(hours.week),
        "seasons": [
            {
                "name": each.name,
                "first": each.first.isoformat(),
                "last": each.last.isoformat(),
                "openings": _write_openings(each.openings),
            }
            for each in hours.seasons
        ],
        "days": {
            day.isoformat(): {
                "openings": [
                    {"opens": _clock(opens), "closes": _clock(closes)}
                    for opens, closes in own.openings
                ],
                "reason": dict(own.reason),
                "source": own.source.value,
            }
            for day, own in sorted(hours.days.items())
        },
    }


def _read_hours(value: Plain) -> Hours:
    given = value.fields((), ("week", "seasons", "days"))
    days: dict[date, DayHours] = {}
    for text, own in given["days"].entries().items() if "days" in given else ():
        days[Plain(text, own.path).day()] = _read_day(own)
    return Hours(
        given["week"].items(_read_opening) if "week" in given else (),
        given["seasons"].items(_read_season) if "seasons" in given else (),
        days,
    )


def _read_season(value: Plain) -> Season:
    given = value.fields(("name", "first", "last"), ("openings",))
    return Season(
        given["name"].text(),
        given["first"].day(),
        given["last"].day(),
        given["openings"].items(_read_opening) if "openings" in given else (),
    )


def _read_day(value: Plain) -> DayHours:
    given = value.fields((), ("openings", "reason", "source"))
    return DayHours(
        given["openings"].items(_read_stretch) if "openings" in given else (),
        given["reason"].words() if "reason" in given else {},
        given["source"].choice(Source) if "source" in given else Source.OFFICE,
    )


def _read_stretch(value: Plain) -> tuple[time, time]:
    given = value.fields(("opens", "closes"))
    return given["opens"].clock(), given["closes"].clock()


def _read_slip(value: Plain) -> SlipDesign:
    given = value.fields((), ("header", "footer"))
    header, footer = (given[name].words() if name in given else {} for name in ("header", "footer"))
    return SlipDesign(header, footer)


def _write_rules(rules: Rules) -> dict[str, dict[str, Any]]:
    written: dict[str, dict[str, Any]] = {group: {} for group in GROUPS}
    for name in RULE_NAMES:
        if name not in OFFICES_OWN:
            group, _, rule = name.partition(".")
            value = value_of(rules, name)
            written[group][rule] = list(value) if isinstance(value, tuple) else value
    written["calling"]["policy"] = rules.calling.policy.value
    return written


def _read_rules(value: Plain) -> Rules:
    """The rules; a value that is empty is None, where a rule may be."""
    values: dict[str, Any] = {}
    for group, own in value.fields((), tuple(GROUPS)).items():
        for rule, each in own.entries().items():
            name = f"{group}.{rule}"
            if name not in RULE_NAMES or name in OFFICES_OWN:
                raise each.refuse("unknown_field")
            values[name] = _read_rule(name, each)
    return with_values(Rules(), values)


def _read_rule(name: str, value: Plain) -> Any:
    """One value as the rule keeps it. What else it may be, its range says."""
    if name == "calling.policy":
        return value.choice(CallPolicy)
    if name == "calling.recall_seconds":
        return value.items(lambda each: each.whole())
    if name in ("booking.online_share", "booking.urgent_share", "booking.utilisation"):
        return value.number()
    if name == "booking.release_minutes":
        return value.whole()
    if value.value is not None and not isinstance(value.value, bool | int | str):
        raise value.refuse("type", wanted="rule")
    return value.value
