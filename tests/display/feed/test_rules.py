"""The rules of the feed, as the page's own scripts hold them: which board is newest, how old it is,
and which frames may be drawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from display.board_keeper import BoardKeeper
from tests.display.pages import FedPage, FeedPage, board, call, frame

pytestmark = pytest.mark.requires_browser

KEEP = """(() => {
  const keeper = new module.Keeper();
  let before = null;
  return given.map(([how, date, seq]) => {
    const board = { version: [date, seq] };
    if (how === "asked") before = keeper.board;
    else if (how === "live") keeper.takeLive(board);
    else if (how === "answer") keeper.takeAnswer(board, before);
    else keeper.confirm();
    return keeper.board && keeper.board.version;
  });
})()"""

ELAPSED = """(() => {
  let steady = 0, wall = 1e12;
  const elapsed = new module.Elapsed(() => steady, () => wall);
  return given.map(([steadyMs, wallMs, proof]) => {
    steady += steadyMs;
    wall += wallMs;
    if (proof) elapsed.reset();
    return [elapsed.look(), elapsed.ms()];
  });
})()"""

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["asked", "live", "answer", "confirm"]),
        st.sampled_from(["2026-03-23", "2026-03-24"]),
        st.integers(0, 3),
    ),
    max_size=12,
)


@pytest.fixture
def rules(fed_page: FeedPage) -> FedPage:
    return fed_page(1280, 720)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_a_plain_browser_keeps_the_same_board_as_an_agent(
    rules: FedPage, steps: list[tuple[str, str, int]]
) -> None:
    keeper = BoardKeeper(Path("/nowhere/board.json"), lambda: 0.0, lambda: None, lambda: 0.0)
    before, kept = None, []
    for how, date, seq in steps:
        made = board(version=(date, seq))
        if how == "asked":
            before = keeper.board
        elif how == "live":
            keeper.take_live(made)
        elif how == "answer":
            keeper.take_fetched(made, before)
        else:
            keeper.confirm()
        kept.append(None if keeper.board is None else list(keeper.board.version))
    assert rules.of_module("feed/keeper.js", KEEP, steps) == kept


def test_the_age_is_the_steady_clocks_and_the_machines_where_that_slept(rules: FedPage) -> None:
    hour, day = 3_600_000, 86_400_000

    def age(*steps: tuple[int, int, bool]) -> list[tuple[bool, int]]:
        told = rules.of_module("feed/elapsed.js", ELAPSED, steps)
        return [(parted, ms) for parted, ms in told]

    second = (1000, 1000, False)
    assert age(second, second) == [(False, 1000), (False, 2000)]
    slept = age(second, (1000, hour, False), second, second, second)
    assert [parted for parted, _ in slept] == [False, True, False, False, False]
    assert [ms for _, ms in slept[:4]] == [1000, 2000, 3000, 4000], "it asks anew first"
    assert slept[4][1] == 5000 + hour - 1000, "nobody answered: the hour counts"
    answered = age((1000, hour, False), (1000, 1000, True), *[second] * 4)
    assert answered[-1] == (False, 4000)
    back = age(second, (1000, -day, False), *[second] * 4)
    assert back[-1] == (False, 6000) and not any(parted for parted, _ in back)


def hostile_frames() -> dict[str, Any]:
    whole = frame(board(call()))
    within = whole["board"]

    def changed(**changes: Any) -> dict[str, Any]:
        return {**whole, "board": {**within, **changes}}

    return {
        "no object": [],
        "null": None,
        "words": "A012",
        "nothing in it": {},
        "no board but a number": {**whole, "board": 7},
        "an age in words": {**whole, "age_seconds": "young"},
        "a time beyond all calendars": {**whole, "office_time": 1e18},
        "calls as an object": changed(calls={"length": 3}),
        "a call without a number": changed(calls=[{**within["calls"][0], "number": None}]),
        "a number of a thousand letters": changed(
            calls=[{**within["calls"][0], "number": "A" * 1000}]
        ),
        "a call at no time": changed(calls=[{**within["calls"][0], "at": "yesterday"}]),
        "ten thousand calls": changed(calls=[within["calls"][0]] * 10_000),
        "a zone that is nowhere": changed(zone="Mars/Olympus"),
        "a version in words": changed(version="2026-03-23"),
        "less than nobody inside": changed(inside=-1),
        "half a person": changed(inside=1.5),
        "names that are numbers": changed(streams=[{**within["streams"][0], "name": {"id": 4}}]),
        "settings of another kind": {**whole, "settings": {"layout": 3}},
        "a picture of another kind": {
            **whole,
            "media": [{"url": "/x", "kind": "script", "seconds": 1}],
        },
    }


@pytest.mark.parametrize("what", list(hostile_frames()))
def test_what_cannot_be_drawn_leaves_the_last_good_picture(fed_page: FeedPage, what: str) -> None:
    tv = fed_page(1280, 720)
    tv.show(board(call("A012", age_s=90)))
    tv.ask("frame => window.feedPage(frame)", hostile_frames()[what])
    assert tv.page.locator("#number").text_content() == "A012"
    assert tv.page.locator("body").get_attribute("data-screen") == "board"
    tv.show(board(call("A013", age_s=90), version=("2026-03-23", 2)))
    assert tv.page.locator("#number").text_content() == "A013"


def test_unknown_fields_and_hostile_words_do_no_harm(fed_page: FeedPage) -> None:
    tv = fed_page(1280, 720)
    words = "<img src=x onerror=alert(1)>\u202e\u0000${7*7}{n}"
    hostile = board(call(counter=words, age_s=90), office_name=words)
    wire = frame(hostile, build=tv.server.build, extra={"__proto__": {"polluted": 1}})
    wire["board"]["constructor"] = "x"
    tv.ask("frame => window.feedPage(frame)", wire)
    office = tv.page.locator("#office").text_content() or ""
    assert office.startswith("<img src=x") and office.endswith("${7*7}{n}")
    assert tv.ask("({}).polluted") is None and tv.page.locator("img").count() == 0


def test_a_stream_that_is_huge_or_no_json_is_not_read(rules: FedPage) -> None:
    read = "given.map((text) => module.readFrame(text))"
    assert (
        rules.of_module(
            "feed/frames.js", read, ["{", "", "[" * 50_000, '"' + "x" * 2_000_000 + '"']
        )
        == [None] * 4
    )
