"""A triage script that would leave somebody without an answer is refused by name."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import ServiceChannel
from queue_server.domain.triage import faults
from queue_server.domain.triage.asking import follow, most_questions
from queue_server.domain.triage.checks import (
    check_cycles,
    check_questions,
    check_script,
    check_scripts,
)
from queue_server.domain.triage.reading import read_script
from queue_server.domain.triage.script import Advice, Outcome, Script

URGENCIES = ("hospital", "death")
WORDS = {"id": "Kata", "en": "Word"}
Values = dict[str, Any]


def question(*to: str) -> Values:
    return {
        "text": WORDS,
        "answers": [{"code": f"c{n}", "to": each, "text": WORDS} for n, each in enumerate(to)],
    }


def advice(outcome: str = "VISIT", **more: Any) -> Values:
    return {"outcome": outcome, "title": WORDS, "reasons": WORDS, "steps": WORDS, **more}


def scenario(to: str, **answers: str) -> Values:
    return {"name": f"to {to}", "advice": to, "answers": answers}


def good() -> Values:
    """A script with two questions that passes every check."""
    return {
        "services": ["AAA"],
        "modes": ["NORMAL"],
        "valid_from": date(2026, 1, 1),
        "first": "one",
        "questions": {"one": question("two", "visit"), "two": question("online", "urgent")},
        "advice": {
            "visit": advice(),
            "online": advice("ONLINE"),
            "urgent": advice("URGENT", urgency="hospital"),
        },
        "scenarios": [
            scenario("visit", one="c1"),
            scenario("online", one="c0", two="c0"),
            scenario("urgent", one="c0", two="c1"),
        ],
    }


def make(values: Values) -> Script:
    return read_script("test", values)


def check(values: Values) -> Script:
    script = make(values)
    check_script(script, URGENCIES)
    return script


def general(channel: str, mode: str, **more: Any) -> Script:
    """A script for all services of a channel that asks nothing."""
    values = {
        "channels": [channel],
        "modes": [mode],
        "valid_from": date(2026, 1, 1),
        "first": "visit",
        "advice": {"visit": advice()},
        "scenarios": [scenario("visit")],
        **more,
    }
    return read_script(f"{channel}-{mode}", values)


def everything() -> list[Script]:
    return [
        general(channel.value, mode.value) for channel in ServiceChannel for mode in ServiceMode
    ]


def test_a_good_script_is_taken() -> None:
    script = check(good())
    assert most_questions(script, script.first) == 2
    assert script.advice["urgent"].outcome is Outcome.URGENT


def add_two_questions(values: Values) -> None:
    """Make the way to the urgent advice three questions long, and the one beside it too."""
    values["questions"]["two"] = question("three", "online")
    values["questions"]["three"] = question("urgent", "urgent_too")
    values["advice"]["urgent_too"] = advice("URGENT", urgency="death")
    values["scenarios"] = [
        scenario("visit", one="c1"),
        scenario("online", one="c0", two="c1"),
        scenario("urgent", one="c0", two="c0", three="c0"),
        scenario("urgent_too", one="c0", two="c0", three="c1"),
    ]


def test_three_questions_may_lead_to_urgent_advice_alone() -> None:
    values = good()
    add_two_questions(values)
    check(values)
    values["advice"]["urgent_too"] = advice("VISIT")
    with pytest.raises(faults.TooManyQuestions):
        check(values)


def _set(*path: str | int, to: Any) -> Callable[[Values], None]:
    def change(values: Values) -> None:
        for each in path[:-1]:
            values = values[each]  # type: ignore[index]  # a way through lists and tables
        values[path[-1]] = to  # type: ignore[index]  # as above

    return change


def _drop(*path: str | int) -> Callable[[Values], None]:
    def change(values: Values) -> None:
        for each in path[:-1]:
            values = values[each]  # type: ignore[index]  # a way through lists and tables
        del values[path[-1]]  # type: ignore[arg-type]  # as above

    return change


BROKEN: list[tuple[type[faults.ScriptFault], Callable[[Values], None]]] = [
    (faults.UnknownNode, _set("first", to="nowhere")),
    (faults.UnknownNode, _set("questions", "two", "answers", 0, "to", to="nowhere")),
    (faults.UnknownNode, _set("advice", "two", to=advice())),
    (faults.UnreachableNode, _set("advice", "lonely", to=advice())),
    (faults.UnreachableNode, _set("questions", "lonely", to=question("visit", "online"))),
    (faults.CyclicScript, _set("questions", "two", "answers", 0, "to", to="one")),
    (faults.CyclicScript, _set("questions", "one", "answers", 1, "to", to="one")),
    (faults.MissingTranslation, _drop("questions", "one", "text")),
    (faults.MissingTranslation, _set("questions", "one", "text", to={"id": "Kata"})),
    (faults.MissingTranslation, _set("questions", "one", "hint", to={"en": "Word"})),
    (faults.MissingTranslation, _set("questions", "two", "answers", 1, "text", to={"en": "Word"})),
    (faults.MissingTranslation, _set("advice", "visit", "title", to={"id": "Kata", "en": " "})),
    (faults.MissingTranslation, _set("advice", "visit", "reasons", to={"id": "Kata"})),
    (faults.MissingTranslation, _set("advice", "visit", "steps", to={"id": "a\nb", "en": "a"})),
    (faults.MissingTranslation, _set("advice", "visit", "bring", to={"id": "Kata"})),
    (faults.NoNextStep, _drop("advice", "online", "steps")),
    (faults.NoNextStep, _set("advice", "online", "steps", to={"id": "", "en": "\n"})),
    (faults.NoReason, _drop("advice", "online", "reasons")),
    (faults.BadUrgency, _drop("advice", "urgent", "urgency")),
    (faults.BadUrgency, _set("advice", "urgent", "urgency", to="hungry")),
    (faults.BadUrgency, _set("advice", "visit", "urgency", to="hospital")),
    (faults.NoScenario, _drop("scenarios", 0)),
    (faults.WrongScenario, _set("scenarios", 0, "advice", to="online")),
    (faults.WrongScenario, _set("scenarios", 0, "answers", to={})),
    (faults.WrongScenario, _set("scenarios", 0, "answers", "two", to="c0")),
    (faults.BadField, _drop("first")),
    (faults.BadField, _drop("valid_from")),
    (faults.BadField, _drop("modes")),
    (faults.BadField, _drop("services")),
    (faults.BadField, _set("channels", to=["ONLINE"])),
    (faults.BadField, _set("modes", to=["HOLIDAY"])),
    (faults.BadField, _set("services", to=[1])),
    (faults.BadField, _set("surprise", to=1)),
    (faults.BadField, _set("valid_to", to=date(2025, 12, 31))),
    (faults.BadField, _set("questions", "one", to="what?")),
    (faults.BadField, _set("questions", "service", to=question("visit", "online"))),
    (faults.BadField, _set("questions", "lang", to=question("visit", "online"))),
    (faults.BadField, _set("questions", "a b", to=question("visit", "online"))),
    (faults.BadField, _set("questions", "one", "text", to={"id": 1, "en": "Word"})),
    (faults.BadField, _set("advice", "visit", "outcome", to="PERHAPS")),
    (faults.BadField, _set("scenarios", 0, "answers", to={"one": 1})),
]


@pytest.mark.parametrize(("fault", "damage"), BROKEN)
def test_each_fault_is_refused(
    fault: type[faults.ScriptFault], damage: Callable[[Values], None]
) -> None:
    values = copy.deepcopy(good())
    damage(values)
    with pytest.raises(fault) as refused:
        check(values)
    assert type(refused.value) is fault
    assert str(refused.value).startswith("test")


@pytest.mark.parametrize("codes", [[], ["c0"], ["c0", "c0"], ["c0", "c1", "c0"]])
def test_a_question_leaves_a_choice(codes: list[str]) -> None:
    values = good()
    answers = [{"code": each, "to": "visit", "text": WORDS} for each in codes]
    values["questions"]["one"]["answers"] = answers
    with pytest.raises(faults.TooManyQuestions):
        check_questions(make(values))


def test_together_they_leave_no_service_without_a_script() -> None:
    scripts = everything()
    check_scripts(scripts)
    for missing in scripts:
        with pytest.raises(faults.NoScript):
            check_scripts([each for each in scripts if each is not missing])


def test_a_script_that_ends_needs_one_that_follows() -> None:
    rest = everything()[1:]
    ends = general("MUST_COME", "NORMAL", valid_to=date(2026, 6, 30))
    with pytest.raises(faults.NoScript):
        check_scripts([ends, *rest])
    with pytest.raises(faults.NoScript):
        check_scripts([ends, general("MUST_COME", "NORMAL", valid_from=date(2026, 7, 2)), *rest])
    check_scripts([ends, general("MUST_COME", "NORMAL", valid_from=date(2026, 7, 1)), *rest])
    with pytest.raises(faults.OverlappingScripts):
        check_scripts([ends, general("MUST_COME", "NORMAL", valid_from=date(2026, 6, 30)), *rest])


def test_a_service_has_one_script_at_a_time() -> None:
    with pytest.raises(faults.OverlappingScripts):
        check_scripts([make(good()), make(good()), *everything()])
    check_scripts([make(good()), *everything()])


IDS = ("n0", "n1", "n2", "n3", "n4", "end")


@given(st.lists(st.lists(st.sampled_from(IDS), min_size=1, max_size=3), min_size=5, max_size=5))
def test_a_script_without_a_cycle_always_ends_and_one_with_a_cycle_is_refused(
    targets: list[list[str]],
) -> None:
    values = good() | {
        "first": "n0",
        "questions": {f"n{n}": question(*to) for n, to in enumerate(targets)},
        "advice": {"end": advice()},
        "scenarios": [],
    }
    script = make(values)

    def ends_always(id: str, steps: int) -> bool:
        """Whether every way from here ends within so many steps."""
        return steps >= 0 and all(ends_always(each, steps - 1) for each in script.targets(id))

    acyclic = all(ends_always(id, len(IDS)) for id in IDS)
    if acyclic:
        check_cycles(script)
        way = follow(script, dict.fromkeys(IDS, "c0"))
        assert isinstance(way.at, Advice)
        assert len(way.asked) <= most_questions(script, "n0") <= len(IDS)
    else:
        with pytest.raises(faults.CyclicScript):
            check_cycles(script)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "en", "text", "to", "code", "one", "visit", "answers"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@given(st.data())
def test_whatever_stands_in_a_file_is_a_script_or_a_named_fault(data: st.DataObject) -> None:
    values = copy.deepcopy(good())
    part: Any = values
    for _level in range(data.draw(st.integers(0, 4))):
        inside = part.values() if isinstance(part, dict) else part
        inner = [each for each in inside if isinstance(each, (dict, list)) and each]
        if not inner:
            break
        part = data.draw(st.sampled_from(inner))
    key = data.draw(st.sampled_from(list(part) if isinstance(part, dict) else range(len(part))))
    part[key] = data.draw(ODD)
    try:
        check(values)
    except faults.ScriptFault as fault:
        assert type(fault) is not faults.ScriptFault
