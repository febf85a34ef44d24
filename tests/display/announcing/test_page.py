"""Announcing in a real browser: every call once, whatever else goes wrong."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Route, expect

from queue_server.protocol.displays import DisplayHall, DisplaySettings, QuietHours
from tests.display.announcing.lobby import CLIPS, Lobby, ids
from tests.display.conftest import WITH_SPEAKERS
from tests.protocol.agents import until

pytestmark = pytest.mark.requires_browser

OpenLobby = Callable[..., Lobby]
FULL_CLIPS, SHORT_CLIPS = 7, 5


def numbers(first: int, count: int) -> list[str]:
    return [f"A{number:03d}" for number in range(first, first + count)]


def sound(seconds: float, loudness: int) -> bytes:
    """A sound file of one tone."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        tone = bytes([0, loudness, 0, (256 - loudness) % 256])
        file.writeframes(tone * int(seconds * 4000))
    return content.getvalue()


@pytest.mark.slow
def test_a_hundred_calls_in_ten_seconds_are_each_announced_once_in_order(
    open_lobby: OpenLobby,
) -> None:
    lobby = open_lobby()
    lobby.ready()
    for second in range(10):
        lobby.make(*numbers(10 * second, 10))
        lobby.pass_time(1000)
    lobby.take_back("A099")
    assert lobby.until_announced(99) == ids(*numbers(0, 99))
    lobby.pass_time(10_000)
    assert lobby.pages[0].server.announced == ids(*numbers(0, 99)), "not the one taken back"
    expect(lobby.pages[0].page.locator("#burst")).to_be_hidden()
    # The first came when nobody else waited, the others in grids of twelve at most.
    assert lobby.ask("[window.chimes, window.clips]") == [9, 99 * SHORT_CLIPS]


def test_three_calls_are_spoken_in_full_and_a_page_loaded_anew_goes_on(
    open_lobby: OpenLobby,
) -> None:
    lobby = open_lobby()
    lobby.ready()
    lobby.make(*numbers(12, 3))
    lobby.pass_time(6000)
    until(lambda: lobby.pages[0].server.announced == ids("A012"), "the first is announced")
    assert lobby.ask("[window.chimes, window.clips]") == [2, 2 * FULL_CLIPS]
    lobby.pages[0].page.reload()
    lobby.ready()
    lobby.feed()
    assert lobby.until_announced(3) == ids(*numbers(12, 3))
    lobby.pass_time(10_000)
    assert lobby.ask("[window.chimes, window.clips]") == [2, 2 * FULL_CLIPS]


def test_of_two_pages_one_speaks_and_the_other_goes_on_when_it_closes(
    open_lobby: OpenLobby,
) -> None:
    lobby = open_lobby(pages=2)
    lobby.ready()
    first, second = lobby.pages
    lobby.make(*numbers(12, 2))
    lobby.pass_time(1000)
    for page in lobby.pages:
        expect(page.page.locator("#number")).to_have_text("A012")
    spoke = [page.ask("window.clips") for page in lobby.pages]
    assert sorted(spoke) == [0, FULL_CLIPS], "both show it, one says it"
    if spoke[1]:
        first, second = second, first
    lobby.pass_time(5000)
    first.page.goto("about:blank")
    lobby.pages = [second]
    lobby.until_announced(2)
    assert lobby.pages[0].server.announced == ids("A012", "A013")
    assert second.ask("window.clips") == FULL_CLIPS, "only what the other had not finished"


def test_a_screen_without_a_voice_shows_each_call_and_announces_none(open_lobby: OpenLobby) -> None:
    lobby = open_lobby()
    lobby.settings = DisplaySettings(voice=False)
    lobby.make(*numbers(12, 2))
    expect(lobby.pages[0].page.locator("#number")).to_have_text("A012")
    assert lobby.facts()["sound"] == "off"
    expect(lobby.pages[0].page.locator("#number")).to_have_text("A013")
    lobby.pass_time(10_000)
    assert lobby.pages[0].server.announced == []
    assert lobby.ask("window.chimes") == 0


def test_in_quiet_hours_nothing_sounds_and_nothing_is_made_up_for_later(
    open_lobby: OpenLobby,
) -> None:
    lobby = open_lobby()
    lobby.settings = DisplaySettings(quiet=(QuietHours("09:30", "10:01"),))
    lobby.ready()
    lobby.make("A012")
    assert lobby.facts()["sound"] == "quiet"
    lobby.pass_time(60_000)
    until(lambda: lobby.pages[0].server.announced == ids("A012"), "it counts as announced")
    assert lobby.ask("window.chimes") == 0
    lobby.make("A013")
    lobby.until_announced(2)
    assert lobby.ask("[window.chimes, window.clips]") == [1, FULL_CLIPS]


def test_a_standstill_cuts_off_and_what_waits_is_announced_after_it(open_lobby: OpenLobby) -> None:
    lobby = open_lobby()
    lobby.ready()
    lobby.make(*numbers(12, 2))
    lobby.pass_time(1000)
    lobby.paused = "PAUSE"
    lobby.feed()
    lobby.pass_time(120_000)
    assert lobby.pages[0].server.announced == [] and lobby.ask("window.chimes") == 1
    lobby.paused = None
    lobby.feed()
    assert lobby.until_announced(2) == ids("A012", "A013")


def test_a_sound_test_is_heard_once_and_marked(open_lobby: OpenLobby) -> None:
    lobby = open_lobby()
    lobby.ready()
    lobby.test_call = "order-1"
    lobby.feed()
    expect(lobby.pages[0].page.locator("#call-title")).to_contain_text("UJI COBA")
    lobby.until_announced(1)
    lobby.pass_time(20_000)
    assert lobby.pages[0].server.announced == ["order-1"]
    assert lobby.ask("[window.chimes, window.clips]") == [1, 2]


