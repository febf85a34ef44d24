"""The rules of the board, asked in the browser that will follow them: sizes, pages, texts, waits,
layouts, and which calls stand.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queue_server.protocol.messages import Board, BoardCall, WaitRange, to_wire
from queue_server.protocol.spoken_waits import speak_wait
from tests.display.pages import NOW, FedPage, FeedPage, board, call

pytestmark = pytest.mark.requires_browser

ONE_PAGE = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LYING, STANDING = {"width": 1920, "height": 1080}, {"width": 1080, "height": 1920}
IN_SIGNS = "text => Array.from(text).length"


@pytest.fixture
def tv(fed_page: FeedPage) -> FedPage:
    return fed_page(1280, 720)


def rule(tv: FedPage, module: str, expression: str, given: Any = None) -> Any:
    return tv.of_module(f"board/rules/{module}.js", expression, given)


# ---- sizes


@pytest.mark.parametrize(
    ("diagonal_inch", "distance_m", "least"),
    # hardware.md §10, as cap heights: its font sizes times 0.73; between the floor and the most.
    [(43, 8, 10), (43, 10, 13), (55, 10, 10), (55, 15, 15)],
)
def test_what_a_reader_needs_follows_the_published_table(
    tv: FedPage, diagonal_inch: int, distance_m: int, least: float
) -> None:
    screen = {"diagonal_inch": diagonal_inch, "distance_m": distance_m}
    sizes = rule(tv, "sizes", "module.sizesFor(given[0], given[1])", [screen, LYING])
    assert sizes["recent"] / 0.73 == pytest.approx(least, rel=0.08)


@ONE_PAGE
@given(distance_m=st.integers(2, 40), diagonal_inch=st.integers(15, 120), lies=st.booleans())
def test_no_distance_makes_a_text_smaller_than_the_floor(
    tv: FedPage, distance_m: int, diagonal_inch: int, lies: bool
) -> None:
    screen = LYING if lies else STANDING
    given = [{"distance_m": distance_m, "diagonal_inch": diagonal_inch}, screen]
    sizes = rule(tv, "sizes", "module.sizesFor(given[0], given[1])", given)
    assert sizes["number"] >= (20 if lies else 12)
    assert min(sizes["recent"], sizes["burst"]) >= 6 and sizes["near"] >= 2
    height_mm = 25.4 * diagonal_inch * (9 if lies else 16) / (9**2 + 16**2) ** 0.5
    assert sizes["recent"] >= min(100 * 5 * distance_m / height_mm, 12 if lies else 8)


def test_a_number_too_wide_is_squeezed_first_and_made_smaller_last(tv: FedPage) -> None:
    font = {"cap": 0.73, "least": 100, "most": 300}

    def size(width: float, width_em: float) -> Any:
        box = {"width": width, "height": 150}
        given = [box, {"width_em": width_em, **font}]
        return rule(tv, "sizes", "module.numberSize(given[0], given[1])", given)

    assert size(1000, 3) == {"font": pytest.approx(150 / 0.73 / 1.14), "squeeze": 1}
    assert size(450, 3) == {"font": 150, "squeeze": 1}
    assert size(240, 3) == {"font": 100, "squeeze": pytest.approx(0.8)}
    assert size(90, 3) == {"font": pytest.approx(50), "squeeze": pytest.approx(0.6)}


# ---- pages


@ONE_PAGE
@given(count=st.integers(0, 40), size=st.integers(1, 12))
def test_pages_show_everything_once_in_order(tv: FedPage, count: int, size: int) -> None:
    pages = rule(
        tv,
        "plans",
        """(() => {
          const things = Array.from({ length: given[0] }, (_, place) => place);
          const { pages } = module.pageOf(things, given[1], 0);
          return Array.from({ length: pages + 1 }, (_, turn) =>
            module.pageOf(things, given[1], turn));
        })()""",
        [count, size],
    )
    *turns, again = pages
    assert [each for page in turns for each in page["shown"]] == list(range(count))
    assert again["shown"] == turns[0]["shown"]
    assert all(len(page["shown"]) <= size for page in turns)


@ONE_PAGE
@given(
    width=st.integers(200, 2000),
    height=st.integers(60, 900),
    count=st.integers(1, 12),
    width_em=st.floats(2, 5),
)
def test_a_burst_holds_all_its_calls(
    tv: FedPage, width: int, height: int, count: int, width_em: float
) -> None:
    box = {"width": width, "height": height}
    wanted = {"width_em": width_em, "count": count, "smallest": 20, "gap": 4}
    plan = rule(tv, "plans", "module.planBurst(given[0], given[1])", [box, wanted])
    assert plan["columns"] * plan["rows"] >= count
    assert plan["rows"] * plan["font"] * 1.29 <= height
    assert 0.6 <= plan["squeeze"] <= 1


def test_fresh_calls_count_more_than_the_distance_of_the_reader(tv: FedPage) -> None:
    box = {"width": 500, "height": 550}

    def plan(fresh: int) -> Any:
        font = {"width_em": 2.9, "font": 110, "smallest": 84, "fresh": fresh}
        return rule(tv, "plans", "module.planRecent(given[0], given[1])", [box, font])

    assert plan(2)["font"] == 110
    assert plan(8)["font"] == 84
    assert plan(8)["columns"] * plan(8)["rows"] >= 8 > plan(2)["columns"] * plan(2)["rows"]


def test_pages_of_queues_are_nearly_alike(tv: FedPage) -> None:
    sizes = rule(tv, "plans", "[5, 6, 7, 10].map((count) => module.fitting(400, 95, 5, count))")
    assert sizes == [3, 3, 4, 4]


# ---- texts

TEXTS = st.text(
    st.one_of(
        st.sampled_from("A0 1b2…-.,\u200f\u202e\u0301\U0001f600\n"), st.characters(codec="utf-8")
    ),
    max_size=120,
)


@ONE_PAGE
@given(text=TEXTS, width=st.integers(1, 30))
def test_lines_lose_nothing_and_fit(tv: FedPage, text: str, width: int) -> None:
    drawn = rule(
        tv,
        "texts",
        f"""(() => {{
          const widthOf = {IN_SIGNS};
          const lines = module.piecesOf(given[0], 2, widthOf, given[1]).flat();
          return {{ lines, widths: lines.map(widthOf), whole: module.harmless(given[0]) }};
        }})()""",
        [text, width],
    )
    assert "".join(drawn["lines"]).replace(" ", "") == drawn["whole"].replace(" ", "")
    assert all(each <= width for each in drawn["widths"])


@ONE_PAGE
@given(text=TEXTS, width=st.integers(3, 30), most=st.integers(1, 3))
def test_a_shortened_text_says_that_it_is(tv: FedPage, text: str, width: int, most: int) -> None:
    lines, whole = rule(
        tv,
        "texts",
        f"[module.shortened(given[0], given[1], {IN_SIGNS}, given[2]), module.harmless(given[0])]",
        [text, most, width],
    )
    assert len(lines) <= most
    is_whole = "".join(lines).replace(" ", "") == whole.replace(" ", "")
    assert is_whole or lines[-1].endswith("…")


@pytest.mark.parametrize(
    ("text", "most", "width", "lines"),
    [
        ("Loket 12", 1, 8, ["Loket 12"]),
        ("Loket 12", 1, 7, ["Loket…"]),
        ("Perekaman KTP-el", 2, 10, ["Perekaman", "KTP-el"]),
        ("Pencatatan kelahiran dan kematian", 2, 14, ["Pencatatan", "kelahiran dan…"]),
        ("Pencatatan kelahiran dan kematian", 1, 14, ["Pencatatan…"]),
        ("Gedung B lantai 12345", 1, 19, ["Gedung B lantai…"]),
        ("Ruang-A123456 timur", 1, 9, ["Ruang…"]),
    ],
)
def test_a_name_is_shortened_after_a_word_and_never_inside_a_number(
    tv: FedPage, text: str, most: int, width: int, lines: list[str]
) -> None:
    given = [text, most, width]
    expression = f"module.shortened(given[0], given[1], {IN_SIGNS}, given[2])"
    assert rule(tv, "texts", expression, given) == lines


def test_a_hostile_text_is_made_harmless(tv: FedPage) -> None:
    hostile = "\u202eterbalik\u202c  a\u0301\u0301\u0301\u0301\u0301\tb\u0000\n\u200bc"
    assert rule(tv, "texts", "module.harmless(given)", hostile) == "terbalik a\u0301\u0301 b c"


# ---- waits


@ONE_PAGE
@given(low=st.integers(-5, 400), more=st.integers(0, 200))
def test_waits_are_said_as_everywhere_else(tv: FedPage, low: int, more: int) -> None:
    wait = WaitRange(low, max(0, low + more))
    spoken = speak_wait(wait)
    keys = {
        "between": "minutes",
        "less_than": "minutes_under",
        "at_most": "minutes_at_most",
        "more_than_hours": "minutes_more_than_hours",
    }
    said = rule(tv, "waits", "module.sayingOf(given)", to_wire(wait))
    assert said["key"] == keys[spoken.saying]
    figures = {"low": spoken.low, "high": spoken.high, "hours": spoken.hours}
    assert said["values"].items() <= figures.items()


# ---- layouts

A, B = {"name": {}, "counters": ["1", "2"]}, {"name": {}, "counters": ["3"]}
ALL = {"name": {}, "counters": []}


@pytest.mark.parametrize(
    ("layout", "halls", "drawn", "shown"),
    [
        ("main", [], "main", [ALL]),
        ("main", [A], "main", [A]),
        ("main", [A, B], "main", [{"name": {}, "counters": ["1", "2", "3"]}]),
        ("main", [A, ALL], "main", [ALL]),
        ("halls", [A, B], "halls", [A, B]),
        ("halls", [A, ALL], "halls", [A, ALL]),
        ("halls", [A], "main", [A]),
        ("counter", [A], "counter", [{"name": {}, "counters": ["1"]}]),
        ("counter", [], "main", [ALL]),
        ("counter", [ALL], "main", [ALL]),
        ("hologram", [A], "main", [A]),
    ],
)
def test_a_screen_that_is_set_up_by_half_still_shows_every_call(
    tv: FedPage, layout: str, halls: list[Any], drawn: str, shown: list[Any]
) -> None:
    given = {"layout": layout, "halls": halls}
    assert rule(tv, "layout", "module.layoutOf(given)", given) == {"layout": drawn, "halls": shown}


@pytest.mark.parametrize(
    ("languages", "used"),
    [(["en", "id"], ["en", "id"]), (["id"], ["id"]), (["xx"], ["id", "en"]), ([], ["id", "en"])],
)
def test_unknown_languages_leave_both(tv: FedPage, languages: list[str], used: list[str]) -> None:
    assert rule(tv, "layout", "module.languagesOf(given)", {"languages": languages}) == used


# ---- which calls stand


def standing(tv: FedPage, shown: Board, known: list[BoardCall], *counters: str) -> list[str]:
    given = {
        "hall": {"name": {}, "counters": list(counters)},
        "board": to_wire(shown),
        "known": [to_wire(each) for each in known],
    }
    expression = "module.standingCalls(given.hall, given.board, given.known)"
    return [each["number"] for each in rule(tv, "calls", expression, given)]


def test_a_hall_keeps_its_calls_when_those_of_others_push_them_off_the_board(tv: FedPage) -> None:
    ours = call("A001", "1", age_s=300)
    others = [call(f"B00{place}", "9", age_s=70 + place) for place in range(6)]
    assert standing(tv, board(*others), [ours], "1") == ["A001"]


def test_a_call_that_was_taken_back_does_not_stand(tv: FedPage) -> None:
    ours = call("A001", "1", age_s=300)
    fresh = call("A001", "1", age_s=30)
    newer = [call(f"B00{place}", "9", age_s=70 + place) for place in range(6)]
    older = call("B009", "9", age_s=400)
    for shown, known in (
        (board(*newer[:5]), ours),  # a board with less than six carries all
        (board(*newer[:5], older), ours),  # an older one is carried
        (board(*newer), fresh),  # all of the last minute are carried
        (board(), ours),
    ):
        assert standing(tv, shown, [known], "1") == []
    left_out = board(*[call(f"C0{place}", "9", age_s=1) for place in range(10, 30)])
    crowded = {**to_wire(left_out), "calls_left_out": 4}
    given = {"call": to_wire(fresh), "board": crowded}
    assert rule(tv, "calls", "module.isTakenBack(given.call, given.board)", given) is False


def test_a_number_called_anew_or_elsewhere_stands_once(tv: FedPage) -> None:
    again = call("A001", "2", age_s=5)
    assert standing(tv, board(again), [call("A001", "1", age_s=90)]) == ["A001"]
    assert standing(tv, board(again), [call("A001", "1", age_s=90)], "1") == []


@pytest.mark.parametrize(
    ("hours", "is_old"), [(0, False), (13.99, False), (14, True), (-11, False)]
)
def test_a_board_is_of_yesterday_from_the_offices_midnight_on(
    tv: FedPage, hours: float, is_old: bool
) -> None:
    given = {
        "board": to_wire(board(call("A001"), entering=("A002",))),
        "now": (NOW.timestamp() + hours * 3600) * 1000,
    }
    left = rule(tv, "calls", "module.ofToday(given.board, given.now)", given)
    assert left.get("isOld", False) is is_old
    assert (left["calls"] == [] and left["streams"] == [] and left["entering"] == []) is is_old
