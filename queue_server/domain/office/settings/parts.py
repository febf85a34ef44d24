"""The settings of an office as named parts with plain values, so that a change can be kept, said in
words and taken back part by part.

A part is named by a path: "name", "rules/calling.grace_minutes", "week", "day/2026-12-25",
"service/KTP/minutes". What is added or removed whole, is named whole: "service/KTP".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from queue_server.domain.office.hours import DayHours, Opening, Season, Source
from queue_server.domain.office.location import write_location
from queue_server.domain.office.modes import ModePeriod
from queue_server.domain.office.office import (
    Counter,
    IdentityKind,
    Office,
    OnlineWay,
    Service,
    ServiceChannel,
    Stream,
    VisitKind,
)
from queue_server.domain.office.rules import values_of
from queue_server.domain.office.slip_design import write_design

Parts = Mapping[str, Any]
"""Plain values, as JSON keeps them, by the path of their part."""

Difference = Mapping[str, tuple[Any, Any]]
"""What each part was and is; None for what was not there or is gone."""

KINDS = ("stream", "service", "counter")
"""Parts that have fields of their own."""


def write_parts(office: Office) -> Parts:
    """All settings of an office. What it learns by itself and its revision are none."""
    slip = write_design(office.slip)
    return {
        "name": office.name,
        "address": office.address,
        "phone": office.phone,
        "zone": office.zone,
        "languages": list(office.languages),
        "limit": office.people_limit,
        **{f"location/{name}": value for name, value in write_location(office.location).items()},
        **{f"slip/{name}": value for name, value in slip.items()},
        **{f"rules/{name}": _plain(value) for name, value in values_of(office.rules)},
        "week": _write_week(office.hours.week),
        **{f"season/{each.first}": _write_season(each) for each in office.hours.seasons},
        **{f"day/{day}": _write_day(own) for day, own in office.hours.days.items()},
        **{f"mode/{each.id}": _write_mode(each) for each in office.modes},
        **{f"stream/{each.letter}": _write_stream(each) for each in office.streams},
        **{f"service/{each.code}": _write_service(each) for each in office.services},
        **{f"counter/{each.id}": _write_counter(each) for each in office.counters},
        "order": [each.code for each in office.services],
    }


def compare(before: Office, after: Office) -> Difference:
    """What is another setting in the second office, in the order of its parts."""
    old, new = write_parts(before), write_parts(after)
    differs: dict[str, tuple[Any, Any]] = {}
    for path in (*new, *(each for each in old if each not in new)):
        was, is_now = old.get(path), new.get(path)
        if was == is_now:
            continue
        if path == "order" and set(was or ()) != set(is_now or ()):
            continue  # follows from a service that is new or gone
        if path.partition("/")[0] in KINDS and was is not None and is_now is not None:
            for field in is_now:
                if was[field] != is_now[field]:
                    differs[f"{path}/{field}"] = was[field], is_now[field]
        else:
            differs[path] = was, is_now
    return differs


def find_part(parts: Parts, path: str) -> Any:
    """The value of a part, or of one field of it; None if there is none."""
    if path in parts:
        return parts[path]
    whole, _, field = path.rpartition("/")
    fields = parts.get(whole)
    return fields.get(field) if isinstance(fields, Mapping) else None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _write_week(week: Sequence[Opening]) -> list[Any]:
    ordered = sorted(week, key=lambda each: (each.weekday, each.opens))
    return [[each.weekday, f"{each.opens:%H:%M}", f"{each.closes:%H:%M}"] for each in ordered]


def _write_season(season: Season) -> dict[str, Any]:
    week = _write_week(season.openings)
    return {"name": season.name, "last": season.last.isoformat(), "week": week}


def _write_day(own: DayHours) -> dict[str, Any]:
    stretches = [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in sorted(own.openings)]
    return {"openings": stretches, "reason": dict(own.reason), "source": own.source.value}


def _write_mode(period: ModePeriod) -> dict[str, Any]:
    return {
        "mode": period.mode.value,
        "service": period.service,
        "starts_at": period.starts_at.isoformat(),
        "ends_at": None if period.ends_at is None else period.ends_at.isoformat(),
        "review_on": None if period.review_on is None else period.review_on.isoformat(),
        "notice": dict(period.notice),
    }


def _write_stream(stream: Stream) -> dict[str, Any]:
    return {
        "name": dict(stream.name),
        "remote": stream.remote,
        "slot_quota": stream.slot_quota,
        "walk_in_quota": stream.walk_in_quota,
    }


def _write_counter(counter: Counter) -> dict[str, Any]:
    """Its letters are those of the office: at home it serves whatever stream is remote."""
    return {
        "name": counter.name,
        "letters": list(counter.usual_letters),
        "remote": counter.remote,
        "meeting_url": counter.meeting_url,
    }


def _write_service(service: Service) -> dict[str, Any]:
    way = service.online
    return {
        "name": dict(service.name),
        "letter": service.letter,
        "minutes": service.minutes,
        "identity": service.identity.value,
        "channel": service.channel.value,
        "summary": dict(service.summary),
        "requirements": dict(service.requirements),
        "online": None if way is None else {"url": way.url, "steps": dict(way.steps)},
        "search_words": list(service.search_words),
        "remote": [each.value for each in service.remote],
    }


def read_week(written: Sequence[Sequence[Any]]) -> tuple[Opening, ...]:
    """The weekly hours that a part says."""
    return tuple(
        Opening(weekday, time.fromisoformat(opens), time.fromisoformat(closes))
        for weekday, opens, closes in written
    )


def read_season(first: str, written: Parts) -> Season:
    """The season that a part says."""
    return Season(
        written["name"],
        date.fromisoformat(first),
        date.fromisoformat(written["last"]),
        read_week(written["week"]),
    )


def read_day(written: Parts) -> DayHours:
    """The hours of one date that a part says."""
    return DayHours(
        tuple(
            (time.fromisoformat(one), time.fromisoformat(two)) for one, two in written["openings"]
        ),
        written["reason"],
        Source(written["source"]),
    )


def read_stream(letter: str, written: Parts) -> Stream:
    """The stream that a part says."""
    quotas = (written.get(each) for each in ("slot_quota", "walk_in_quota"))
    return Stream(letter, written["name"], written["remote"], *quotas)


def read_counter(id: str, written: Parts) -> Counter:
    """The counter that a part says. What one at home serves there, `restructure` says."""
    usual, at_home = tuple(written["letters"]), bool(written["remote"])
    return Counter(
        id,
        written["name"],
        () if at_home else usual,
        at_home,
        written["meeting_url"],
        usual if at_home else (),
    )


def read_service(code: str, written: Parts) -> Service:
    """The service that a part says."""
    way = written["online"]
    return Service(
        code,
        written["letter"],
        written["name"],
        written["summary"],
        written["requirements"],
        ServiceChannel(written["channel"]),
        written["minutes"],
        None if way is None else OnlineWay(way["url"], way["steps"]),
        tuple(written["search_words"]),
        IdentityKind(written["identity"]),
        tuple(map(VisitKind, written["remote"])),
    )
