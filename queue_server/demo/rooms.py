"""A room for each demonstration office, of a size from which the office's limit follows."""

from __future__ import annotations

from math import ceil

from queue_server.domain.office.office import Office
from queue_server.domain.room.capacity import Room
from queue_server.domain.room.zones import Method, SeatRow, Zone, ZoneKind

_WIDTH_M, _M2_PER_PERSON, _PITCH_M = 6.0, 4.0, 0.55


def room_of(office: Office) -> Room:
    """One visitor at each counter, the rest in the waiting room at 4 m2 each, and a yard with
    marks. An office without a limit has none.
    """
    if office.people_limit is None:
        return Room()
    counters = len(office.counters)
    waiting = office.people_limit - counters
    length_m = ceil(waiting * _M2_PER_PERSON / _WIDTH_M * 10) / 10
    seats = int((length_m - 1) / _PITCH_M)
    return Room(
        (
            Zone(
                "waiting-room-1",
                ZoneKind.WAITING_ROOM,
                (Method.DENSITY, Method.SEATS),
                length_m=length_m,
                width_m=_WIDTH_M,
                area_rule="victoria_4m2",
                spacing_rule="kemendesa_1m",
                seat_rows=tuple(SeatRow(0.5, y_m, seats, _PITCH_M) for y_m in (0.8, 2.3, 3.8, 5.3)),
            ),
            Zone(
                "counter-area-1",
                ZoneKind.COUNTER_AREA,
                (Method.COUNTERS,),
                length_m=length_m,
                width_m=2.5,
                spacing_rule="kemendesa_1m",
                open_counters=counters,
            ),
            Zone(
                "outside-1",
                ZoneKind.OUTSIDE,
                (Method.LAYOUT,),
                length_m=12.0,
                width_m=8.0,
                spacing_m=1.5,
            ),
        )
    )
