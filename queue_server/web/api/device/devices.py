"""What devices ask: pairing, health, and at the kiosk walk-ins and check-in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

from flask import Response
from sqlalchemy.engine import Connection

from queue_server.domain import errors
from queue_server.domain.office.devices.behind import without_passing
from queue_server.domain.visit.numbering import parse_code
from queue_server.domain.visit.ticket import Ticket
from queue_server.protocol.guide import KioskGuide
from queue_server.protocol.messages import (
    DeviceOrder,
    DeviceSelf,
    Heartbeat,
    HeartbeatAnswer,
    OfficeOffer,
    Pairing,
    Slip,
    SlipDesign,
)
from queue_server.services.access import device_orders, devices, displays
from queue_server.services.access.sessions import Role, new_secret
from queue_server.services.door import arrival, help_calls, kiosk_pace
from queue_server.services.office.slip_design import view_design
from queue_server.services.places.ticket_ids import draw
from queue_server.services.screens.kiosk import view_offer
from queue_server.services.screens.slips import view_slip
from queue_server.services.triage.advising import guide_version
from queue_server.store.access import devices as device_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.answers import not_modified, with_etag
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.edge.access.principals import Principal, admit_office, current
from queue_server.web.edge.access.routes import AT_DOOR, DEVICES, MANAGERS
from queue_server.web.edge.bodies.base import Nothing
from queue_server.web.edge.bodies.devices import (
    ApprovalBody,
    CollectBody,
    HeartbeatBody,
    PairingBody,
)
from queue_server.web.edge.bodies.door import WalkInBody
from queue_server.web.edge.context import (
    context,
    day_of,
    find_office,
    find_ticket_by_code,
    now,
    today_at,
)
from queue_server.web.edge.triage.guide import view_guide
from queue_server.web.edge.words.urgency import say_urgency

AT_THE_DOOR = AT_DOOR | {Role.KIOSK}

SETTINGS_FACT = "settings"
"""The fact in which a screen names the version of its settings; an older one does not."""


@dataclass(frozen=True)
class DeviceToken:
    """A paired device's token."""

    token: str
    office: str


@dataclass(frozen=True)
class Pending:
    """A pairing nobody has approved yet."""

    state: str = "PENDING"


def view_device(device: device_store.Device) -> DeviceSelf:
    """A device as the API shows it."""
    return DeviceSelf(device.id, device.kind, device.name, device.office or "", device.state)


def _view_self(connection: Connection, who: Principal) -> DeviceSelf:
    device = device_store.find(connection, who.device or "", who.office)
    shown = view_device(device)
    if device.kind == displays.DISPLAY and device.office is not None:
        office = find_office(device.office)
        return replace(shown, display=displays.find_news(connection, office, device.id))
    if device.kind != Role.KIOSK or device.office is None:
        return shown
    call = help_calls.find_call(connection, device.office, device.id, now())
    if call is None:
        return shown
    return replace(shown, help=help_calls.view_call(find_office(device.office), call, now()))


@operation("POST", "/devices", access=None, tag="device", body=PairingBody, answers={201: Pairing})
def request_pairing(body: PairingBody) -> tuple[Pairing, int]:
    """Ask to be paired: show the code on the screen and poll with the secret."""
    pairing, moment = devices.draw_pairing(), now()
    device = context().database.write(
        [], partial(devices.request_pairing, kind=body.kind, pairing=pairing, now=moment)
    )
    expires_at = device.expires_at.isoformat() if device.expires_at else ""
    return Pairing(pairing.id, pairing.code, pairing.secret, expires_at), 201


@operation(
    "POST",
    "/devices/{device}/token",
    access=None,
    tag="device",
    body=CollectBody,
    answers={200: DeviceToken, 202: Pending},
    refusals=[errors.UnknownDevice, errors.PairingExpired],
)
def collect_token(device: str, body: CollectBody) -> tuple[DeviceToken | Pending, int]:
    """Collect the token after approval, again only until it is first used; 202 while nobody has
    approved.
    """
    token, moment = new_secret(), now()
    paired, approved = context().database.write(
        [],
        partial(devices.collect_token, device=device, secret=body.secret, token=token, now=moment),
    )
    return (DeviceToken(token, paired.office or ""), 200) if approved else (Pending(), 202)


