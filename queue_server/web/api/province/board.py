"""The province board: every office the caller works for, the worst first, and their alarms."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response

from queue_server.services.province.alarms import AlarmRow, Letter, Quiet, list_quiet, view_alarms
from queue_server.services.province.board import OfficeRow, view_province
from queue_server.services.shown import local_time
from queue_server.web.api.answers import json_response, marked, not_modified, write_json
from queue_server.web.api.manage.dry_run import local_or_none
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import current
from queue_server.web.edge.access.routes import WATCHERS
from queue_server.web.edge.context import context, now
from queue_server.web.edge.managing.many import offices_of


@dataclass(frozen=True)
class OfficeStanding:
    """How an office stands now. `concerns` are what it has to worry about, the worst first; `over`
    are the persons inside above the limit, `over_minutes` the minutes of today with too many.
    """

    office: str
    name: str
    concerns: tuple[str, ...]
    open: bool
    mode: str
    review_on: str | None
    overdue_since: str | None
    inside: int
    limit: int | None
    over: int
    over_minutes: int
    waiting: int
    oldest_minutes: int | None
    target_minutes: int
    counters_open: int
    counters_needed: int
    devices: int
    devices_troubled: int
    devices_silent: int
    stranded: int
    paused: str | None
    drill: bool


@dataclass(frozen=True)
class AlarmMail:
    """A mail about an alarm. `state`: DUE, SENT, FAILED, NO_ADDRESS or NEEDLESS; `to` is the
    address without what names its owner.
    """

    state: str
    sent_at: str | None
    to: str | None


@dataclass(frozen=True)
class AlarmStanding:
    """An alarm that holds, or was passed on within a day. `seen_by` is the name of who has seen it.

    It was passed on at `passed_on_at`, or is at `passes_on_at` unless somebody sees it; with
    `quiet` it is the quiet hours that hold it back.
    """

    id: str
    office: str
    kind: str
    values: Mapping[str, Any]
    raised_at: str
    ended_at: str | None
    seen_at: str | None
    seen_by: str | None
    office_mail: AlarmMail | None
    passed_on_at: str | None
    passes_on_at: str | None
    quiet: bool
    province_mail: AlarmMail | None


@dataclass(frozen=True)
class QuietOffice:
    """An office where nobody is told now of anything but danger to people."""

    office: str
    until: str


@dataclass(frozen=True)
class ProvinceBoard:
    """All offices the caller works for, the worst first; the alarms nobody has seen first."""

    offices: tuple[OfficeStanding, ...]
    alarms: tuple[AlarmStanding, ...]
    quiet: tuple[QuietOffice, ...]


@operation("GET", "/province/board", access=WATCHERS, tag="province", answers={200: ProvinceBoard})
def show_province() -> Response:
    """Show how every office stands that the caller works for, the worst first."""
    offices, moment = offices_of(current()), now()
    with context().database.read() as connection:
        rows = view_province(connection, offices, moment)
        alarms = view_alarms(connection, offices, moment)
    board = ProvinceBoard(
        tuple(map(_view_office, rows)),
        tuple(map(_view_alarm, alarms)),
        tuple(map(_view_quiet, list_quiet(offices, moment))),
    )
    text = write_json(board)
    etag = hashlib.sha256(text.encode()).hexdigest()[:32]
    response = not_modified(etag) or marked(json_response(text, 200), etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _view_office(row: OfficeRow) -> OfficeStanding:
    stands = row.stands
    return OfficeStanding(
        stands.office,
        row.name,
        tuple(each.value for each in row.concerns),
        row.open,
        row.mode.value,
        None if row.review_on is None else row.review_on.isoformat(),
        None if row.overdue_since is None else row.overdue_since.isoformat(),
        row.inside,
        row.limit,
        stands.over,
        stands.over_minutes,
        stands.waiting,
        stands.oldest_minutes,
        stands.target_minutes,
        stands.counters_open,
        row.counters_needed,
        row.devices,
        row.troubled_devices,
        stands.silent_devices,
        stands.stranded,
        None if row.paused is None else row.paused.value,
        row.drill,
    )


def _view_alarm(row: AlarmRow) -> AlarmStanding:
    office, alert = row.office, row.alert
    return AlarmStanding(
        alert.id,
        office.code,
        alert.kind.value,
        alert.facts,
        local_time(office, alert.raised_at),
        local_or_none(office, alert.ended_at),
        local_or_none(office, alert.acknowledged_at),
        row.seen_by,
        _view_mail(row, row.to_office),
        local_or_none(office, row.passed_at),
        local_or_none(office, row.passes_at),
        row.is_held,
        _view_mail(row, row.to_province),
    )


def _view_mail(row: AlarmRow, letter: Letter | None) -> AlarmMail | None:
    if letter is None:
        return None
    return AlarmMail(letter.state.value, local_or_none(row.office, letter.at), letter.to)


def _view_quiet(quiet: Quiet) -> QuietOffice:
    return QuietOffice(quiet.office.code, local_time(quiet.office, quiet.until))
