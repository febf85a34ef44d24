"""What is asked next, and what is advised in the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from queue_server.domain.errors import BadInput
from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import Service

from .faults import NoScript
from .script import Advice, Answer, Question, Script


@dataclass(frozen=True)
class Asked:
    """A question with the answer that was given to it."""

    question: Question
    answer: Answer


@dataclass(frozen=True)
class Way:
    """How far somebody has come in a script: what was answered, in order, and what comes now."""

    asked: tuple[Asked, ...]
    at: Question | Advice

    @property
    def advice(self) -> Advice | None:
        """What is advised; None while something is asked."""
        return self.at if isinstance(self.at, Advice) else None

    @property
    def question(self) -> Question | None:
        """What is asked now; None once something is advised."""
        return self.at if isinstance(self.at, Question) else None

    @property
    def answers(self) -> dict[str, str]:
        """The answers given, by question."""
        return {each.question.id: each.answer.code for each in self.asked}


def choose_script(
    scripts: Iterable[Script], service: Service, mode: ServiceMode, day: date
) -> Script:
    """The script for a service in a mode on a date: its own, else the one of its channel. Raises
    `NoScript`, which never happens with scripts that passed `check_scripts`, from their first day.
    """
    fitting = [each for each in scripts if mode in each.modes and each.holds_on(day)]
    for script in fitting:
        if service.code in script.services:
            return script
    for script in fitting:
        if not script.services and service.channel in script.channels:
            return script
    raise NoScript(service.code, mode.value, day.isoformat())


def follow(script: Script, answers: Mapping[str, str]) -> Way:
    """How far answers lead. Those that nothing asks for, or that are no answer, are left out."""
    asked: list[Asked] = []
    at = script.node(script.first)
    while isinstance(at, Question):
        answer = at.answer(answers.get(at.id))
        if answer is None:
            return Way(tuple(asked), at)
        asked.append(Asked(at, answer))
        at = script.node(answer.to)
    if at is None:
        raise KeyError(script.first)
    return Way(tuple(asked), at)


def follow_all(script: Script, answers: Mapping[str, str]) -> Way:
    """`follow`, for answers that must all fit. Raises `BadInput` for one that nothing asks for, or
    that is no answer.
    """
    way = follow(script, answers)
    unused = sorted(answers.keys() - way.answers.keys())
    if unused:
        raise BadInput(field="answers", reason="unknown", question=unused[0])
    return way


def most_questions(script: Script, id: str) -> int:
    """The most questions on any way from a question or advice on, itself included. The script must
    have no cycle.
    """
    targets = list(script.targets(id))
    return 1 + max(most_questions(script, each) for each in targets) if targets else 0