@operation(
    "POST",
    "/offices/{office}/devices",
    access=MANAGERS,
    tag="device",
    body=ApprovalBody,
    answers={201: DeviceSelf},
    refusals=[errors.UnknownOffice, errors.UnknownDevice, errors.PairingExpired],
    in_person=True,
)
def approve_device(office: str, body: ApprovalBody) -> tuple[DeviceSelf, int]:
    """Approve the device that shows this code; a second press gives the same device."""
    who, the_office = admit_office(office), find_office(office)
    command = partial(
        devices.approve,
        pairing_code=body.pairing_code,
        office=office,
        name=body.name,
        by=who.id,
        now=now(),
    )
    return view_device(context().database.write([today_at(the_office)], command)), 201


@operation(
    "GET",
    "/devices/self",
    access=DEVICES,
    tag="device",
    answers={200: DeviceSelf},
    refusals=[errors.UnknownDevice],
)
def show_device() -> DeviceSelf:
    """Show the device that asks."""
    who = current()
    with context().database.read() as connection:
        return _view_self(connection, who)


@operation(
    "GET",
    "/devices/self/slip-design",
    access=frozenset({Role.KIOSK, Role.PRINTER}),
    tag="device",
    answers={200: SlipDesign},
)
def show_slip_design() -> Response:
    """Show what the office adds to its slips: lines above and below, and its logo."""
    office = find_office(current().office or "")
    with context().database.read() as connection:
        design = view_design(connection, office)
    mark = sha256(repr(design).encode()).hexdigest()[:16]
    return not_modified(mark) or with_etag(design, mark)


@operation(
    "POST",
    "/devices/self/heartbeat",
    access=DEVICES,
    tag="device",
    body=HeartbeatBody,
    answers={200: HeartbeatAnswer, 204: None},
    refusals=[errors.UnknownDevice],
)
def note_heartbeat(body: HeartbeatBody) -> tuple[HeartbeatAnswer | None, int]:
    """Note that the device lives, and its health; 200 if there is something that it shall do.

    A heartbeat that says nothing new writes nothing: it is remembered, and written with others.
    """
    who, heartbeat, moment = current(), Heartbeat(body.build, dict(body.facts)), now()
    id = who.device or ""
    orders: tuple[DeviceOrder, ...] = ()
    settings, board = None, None
    with context().database.read() as connection:
        known = device_store.find(connection, id, who.office)
        if known.office is not None:
            office = context().database.offices.get(connection, known.office)
            orders = device_orders.list_orders(connection, office, id, moment)
            if known.kind == displays.DISPLAY:
                board = displays.find_board_version(connection, office, moment)
                if (version := heartbeat.facts.get(SETTINGS_FACT)) is not None:
                    settings = displays.find_news(connection, office, id, version)
    health = devices.read_health(context().heard.now_of(known), heartbeat, moment, board)
    is_news = without_passing(known.health) != without_passing(health)
    if known.seen_at is None or is_news:
        command = partial(
            devices.note_heartbeat, office=who.office, device=id, health=health, now=moment
        )
        context().database.write([], command)
    said = None if is_news or known.health == health else health
    context().heard.note(who.office, id, moment, said)
    return (HeartbeatAnswer(orders, settings), 200) if orders or settings else (None, 204)


@operation(
    "GET",
    "/offices/{office}/offer",
    access=AT_THE_DOOR,
    tag="device",
    answers={200: OfficeOffer},
    refusals=[errors.UnknownOffice],
)
def show_offer(office: str) -> OfficeOffer:
    """Show what may be handed out at the door now."""
    admit_office(office)
    the_office = find_office(office)
    with context().database.read() as connection:
        return view_offer(connection, the_office, now(), context().live.shown)


