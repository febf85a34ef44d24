"""Whether a triage script may be used. Each check raises the fault that it looks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import combinations

from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import ServiceChannel, Words

from .asking import follow
from .faults import (
    BadUrgency,
    CyclicScript,
    MissingTranslation,
    NoNextStep,
    NoReason,
    NoScenario,
    NoScript,
    OverlappingScripts,
    TooManyQuestions,
    UnknownNode,
    UnreachableNode,
    WrongScenario,
)
from .script import Outcome, Script

LANGUAGES = ("id", "en")
QUESTIONS_MAX = 2
QUESTIONS_MAX_URGENT = 3
"""The most questions before advice, and before advice for an urgent case."""


def check_script(script: Script, urgencies: Collection[str]) -> None:
    """Refuse a script that would leave somebody without an answer. `urgencies` are the known
    reasons of urgent cases. Raises a `ScriptFault`.
    """
    check_targets(script)
    check_cycles(script)
    check_reachable(script)
    check_questions(script)
    check_words(script)
    check_advice(script, urgencies)
    check_scenarios(script)


def check_targets(script: Script) -> None:
    """Refuse a way that leads nowhere. Raises `UnknownNode`."""
    if script.node(script.first) is None:
        raise UnknownNode(script.name, "first", script.first)
    for question in script.questions.values():
        if question.id in script.advice:
            raise UnknownNode(script.name, question.id, "is a question and advice")
        for answer in question.answers:
            if script.node(answer.to) is None:
                raise UnknownNode(script.name, f"{question.id}.{answer.code}", answer.to)


def check_cycles(script: Script) -> None:
    """Refuse a script that could ask for ever. Raises `CyclicScript`."""
    done: set[str] = set()

    def visit(id: str, above: tuple[str, ...]) -> None:
        if id in above:
            raise CyclicScript(script.name, id, " > ".join((*above, id)))
        if id not in done:
            for target in script.targets(id):
                visit(target, (*above, id))
            done.add(id)

    for each in script.questions:
        visit(each, ())


def check_reachable(script: Script) -> None:
    """Refuse what nobody ever meets. Raises `UnreachableNode`."""
    met, todo = set(), [script.first]
    while todo:
        id = todo.pop()
        if id not in met:
            met.add(id)
            todo.extend(script.targets(id))
    for id in (*script.questions, *script.advice):
        if id not in met:
            raise UnreachableNode(script.name, id)


def _ways(script: Script, id: str, asked: int) -> Iterator[tuple[str, int]]:
    """The advice at the end of each way, with how many questions lead there."""
    if id in script.advice:
        yield id, asked
    for target in script.targets(id):
        yield from _ways(script, target, asked + 1)


def check_questions(script: Script) -> None:
    """Refuse a script that asks more than it may, or a question without a choice. Raises
    `TooManyQuestions`.
    """
    for id, asked in _ways(script, script.first, 0):
        urgent = script.advice[id].outcome is Outcome.URGENT
        if asked > (QUESTIONS_MAX_URGENT if urgent else QUESTIONS_MAX):
            raise TooManyQuestions(script.name, id, f"{asked} questions")
    for question in script.questions.values():
        if len({each.code for each in question.answers}) < max(2, len(question.answers)):
            raise TooManyQuestions(script.name, question.id, "leaves no choice")


def _texts(script: Script) -> Iterator[tuple[str, Words, bool]]:
    """Every text with its place, and whether it may be left out."""
    for question in script.questions.values():
        yield question.id, question.text, False
        yield f"{question.id}.hint", question.hint, True
        for answer in question.answers:
            yield f"{question.id}.{answer.code}", answer.text, False
    for advice in script.advice.values():
        yield advice.id, advice.title, False
        yield f"{advice.id}.bring", advice.bring, True
        for text in (*advice.reasons, *advice.steps):
            yield advice.id, text, False


def check_words(script: Script) -> None:
    """Refuse a text that one of the languages lacks. Raises `MissingTranslation`."""
    for where, text, optional in _texts(script):
        if not (optional and not text):
            for language in LANGUAGES:
                if not text.get(language, "").strip():
                    raise MissingTranslation(script.name, where, language)


def check_advice(script: Script, urgencies: Collection[str]) -> None:
    """Refuse advice that says too little. Raises `NoReason`, `NoNextStep`, `BadUrgency`."""
    for advice in script.advice.values():
        if not advice.reasons:
            raise NoReason(script.name, advice.id)
        if not advice.steps:
            raise NoNextStep(script.name, advice.id)
        urgent = advice.outcome is Outcome.URGENT
        if (advice.urgency in urgencies) is not urgent or (advice.urgency and not urgent):
            raise BadUrgency(script.name, advice.id, str(advice.urgency))


def check_scenarios(script: Script) -> None:
    """Refuse a script whose examples do not hold, or leave some advice without one. Raises
    `WrongScenario`, `NoScenario`.
    """
    for scenario in script.scenarios:
        way = follow(script, scenario.answers)
        if way.at.id != scenario.advice or way.answers != dict(scenario.answers):
            raise WrongScenario(script.name, scenario.name, f"leads to {way.at.id}")
    for id in script.advice.keys() - {each.advice for each in script.scenarios}:
        raise NoScenario(script.name, id)


def check_scripts(scripts: Collection[Script]) -> None:
    """Refuse scripts that leave a service without one, or with two. Raises `NoScript`,
    `OverlappingScripts`.
    """
    for first, second in combinations(scripts, 2):
        if _overlap(first, second):
            raise OverlappingScripts(first.name, second.name)
    for channel in ServiceChannel:
        for mode in ServiceMode:
            ranges = sorted(
                (each.valid_from, each.valid_to) for each in _general(scripts, channel, mode)
            )
            _check_gaps(channel, mode, ranges)


def _general(
    scripts: Iterable[Script], channel: ServiceChannel, mode: ServiceMode
) -> Iterator[Script]:
    for each in scripts:
        if not each.services and channel in each.channels and mode in each.modes:
            yield each


def _check_gaps(
    channel: ServiceChannel, mode: ServiceMode, ranges: list[tuple[date, date | None]]
) -> None:
    name = f"{channel.value} in {mode.value}"
    if not ranges or ranges[-1][1] is not None:
        raise NoScript(name, "for good")
    for (_first, last), (following, _last) in zip(ranges, ranges[1:], strict=False):
        if last is not None and (following - last).days > 1:
            raise NoScript(name, f"between {last} and {following}")


def _overlap(first: Script, second: Script) -> bool:
    return (
        bool(first.modes & second.modes)
        and (
            bool(first.services & second.services)
            or bool(not first.services and not second.services and first.channels & second.channels)
        )
        and (second.valid_to is None or first.valid_from <= second.valid_to)
        and (first.valid_to is None or second.valid_from <= first.valid_to)
    )
