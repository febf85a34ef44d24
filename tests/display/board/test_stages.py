"""What the call area shows in each stage, how pages are turned, and what each layout does with a
call.
"""

from __future__ import annotations

from typing import Any

import pytest

from queue_server.protocol.displays import DisplayHall, DisplaySettings
from queue_server.protocol.messages import Board, BoardCall, to_wire
from tests.display.board.offices import EVERYTHING, LONG_COUNTER, calls, queues
from tests.display.pages import NOW, FedPage, FeedPage, board, call, notice

pytestmark = pytest.mark.requires_browser

HALLS = DisplaySettings(
    layout="halls",
    halls=(
        DisplayHall({"id": "Aula utama", "en": "Main hall"}, ("1", "2")),
        DisplayHall({"id": "Aula timur", "en": "East hall"}, ("3", "4")),
    ),
)
USUAL = DisplaySettings()


@pytest.fixture
def tv(fed_page: FeedPage) -> FedPage:
    return fed_page(1280, 720, fast_clock=True)


def draw_stage(
    tv: FedPage, stage: dict[str, Any], shown: Board, settings: DisplaySettings = USUAL
) -> None:
    """Show a stage as the announcer would."""
    tv.of_module(
        "board/draw.js",
        "module.drawStage(given.stage, given.board, given.settings)",
        {"stage": stage, "board": to_wire(shown), "settings": to_wire(settings)},
    )


def draw_board(tv: FedPage, shown: Board) -> None:
    """Show a board while the stage goes on."""
    tv.of_module(
        "board/draw.js",
        "module.drawBoard(given.board, given.settings)",
        {"board": to_wire(shown), "settings": to_wire(USUAL)},
    )


def announce(call: BoardCall, *, test: bool = False) -> dict[str, Any]:
    return {"kind": "call", "call": to_wire(call), "test": test}


def burst(calls: list[BoardCall], naming: str | None = None) -> dict[str, Any]:
    return {"kind": "burst", "calls": [to_wire(each) for each in calls], "naming": naming}


def seen(tv: FedPage, selector: str) -> list[str]:
    """The texts of what is visible."""
    texts: list[str] = tv.page.locator(selector).filter(visible=True).all_text_contents()
    return texts


def test_at_rest_the_newest_call_stands_and_does_not_flash(tv: FedPage) -> None:
    tv.show(board(call("A013", "2", age_s=80), call("A012", "3", age_s=90)))
    assert seen(tv, "#number") == ["A013"]
    assert seen(tv, "#recent .n") == ["A012"]
    assert seen(tv, "#counter") == ["Loket 2"] and seen(tv, "#counter-other") == ["Counter 2"]
    assert tv.page.locator(".fresh, .flash").count() == 0


def test_without_a_call_it_says_where_to_look(tv: FedPage) -> None:
    tv.show(board())
    assert seen(tv, "#idle-title [lang=id]") == ["Perhatikan nomor Anda di layar ini"]
    tv.show(board(open=False))
    assert seen(tv, "#idle-title [lang=id]") == ["Kantor tutup"]


def test_a_call_flashes_once_however_often_it_is_drawn(tv: FedPage) -> None:
    one, other = call("A013", "2", age_s=70), call("A012", "3", age_s=75)
    remember = "window.flashing = document.getElementById('call').getAnimations()"
    goes_on = "document.getElementById('call').getAnimations().every((e) => flashing.includes(e))"
    tv.show(board(one, other))
    draw_stage(tv, announce(other), board(one, other))
    assert tv.ask(f"({remember}).length") == 1
    draw_stage(tv, announce(other), board(one, other))
    draw_board(tv, board(one, other, inside=8))
    assert seen(tv, "#number") == ["A012"] and seen(tv, "#recent .n") == ["A013"]
    assert seen(tv, "#inside") == ["8"]
    assert tv.ask(goes_on), "none has begun anew"
    draw_stage(tv, {"kind": "rest"}, board(one, other))
    assert tv.page.locator("#call.fresh, #call.flash").count() == 0
    draw_stage(tv, announce(other), board(one, other))
    assert tv.page.locator("#call.flash").count() == 1


@pytest.mark.parametrize(
    ("times", "language", "title"),
    [
        (1, "id", ["Sekarang dipanggil", "Now calling"]),
        (2, "id", ["Panggilan kedua", "Second call"]),
        (3, "en", ["Last call", "Panggilan terakhir"]),
    ],
)
def test_a_recall_is_marked_in_the_visitors_language_first(
    tv: FedPage, times: int, language: str, title: list[str]
) -> None:
    shown = call("A012", "3", times=times, language=language, age_s=70)
    tv.show(board(shown))
    draw_stage(tv, announce(shown), board(shown))
    assert seen(tv, "#call-title span") == title


