"""Calls for help: a kiosk asks, the staff see it, answer and end it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response

from queue_server.domain import errors
from queue_server.domain.door.help_calls import HelpCall, HelpReason
from queue_server.protocol.messages import HelpCalled
from queue_server.services.access.sessions import Role
from queue_server.services.door import help_calls
from queue_server.services.door.help_calls import HelpCalls, HelpWanted
from queue_server.services.places.ticket_ids import draw
from queue_server.store.access import devices as device_store
from queue_server.store.door import help_calls as help_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.answers import answer
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.edge.access.principals import admit_office, current
from queue_server.web.edge.access.routes import AT_DOOR
from queue_server.web.edge.bodies.base import Nothing
from queue_server.web.edge.bodies.devices import HelpBody
from queue_server.web.edge.context import context, find_office, now, today_at

KIOSKS = frozenset({Role.KIOSK})


@operation(
    "POST",
    "/devices/self/help",
    access=KIOSKS,
    tag="device",
    body=HelpBody,
    answers={200: HelpCalled},
    once=True,
    refusals=[errors.HelpResting],
)
def ask_help(body: HelpBody) -> Response:
    """Call the staff to this kiosk; while its call goes on, another one is the same."""
    who, moment, id = current(), now(), draw().id
    office, device = find_office(who.office or ""), who.device or ""
    with context().database.read() as connection:
        known = help_calls.find_call(connection, office.code, device, moment)
    if known is not None:  # whoever presses a hundred times costs one question each
        return answer(help_calls.view_call(office, known, moment))

    def command(tx: Transaction) -> HelpCalled:
        call = help_calls.ask(
            tx,
            office.code,
            device,
            language=body.language,
            screen=body.screen,
            reason=HelpReason(body.reason),
            id=id,
            now=moment,
        )
        return help_calls.view_call(office, call, moment)

    return perform([today_at(office)], command)


@operation(
    "POST",
    "/devices/self/help/take-back",
    access=KIOSKS,
    tag="device",
    body=Nothing,
    answers={204: None},
    once=True,
)
def take_help_back(body: Nothing) -> Response:
    """End the call of this kiosk: its visitor needs no help any more."""
    who, moment = current(), now()
    office = find_office(who.office or "")
    return perform(
        [today_at(office)],
        lambda tx: help_calls.take_back(tx, office.code, who.device or "", moment),
    )


@operation(
    "GET",
    "/offices/{office}/help",
    access=AT_DOOR,
    tag="door",
    answers={200: HelpCalls},
    refusals=[errors.UnknownOffice],
)
def list_help_calls(office: str) -> HelpCalls:
    """List the calls for help that go on."""
    admit_office(office)
    the_office = find_office(office)
    with context().database.read() as connection:
        return help_calls.view_calls(connection, the_office, now(), context().build)


@operation(
    "POST",
    "/offices/{office}/help/{id}/answer",
    access=AT_DOOR,
    tag="door",
    body=Nothing,
    answers={200: HelpWanted},
    once=True,
    refusals=[errors.UnknownOffice, errors.UnknownHelp, errors.HelpOver],
)
def answer_help(office: str, id: str, body: Nothing) -> Response:
    """Say that one goes to the kiosk. The first who says so goes; the answer names who that is."""
    who, moment = admit_office(office), now()
    return _change(office, id, lambda tx: help_calls.answer(tx, office, id, who.id, moment))


@operation(
    "POST",
    "/offices/{office}/help/{id}/end",
    access=AT_DOOR,
    tag="door",
    body=Nothing,
    answers={200: HelpWanted},
    once=True,
    refusals=[errors.UnknownOffice, errors.UnknownHelp],
)
def end_help(office: str, id: str, body: Nothing) -> Response:
    """End a call: the visitor was helped, or has gone."""
    who, moment = admit_office(office), now()
    return _change(office, id, lambda tx: help_calls.end(tx, office, id, who.id, moment))


def _change(office: str, id: str, step: Callable[[Transaction], HelpCall]) -> Response:
    the_office, moment = find_office(office), now()
    with context().database.read() as connection:
        day = help_store.find(connection, office, id).date

    def command(tx: Transaction) -> HelpWanted:
        call = step(tx)
        name = device_store.find(tx, call.device, office).name
        return help_calls.view_wanted(the_office, call, name, moment)

    return perform([(office, day)], command)
