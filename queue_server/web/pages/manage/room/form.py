"""Reading a zone as a manager types it: values kept as typed, numbers with a comma or a point, the
checked zone or errors by field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, create_model

from queue_server.domain.errors import BadInput
from queue_server.domain.room.zone_json import to_facts, zone_from_facts
from queue_server.domain.room.zones import COUNTS, NUMBERS, SEATS_MAX, Method, Zone
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import Refused, read_form
from queue_server.web.edge.words.rooms import measure_error_words, number_words
from queue_server.web.pages.manage.change_forms import ManagersForm, Typed

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
    def read(cls, name: str, kind: str, typed: Typed) -> ZoneForm:
        """Take the known fields; nothing is checked yet."""
        known = [*NUMBERS, *COUNTS, *RULES, "layout", "seats", "seat_rows"]
        values = {field: typed.get(field, "").strip() for field in known}
        methods = tuple(each for each in typed.get("methods", "").split(",") if each in set(Method))
        return cls(name, kind, methods, values, "staff_counted" in typed)

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
    """The zone a form describes, or what is wrong: first what is no number, then what cannot be."""
    typed = {name: form.values[name] for name in Measures.model_fields if form.values[name]}
    measures, errors = read_form(Measures, typed, _say)
    if measures is None:
        return None, errors
    try:
        return zone_from_facts(_facts(form, measures)), {}
    except BadInput as refused:
        return None, {str(refused.facts.get("field")): measure_error_words(refused.facts)}


def _say(field: str, reason: str) -> str:
    return measure_error_words({"field": field, "reason": reason})


def _read_number(typed: str) -> float:
    try:
        return float(typed.replace(",", "."))
    except ValueError:
        raise Refused("type") from None


def _read_lines(typed: str) -> list[list[str]]:
    lines = (line.replace(";", " ").split() for line in typed.splitlines()[: SEATS_MAX + 1])
    return [words for words in lines if words]


def _read_seats(typed: str) -> list[Facts]:
    return [
        dict(zip(("x_m", "y_m"), map(_read_number, _admit_count(words, 2)), strict=True))
        for words in _read_lines(typed)
    ]


def _read_rows(typed: str) -> list[Facts]:
    """A row that ends with | stands across the room."""
    rows: list[Facts] = []
    for words in _read_lines(typed):
        across = words[-1] == "|"
        numbers = map(_read_number, _admit_count(words[:-1] if across else words, 4))
        x, y, count, pitch = numbers
        whole = int(count) if count.is_integer() else count
        rows.append({"x_m": x, "y_m": y, "count": whole, "pitch_m": pitch, "across": across})
    return rows


def _admit_count(words: list[str], count: int) -> list[str]:
    if len(words) != count:
        raise Refused("format")
    return words


Facts = dict[str, Any]
Number = Annotated[float, BeforeValidator(_read_number)]
""" "8,5" or "8.5"."""
Seats = Annotated[list[Facts], BeforeValidator(_read_seats)]
Rows = Annotated[list[Facts], BeforeValidator(_read_rows)]
_FIELDS: Facts = {
    **dict.fromkeys(NUMBERS, (Number | None, None)),
    **dict.fromkeys(COUNTS, (int | None, None)),
    "seats": (Seats, []),
    "seat_rows": (Rows, []),
}
Measures = create_model("Measures", __base__=ManagersForm, **_FIELDS)
"""The numbers of a zone. Which of them can be is for the domain to say, about the whole zone."""


def _facts(form: ZoneForm, measures: ManagersForm) -> Facts:
    facts: Facts = {
        **measures.model_dump(),
        "name": form.name,
        "kind": form.kind,
        "methods": list(form.methods),
        "staff_counted": form.staff_counted,
        "layout": form.values["layout"] or "BEST",
    }
    for rule, own in RULES.items():
        facts[rule] = form.values[rule] or None
        if facts[rule] is not None:
            # The form greys nothing out without scripts: a chosen rule simply takes the place of
            # the own number.
            facts[own] = None
            if rule == "spacing_rule":
                facts["body_width_m"] = None
    return {field: value for field, value in facts.items() if value is not None}
