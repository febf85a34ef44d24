"""The drawing of a zone: where its outline, its places, its measures and its scale go, in units of
the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.domain.room.plan import Spots
from queue_server.domain.room.zones import Method, Zone
from queue_server.web.edge.words.rooms import number_words

_WIDEST, _HIGHEST = 330.0, 260.0
_LEFT, _TOP, _RIGHT, _BOTTOM = 52.0, 12.0, 18.0, 58.0
_SCALE_BARS_M = (1, 2, 5, 10, 20, 50, 100, 200)


@dataclass(frozen=True)
class Dot:
    """A place in the picture."""

    x: float
    y: float
    usable: bool


@dataclass(frozen=True)
class Box:
    """An upright rectangle in the picture."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawing:
    """A plan ready to be drawn. The corner from which places are measured is at the lower left.

    `reach` is the radius of the distance around each place; `dot` the radius of the place's mark.
    """

    width: float
    height: float
    room: Box
    clear: Box | None
    dots: tuple[Dot, ...]
    dot: float
    reach: float
    is_seats: bool
    usable: int
    left_out: int
    length_words: str
    width_words: str
    bar: float
    bar_words: str


def draw_zone(zone: Zone, places: Spots | None) -> Drawing | None:
    """The plan of a zone with its places, or None if its length is not known. A line without a
    width is drawn as a strip.
    """
    if zone.length_m is None:
        return None
    length, width = zone.length_m, zone.width_m or 0.0
    scale = min(_WIDEST / length, _HIGHEST / max(width, 0.5))
    room = Box(_LEFT, _TOP, length * scale, max(width, 0.5) * scale)
    floor = _TOP + room.height
    spots = places or Spots(Method.LAYOUT, ())
    lift = 0.0 if zone.width_m else 0.25 * scale
    reach = (zone.distance_cm or 0) / 200 * scale
    bar_m = next((each for each in _SCALE_BARS_M if each * scale >= 30), _SCALE_BARS_M[-1])
    usable = sum(each.usable for each in spots.spots)
    return Drawing(
        width=_LEFT + room.width + _RIGHT,
        height=floor + _BOTTOM,
        room=room,
        clear=_clear(zone, scale, floor),
        dots=tuple(
            Dot(_LEFT + each.x_m * scale, floor - lift - each.y_m * scale, each.usable)
            for each in spots.spots
        ),
        dot=max(2.5, min(8.0, 0.25 * scale, reach * 0.8)),
        reach=reach,
        is_seats=spots.method is Method.SEATS,
        usable=usable,
        left_out=len(spots.spots) - usable,
        length_words=f"{number_words(length)} m",
        width_words=f"{number_words(width)} m" if width else "",
        bar=bar_m * scale,
        bar_words=f"{bar_m} m",
    )


def _clear(zone: Zone, scale: float, floor: float) -> Box | None:
    if zone.clear_length_m is None or zone.clear_width_m is None:
        return None
    height = zone.clear_width_m * scale
    return Box(
        _LEFT + zone.clear_x_m * scale,
        floor - zone.clear_y_m * scale - height,
        zone.clear_length_m * scale,
        height,
    )
