"""A triage script as its text file says it, made from the plain values of TOML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import ServiceChannel, Words

from .faults import BadField, MissingTranslation
from .script import Advice, Answer, Outcome, Question, Scenario, Script

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

OTHER_NAMES = frozenset({"service", "lang", "office_code", "csrf_token", "idempotency_key"})
"""What stands beside the answers in an address or a form: no question may be called so."""

_QUESTION = re.compile(r"[a-z][a-z0-9_]*\Z")


class _Table:
    """A table of the file: each field is taken once, and nothing may be left."""

    def __init__(self, script: str, where: str, values: object) -> None:
        if not isinstance(values, dict):
            raise BadField(script, where, "is no table")
        self.script, self.where, self._left = script, where, dict(values)

    def fault(self, field: str, what: str) -> BadField:
        return BadField(self.script, f"{self.where}.{field}".strip("."), what)

    def take(self, field: str, kind: type[T], default: T | None = None) -> T:
        """A field's value. Raises `BadField` unless it is of its kind."""
        value = self._left.pop(field, default)
        if type(value) is not kind:
            raise self.fault(field, f"is no {kind.__name__}")
        return value

    def take_words(self, field: str) -> Words:
        """A text by language; empty where there is none."""
        words = self.take(field, dict, {})
        if not all(isinstance(text, str) for text in words.values()):
            raise self.fault(field, "is no text by language")
        return words

    def take_lines(self, field: str) -> tuple[Words, ...]:
        """The lines of a text, each by language. Raises `MissingTranslation` for a text that has
        not the same number of them in each.
        """
        lines = {
            language: text.strip().splitlines() for language, text in self.take_words(field).items()
        }
        if len({len(each) for each in lines.values()}) > 1:
            raise MissingTranslation(self.script, f"{self.where}.{field}", "other lines")
        count = max(map(len, lines.values()), default=0)
        return tuple(
            {language: each[line].strip() for language, each in lines.items()}
            for line in range(count)
        )

    def take_codes(self, field: str) -> tuple[str, ...]:
        codes = self.take(field, list, [])
        if not all(isinstance(each, str) for each in codes):
            raise self.fault(field, "is no list of codes")
        return tuple(codes)

    def take_code(self, field: str) -> str | None:
        """A code that may be left out."""
        return self.take(field, str, "") or None

    def take_date(self, field: str) -> date | None:
        return self.take(field, date) if field in self._left else None

    def take_tables(self, field: str) -> list[_Table]:
        """The tables of a list."""
        return [
            _Table(self.script, f"{self.where}.{field}.{number}".strip("."), each)
            for number, each in enumerate(self.take(field, list, []), 1)
        ]

    def take_named(self, field: str) -> dict[str, _Table]:
        """The tables below a name, by their own names."""
        return {
            name: _Table(self.script, name, each)
            for name, each in self.take(field, dict, {}).items()
        }

    def one_of(self, field: str, code: str, kind: type[E]) -> E:
        try:
            return kind(code)
        except ValueError:
            raise self.fault(field, f"{code!r} is unknown") from None

    def end(self) -> None:
        """Refuse fields that nobody asked for. Raises `BadField`."""
        for field in self._left:
            raise self.fault(field, "is unknown")


def read_script(name: str, values: Mapping[str, Any]) -> Script:
    """Make a script from what its file holds. Whether it may be used is for `check_script` to say.
    Raises `BadField`, `MissingTranslation`.
    """
    table = _Table(name, "", dict(values))
    valid_from = table.take("valid_from", date)
    script = Script(
        name=name,
        services=frozenset(table.take_codes("services")),
        channels=frozenset(
            table.one_of("channels", each, ServiceChannel) for each in table.take_codes("channels")
        ),
        modes=frozenset(
            table.one_of("modes", each, ServiceMode) for each in table.take_codes("modes")
        ),
        valid_from=valid_from,
        valid_to=table.take_date("valid_to"),
        first=table.take("first", str),
        questions={
            id: _read_question(id, each) for id, each in table.take_named("questions").items()
        },
        advice={id: _read_advice(id, each) for id, each in table.take_named("advice").items()},
        scenarios=tuple(_read_scenario(each) for each in table.take_tables("scenarios")),
    )
    table.end()
    if bool(script.services) is bool(script.channels):
        raise BadField(name, "services", "or else channels must be given")
    if not script.modes:
        raise BadField(name, "modes", "are missing")
    if script.valid_to is not None and script.valid_to < valid_from:
        raise BadField(name, "valid_to", "is before valid_from")
    return script


def _read_question(id: str, table: _Table) -> Question:
    if not _QUESTION.match(id) or id in OTHER_NAMES:
        raise table.fault("", "is no name of a question")
    question = Question(
        id,
        table.take_words("text"),
        table.take_words("hint"),
        tuple(_read_answer(each) for each in table.take_tables("answers")),
    )
    table.end()
    return question


def _read_answer(table: _Table) -> Answer:
    answer = Answer(table.take("code", str), table.take_words("text"), table.take("to", str))
    table.end()
    return answer


def _read_advice(id: str, table: _Table) -> Advice:
    advice = Advice(
        id,
        table.one_of("outcome", table.take("outcome", str), Outcome),
        table.take_words("title"),
        table.take_lines("reasons"),
        table.take_lines("steps"),
        table.take_words("bring"),
        table.take_code("urgency"),
        table.take_code("instead"),
        table.take_code("collect"),
    )
    table.end()
    return advice


def _read_scenario(table: _Table) -> Scenario:
    answers = table.take("answers", dict, {})
    if not all(isinstance(each, str) for each in answers.values()):
        raise table.fault("answers", "are no codes")
    scenario = Scenario(table.take("name", str), answers, table.take("advice", str))
    table.end()
    return scenario
