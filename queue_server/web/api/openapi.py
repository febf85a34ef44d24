"""The OpenAPI 3.1 document, made from the declared operations."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from flask import Blueprint, Response
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from queue_server.web.edge.access.routes import public
from queue_server.web.edge.errors import PROBLEM, status_of

from .answers import answer
from .operations import OPERATIONS, Operation, needs_body
from .performing import KEY_HEADER, KEY_LENGTH

documents = Blueprint("api_document", __name__)
_LINE_BREAK = re.compile(r"(?<!\n)\n(?![\n\s-])")
"""A break inside a paragraph: not before an empty line, an item of a list or an indented line."""

_REFERENCE = "#/components/schemas/{model}"

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem. `code` is stable; further members are facts of the refusal.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
    "additionalProperties": True,
}


@documents.get("/api/v1/openapi.json")
@public
def show_document() -> Response:
    """The document itself."""
    return answer(_with_whole_lines(make_document()))


def _with_whole_lines(value: Any) -> Any:
    """The document with the descriptions' line breaks taken out: they are those of our source."""
    if isinstance(value, list):
        return [_with_whole_lines(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _LINE_BREAK.sub(" ", each)
        if name == "description" and isinstance(each, str)
        else _with_whole_lines(each)
        for name, each in value.items()
    }


@cache
def make_document() -> dict[str, Any]:
    """The document as plain values."""
    types = _types()
    inputs: list[tuple[int, JsonSchemaMode, TypeAdapter[Any]]] = [
        (index, "validation" if used == "in" else "serialization", TypeAdapter(kind))
        for index, (kind, used) in enumerate(types)
    ]
    schemas, definitions = TypeAdapter.json_schemas(
        inputs, ref_template=_REFERENCE, schema_generator=GenerateJsonSchema
    )
    by_type = {
        kind: schemas[index, mode]
        for (index, mode, _), (kind, _used) in zip(inputs, types, strict=True)
    }
    components = dict(definitions.get("$defs", {}))
    components["Problem"] = PROBLEM_SCHEMA
    paths: dict[str, dict[str, Any]] = {}
    for each in OPERATIONS:
        paths.setdefault(each.path, {})[each.method.lower()] = _describe(each, by_type)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Antrean",
            "version": "1",
            "description": "Appointments, queue and crowd control of public offices. Times are RFC "
            "3339 with the office's offset.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "antrean_session"},
            },
        },
    }


def _types() -> list[tuple[Any, str]]:
    kinds_used: dict[Any, str] = {}
    for each in OPERATIONS:
        if each.body is not None:
            kinds_used[each.body] = "in"
        kinds_used[each.query] = "in"
        for kind in each.answers.values():
            if kind is not None:
                kinds_used[kind] = "out"
    return list(kinds_used.items())


def _describe(each: Operation, schemas: dict[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": each.name,
        "summary": each.summary,
        "tags": [each.tag],
        "parameters": [*_path_parameters(each), *_query_parameters(each), *_key_parameter(each)],
        "responses": {**_answers(each, schemas), **_refusals(each)},
        "security": _security(each),
    }
    roles = each.access.roles or each.afar
    if roles is not None:
        described["x-roles"] = sorted(roles)
    if each.afar is not None:
        described["description"] = (
            "Open on the server's own machine; from elsewhere to these roles."
        )
    if each.body is not None:
        described["requestBody"] = {
            "required": needs_body(each.body),
            "content": {"application/json": {"schema": schemas[each.body]}},
        }
    return described


def _security(each: Operation) -> list[dict[str, list[str]]]:
    known: list[dict[str, list[str]]] = [{"bearer": []}, {"session": []}]
    if each.access.roles is not None:
        return known
    return [{}] if each.afar is None else [{}, *known]


def _path_parameters(each: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", each.path)
    ]


def _query_parameters(each: Operation) -> list[dict[str, Any]]:
    if each.probe:
        return []
    schema = each.query.model_json_schema(ref_template=_REFERENCE)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": described}
        for name, described in schema["properties"].items()
    ]


def _key_parameter(each: Operation) -> list[dict[str, Any]]:
    if not each.once:
        return []
    description = "Chosen by the sender; the same key gives the same answer and does nothing again."
    if each.access.roles is None:
        description += (
            " Without a token, a session or a cookie of this server it must be drawn at "
            "random from 128 bits, as a UUID is."
        )
    schema = {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH}
    return [
        {
            "name": KEY_HEADER,
            "in": "header",
            "required": False,
            "schema": schema,
            "description": description,
        }
    ]


def _answers(each: Operation, schemas: dict[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {}
    for status, kind in each.answers.items():
        described[str(status)] = {"description": "Done" if status < 300 else "Unchanged"}
        if kind is not None:
            described[str(status)]["content"] = {each.content_type: {"schema": schemas[kind]}}
    return described


def _refusals(each: Operation) -> dict[str, Any]:
    codes: dict[int, set[str]] = {}
    for kind in each.refusals:
        codes.setdefault(status_of(kind()), set()).add(kind.code)
    if each.body is not None:
        codes.setdefault(400, set()).add("bad_input")
        codes.setdefault(415, set()).add("unsupported_media_type")
        codes.setdefault(413, set()).add("too_large")
    if not each.probe:
        codes.setdefault(422, set()).add("bad_input")
    if each.once:
        codes.setdefault(422, set()).add("key_reused")
    if each.access.roles is not None:
        codes.setdefault(401, set()).add("unauthorized")
        codes.setdefault(403, set()).add("forbidden")
    if each.afar is not None:
        codes.setdefault(403, set()).add("forbidden")
    if each.method != "GET":
        codes.setdefault(403, set()).add("bad_csrf")
    if "{" in each.path:
        codes.setdefault(404, set()).add("not_found")
    codes.setdefault(429, set()).add("too_many_requests")
    codes.setdefault(503, set()).add("unavailable")
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        str(status): {"description": ", ".join(sorted(names)), "content": content}
        for status, names in sorted(codes.items())
    }
