"""Sound offices of every kind, for the properties of their files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from hypothesis import strategies as st

from queue_server.domain.office.hours import DayHours, Hours, Opening, Season, Source
from queue_server.domain.office.location import Coordinates, Location, WheelchairAccess
from queue_server.domain.office.office import (
    Counter,
    IdentityKind,
    Office,
    OnlineWay,
    Service,
    ServiceChannel,
    Stream,
)
from queue_server.domain.office.rules import CallPolicy, Rules, with_values
from queue_server.domain.office.slip_design import SlipDesign

_PRINTABLE = st.characters(exclude_categories=["C", "Z"], include_characters=" ")


def lines(most: int, least: int = 1) -> st.SearchStrategy[str]:
    """Lines of anything that can be shown, the tricky ones of YAML among them."""
    tricky = st.sampled_from(
        ["no", "0123", "13:00", "1.0e5", "- a", "# b", "{x", "'", '"', "~", "*a"]
    )
    return (tricky | st.text(_PRINTABLE, min_size=least, max_size=most)).filter(
        lambda text: (
            len(text) >= least and (least == 0 or bool(text.strip())) and text.isprintable()
        )
    )


def words(most: int = 60) -> st.SearchStrategy[dict[str, str]]:
    """A text in Indonesian, and perhaps in English."""
    return st.fixed_dictionaries({"id": lines(most)}, optional={"en": lines(most)})


_CLOCKS = st.integers(0, 23 * 60 + 58).map(lambda minute: time(minute // 60, minute % 60))


@st.composite
def stretches(draw: st.DrawFn) -> tuple[tuple[time, time], ...]:
    """Up to three stretches of one day, in order and apart."""
    clocks = sorted(draw(st.sets(_CLOCKS, max_size=6)))
    return tuple(zip(clocks[::2], clocks[1::2], strict=False))


@st.composite
def openings(draw: st.DrawFn) -> tuple[Opening, ...]:
    """A week."""
    return tuple(
        Opening(weekday, opens, closes)
        for weekday in range(7)
        for opens, closes in draw(stretches())
    )


_DATES = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """All three layers."""
    ends = sorted(draw(st.sets(_DATES, max_size=6)))
    seasons = tuple(
        Season(draw(lines(40)), first, last, draw(openings()))
        for first, last in zip(ends[::2], ends[1::2], strict=False)
    )
    own = st.builds(DayHours, stretches(), st.just({}) | words(), st.sampled_from(Source))
    return Hours(draw(openings()), seasons, draw(st.dictionaries(_DATES, own, max_size=5)))


def ways() -> st.SearchStrategy[OnlineWay]:
    """How a service is had online."""
    steps = st.lists(lines(60), min_size=1, max_size=8).map("\n".join)
    return st.builds(
        OnlineWay, st.just("https://contoh.example/a"), st.fixed_dictionaries({"id": steps})
    )


@st.composite
def services(draw: st.DrawFn, code: str, letters: str) -> Service:
    """A service in one of the streams."""
    channel = draw(st.sampled_from(ServiceChannel))
    online = None if channel is ServiceChannel.MUST_COME else draw(st.none() | ways())
    return Service(
        code,
        draw(st.sampled_from(letters)),
        draw(words()),
        draw(words()),
        draw(st.just({}) | words(200)),
        channel,
        draw(st.integers(1, 480)),
        online,
        tuple(draw(st.lists(lines(30), max_size=4))),
        draw(st.sampled_from(IdentityKind)),
    )


@st.composite
def rules(draw: st.DrawFn, letters: str) -> Rules:
    """Rules that fit together, with values of every type, None among them."""
    share = draw(st.integers(0, 1000))
    calls = draw(st.integers(1, 4))
    return with_values(
        Rules(),
        {
            "booking.online_share": share / 1000,
            "booking.urgent_share": draw(st.integers(0, 1000 - share)) / 1000,
            "booking.utilisation": draw(st.floats(0.1, 1)),
            "booking.urgent_letter": draw(st.none() | st.sampled_from(letters))
            if letters
            else None,
            "booking.per_day_max": draw(st.none() | st.integers(1, 2)),
            "door.walk_in_ahead_minutes": draw(st.none() | st.integers(0, 1440)),
            "door.walk_ins_beyond_places": draw(st.booleans()),
            "calling.policy": draw(st.sampled_from(CallPolicy)),
            "calling.calls_max": calls,
            "calling.recall_seconds": tuple(range(0, 60 * calls, 60)),
        },
    )


@st.composite
def offices(draw: st.DrawFn) -> Office:
    """A sound office, as its file holds it."""
    letters = "".join(sorted(draw(st.sets(st.sampled_from("ACFUXZ")))))
    codes = draw(st.lists(st.from_regex(r"[A-Z]{2,4}", fullmatch=True), unique=True, max_size=4))
    point = st.builds(Coordinates, st.floats(-90, 90), st.floats(-180, 180))
    office = Office(
        draw(st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True)),
        draw(lines(60)),
        draw(lines(60)),
        draw(lines(30, 0)),
        draw(st.sampled_from(["Asia/Jakarta", "Asia/Jayapura", "Europe/Berlin"])),
        draw(st.none() | st.integers(1, 500)),
        draw(rules(letters)),
        tuple(Stream(each, draw(words())) for each in letters),
        tuple(draw(services(each, letters)) for each in codes) if letters else (),
        (),
        draw(hours()),
        location=Location(
            draw(st.none() | point),
            draw(st.none() | st.sampled_from(WheelchairAccess)),
            draw(st.just({}) | words(200)),
            draw(st.just({}) | words(200)),
        ),
        slip=SlipDesign(draw(st.just({}) | words()), draw(st.just({}) | words())),
    )
    if not letters:
        return office
    skills = st.lists(st.sampled_from(letters), unique=True, min_size=1).map(tuple)
    names = draw(st.lists(lines(20), unique=True, max_size=4))
    counters = tuple(
        Counter(f"{office.code}-{place}", name, draw(skills)) for place, name in enumerate(names, 1)
    )
    return replace(office, counters=counters)
