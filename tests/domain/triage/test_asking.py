"""Which script is asked, and how far answers lead, whatever is sent."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadInput
from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import Service, ServiceChannel
from queue_server.domain.triage.asking import choose_script, follow, follow_all
from queue_server.domain.triage.counting import RETURN_DAYS, Mark, came_anyway
from queue_server.domain.triage.faults import NoScript
from queue_server.domain.triage.script import DIVERTING, Outcome
from tests.domain.triage.test_checks import everything, general, good, make

DAY = date(2026, 11, 24)
SCRIPT = make(good())


def service(code: str, channel: ServiceChannel = ServiceChannel.ONLINE) -> Service:
    words = {"id": "Kata", "en": "Word"}
    return Service(code, "A", words, words, words, channel, 5)


@pytest.mark.parametrize("channel", list(ServiceChannel))
@pytest.mark.parametrize("mode", list(ServiceMode))
def test_a_service_of_its_own_kind_has_the_script_of_its_channel(
    channel: ServiceChannel, mode: ServiceMode
) -> None:
    script = choose_script([SCRIPT, *everything()], service("ZZZ", channel), mode, DAY)
    assert script.name == f"{channel.value}-{mode.value}"


def test_a_script_of_its_own_goes_first_in_its_modes_and_days() -> None:
    scripts, own = [*everything(), SCRIPT], service("AAA")
    assert choose_script(scripts, own, ServiceMode.NORMAL, DAY) is SCRIPT
    assert choose_script(scripts, own, ServiceMode.CLOSED, DAY) is not SCRIPT
    later = make(good() | {"valid_from": date(2026, 11, 25)})
    assert choose_script([*everything(), later], own, ServiceMode.NORMAL, DAY) is not later


def test_a_script_holds_from_its_first_to_its_last_day() -> None:
    script = general("ONLINE", "NORMAL", valid_to=DAY)
    assert [script.holds_on(date(2026, 11, day)) for day in (23, 24, 25)] == [True, True, False]
    assert not script.holds_on(date(2025, 12, 31))


def test_before_the_first_script_there_is_none() -> None:
    with pytest.raises(NoScript):
        choose_script(everything(), service("AAA"), ServiceMode.NORMAL, date(2019, 1, 1))


def test_answers_lead_on_one_by_one() -> None:
    first = follow_all(SCRIPT, {})
    assert first.question is SCRIPT.questions["one"]
    assert first.advice is None
    second = follow_all(SCRIPT, {"one": "c0"})
    assert second.question is SCRIPT.questions["two"]
    last = follow_all(SCRIPT, {"one": "c0", "two": "c1"})
    assert last.advice is SCRIPT.advice["urgent"]
    assert last.question is None
    assert last.answers == {"one": "c0", "two": "c1"}


@given(
    st.dictionaries(
        st.sampled_from(["one", "two", "three", ""]) | st.text(max_size=5),
        st.sampled_from(["c0", "c1", "", "c9"]) | st.text(max_size=5),
        max_size=6,
    )
)
def test_any_answers_lead_somewhere_or_are_refused(answers: dict[str, str]) -> None:
    way = follow(SCRIPT, answers)
    assert way.answers.items() <= answers.items()
    assert follow(SCRIPT, way.answers) == way
    if way.answers == answers:
        assert follow_all(SCRIPT, answers) == way
    else:
        with pytest.raises(BadInput) as refused:
            follow_all(SCRIPT, answers)
        assert refused.value.facts["field"] == "answers"


def test_who_books_within_the_days_after_advice_against_it_came_anyway() -> None:
    marks = [
        Mark(Outcome.ONLINE, date(2026, 11, 1)),
        Mark(Outcome.ASSISTED, date(2026, 11, 9)),
        Mark(Outcome.VISIT, date(2026, 11, 20)),
    ]
    assert came_anyway(marks, date(2026, 11, 9)) == marks[1]
    assert came_anyway(marks, date(2026, 11, 9 + RETURN_DAYS)) == marks[1]
    assert came_anyway(marks, date(2026, 11, 10 + RETURN_DAYS)) is None
    assert came_anyway(marks[:1], date(2026, 10, 31)) is None


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_advice_against_coming_can_be_unheeded(outcome: Outcome) -> None:
    counted = came_anyway([Mark(outcome, DAY)], DAY)
    assert (counted is not None) == (outcome in DIVERTING)
