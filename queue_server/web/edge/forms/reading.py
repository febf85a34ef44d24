"""Reading a form by the body of the API that carries the same command, or by a model of its own in
the same style.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ValidationError

from queue_server.domain.errors import BadInput

from .errors import Errors, check_line

M = TypeVar("M", bound=BaseModel)
NUMBER_LENGTH = 9


class Refused(ValueError):
    """A value that cannot be: for a reason of the domain, or in a sentence of its own."""

    def __init__(self, reason: str, sentence: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.sentence = reason, sentence


def _admit_line(typed: str) -> str:
    problem = check_line(typed)
    if problem:
        raise Refused("characters", problem)
    return typed


FormLine = Annotated[str, AfterValidator(_admit_line)]
"""A line as typed, refused in words of its own where it holds what cannot be shown."""


def read_form(
    model: type[M],
    given: Mapping[str, Any],
    say: Callable[[str, str], str],
    *,
    about: object = None,
) -> tuple[M | None, Errors]:
    """What a form means, as `model`; or for each field that cannot be, in the order of the model,
    a sentence.

    `given` are the model's fields as typed: digits are a number where the model takes one, a value
    of a box that is ticked is yes. `say` finds the sentence for a field and a reason, which is
    pydantic's name for what is wrong or that of a `BadInput`. `about` is what the model's own
    checks must know beside what was typed.
    """
    meant = {
        name: _meant(set(_kinds(model.model_fields[name].annotation)), value)
        for name, value in given.items()
    }
    try:
        return model.model_validate(meant, context=about), {}
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
    errors: Errors = {}
    for each in faults:
        field = "_".join(map(str, each["loc"]))
        fault = each.get("ctx", {}).get("error")
        refused = fault if isinstance(fault, Refused) else Refused(each["type"])
        errors.setdefault(field, refused.sentence or say(field, refused.reason))
    return None, errors


def admitted_by(parse: Callable[[str], Any]) -> AfterValidator:
    """A kind of value that the domain reads: its reason is the reason why the field cannot be."""

    def admit(typed: str) -> str:
        try:
            parse(typed)
        except BadInput as refused:
            raise Refused(str(refused.facts["reason"])) from None
        return typed

    return AfterValidator(admit)


def _kinds(annotation: Any) -> Iterator[Any]:
    """The types a field may have, those inside unions and annotations included."""
    inner = get_args(annotation)
    if not inner:
        yield annotation
    for each in inner:
        yield from _kinds(each)


def _meant(kinds: set[Any], typed: Any) -> Any:
    if not isinstance(typed, str):
        return typed
    if bool in kinds:
        return bool(typed)
    text = typed.strip()
    if int in kinds and text.isascii() and text.isdigit() and len(text) <= NUMBER_LENGTH:
        return int(text)
    return typed