def test_a_test_call_cannot_be_taken_for_a_call(tv: FedPage) -> None:
    tv.show(board(call("A012", "3", age_s=90)))
    draw_stage(tv, announce(call("A000", "1"), test=True), board(call("A012", "3", age_s=90)))
    assert seen(tv, "#call-title span") == ["UJI COBA", "TEST"]
    style = tv.ask("getComputedStyle(document.getElementById('call')).outlineStyle")
    assert style == "dashed"
    assert seen(tv, "#recent .n") == ["A012"]


def test_who_is_called_while_others_are_named_is_seen_at_once(tv: FedPage) -> None:
    """The grid grows to twelve, and then moves on with the naming."""
    shown = [call(f"A{number:03d}", "3", age_s=100 - number) for number in range(20)][::-1]
    oldest_first = shown[::-1]
    named = oldest_first[:8]
    numbers = [each.number for each in oldest_first]
    tv.show(board(*shown[10:]))
    draw_stage(tv, burst(named, named[0].id), board(*shown[10:]))
    assert seen(tv, "#burst-list .n") == numbers[:10]
    assert seen(tv, "#burst-list .naming .n") == numbers[:1]
    for place in (0, 3, 7):
        draw_stage(tv, burst(named, named[place].id), board(*shown))
        assert seen(tv, "#burst-list .n") == numbers[place : place + 12]
        assert seen(tv, "#burst-list .naming .n") == [numbers[place]]


def test_a_burst_marks_who_is_named_and_drops_who_was_taken_back(tv: FedPage) -> None:
    shown = calls(8)
    oldest_first = shown[::-1]
    tv.show(board(*shown))
    draw_stage(tv, burst(oldest_first, shown[5].id), board(*shown))
    assert seen(tv, "#burst-list .n") == [each.number for each in oldest_first]
    assert seen(tv, "#burst-list .naming .n") == [shown[5].number]
    assert seen(tv, "#burst-list .named .n") == [shown[7].number, shown[6].number]
    assert seen(tv, ".call, .idle, .recent") == []
    left = board(*shown[:5], *shown[6:])
    draw_stage(tv, burst(oldest_first), left)
    assert shown[5].number not in seen(tv, ".n")
    draw_stage(tv, {"kind": "rest"}, left)
    assert seen(tv, "#number") == [shown[0].number] and seen(tv, "#burst-list .n") == []


def test_a_call_that_is_taken_back_while_it_is_announced_is_gone_at_once(tv: FedPage) -> None:
    gone, stays = call("A013", "2", age_s=70), call("A012", "3", age_s=75)
    tv.show(board(gone, stays))
    draw_stage(tv, announce(gone), board(gone, stays))
    draw_board(tv, board(stays))
    assert seen(tv, "#number") == ["A012"] and seen(tv, "#recent .n") == []
    assert tv.page.locator("#call.flash").count() == 0


# ---- pages


def test_calls_and_queues_are_turned_page_by_page_until_all_were_seen(tv: FedPage) -> None:
    shown = board(*calls(12, age_s=70, letters="AB00"), streams=queues(10), **EVERYTHING)
    tv.show(shown)
    numbers, letters, marks = set(seen(tv, "#recent .n")), set(seen(tv, ".letter")), set[str]()
    assert len(numbers) < 11 and len(letters) < 10
    for _ in range(10):
        tv.page.clock.run_for(4000)
        numbers.update(seen(tv, "#recent .n"))
        letters.update(seen(tv, ".letter"))
        marks.update(seen(tv, "#recent-title .page"))
    assert numbers == {each.number for each in shown.calls[1:]}
    assert letters == {each.letter for each in shown.streams}
    assert "1/3" in marks and "3/3" in marks


def test_who_may_come_in_is_turned_too(tv: FedPage) -> None:
    numbers = tuple(f"A{number:03d}" for number in range(100, 125))
    tv.show(board(entering=numbers))
    shown = set(seen(tv, "#entering-list li"))
    for _ in range(12):
        tv.page.clock.run_for(4000)
        shown.update(seen(tv, "#entering-list li"))
    assert shown == set(numbers)


def test_calls_that_the_board_could_not_carry_are_owned_up_to(tv: FedPage) -> None:
    tv.show(board(*calls(6), calls_left_out=14, notices=(notice("Lain"),)))
    assert seen(tv, "#notice .line") == [
        "… dan 14 panggilan lagi, silakan tanya petugas",
        "… and 14 more calls, please ask our staff",
    ]


# ---- notices


def turned_notices(tv: FedPage, turns: int) -> list[str]:
    """The lines at the foot over so many turns."""
    lines = []
    for _ in range(turns):
        lines += seen(tv, "#notice .line")
        tv.page.clock.run_for(9000)
    return lines


def test_notices_and_the_screens_own_message_have_their_turn(tv: FedPage) -> None:
    settings = DisplaySettings(message={"id": "Wi-Fi: antrean", "en": "Wi-Fi: antrean"})
    tv.show(board(notices=(notice("Loket 3 istirahat.", "Counter 3 has a break."),)), settings)
    lines = turned_notices(tv, 3)
    assert {"Wi-Fi: antrean", "Loket 3 istirahat.", "Counter 3 has a break."} < set(lines)
    assert lines.count("Wi-Fi: antrean") == 1


