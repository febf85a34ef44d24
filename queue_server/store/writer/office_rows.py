"""An office read whole: its streams, services and counters, hours, decisions on its mode, and what
it has learnt of waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.errors import UnknownOffice
from queue_server.domain.office.hours import DayHours, Hours, Opening, Season, Source
from queue_server.domain.office.location import read_location
from queue_server.domain.office.modes import ModePeriod, ServiceMode
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
from queue_server.domain.office.remote import letters_served
from queue_server.domain.office.rules import read_rules
from queue_server.domain.office.slip_design import read_design
from queue_server.domain.waits.estimate import Misses, StreamFigures, WaitModel
from queue_server.store.tables import (
    counters,
    day_hours,
    mode_periods,
    offices,
    openings,
    seasons,
    services,
    streams,
    wait_models,
)


def load_office(connection: Connection, code: str) -> Office:
    """An office as this transaction sees it. Raises `UnknownOffice`."""
    row = connection.execute(sa.select(offices).where(offices.c.code == code)).one_or_none()
    if row is None:
        raise UnknownOffice(office=code)
    of_streams = tuple(
        Stream(each.letter, each.name, each.remote, each.slot_quota, each.walk_in_quota)
        for each in connection.execute(
            sa.select(streams).where(streams.c.office == code).order_by(streams.c.position)
        )
    )
    return Office(
        code=row.code,
        name=row.name,
        address=row.address,
        phone=row.phone,
        zone=row.zone,
        people_limit=row.people_limit,
        rules=read_rules(row.rules),
        streams=of_streams,
        services=tuple(
            Service(
                each.code,
                each.letter,
                each.name,
                each.summary,
                each.requirements,
                ServiceChannel(each.channel),
                each.minutes,
                None if each.online is None else OnlineWay(**each.online),
                tuple(each.search_words),
                IdentityKind(each.identity),
                tuple(map(VisitKind, each.remote)),
            )
            for each in connection.execute(
                sa.select(services).where(services.c.office == code).order_by(services.c.position)
            )
        ),
        counters=tuple(
            _counter_from_row(each, of_streams)
            for each in connection.execute(
                sa.select(counters)
                .where(counters.c.office == code, sa.not_(counters.c.retired))
                .order_by(counters.c.position)
            )
        ),
        hours=_load_hours(connection, code),
        modes=_load_modes(connection, code),
        location=read_location(row.location),
        slip=read_design(row.slip),
        languages=tuple(row.languages),
        revision=row.revision,
        waits=load_model(connection, code),
    )


def _counter_from_row(row: sa.Row[Any], of_office: Sequence[Stream]) -> Counter:
    usual = tuple(row.letters)
    return Counter(
        row.id,
        row.name,
        letters_served(usual, of_office, remote=row.remote),
        row.remote,
        row.meeting_url,
        usual if row.remote else (),
    )


def _load_hours(connection: Connection, office: str) -> Hours:
    """All three layers of an office's hours."""
    week = connection.execute(
        sa.select(openings)
        .where(openings.c.office == office)
        .order_by(openings.c.weekday, openings.c.opens)
    )
    of_seasons = connection.execute(
        sa.select(seasons).where(seasons.c.office == office).order_by(seasons.c.first)
    )
    of_days = connection.execute(
        sa.select(day_hours).where(day_hours.c.office == office).order_by(day_hours.c.date)
    )
    return Hours(
        week=tuple(Opening(row.weekday, row.opens, row.closes) for row in week),
        seasons=tuple(
            Season(
                row.name,
                row.first,
                row.last,
                tuple(Opening(each[0], *_times(each[1:])) for each in row.openings),
            )
            for row in of_seasons
        ),
        days={
            row.date: DayHours(
                tuple(_times(each) for each in row.openings), row.reason, Source(row.source)
            )
            for row in of_days
        },
    )


def _times(stretch: Sequence[str]) -> tuple[time, time]:
    opens, closes = stretch
    return time.fromisoformat(opens), time.fromisoformat(closes)


def _load_modes(connection: Connection, office: str) -> tuple[ModePeriod, ...]:
    """All decisions of an office, the oldest first."""
    statement = (
        sa.select(mode_periods)
        .where(mode_periods.c.office == office)
        .order_by(mode_periods.c.decided_at, mode_periods.c.id)
    )
    return tuple(
        ModePeriod(
            row.id,
            ServiceMode(row.mode),
            row.starts_at,
            row.decided_at,
            row.decided_by,
            row.ends_at,
            row.service,
            row.review_on,
            row.notice,
        )
        for row in connection.execute(statement)
    )


def load_model(connection: Connection, office: str) -> WaitModel | None:
    """What an office has learnt, or None while there is too little."""
    stored = connection.execute(
        sa.select(wait_models.c.model).where(wait_models.c.office == office)
    ).scalar_one_or_none()
    return None if stored is None else _model_from_json(stored)


def _model_from_json(stored: dict[str, Any]) -> WaitModel:
    first, second, third, fourth = stored["weights"]
    return WaitModel(
        streams={
            stream: StreamFigures(
                rate, usual, {int(hour): value for hour, value in by_hour.items()}, counters
            )
            for stream, (rate, usual, by_hour, counters) in stored["streams"].items()
        },
        weights=(first, second, third, fourth),
        edges=tuple(stored["edges"]),
        errors=tuple(tuple(each) for each in stored["errors"]),
        misses={stream: Misses(low, high) for stream, (low, high) in stored["misses"].items()},
        bin_misses=tuple(
            Misses(low, high) for low, high in stored.get("bin_misses", ())
        ),  # learnt by earlier versions: none yet
    )
