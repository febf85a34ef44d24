"""The design system on one page: every component in every state. Registered in the demo only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template

from queue_server.domain.access.accounts import Role
from queue_server.domain.office.office import Office
from queue_server.domain.room.plan import spots
from queue_server.domain.room.zones import Method, Zone, ZoneKind
from queue_server.protocol.messages import WaitRange
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.access.staff import StaffBar
from queue_server.web.edge.context import list_offices
from queue_server.web.edge.forms.booking import BookingForm
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.managing.pages import page_groups
from queue_server.web.edge.managing.sidebar import Sidebar, SideGroup, SideLink
from queue_server.web.edge.managing.states import State
from queue_server.web.edge.words.rooms import above_room_words
from queue_server.web.edge.words.tickets import STATE_BADGES, state_words
from queue_server.web.pages.citizen.booking.choices import SlotChoice

from .citizen.booking.holds import Kept
from .citizen.booking.words import need_words
from .citizen.choosing.services import list_services, service_names
from .citizen.ticket.page import draw_qr
from .manage.room.drawing import draw_zone

gallery = Blueprint("gallery", __name__)

_FIRST = datetime(2026, 11, 24, 8, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
_FREE = (4, 3, 0, 2, 1, 0)
_ROOM = Zone(
    "waiting",
    ZoneKind.WAITING_ROOM,
    (Method.LAYOUT,),
    length_m=9.0,
    width_m=6.0,
    spacing_m=1.5,
    clear_length_m=7.0,
    clear_width_m=5.0,
    clear_x_m=1.0,
    clear_y_m=0.5,
)


@gallery.get("/gallery")
@public
def show() -> str:
    """Render the components with invented content."""
    slots = [
        SlotChoice(f"s{n}", _FIRST + timedelta(minutes=15 * n), free)
        for n, free in enumerate(_FREE)
    ]
    offices = list_offices()
    kept = Kept(
        "7K2M9QXA4T8Z", "s1", _FIRST + timedelta(minutes=9), 540, extendable=True, minutes=5
    )
    return render_template(
        "gallery.html",
        sample_staff=StaffBar("Siti", Role.MANAGER),
        sample_slots=slots,
        sample_wait=WaitRange(10, 20),
        states=state_words(),
        badges=STATE_BADGES,
        sample_kept=kept,
        sample_office=offices[0],
        sample_side=_make_side(offices[:2]),
        sample_booking=BookingForm(name="Siti", represented="yes", wheelchair="yes"),
        needs=need_words(),
        sample_qr=draw_qr("https://antrean.example/t/7K2M9QXA4T8Z"),
        sample_plan=draw_zone(_ROOM, spots(_ROOM)),
        sample_above=above_room_words(21, 30),
        sample_services=list_services(offices[0])[:3],
        offices=offices[:3],
        services=service_names(offices),
        chosen=None,
    )


def _make_side(offices: Sequence[Office]) -> Sidebar:
    """A sidebar that leads nowhere, with a page at hand and something that waits."""
    states = (State("12"), State(_("no counters yet"), waits=True), None)
    links = [
        SideLink(page, "#g-manage", state is states[0], state)
        for page, state in zip(page_groups()[1].pages, states, strict=False)
    ]
    return Sidebar([SideGroup(page_groups()[1].title, links)], links[0], offices)
