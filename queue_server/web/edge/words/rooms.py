"""The words of the room pages: zones, methods, published rules, measures, and what is wrong with
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queue_server.domain.room.capacity import Candidate, ZoneLimit
from queue_server.domain.room.zones import LayoutChoice, Method, Zone, ZoneKind
from queue_server.web.edge.locale import current_language
from queue_server.web.edge.locale import gettext as _


def number_words(value: float) -> str:
    """A measure without needless zeros, with the decimal mark of the language: "8,25" or "8.25"."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if current_language() == "id" else text


def zone_kind_words(kind: str) -> str:
    """What a kind of zone is called."""
    return {
        ZoneKind.WAITING_ROOM: _("Waiting room"),
        ZoneKind.COUNTER_AREA: _("Counter area"),
        ZoneKind.CORRIDOR: _("Corridor"),
        ZoneKind.OUTSIDE: _("Outside"),
    }[ZoneKind(kind)]


def zone_words(zone: Zone) -> str:
    """A zone's title: its kind, and its number or the name given to it."""
    prefix = f"{zone.kind.value.lower().replace('_', '-')}-"
    return f"{zone_kind_words(zone.kind)} {zone.name.removeprefix(prefix)}"


def method_words(method: str) -> tuple[str, str]:
    """A method's name, and what it does."""
    return {
        Method.DENSITY: (
            _("Area per person"),
            _("The clear floor, divided by the square metres each person needs."),
        ),
        Method.SEATS: (
            _("Seats at a distance"),
            _("As many of the seats as can be used with the distance between people."),
        ),
        Method.LAYOUT: (
            _("Floor marks"),
            _("As many marks at the distance as fit into the clear part of the room."),
        ),
        Method.PERCENT: (
            _("Share of the licensed capacity"),
            _("A percentage of the number the building is licensed for."),
        ),
        Method.COUNTERS: (
            _("Open counters"),
            _("One visitor at each open counter, with the companions you allow."),
        ),
        Method.LINE: (
            _("One line"),
            _("People in one line along the length, one behind the other."),
        ),
    }[Method(method)]


def layout_words(layout: str) -> str:
    """What a choice of layouts is called."""
    return {
        LayoutChoice.BEST: _("Whichever holds more"),
        LayoutChoice.SQUARE: _("Square grid only"),
        LayoutChoice.HEX: _("Hexagonal only"),
    }[LayoutChoice(layout)]


def rule_words(key: str) -> str:
    """What a published rule is called."""
    return {
        "victoria_4m2": _("Victoria: 4 m² per person, without staff"),
        "nsw_4m2": _("New South Wales: 4 m² per person, staff included"),
        "nsw_2m2": _("New South Wales, later: 2 m² per person"),
        "uk_static_4m2": _("UK events: 4 m² per person, nobody walks about"),
        "square_cell": _("One square of the distance per person"),
        "kemendesa_1m": _("Ministry of Villages 63/2020: 1 m"),
        "bali_1m": _("Bali 3355/2020: 1 m"),
        "who_1m": _("WHO workplaces: 1 m"),
        "singapore_1m": _("Singapore: 1 m"),
        "nsw_1_5m": _("New South Wales: 1.5 m"),
        "uk_2m": _("UK events: 2 m"),
        "cdc_6ft": _("CDC: 6 feet between bodies"),
        "jakarta_50": _("Jakarta, transition: 50 %"),
    }[key]


def measure_words() -> dict[str, str]:
    """What each field of a zone is called."""
    return {
        "length_m": _("Length, m"),
        "width_m": _("Width, m"),
        "furniture_m2": _("Furniture, m²"),
        "counters_m2": _("Counters and staff, m²"),
        "aisles_m2": _("Aisles, m²"),
        "door_swing_m2": _("Door swing, m²"),
        "area_rule": _("Published rule for the area"),
        "area_per_person_m2": _("Own number, m² per person"),
        "spacing_rule": _("Published rule for the distance"),
        "spacing_m": _("Own distance, m"),
        "body_width_m": _("Body width to add, m"),
        "layout": _("Pattern of the marks"),
        "clear_length_m": _("Clear length, m"),
        "clear_width_m": _("Clear width, m"),
        "clear_x_m": _("Begins along the length at, m"),
        "clear_y_m": _("Begins along the width at, m"),
        "seats": _("Single seats"),
        "seat_rows": _("Rows of seats"),
        "percent_rule": _("Published rule for the share"),
        "percent": _("Own share, %"),
        "licensed_capacity": _("Licensed capacity, people"),
        "open_counters": _("Open counters"),
        "companions": _("Companions per visitor"),
        "staff_inside": _("Staff in this zone"),
        "staff_counted": _("Staff count towards the number"),
        "methods": _("Methods"),
        "kind": _("Kind"),
        "name": _("Name"),
        "building_limit": _("Limit of the whole building, people"),
        "zones": _("Zones"),
    }


