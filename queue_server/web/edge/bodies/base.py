"""What every body and query of a request is, and how a bad one is refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from queue_server.domain.errors import BadInput


class Body(BaseModel):
    """A request body: a JSON object with these fields and no others, each of its own type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Query(BaseModel):
    """Query parameters: these and no others. Every operation takes `lang`, the language of the
    words in its answer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    lang: Literal["id", "en"] | None = None


class Nothing(Body):
    """A body that needs no field; it may be left out."""


class PageQuery(Query):
    """A stretch of a list: at most `limit` items after `cursor`, which is the `next` of an earlier
    answer.
    """

    cursor: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_.\-]{1,80}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 100


class BadBody(BadInput):
    """A body or query that does not have the shape asked for. Facts: `errors`, each with `field`
    and `reason`.
    """


def refuse(error: ValidationError) -> BadBody:
    """What is wrong, field by field, as a refusal."""
    faults = [
        {
            "field": ".".join(map(str, _without_kind(each["loc"]))) or "body",
            "reason": each["type"],
            "message": each["msg"],
        }
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return BadBody(field=faults[0]["field"], reason=faults[0]["reason"], errors=faults)


def _without_kind(path: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Where a value stands. For one of several kinds pydantic adds which of them it tried."""
    return path[:-1] if str(path[-1:]).startswith('("literal[') else path
