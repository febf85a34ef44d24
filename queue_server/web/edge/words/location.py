"""Where an office is and how to get in, in words."""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.domain.office.location import WheelchairAccess, map_url
from queue_server.domain.office.office import Office
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import in_language


@dataclass(frozen=True)
class WayThere:
    """What a page tells of the way to an office; what the office has not told is None or empty."""

    map_url: str | None
    wheelchair: str | None
    parking: str
    directions: str


def wheelchair_words(access: WheelchairAccess) -> str:
    """How far somebody in a wheelchair gets."""
    return {
        WheelchairAccess.FULL: _("Wheelchairs get in without help"),
        WheelchairAccess.WITH_HELP: _("Wheelchairs get in with help from our staff"),
        WheelchairAccess.NONE: _("No entrance for wheelchairs yet"),
    }[access]


def show_way(office: Office) -> WayThere:
    """The way to an office in the language of the page."""
    location = office.location
    return WayThere(
        None if location.coordinates is None else map_url(location.coordinates),
        None if location.wheelchair is None else wheelchair_words(location.wheelchair),
        in_language(location.parking),
        in_language(location.directions),
    )