@operation(
    "GET",
    "/offices/{office}/kiosk-guide",
    access=AT_THE_DOOR,
    tag="device",
    answers={200: KioskGuide},
    refusals=[errors.UnknownOffice],
)
def show_kiosk_guide(office: str) -> Response:
    """Show what a kiosk tells before a number is taken; the offer says when it has changed."""
    admit_office(office)
    the_office, moment = find_office(office), now()
    etag = f"{guide_version(the_office, moment)}-{context().build}"
    unchanged = not_modified(etag)
    if unchanged is not None:
        return unchanged
    return with_etag(view_guide(the_office, context().settings.public_url, moment), etag)


@operation(
    "POST",
    "/offices/{office}/tickets",
    access=AT_THE_DOOR,
    tag="device",
    body=WalkInBody,
    answers={201: Slip},
    once=True,
    refusals=[
        errors.UnknownOffice,
        errors.UnknownService,
        errors.NotInService,
        errors.DayFull,
        errors.BadInput,
        errors.Paused,
        errors.KioskResting,
        errors.PartyForStaff,
        errors.Superseded,
    ],
)
def issue_walk_in(office: str, body: WalkInBody) -> Response:
    """Give a number to a visitor at the door."""
    who, the_office = admit_office(office), find_office(office)
    wanted = arrival.WalkIn(
        service=body.service,
        party_size=body.party_size,
        priority=bool(body.priority),
        language=body.language,
        urgent=body.urgency is not None,
        urgency=body.urgency,
        device=who.device if who.role is Role.KIOSK else None,
    )
    fresh, moment, public_url, shown = (
        draw(),
        now(),
        context().settings.public_url,
        context().live.shown,
    )

    def command(tx: Transaction) -> Slip:
        if who.role is Role.KIOSK:
            kiosk_pace.admit_number(tx, office, who.id, body.party_size, moment)
        arrived = arrival.issue_walk_in(tx, office, wanted, fresh, moment)
        return say_urgency(view_slip(tx, tx.office(office), arrived, public_url, moment, shown))

    return perform([today_at(the_office)], command, status=201)


@operation(
    "POST",
    "/tickets/{code}/check-in",
    access=AT_THE_DOOR,
    tag="device",
    body=Nothing,
    answers={200: Slip},
    once=True,
    refusals=[
        errors.UnknownCode,
        errors.WrongOffice,
        errors.AlreadyCheckedIn,
        errors.WrongState,
        errors.WrongDay,
        errors.RemoteVisit,
        errors.TooEarly,
        errors.NotInService,
        errors.Paused,
        errors.Superseded,
    ],
)
def check_in(code: str, body: Nothing) -> Response:
    """Check a booked visitor in; a repeat gives the same slip with the time it was done."""
    ticket = _find_own_ticket(parse_code(code), current().office)
    moment, public_url, shown = now(), context().settings.public_url, context().live.shown

    def command(tx: Transaction) -> Slip:
        arrived = arrival.check_in_or_repeat(tx, ticket.id, moment)
        settings = tx.office(ticket.office)
        return say_urgency(view_slip(tx, settings, arrived, public_url, moment, shown))

    return perform([day_of(ticket)], command)


def _find_own_ticket(code: str, office: str | None) -> Ticket:
    """The ticket of a secret code at the office of whoever asks. Raises `UnknownCode`, and at a
    kiosk `WrongOffice` for a booking of another one: a visitor stands there with the code, which
    proves whose it is. Staff and their programs learn nothing of other offices.
    """
    ticket = find_ticket_by_code(code)
    if office is not None and ticket.office != office:
        if current().role is not Role.KIOSK:
            raise errors.UnknownCode()
        name = find_office(ticket.office).name
        raise errors.WrongOffice(office_name=name, date=ticket.date.isoformat())
    return ticket
