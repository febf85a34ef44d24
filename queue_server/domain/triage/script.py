"""What a triage script is: questions that lead to advice, for some services in some modes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import ServiceChannel, Words


class Outcome(StrEnum):
    """What somebody is advised to do."""

    ONLINE = "ONLINE"
    VISIT = "VISIT"
    URGENT = "URGENT"
    PARTIAL = "PARTIAL"
    ELSEWHERE = "ELSEWHERE"
    ASSISTED = "ASSISTED"


DIVERTING = frozenset({Outcome.ONLINE, Outcome.ELSEWHERE, Outcome.ASSISTED})
"""The outcomes that advise against coming to this office."""


@dataclass(frozen=True)
class Answer:
    """One answer to a question, and the id of the question or advice that it leads to."""

    code: str
    text: Words
    to: str


@dataclass(frozen=True)
class Question:
    """What is asked. `hint` is empty where the question says enough."""

    id: str
    text: Words
    hint: Words
    answers: tuple[Answer, ...]

    def answer(self, code: str | None) -> Answer | None:
        """The answer with this code; None for any other."""
        return next((each for each in self.answers if each.code == code), None)


@dataclass(frozen=True)
class Advice:
    """Where a script ends. `steps` say what to do next, one a line, as `reasons` say why.

    `urgency` is the coded reason of an urgent case, given for URGENT alone; `instead` the code of
    another service that is the right one, `collect` of the one by which its result is collected.
    `bring` is empty where the service says it all.
    """

    id: str
    outcome: Outcome
    title: Words
    reasons: tuple[Words, ...]
    steps: tuple[Words, ...]
    bring: Words
    urgency: str | None = None
    instead: str | None = None
    collect: str | None = None


Node = Question | Advice


@dataclass(frozen=True)
class Scenario:
    """An example that must hold: these answers, by question, lead to that advice."""

    name: str
    answers: Mapping[str, str]
    advice: str


@dataclass(frozen=True)
class Script:
    """The questions for some services in some modes, from one date to another.

    `services` are codes; a script without any is for each service of one of `channels` that has no
    script of its own. `valid_to` is the last day, None: until further notice.
    """

    name: str
    services: frozenset[str]
    channels: frozenset[ServiceChannel]
    modes: frozenset[ServiceMode]
    valid_from: date
    valid_to: date | None
    first: str
    questions: Mapping[str, Question]
    advice: Mapping[str, Advice]
    scenarios: tuple[Scenario, ...]

    def node(self, id: str) -> Node | None:
        """The question or advice with this id; None where there is none."""
        return self.questions.get(id) or self.advice.get(id)

    def holds_on(self, day: date) -> bool:
        """Whether the script is in force on a date."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def targets(self, id: str) -> Iterator[str]:
        """The ids to which the answers of a question lead; none for advice."""
        question = self.questions.get(id)
        if question is not None:
            yield from (each.to for each in question.answers)