BROKEN = {
    "no web audio": "delete window.AudioContext; delete window.OfflineAudioContext;",
    "no sound card": "window.AudioContext = class { constructor() { throw new Error('none'); } };",
    "no oscillators": "AudioContext.prototype.createOscillator = () => { throw new Error('x'); };",
    "clips that cannot be played": (
        "AudioBufferSourceNode.prototype.start = () => { throw new Error('x'); };"
    ),
    "clips that cannot be decoded": (
        "OfflineAudioContext.prototype.decodeAudioData = () => Promise.reject(new Error('x'));"
    ),
    "a context that cannot be asked": (
        "Object.defineProperty(BaseAudioContext.prototype, 'currentTime',"
        " { get() { throw new Error('x'); } });"
    ),
    "no storage": (
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('x'); } });"
    ),
    "storage that is full": "Storage.prototype.setItem = () => { throw new Error('full'); };",
    "requests that never end": "window.fetch = () => new Promise(() => {});",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_broken_stops_neither_the_picture_nor_the_next_call(
    open_lobby: OpenLobby, broken: str
) -> None:
    lobby = open_lobby(broken)
    lobby.make("A012", "A013")
    seen = []
    for _ in range(24):
        lobby.pass_time(1000)
        seen.append(lobby.ask("document.getElementById('number').textContent"))
    assert "A012" in seen and "A013" in seen[seen.index("A012") :]


def test_clips_that_are_no_speech_are_missing_and_said_to_be(open_lobby: OpenLobby) -> None:
    lobby = open_lobby()
    lobby.ready()
    bad: dict[str, tuple[int, bytes]] = {
        "letter_a": (200, sound(0.4, 0)),
        "digit_3": (200, sound(10, 90)),
        "digit_4": (404, b""),
        "digit_5": (200, b"no sound at all"),
    }

    def answer(route: Route) -> None:
        word = route.request.url.rpartition("/")[2].partition(".")[0]
        status, body = bad.get(word, (0, b""))
        if status and "/id/" in route.request.url:
            route.fulfill(status=status, body=body)
        else:
            route.continue_()

    page = lobby.pages[0].page
    page.route("**/voice/*/*", answer)
    page.reload()
    until(lambda: lobby.ask("window.decoded") >= CLIPS - 4, "the other clips are there")
    lobby.make("A012")
    until(lambda: lobby.facts().get("voice_missing") == 4, "four words are missing")
    assert lobby.until_announced(1) == ids("A012")
    assert lobby.ask("window.clips") == FULL_CLIPS, "in English"


def test_another_pack_is_noticed(open_lobby: OpenLobby) -> None:
    lobby = open_lobby()
    page = lobby.pages[0].page
    page.route("**/voice/index.json", lambda route: route.fulfill(json={"languages": {}}))
    page.reload()
    until(lambda: lobby.facts().get("voice_missing", 0) > 100, "no words are there")
    page.unroute_all()
    lobby.skip_time(600_000)
    until(lambda: lobby.facts()["voice_missing"] == 0, "all words are there")


def test_what_was_announced_reaches_an_agent_that_was_away(open_lobby: OpenLobby) -> None:
    lobby = open_lobby()
    lobby.ready()
    page = lobby.pages[0].page
    page.route("**/announced", lambda route: route.abort())
    lobby.make("A012")
    lobby.pass_time(20_000)
    assert lobby.pages[0].server.announced == []
    page.unroute_all()
    assert lobby.until_announced(1) == ids("A012")


def test_a_context_that_dies_is_made_anew(open_lobby: OpenLobby) -> None:
    lobby = open_lobby(
        WITH_SPEAKERS,
        """
        window.contexts = [];
        const Real = window.AudioContext;
        window.AudioContext = class extends Real {
          constructor(...options) { super(...options); window.contexts.push(this); }
        };
        """,
    )
    lobby.ready()
    lobby.pass_time(20_000)
    assert lobby.facts()["sound"] == "ok"
    lobby.ask("window.contexts[0].close()")
    lobby.pass_time(20_000)
    assert lobby.ask("window.contexts.length") == 2
    lobby.make("A012")
    lobby.until_announced(1)
    assert lobby.ask("window.clips") == FULL_CLIPS
    assert lobby.facts()["sound"] == "ok"


def test_a_machine_without_speakers_says_so(open_lobby: OpenLobby) -> None:
    nothing = WITH_SPEAKERS.replace("audiooutput", "audioinput")
    assert open_lobby(nothing).facts()["sound"] == "missing"


def test_a_tab_that_slept_for_an_hour_announces_only_what_is_new(open_lobby: OpenLobby) -> None:
    lobby = open_lobby()
    lobby.ready()
    lobby.make(*numbers(0, 9))
    lobby.pass_time(3000)
    until(lambda: lobby.pages[0].server.announced == ids("A000"), "the first is announced")
    lobby.skip_time(3_600_000)
    lobby.make("A099")
    assert lobby.until_announced(2) == ids("A000", "A099")
    lobby.pass_time(20_000)
    assert lobby.pages[0].server.announced == ids("A000", "A099")


def test_a_screen_of_one_hall_announces_its_calls_alone(open_lobby: OpenLobby) -> None:
    lobby = open_lobby()
    lobby.settings = replace(lobby.settings, halls=(DisplayHall(counters=("4",)),))
    lobby.ready()
    lobby.make("A012", counter="3")
    lobby.make("A013", counter="4")
    assert lobby.until_announced(1) == ids("A013", counter="4")
    lobby.pass_time(20_000)
    assert len(lobby.pages[0].server.announced) == 1
