"""An office's room: its zones, and the limit that follows from them."""

from __future__ import annotations

from flask import Response

from queue_server.domain import errors
from queue_server.domain.room.capacity import Room
from queue_server.domain.room.zone_json import zone_from_facts
from queue_server.services.office import rooms
from queue_server.services.office.rooms import RoomView
from queue_server.store.room import zones as zone_store
from queue_server.web.api.answers import answer
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.bodies.rooms import RoomBody
from queue_server.web.edge.context import context, find_office, now, today_at
from queue_server.web.edge.long_work.zone_plans import find_limit


@operation(
    "GET",
    "/offices/{office}/zones",
    access=MANAGERS,
    tag="staff",
    answers={200: RoomView},
    refusals=[errors.UnknownOffice],
)
def show_room(office: str) -> RoomView:
    """Show the zones, every method's number, and the limit that follows."""
    admit_office(office)
    the_office = find_office(office)
    with context().database.read() as connection:
        room = zone_store.load(connection, office)
    return rooms.view_room(the_office, room, find_limit)


@operation(
    "PUT",
    "/offices/{office}/zones",
    access=MANAGERS,
    tag="staff",
    body=RoomBody,
    answers={200: RoomView},
    refusals=[errors.UnknownOffice, errors.BadInput],
)
def put_room(office: str, body: RoomBody) -> Response:
    """Describe the whole room anew; the limit in force stays."""
    who, moment = admit_office(office), now()
    the_office = find_office(office)
    room = Room(
        tuple(zone_from_facts(each.model_dump()) for each in body.zones), body.building_limit
    )
    context().database.write(
        [today_at(the_office)], lambda tx: rooms.describe_room(tx, office, room, who.id, moment)
    )
    return answer(rooms.view_room(find_office(office), room, find_limit))
