"""The published rules of an office: what anybody may read of them, and how its managers set
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, get_type_hints

from flask import Response
from pydantic import BaseModel, ConfigDict, Field, create_model

from queue_server.domain import errors
from queue_server.domain.office.changes import RulesChange
from queue_server.domain.office.office import Office
from queue_server.domain.office.rule_ranges import (
    ADDRESSES,
    EDITABLE,
    RANGES,
    RECALL_SECONDS,
    STAFF_ONLY,
)
from queue_server.domain.office.rules import GROUPS, value_of
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.bodies.office import ChangeBody
from queue_server.web.edge.context import find_office

from .dry_run import CHANGE_REFUSALS, ChangePreview, answer_change

KINDS = {
    f"{group}.{name}": kind
    for group, of_group in GROUPS.items()
    for name, kind in get_type_hints(of_group).items()
}
PUBLISHED = tuple(name for name in KINDS if name not in STAFF_ONLY)
SETTABLE = tuple(name for name in KINDS if name in EDITABLE)


def _kind_taken(name: str) -> Any:
    """The type of one rule in a body, with its range."""
    if name == "calling.recall_seconds":
        second = Annotated[
            int, Field(ge=int(RECALL_SECONDS.low), le=int(RECALL_SECONDS.high), strict=True)
        ]
        calls_max = int(RANGES["calling.calls_max"].high)
        return Annotated[list[second], Field(min_length=1, max_length=calls_max)]
    if name == "booking.urgent_letter":
        return Annotated[str, Field(min_length=1, max_length=1)] | None
    if name in ADDRESSES:
        return Annotated[str, Field(min_length=3, max_length=320)] | None
    if name not in RANGES:
        return Annotated[KINDS[name], Field(strict=True)] if KINDS[name] is bool else KINDS[name]
    within = RANGES[name]
    if name == "booking.utilisation":
        return Annotated[float, Field(ge=within.low, le=within.high, allow_inf_nan=False)]
    number = Annotated[int, Field(ge=int(within.low), le=int(within.high), strict=True)]
    return number | None if within.optional else number


def _in_groups(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Values by rule name, as an object for each group."""
    groups: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        group, _, rule = name.partition(".")
        groups.setdefault(group, {})[rule] = value
    return groups


def _group_model(name: str, fields: Mapping[str, Any]) -> type[BaseModel]:
    return create_model(name, __config__=ConfigDict(extra="forbid"), **fields)


def _view(name: str, description: str, names: tuple[str, ...]) -> type[BaseModel]:
    groups = {
        group: (_group_model(f"{group.title()}{name}", kinds), ...)
        for group, kinds in _in_groups({each: (KINDS[each], ...) for each in names}).items()
    }
    fields: dict[str, Any] = {"office": (str, ...), "revision": (int, ...), **groups}
    return create_model(name, __config__=ConfigDict(extra="forbid"), __doc__=description, **fields)


# A default that is made for each body is in no schema: what is left out stays as it is, and is not
# set to some usual value.
_LEFT_OUT: dict[str, Any] = {
    group: (_group_model(f"{group.title()}RulesBody", kinds), Field(default_factory=lambda: None))
    for group, kinds in _in_groups(
        {name: (_kind_taken(name), Field(default_factory=lambda: None)) for name in SETTABLE}
    ).items()
}

RulesBody: type[ChangeBody] = create_model(
    "RulesBody",
    __base__=ChangeBody,
    __doc__="New values for an office's rules. One that is left out stays.",
    **_LEFT_OUT,
)
RulesView = _view(
    "RulesView",
    "What everybody may know of an office's rules, in groups. Minutes, days, counts; shares are "
    "fractions of 1.",
    PUBLISHED,
)
AllRulesView = _view(
    "AllRulesView",
    "The rules of an office that its managers set, with those of its staff alone.",
    SETTABLE,
)


@operation(
    "GET",
    "/offices/{office}/rules",
    access=None,
    tag="public",
    answers={200: RulesView},
    refusals=[errors.UnknownOffice],
)
def show_rules(office: str) -> dict[str, Any]:
    """Show the published rules: limits per person, call order, calls, waitlist, how places are
    shared.
    """
    return _show(find_office(office), PUBLISHED)


@operation(
    "GET",
    "/offices/{office}/rules/all",
    access=MANAGERS,
    tag="staff",
    answers={200: AllRulesView},
    refusals=[errors.UnknownOffice],
)
def show_all_rules(office: str) -> dict[str, Any]:
    """Show every rule that can be set, with the thresholds of alerts."""
    admit_office(office)
    return _show(find_office(office), SETTABLE)


@operation(
    "PUT",
    "/offices/{office}/rules",
    access=MANAGERS,
    tag="staff",
    body=RulesBody,
    answers={200: AllRulesView | ChangePreview},
    refusals=CHANGE_REFUSALS,
)
def set_rules(office: str, body: ChangeBody) -> Response | ChangePreview | dict[str, Any]:
    """Set the rules that are given, or with `dry_run` show what that would do."""
    given = {
        f"{group}.{rule}": value
        for group in GROUPS.keys() & body.model_fields_set
        for rule, value in getattr(body, group).model_dump(exclude_unset=True).items()
    }
    if "calling.recall_seconds" in given:
        given["calling.recall_seconds"] = tuple(given["calling.recall_seconds"])
    done = answer_change(office, RulesChange(given), dry_run=body.dry_run, revision=body.revision)
    return done if body.dry_run else _show(find_office(office), SETTABLE)


def _show(office: Office, names: tuple[str, ...]) -> dict[str, Any]:
    values = _in_groups({name: value_of(office.rules, name) for name in names})
    return {"office": office.code, "revision": office.revision, **values}