@pytest.mark.parametrize(
    "text",
    [
        "panjang " * 60,
        "x" * 500,
        '<img src=x onerror=alert(1)> <b>tebal</b> & "kutip"',
        "\u202eterbalik\u202c \u200f\u200f kanan",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 keluarga \U0001f600" * 20,
        "a" + "\u0301" * 200,
        "W" * 499 + "\n\n\t",
    ],
)
def test_a_hostile_notice_is_read_in_pieces_and_does_no_harm(tv: FedPage, text: str) -> None:
    tv.show(board(call("A012", "3", age_s=90), notices=(notice(text),)), DisplaySettings())
    lines = turned_notices(tv, 16)
    whole = tv.of_module("board/rules/texts.js", "module.harmless(given)", text)
    assert whole.replace(" ", "") in "".join(lines).replace(" ", "")
    foot = tv.page.locator("#notice").bounding_box()
    assert foot is not None and foot["y"] + foot["height"] <= 720
    assert tv.page.locator("#notice img, #notice b").count() == 0
    assert (
        max(
            tv.ask(
                "(() => { const n = document.getElementById('notice');"
                " return [n.scrollWidth - n.clientWidth]; })()"
            )
        )
        <= 1
    )


# ---- layouts


def test_a_call_is_marked_in_its_hall_alone(tv: FedPage) -> None:
    ours, theirs = call("A012", "3", age_s=70), call("A011", "1", age_s=75)
    older = call("A010", "4", age_s=80)
    tv.show(board(ours, theirs, older), HALLS)
    assert seen(tv, ".hall-name [lang=id]") == ["Aula utama", "Aula timur"]
    assert seen(tv, ".number") == ["A011", "A012"]
    draw_stage(tv, announce(older), board(ours, theirs, older), HALLS)
    assert seen(tv, ".number") == ["A011", "A010"]
    assert seen(tv, ".call.fresh .number") == ["A010"]
    assert seen(tv, ".recent .n") == ["A012"]


def test_a_screen_of_one_hall_shows_its_counters_alone(tv: FedPage) -> None:
    settings = DisplaySettings(halls=(DisplayHall({}, ("3",)),))
    tv.show(board(call("A013", "9", age_s=70), call("A012", "3", age_s=75)), settings)
    assert seen(tv, "#number") == ["A012"] and seen(tv, "#recent .n") == []


def test_one_counter_keeps_its_number_while_others_call(tv: FedPage) -> None:
    settings = DisplaySettings(layout="counter", halls=(DisplayHall({}, ("3",)),))
    tv.show(board(), settings)
    assert seen(tv, ".hall-name span") == ["Loket 3", "Counter 3"]
    assert seen(tv, "#idle-title [lang=id]") == ["Silakan tunggu"]
    tv.show(board(call("A012", "3", age_s=400)), settings)
    tv.show(board(*calls(8, counters=2, letters="B0")), settings)
    assert seen(tv, "#number") == ["A012"]
    assert seen(tv, ".recent, .streams, .entering, .to") == []
    tv.show(board(), settings)
    assert seen(tv, "#number") == []


def test_the_settings_order_the_languages(tv: FedPage) -> None:
    shown = board(call("A012", "3", age_s=90), call("A011", "2", age_s=95), streams=queues(2))
    tv.show(shown, DisplaySettings(languages=("en", "id")))
    assert seen(tv, "#recent-title span") == ["Also called", "Juga dipanggil"]
    assert seen(tv, "#recent .c") == ["Counter 2"]
    assert seen(tv, ".streams .first")[0] == "ID card enrolment"
    tv.show(shown, DisplaySettings(languages=("id",)))
    assert seen(tv, "#recent-title span") == ["Juga dipanggil"]


def test_a_wait_without_an_end_is_said_as_such(tv: FedPage) -> None:
    tv.show(board(streams=queues(2)))
    assert seen(tv, ".wait") == ["20–35 mnt", "> 4 jam"]


def test_after_midnight_without_a_new_board_nothing_of_yesterday_is_shown(tv: FedPage) -> None:
    shown = board(call("A012", LONG_COUNTER, age_s=90), streams=queues(3), entering=("A013",))
    tv.show(shown, office_time=NOW.replace(hour=23, minute=59, second=57).timestamp())
    assert seen(tv, "#number") == ["A012"]
    tv.page.clock.run_for(4_500)
    assert seen(tv, ".number, .streams li, #entering-list li") == []
    assert seen(tv, "#idle-title [lang=id]") == ["Menunggu data antrean hari ini"]
    tv.show(shown, office_time=NOW.timestamp())
    assert seen(tv, "#number") == ["A012"]
