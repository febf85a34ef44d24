"""How an operation of the API is declared: path, access, body, query and answer in one place.

Pydantic reads what comes in and writes the schemas of what goes out; `openapi.py` makes the
document from the same declarations, so the two cannot disagree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Response, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from queue_server.domain.errors import DomainError
from queue_server.services.access.sessions import Role
from queue_server.web.edge.access.principals import admit_near_or
from queue_server.web.edge.access.routes import Access
from queue_server.web.edge.bodies.base import BadBody, Query, refuse

from .answers import answer

B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True)
class Operation:
    """One declared operation, for the OpenAPI document. `path` is the whole one; `afar` and `probe`
    as `operation` says.
    """

    method: str
    path: str
    name: str
    summary: str
    access: Access
    tag: str
    body: type[BaseModel] | None
    query: type[Query]
    answers: Mapping[int, Any]
    refusals: tuple[type[DomainError], ...]
    once: bool
    content_type: str
    afar: frozenset[Role] | None
    probe: bool


OPERATIONS: list[Operation] = []
api = Blueprint("api", __name__, url_prefix="/api/v1")


def operation(
    method: str,
    path: str,
    *,
    access: frozenset[Role] | None,
    tag: str,
    answers: Mapping[int, Any],
    body: type[BaseModel] | None = None,
    query: type[Query] | None = None,
    refusals: Iterable[type[DomainError]] = (),
    once: bool = False,
    content_type: str = "application/json",
    afar: frozenset[Role] | None = None,
    probe: bool = False,
    in_person: bool = False,
    at: Blueprint = api,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a function as an operation. `access` None opens it to everybody; `once` gives it an
    Idempotency-Key.

    With `afar` it is open on this machine itself, and from elsewhere to these roles. A `probe` is
    asked by load balancers, which may append a query of their own: it is not looked at. `at` is
    where the path begins. `in_person` as in `Access`.

    The function gets the path's parameters and, where declared, `body` and `query`. It returns a
    dataclass (200), a `(value, status)` pair, or a finished `Response`.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        rule = path.replace("{", "<").replace("}", ">")

        @wraps(function)
        def view(**parameters: Any) -> Response:
            if afar is not None:
                admit_near_or(afar)
            if query is not None:
                parameters["query"] = read_query(query)
            elif request.query_string and not probe:
                read_query(Query)
            if body is not None:
                parameters["body"] = read_body(body)
            return answer(function(**parameters))

        # deny-by-default looks for this mark
        view.access = Access(  # type: ignore[attr-defined]  # a mark on the view
            access, in_person=in_person
        )
        # no session is used, so none can be abused
        view.without_csrf = access is None  # type: ignore[attr-defined]  # as above
        at.add_url_rule(rule, endpoint=function.__name__, view_func=view, methods=[method])
        summary = " ".join((function.__doc__ or "").partition("\n\n")[0].split())
        OPERATIONS.append(
            Operation(
                method,
                f"{at.url_prefix or ''}{path}",
                function.__name__,
                summary,
                Access(access, in_person=in_person),
                tag,
                body,
                query or Query,
                answers,
                tuple(refusals),
                once,
                content_type,
                afar,
                probe,
            )
        )
        return function

    return register


def read_body(model: type[B]) -> B:
    """The JSON body as `model`. Raises `BadBody`, also for a name given twice;
    `UnsupportedMediaType` for anything but JSON; `BadRequest` if it is broken.
    """
    raw = request.get_data()
    if not raw and not needs_body(model):
        return model()
    if request.mimetype != "application/json":
        raise UnsupportedMediaType()
    try:
        body = model.model_validate_json(raw)
        json.loads(
            raw, object_pairs_hook=_refuse_doubled
        )  # of two, the reader above has taken the last
        return body
    except ValidationError as error:
        if any(each["type"] == "json_invalid" for each in error.errors()):
            raise BadRequest() from None
        raise refuse(error) from None


def needs_body(model: type[BaseModel]) -> bool:
    """Whether a body of this kind cannot be left out."""
    return any(each.is_required() for each in model.model_fields.values())


def _refuse_doubled(pairs: list[tuple[str, Any]]) -> None:
    names = [name for name, _value in pairs]
    if len(set(names)) < len(names):
        raise _doubled({name for name in names if names.count(name) > 1})


def _doubled(names: Iterable[str]) -> BadBody:
    fields = sorted(names)
    return BadBody(
        field=fields[0],
        reason="doubled",
        errors=[{"field": each, "reason": "doubled"} for each in fields],
    )


def read_query(model: type[B]) -> B:
    """The query parameters as `model`. Raises `BadBody`, also for a parameter given twice."""
    doubled = [name for name, values in request.args.lists() if len(values) > 1]
    if doubled:
        raise _doubled(doubled)
    try:
        return model.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise refuse(error) from None
