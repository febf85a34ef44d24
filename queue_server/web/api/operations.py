"""How an operation of the API is declared: path, access, body, query and answer in one place.

Pydantic reads what comes in and writes the schemas of what goes out; `openapi.py` makes the
document from the same declarations, so the two cannot disagree.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from functools import partial, wraps
from string import hexdigits
from typing import Any, Literal, TypeVar

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from queue_server.domain.errors import BadInput, DomainError, KeyReused
from queue_server.protocol.messages import to_wire
from queue_server.services.access.sessions import Role
from queue_server.services.idempotency import Answer, do_once
from queue_server.store.writer.transaction import DayKey, Transaction
from queue_server.web.edge.access.csrf import browser_mark
from queue_server.web.edge.access.principals import admit_near_or, principal
from queue_server.web.edge.access.routes import Access
from queue_server.web.edge.context import context, now

B = TypeVar("B", bound=BaseModel)
KEY_HEADER = "Idempotency-Key"
KEY_LENGTH = 200
KEY_BITS_MIN = 128
DIFFERENT_LETTERS_MIN = 8
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Body(BaseModel):
    """A request body: a JSON object with these fields and no others, each of its own type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Query(BaseModel):
    """Query parameters: these and no others. Every operation takes `lang`, the language of the
    words in its answer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    lang: Literal["id", "en"] | None = None


class BadBody(BadInput):
    """A body or query that does not have the shape asked for. Facts: `errors`, each with `field`
    and `reason`.
    """


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
    at: Blueprint = api,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a function as an operation. `access` None opens it to everybody; `once` gives it an
    Idempotency-Key.

    With `afar` it is open on this machine itself, and from elsewhere to these roles. A `probe` is
    asked by load balancers, which may append a query of their own: it is not looked at. `at` is
    where the path begins.

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
        view.access = Access(access)  # type: ignore[attr-defined]
        # no session is used, so none can be abused
        view.without_csrf = access is None  # type: ignore[attr-defined]
        at.add_url_rule(rule, endpoint=function.__name__, view_func=view, methods=[method])
        summary = " ".join((function.__doc__ or "").partition("\n\n")[0].split())
        OPERATIONS.append(
            Operation(
                method,
                f"{at.url_prefix or ''}{path}",
                function.__name__,
                summary,
                Access(access),
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
        raise _bad(error) from None


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
        raise _bad(error) from None


def _bad(error: ValidationError) -> BadBody:
    found = [
        {
            "field": ".".join(map(str, _without_kind(each["loc"]))) or "body",
            "reason": each["type"],
            "message": each["msg"],
        }
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return BadBody(field=found[0]["field"], reason=found[0]["reason"], errors=found)


def _without_kind(place: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Where a value stands. For one of several kinds pydantic adds which of them it tried."""
    return place[:-1] if str(place[-1:]).startswith('("literal[') else place


def answer(value: Any) -> Response:
    """A handler's result as an answer."""
    if isinstance(value, Response):
        return value
    body, status = value if isinstance(value, tuple) else (value, 200)
    if body is None:
        return Response(status=status)
    return _json_response(write_json(body), status)


def write_json(value: Any) -> str:
    """A message or view as the text of an answer."""
    return _encode(plain(value))


def _json_response(text: str, status: int) -> Response:
    return Response(text, status, content_type="application/json")


def plain(value: Any) -> Any:
    """A message or view as JSON-ready values."""
    return to_wire(value) if is_dataclass(value) and not isinstance(value, type) else value


def perform(
    days: Iterable[DayKey],
    command: Callable[[Transaction], Any],
    *,
    status: int = 200,
    person: str | None = None,
) -> Response:
    """Run a command once under the request's Idempotency-Key and answer with its result; `None`
    becomes 204.

    What is kept is the text of the answer, so a resent request gets the very same bytes. A command
    that declares no day names its `person` instead, by NIK fingerprint.

    Raises what the command raises, and `BadInput` for a key that cannot be one.
    """
    key = read_key()
    scope, digest = _scope(), _digest()
    moment = now()

    def keep(tx: Transaction) -> dict[str, Any]:
        result = command(tx)
        return {"status": 204} if result is None else {"status": status, "text": write_json(result)}

    kept = context().database.write(
        days, lambda tx: do_once(tx, scope, key, digest, keep, moment, person=person)
    )
    return (
        Response(status=kept["status"])
        if "text" not in kept
        else _json_response(kept["text"], kept["status"])
    )


def perform_each(
    commands: Iterable[tuple[str, Iterable[DayKey], Callable[[Transaction], Answer]]],
) -> list[Answer | DomainError]:
    """Run commands of one request one after the other, each in a step of its own: what became of
    each, or why it was refused.

    Each is named, and done once under the request's Idempotency-Key and its name. So a request that
    is resent, even after it was cut off half-way, gets the answers of what was done and does the
    rest. Raises `KeyReused`, and `BadInput` for a key that cannot be one.
    """
    key = read_key()
    scope, digest = _scope(), _digest()
    moment = now()
    found: list[Answer | DomainError] = []
    for name, days, command in commands:
        own_key = None if key is None else f"{key}/{name}"
        once = partial(
            do_once, scope=scope, key=own_key, request=digest, command=command, now=moment
        )
        try:
            found.append(context().database.write(days, once))
        except KeyReused:
            raise
        except DomainError as refused:
            found.append(refused)
    return found


def read_key() -> str | None:
    """The request's Idempotency-Key. Raises `BadInput` for an empty, long or unprintable one, and
    for one that could be guessed.

    Whoever is known, by a token, a log-in or a cookie of ours, has answers of their own. All others
    share theirs, so that their key is a secret as well: it must have room for 128 bits, as a UUID
    or 22 characters drawn at random have.
    """
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return None
    if not key or len(key) > KEY_LENGTH or not key.isprintable():
        raise BadInput(field=KEY_HEADER, reason="format")
    if principal() is None and browser_mark() is None and is_guessable(key):
        raise BadInput(field=KEY_HEADER, reason="guessable")
    return key


def is_guessable(key: str) -> bool:
    """Whether a key has room for fewer than 128 bits, or repeats so few characters that it was not
    drawn at random.

    Of 32 random hexadecimal digits fewer than 8 different ones are seen once in twenty million
    keys.
    """
    digits = key.replace("-", "")
    bits = 4 * len(digits) if all(each in hexdigits for each in digits) else 6 * len(key)
    return bits < KEY_BITS_MIN or len(set(digits)) < DIFFERENT_LETTERS_MIN


def _scope() -> str:
    who = principal()
    if who is not None:
        return f"{who.role}:{who.id}"
    browser = browser_mark()
    return "public" if browser is None else f"public:{browser}"


def _digest() -> str:
    """A keyed mark of the request: bodies hold a NIK, and an unkeyed digest of one could be
    searched back.
    """
    message = f"{request.method} {request.path}\0".encode() + request.get_data()
    return hmac.digest(context().nik_key, message, "sha256").hex()


def not_modified(etag: str) -> Response | None:
    """The answer to whoever has this version already, else None. A proxy that compresses weakens
    the mark; it counts all the same.
    """
    return (
        _marked(Response(status=304), etag) if request.if_none_match.contains_weak(etag) else None
    )


def with_etag(view: object, etag: str) -> Response:
    """A view with the mark of its version."""
    return _marked(answer(view), etag)


def _marked(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = "no-cache"
    return response
