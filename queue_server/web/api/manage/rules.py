"""The published rules of an office: what anybody may read of them, and how its managers set
them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, get_type_hints

from flask import Response
from pydantic import BaseModel, ConfigDict, Field, create_model

from queue_server.domain import errors
from queue_server.domain.office.changes import RulesChange
from queue_server.domain.office.office import Office
from queue_server.domain.office.rule_ranges import EDITABLE, RANGES, RECALL_SECONDS, STAFF_ONLY
from queue_server.domain.office.rules import Rules
from queue_server.web.api.operations import operation
from queue_server.web.edge.auth import MANAGERS, admit_office
from queue_server.web.edge.context import find_office

from .bodies import ChangeBody
from .changes import CHANGE_REFUSALS, ChangePreview, answer_change

KINDS = get_type_hints(Rules)
PUBLISHED = tuple(name for name in KINDS if name not in STAFF_ONLY)
SETTABLE = tuple(name for name in KINDS if name in EDITABLE)


def _kind_taken(name: str) -> Any:
    """The type of one rule in a body, with its range."""
    if name == "recall_seconds":
        second = Annotated[
            int, Field(ge=int(RECALL_SECONDS.low), le=int(RECALL_SECONDS.high), strict=True)
        ]
        return Annotated[
            list[second], Field(min_length=1, max_length=int(RANGES["calls_max"].high))
        ]
    if name == "urgent_letter":
        return Annotated[str, Field(min_length=1, max_length=1)] | None
    if name == "alert_email":
        return Annotated[str, Field(min_length=3, max_length=320)] | None
    if name not in RANGES:
        return Annotated[KINDS[name], Field(strict=True)] if KINDS[name] is bool else KINDS[name]
    within = RANGES[name]
    if name == "utilisation":
        return Annotated[float, Field(ge=within.low, le=within.high, allow_inf_nan=False)]
    number = Annotated[int, Field(ge=int(within.low), le=int(within.high), strict=True)]
    return number | None if within.optional else number


def _view(name: str, description: str, names: tuple[str, ...]) -> type[BaseModel]:
    fields: dict[str, Any] = {each: (KINDS[each], ...) for each in names}
    return create_model(
        name,
        __config__=ConfigDict(extra="forbid"),
        __doc__=description,
        office=(str, ...),
        revision=(int, ...),
        **fields,
    )


# A default that is made for each body is in no schema: what is left out stays as it is, and is not
# set to some usual value.
_LEFT_OUT: dict[str, Any] = {
    name: (_kind_taken(name), Field(default_factory=lambda: None)) for name in SETTABLE
}

RulesBody: type[ChangeBody] = create_model(
    "RulesBody",
    __base__=ChangeBody,
    __doc__="New values for an office's rules. One that is left out stays.",
    **_LEFT_OUT,
)
RulesView = _view(
    "RulesView",
    "What everybody may know of an office's rules. Minutes, days, counts; shares are fractions of "
    "1.",
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
    given = {name: getattr(body, name) for name in SETTABLE if name in body.model_fields_set}
    if "recall_seconds" in given:
        given["recall_seconds"] = tuple(given["recall_seconds"])
    done = answer_change(office, RulesChange(given), dry_run=body.dry_run, revision=body.revision)
    return done if body.dry_run else _show(find_office(office), SETTABLE)


def _show(office: Office, names: tuple[str, ...]) -> dict[str, Any]:
    values = asdict(office.rules)
    return {
        "office": office.code,
        "revision": office.revision,
        **{name: values[name] for name in names},
    }
