"""Reading a zone as a manager types it: values kept as typed, numbers with a comma or a point, the
checked zone or errors by field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from queue_server.domain.errors import BadInput
from queue_server.domain.room.zone_json import to_facts, zone_from_facts
from queue_server.domain.room.zones import COUNTS, NUMBERS, SEATS_MAX, Method, Zone
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.words.rooms import measure_error_words, number_words

RULES = {"area_rule": "area_per_person_m2", "spacing_rule": "spacing_m", "percent_rule": "percent"}
"""Choices of a published rule, and the field of an own number in its place."""


@dataclass(frozen=True)
class ZoneForm:
    """A zone as typed."""

    name: str
    kind: str
    methods: tuple[str, ...]
    values: Mapping[str, str]
    staff_counted: bool = False

    @classmethod
    def read(cls, name: str, kind: str, form: MultiDict[str, str]) -> ZoneForm:
        """Take the known fields; nothing is checked yet."""
        known = [*NUMBERS, *COUNTS, *RULES, "layout", "seats", "seat_rows"]
        values = {field: form.get(field, "").strip()[:20_000] for field in known}
        methods = tuple(each for each in form.getlist("methods") if each in set(Method))
        return cls(name, kind, methods, values, "staff_counted" in form)

    @classmethod
    def of_zone(cls, zone: Zone) -> ZoneForm:
        """What the form of a known zone shows."""
        facts = to_facts(zone)
        values = {
            field: ""
            if facts[field] is None or facts[field] == 0 and field not in ("open_counters",)
            else number_words(facts[field])
            for field in (*NUMBERS, *COUNTS)
        }
        values |= {field: facts[field] or "" for field in RULES} | {"layout": zone.layout.value}
        values["seats"] = "\n".join(
            f"{number_words(each.x_m)} {number_words(each.y_m)}" for each in zone.seats
        )
        values["seat_rows"] = "\n".join(
            " ".join(
                [
                    *map(number_words, (each.x_m, each.y_m, each.count, each.pitch_m)),
                    *(["|"] if each.across else []),
                ]
            )
            for each in zone.seat_rows
        )
        return cls(
            zone.name,
            zone.kind.value,
            tuple(each.value for each in zone.methods),
            values,
            zone.staff_counted,
        )


def check_zone(form: ZoneForm) -> tuple[Zone | None, Errors]:
    """The zone a form describes, or the first error of it."""
    try:
        return zone_from_facts(_facts(form)), {}
    except BadInput as refused:
        return None, {str(refused.facts.get("field")): measure_error_words(refused.facts)}


def parse_number(field: str, typed: str) -> float | None:
    """ "8,5", "8.5" or nothing. Raises `BadInput`."""
    if not typed:
        return None
    try:
        return float(typed.replace(",", "."))
    except ValueError:
        raise BadInput(field=field, reason="type") from None


def parse_count(field: str, typed: str) -> int | None:
    """Digits or nothing. Raises `BadInput`."""
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9:
        raise BadInput(field=field, reason="type")
    return int(typed)


def _facts(form: ZoneForm) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": form.name,
        "kind": form.kind,
        "methods": list(form.methods),
        "staff_counted": form.staff_counted,
        "layout": form.values["layout"] or "BEST",
    }
    for field in NUMBERS:
        facts[field] = parse_number(field, form.values[field])
    for field in COUNTS:
        facts[field] = parse_count(field, form.values[field])
    for rule, own in RULES.items():
        facts[rule] = form.values[rule] or None
        if facts[rule] is not None:
            # The form greys nothing out without scripts: a chosen rule simply takes the place of
            # the own number.
            facts[own] = None
            if rule == "spacing_rule":
                facts["body_width_m"] = None
    facts["seats"] = [
        dict(zip(("x_m", "y_m"), each, strict=True))
        for each in _lines("seats", form.values["seats"], 2)
    ]
    facts["seat_rows"] = [
        {
            "x_m": x,
            "y_m": y,
            "count": int(count) if count.is_integer() else count,
            "pitch_m": pitch,
            "across": bool(across),
        }
        for x, y, count, pitch, *across in _lines("seat_rows", form.values["seat_rows"], 4)
    ]
    return {field: value for field, value in facts.items() if value is not None}


def _lines(field: str, typed: str, numbers: int) -> list[list[float]]:
    """One list of numbers for each line; a row that ends with | stands across the room and has a
    further 1.
    """
    rows = []
    for line in typed.splitlines()[: SEATS_MAX + 1]:
        words = line.replace(";", " ").split()
        if not words:
            continue
        across = [1.0] if field == "seat_rows" and words[-1] == "|" else []
        values = [parse_number(field, each) for each in (words[:-1] if across else words)]
        kept = [each for each in values if each is not None]
        if len(kept) != numbers:
            raise BadInput(field=field, reason="format")
        rows.append([*kept, *across])
    return rows
