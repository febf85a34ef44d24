"""The streams, services and counters of an office, and how its settings came to be so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Response

from queue_server.domain import errors
from queue_server.domain.office.office import (
    Counter,
    IdentityKind,
    Office,
    Service,
    ServiceChannel,
    Stream,
)
from queue_server.domain.office.settings.structure import (
    StructureChange,
    next_counter_id,
    with_usual,
)
from queue_server.services.shown import local_time
from queue_server.store.office import history as history_store
from queue_server.store.office import offices as office_store
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.bodies.office import (
    CounterBody,
    HistoryQuery,
    ServiceBody,
    StreamBody,
    StructureBody,
)
from queue_server.web.edge.context import context, find_office

from .dry_run import CHANGE_REFUSALS, ChangePreview, answer_change


@dataclass(frozen=True)
class StreamView:
    """A queue. `remote`: those in it are rung or met by video. Quotas are null where only counters
    and room decide.
    """

    letter: str
    name: Mapping[str, str]
    remote: bool
    slot_quota: int | None
    walk_in_quota: int | None


@dataclass(frozen=True)
class StructuredService:
    """How a service is given."""

    code: str
    letter: str
    name: Mapping[str, str]
    minutes: int
    identity: str


@dataclass(frozen=True)
class CounterView:
    """A counter with the queues that it serves whenever it is worked in the office."""

    id: str
    name: str
    letters: tuple[str, ...]
    remote: bool


@dataclass(frozen=True)
class StructureView:
    """What an office is made of, in its order. Sent along with a change, `revision` makes sure that
    it meets what was looked at.
    """

    office: str
    revision: int
    streams: tuple[StreamView, ...]
    services: tuple[StructuredService, ...]
    counters: tuple[CounterView, ...]


@dataclass(frozen=True)
class SettingChanged:
    """A change that gave the office a `revision`. `by` is a user's id. `before` and `after` hold
    the values of its parts by their path; null for what was not there or is gone. `undoes` is the
    revision of the change that it took back, `undone_by` that of the one which took it back.
    """

    revision: int
    at: str
    by: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    undoes: int | None
    undone_by: int | None


@dataclass(frozen=True)
class SettingHistory:
    """Changes of an office's settings, newest first. `next` is the `before` of a further page."""

    office: str
    changes: tuple[SettingChanged, ...]
    next: int | None


@operation(
    "GET",
    "/offices/{office}/structure",
    access=MANAGERS,
    tag="staff",
    answers={200: StructureView},
    refusals=[errors.UnknownOffice],
)
def show_structure(office: str) -> StructureView:
    """Show the streams, services and counters of an office."""
    admit_office(office)
    return _view(find_office(office))


def _view(office: Office) -> StructureView:
    return StructureView(
        office.code,
        office.revision,
        tuple(
            StreamView(each.letter, each.name, each.remote, each.slot_quota, each.walk_in_quota)
            for each in office.streams
        ),
        tuple(
            StructuredService(each.code, each.letter, each.name, each.minutes, each.identity.value)
            for each in office.services
        ),
        tuple(
            CounterView(each.id, each.name, each.usual_letters, each.remote)
            for each in office.counters
        ),
    )


@operation(
    "PUT",
    "/offices/{office}/structure",
    access=MANAGERS,
    tag="staff",
    body=StructureBody,
    answers={200: StructureView | ChangePreview},
    refusals=[*CHANGE_REFUSALS, errors.StillInUse, errors.UnknownCounter],
)
def set_structure(office: str, body: StructureBody) -> Response | ChangePreview:
    """Replace the layers that are given, or with `dry_run` show what that would do. What is from
    home stays so.
    """
    admit_office(office)
    before = find_office(office)
    change = StructureChange(
        None if body.streams is None else tuple(_stream(before, each) for each in body.streams),
        None if body.services is None else tuple(_service(before, each) for each in body.services),
        None if body.counters is None else _counters(before, body.counters),
    )
    return answer_change(
        office, change, dry_run=body.dry_run, revision=body.revision or before.revision, view=_view
    )


def _stream(office: Office, body: StreamBody) -> Stream:
    known = next((each for each in office.streams if each.letter == body.letter), None)
    remote = known is not None and known.remote
    return Stream(body.letter, _plain(body.name), remote, body.slot_quota, body.walk_in_quota)


def _service(office: Office, body: ServiceBody) -> Service:
    known = next((each for each in office.services if each.code == body.code), None)
    if known is None:
        channel = ServiceChannel.MUST_COME
        known = Service(body.code, body.letter, {}, _plain(body.summary), {}, channel, 1)
    return replace(
        known,
        letter=body.letter,
        name=_plain(body.name),
        minutes=body.minutes,
        identity=IdentityKind(body.identity),
        summary=_plain(body.summary) or known.summary,
    )


def _counters(office: Office, bodies: list[CounterBody]) -> tuple[Counter, ...]:
    """The counters; a new one gets an id that none ever had, and only a new one may have none."""
    with context().database.read() as connection:
        taken = set(office_store.counter_ids(connection, office.code))
    counters = []
    for each in bodies:
        if each.id is None:
            id = next_counter_id(office, taken)
            taken.add(id)
            counters.append(Counter(id, each.name, tuple(each.letters)))
        else:
            known = replace(office.counter(each.id), name=each.name)
            counters.append(with_usual(known, tuple(each.letters)))
    return tuple(counters)


def _plain(words: Mapping[Any, str]) -> dict[str, str]:
    return {str(language): text for language, text in words.items() if text.strip()}


@operation(
    "GET",
    "/offices/{office}/history",
    access=MANAGERS,
    tag="staff",
    query=HistoryQuery,
    answers={200: SettingHistory},
    refusals=[errors.UnknownOffice, errors.BadInput],
)
def list_setting_changes(office: str, query: HistoryQuery) -> SettingHistory:
    """List the changes of an office's settings: who, when, what each part was and became."""
    admit_office(office)
    settings = find_office(office)
    with context().database.read() as connection:
        newest = history_store.list_newest(connection, office, query.limit + 1, query.before)
    shown = newest[: query.limit]
    return SettingHistory(
        office,
        tuple(
            SettingChanged(
                each.revision,
                local_time(settings, each.at),
                each.by,
                {path: was for path, (was, _) in each.parts.items()},
                {path: became for path, (_, became) in each.parts.items()},
                each.undoes,
                each.undone_by,
            )
            for each in shown
        ),
        shown[-1].revision if len(newest) > len(shown) else None,
    )
