"""Why a counter stands still: which reasons the API takes, and that everybody reads them in
words.
"""

from __future__ import annotations

from typing import Any, get_args

import pytest

from queue_server.web.edge.bodies.kinds import BreakReason
from queue_server.web.edge.words.calls import stop_reasons
from queue_server.web.pages.supervisor.words import dashboard_script_words
from tests.fixtures.application import HOME, House
from tests.web.problems import problem

COUNTER = f"{HOME}-1"


@pytest.fixture
def open_counter(house: House) -> House:
    assert house.post(f"/counters/{COUNTER}/open", "clerk").status_code == 200
    return house


@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": "ngopi"}, {"reason": "day_over"}]
)
def test_a_break_needs_one_of_the_known_reasons(open_counter: House, body: Any) -> None:
    refused = problem(
        open_counter.post(f"/counters/{COUNTER}/break", "clerk", body), 422, "bad_input"
    )
    assert refused["errors"][0]["field"] == "reason"
    seen = open_counter.get(f"/offices/{HOME}/queue", "clerk").get_json()["counters"][0]
    assert (seen["state"], seen["because"]) == ("open", None)


@pytest.mark.parametrize("reason", get_args(BreakReason))
def test_each_known_reason_is_kept_with_the_break(open_counter: House, reason: str) -> None:
    assert (
        open_counter.post(f"/counters/{COUNTER}/break", "clerk", {"reason": reason}).get_json()[
            "state"
        ]
        == "break"
    )
    seen = open_counter.get(f"/offices/{HOME}/dashboard", "supervisor").get_json()["counters"][0]
    assert (seen["state"], seen["because"]) == ("break", reason)


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (None, None),
        ({}, None),
        ({"reason": "day_over"}, "day_over"),
        ({"reason": "AC bocor"}, "AC bocor"),
    ],
)
def test_a_counter_is_closed_with_a_reason_or_without(
    open_counter: House, body: Any, kept: str | None
) -> None:
    assert (
        open_counter.post(f"/counters/{COUNTER}/close", "clerk", body).get_json()["open"] is False
    )
    assert (
        open_counter.get(f"/offices/{HOME}/dashboard", "supervisor").get_json()["counters"][0][
            "because"
        ]
        == kept
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", {"prayer": "Prayer", "day_over": "End of work"}), ("id", {"prayer": "Salat"})],
)
def test_console_and_dashboard_say_the_same_of_each_reason(
    house: House, language: str, words: dict[str, str]
) -> None:
    with house.application.flask.test_request_context(f"/?lang={language}"):
        reasons, said = stop_reasons(), dashboard_script_words()["because"]
    assert [code for code, _ in reasons["break"]] == list(get_args(BreakReason))
    assert said == {code: text for each in reasons.values() for code, text in each}
    assert words.items() <= said.items()