def measure_error_words(facts: Mapping[str, Any]) -> str:
    """A sentence for a refused measure that says what to do. `facts` are those of `BadInput`."""
    field, reason = str(facts.get("field")), str(facts.get("reason"))
    label = measure_words().get(field, field)
    special = {
        ("methods", "missing"): _("Switch on at least one method"),
        ("seats", "missing"): _(
            "Enter seats or rows of seats, or switch off “Seats at a distance”"
        ),
        ("seats", "format"): _("Single seats: write two numbers in each line, such as 1.2 3.5"),
        ("seat_rows", "format"): _(
            "Rows of seats: write four numbers in each line, such as 0.5 1 10 0.55"
        ),
        ("clear_length_m", "missing"): _(
            "Something stands in this room: enter the length of its clear part, or switch off "
            "“Floor marks”"
        ),
        ("clear_width_m", "missing"): _(
            "Something stands in this room: enter the width of its clear part, or switch off "
            "“Floor marks”"
        ),
    }
    if (field, reason) in special:
        return special[field, reason]
    if reason == "range" and "high" in facts:
        return _(
            "%(what)s: enter a number from %(low)s to %(high)s",
            what=label,
            low=number_words(facts["low"]),
            high=number_words(facts["high"]),
        )
    return {
        "missing": _("%(what)s: this is needed for a method you switched on", what=label),
        "two_values": _(
            "%(what)s: choose a published rule or enter an own number, not both", what=label
        ),
        "too_large": _("%(what)s: this does not fit into the room", what=label),
        "outside_room": _("%(what)s: a seat stands outside the room", what=label),
        "too_many": _("%(what)s: these are too many", what=label),
    }.get(reason, _("%(what)s: enter a number such as 8.5", what=label))


def formula_words(candidate: Candidate) -> str:
    """How a candidate's number came about, with its values."""
    given = {
        name: number_words(value)
        for name, value in candidate.inputs.items()
        if isinstance(value, int | float)
    }
    words = {
        Method.DENSITY: lambda: _(
            "%(net_area_m2)s m² clear ÷ %(area_per_person_m2)s m² each", **given
        ),
        Method.SEATS: lambda: (
            _("of %(seats)s seats, people at least %(distance_m)s m apart", **given)
            + _proof(candidate)
        ),
        Method.LAYOUT: lambda: (
            _("%(length_m)s × %(width_m)s m at %(distance_m)s m: ", **given) + _patterns(candidate)
        ),
        Method.PERCENT: lambda: _("%(percent)s %% of %(licensed_capacity)s people", **given),
        Method.COUNTERS: lambda: _(
            "%(open_counters)s counters × (1 visitor + %(companions)s companions)", **given
        ),
        Method.LINE: lambda: _("%(length_m)s m, people %(distance_m)s m apart", **given),
    }[candidate.method]()
    if candidate.inputs["staff_counted"] and candidate.inputs["staff_inside"]:
        words += " " + _("− %(staff_inside)s staff", **given)
    return words


def _patterns(candidate: Candidate) -> str:
    names = {
        "square": _("square"),
        "hex_along": _("hexagonal along"),
        "hex_across": _("hexagonal across"),
    }
    return ", ".join(
        f"{words} {candidate.inputs[name]}"
        for name, words in names.items()
        if name in candidate.inputs
    )


def _proof(candidate: Candidate) -> str:
    return (
        ""
        if candidate.inputs["exact"]
        else " " + _("(the best choice found; perhaps a few more are possible)")
    )


def refused_words(limit: ZoneLimit) -> str:
    """Why a number is impossible."""
    distance = number_words((limit.zone.distance_cm or 0) / 100)
    return _(
        "Impossible: at %(distance)s m no arrangement holds more than %(bound)s people in this "
        "room",
        distance=distance,
        bound=limit.bound,
    )


def closed_words(limit: ZoneLimit) -> str:
    """Why nobody may be in a zone, and what to do."""
    return _(
        "At a distance of %(distance)s m none of these numbers is possible, so nobody may be in "
        "this zone. Switch on “Floor marks” or"
        " “Seats at a distance”, or change the numbers that are refused.",
        distance=number_words((limit.zone.distance_cm or 0) / 100),
    )


def above_room_words(room_limit: int, people_limit: int | None) -> str:
    """That an office's limit (None: no limit) lets in more than its room holds."""
    if people_limit is None:
        return _(
            "No limit is set, but the room as described holds only %(room)s with the distance "
            "kept.",
            room=room_limit,
        )
    return _(
        "The limit is %(limit)s, but the room as described holds only %(room)s with the distance "
        "kept.",
        limit=people_limit,
        room=room_limit,
    )


def above_bound_words(bound: int) -> str:
    """Why a limit is impossible in the rooms that are described."""
    return _(
        "Enter at most %(bound)s: with more inside, no arrangement in the room as described keeps "
        "the distance",
        bound=bound,
    )


def room_changes_words(facts: Mapping[str, Any]) -> str:
    """What a new description of the room changed, from the log."""
    parts = [
        words.format(zones=", ".join(map(_zone_name_words, facts[which])))
        for which, words in (
            ("added", _("{zones} added")),
            ("removed", _("{zones} removed")),
            ("altered", _("{zones} altered")),
        )
        if facts.get(which)
    ]
    if "building_limit" in facts:
        before, after = (_("none") if each is None else each for each in facts["building_limit"])
        parts.append(
            _("limit of the building {before} → {after}").format(before=before, after=after)
        )
    return "; ".join(parts) or _("order of the zones")


def _zone_name_words(name: str) -> str:
    """A zone's title from its short name alone: it may be gone by now."""
    for kind in ZoneKind:
        prefix = f"{kind.value.lower().replace('_', '-')}-"
        if name.startswith(prefix):
            return f"{zone_kind_words(kind)} {name.removeprefix(prefix)}"
    return name
