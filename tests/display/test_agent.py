"""The TV's agent as a process, against a server over real HTTP and Socket.IO."""

from __future__ import annotations

import http.client
import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from display.voice.packs import PACKS
from queue_server.protocol.displays import DisplaySettings
from queue_server.protocol.messages import to_wire
from tests.display.conftest import TOKEN, leave_token
from tests.faults.cuttable import cable_to
from tests.protocol.agents import Agent, until
from tests.protocol.fake_server import OFFICE, FakeServer

StateOf = Callable[[Agent], dict[str, Any]]


def test_a_fresh_tv_shows_its_code_and_is_paired_by_a_manager(
    server: FakeServer, tv: Agent, state_of: StateOf, tmp_path: Path
) -> None:
    tv.start()
    code = server.await_pairing()["pairing_code"]
    assert until(lambda: state_of(tv)["pairing_code"], "the code is shown") == code
    assert not state_of(tv)["paired"]
    server.approve("first-token")
    until(lambda: state_of(tv)["board"], "the board is shown")
    token_file = tmp_path / "state" / "token"
    assert token_file.read_text().strip() == "first-token"
    assert token_file.stat().st_mode & 0o777 == 0o600


def test_a_revoked_tv_goes_back_to_pairing_and_shows_no_board(
    server: FakeServer, paired_tv: Agent, state_of: StateOf, tmp_path: Path
) -> None:
    server.display = SETTINGS
    server.orders = [{"id": "d-7", "kind": "test_call", "job": ""}]
    report(paired_tv, {"sound": "ok"})
    announce(paired_tv, ["c1"])
    until(lambda: state_of(paired_tv)["test_call"], "settings and order are there")
    server.revoke(TOKEN)
    state = until(
        lambda: (found := state_of(paired_tv))["pairing_code"] and found, "a new code", timeout=9
    )
    assert (state["paired"], state["board"]) == (False, None)
    assert (state["announced"], state["settings"]["version"]) == ([], "")
    left = {each.name for each in (tmp_path / "state").iterdir()}
    assert left <= {"page-seen"}, "nothing of the office is left"


def test_a_call_reaches_an_open_page_at_once(server: FakeServer, paired_tv: Agent) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", paired_tv.port, timeout=5)
    connection.request("GET", "/stream")
    stream = connection.getresponse()
    stream.readline()
    stream.readline()
    server.show(server.call("A012"))
    state = json.loads(stream.readline().removeprefix(b"data: "))
    assert [call["number"] for call in state["board"]["calls"]] == ["A012"]
    connection.close()


def test_a_dropped_connection_is_taken_up_again_with_what_was_missed(
    server: FakeServer, paired_tv: Agent, state_of: StateOf
) -> None:
    server.drop_sockets()
    server.show(server.call("A012"), push=False)
    state = until(
        lambda: (found := state_of(paired_tv))["board"]["calls"] and found["connected"] and found,
        "the missed call",
        timeout=9,
    )
    assert state["board"]["calls"][0]["number"] == "A012"


def test_an_older_snapshot_never_replaces_a_newer_one(
    server: FakeServer, paired_tv: Agent, state_of: StateOf
) -> None:
    older = server.board
    newest = server.show(server.call("A012"))
    until(lambda: state_of(paired_tv)["board"]["version"] == list(newest.version), "the new board")
    server.push(older)
    after = server.show(inside=9, seq=newest.version[1] + 1)
    seen = []
    until(
        lambda: (
            seen.append(state_of(paired_tv)["board"]["version"]) or seen[-1] == list(after.version)
        ),
        "the next board",
    )
    assert list(older.version) not in seen


def test_a_server_whose_day_has_gone_back_is_believed(
    server: FakeServer, paired_tv: Agent, state_of: StateOf
) -> None:
    server.show(seq=900)
    until(
        lambda: state_of(paired_tv)["board"]["version"][1] == 900, "the board of before the restore"
    )
    server.drop_sockets()
    restored = server.show(server.call("A012"), seq=3, push=False)
    until(
        lambda: state_of(paired_tv)["board"]["version"] == list(restored.version),
        "the restored server's board",
        timeout=9,
    )


def test_the_last_board_survives_a_restart_without_a_server_and_says_how_old_it_is(
    server: FakeServer, paired_tv: Agent, state_of: StateOf, tmp_path: Path
) -> None:
    server.show(server.call("A012"))
    saved = tmp_path / "state" / "board.json"
    until(lambda: saved.exists() and b"A012" in saved.read_bytes(), "the board is saved")
    server.go_down()
    paired_tv.kill()
    paired_tv.start()
    state = state_of(paired_tv)
    assert state["board"]["calls"][0]["number"] == "A012"
    assert state["connected"] is False and state["age_seconds"] > 0


def test_a_refused_watch_is_never_taken_for_a_connection(
    server: FakeServer, paired_tv: Agent, state_of: StateOf
) -> None:
    server.watch_refusal = "forbidden"
    server.drop_sockets()
    until(lambda: "forbidden" in paired_tv.log_text(), "the refusal is noticed")
    assert state_of(paired_tv)["connected"] is False
    server.watch_refusal = None
    until(lambda: state_of(paired_tv)["connected"], "connected again")


def test_a_missed_board_is_noticed_without_anything_else_being_sent(
    server: FakeServer, paired_tv: Agent, state_of: StateOf
) -> None:
    server.show(server.call("A012"), push=False)
    state = until(
        lambda: (seen := state_of(paired_tv))["board"]["calls"] and seen, "the call", timeout=9
    )
    assert state["board"]["calls"][0]["number"] == "A012"
    assert state["connected"]


def test_a_return_costs_the_server_one_connection_and_nothing_else_at_first(
    server: FakeServer, paired_tv: Agent, state_of: StateOf
) -> None:
    asked = len(server.asked)
    server.drop_sockets()
    until(lambda: not state_of(paired_tv)["connected"], "the loss is noticed")
    until(lambda: state_of(paired_tv)["connected"], "connected again")
    assert server.asked[asked:] == []
    until(
        lambda: (
            {"/devices/self", "/devices/self/heartbeat", f"/offices/{OFFICE}/board"}
            <= set(server.asked[asked:])
        ),
        "everything else is asked afterwards",
        timeout=20,
    )


def test_a_silent_network_is_noticed_and_left(
    server: FakeServer, tv: Agent, state_of: StateOf, tmp_path: Path
) -> None:
    """Nothing is refused and no connection is closed: packets are swallowed."""
    leave_token(server, tmp_path)
    with cable_to(server.port) as cable:
        tv.arguments["server"] = cable.url
        tv.start()
        until(lambda: state_of(tv)["connected"], "connected")
        cable.cut(silent=True)
        until(lambda: not state_of(tv)["connected"], "the silence is noticed", timeout=20)
        cable.mend()
        until(lambda: state_of(tv)["connected"], "connected again")


def test_a_server_that_is_away_is_no_reason_to_pair_again(
    server: FakeServer, paired_tv: Agent, state_of: StateOf
) -> None:
    server.go_down()
    until(lambda: not state_of(paired_tv)["connected"], "the loss is noticed", timeout=9)
    server.down = False
    assert until(
        lambda: (found := state_of(paired_tv))["connected"] and found, "connected again", timeout=15
    )["paired"]


def test_the_heartbeat_tells_what_the_page_reported(server: FakeServer, paired_tv: Agent) -> None:
    facts = {"sound": "blocked", "last_call": "c1", "width": 1920, "height": "tall", "other": 1}
    report(paired_tv, facts)
    beat = until(
        lambda: [each for each in server.heartbeats if "sound" in each["facts"]],
        "the report arrives at once",
        timeout=3,
    )[0]
    day, seq = server.board.version
    assert beat["facts"] == {
        "beat_s": 5,
        "pages": 0,
        "page_seen_s": 0,
        "settings": "",
        "board_date": day,
        "board_seq": seq,
        "clock_right": True,
        "sound": "blocked",
        "last_call": "c1",
        "width": 1920,
    }


def report(tv: Agent, facts: dict[str, Any]) -> None:
    """Say as a page what it shows."""
    origin = {"Origin": tv.url, "Sec_Fetch_Site": "same-origin"}
    assert tv.request("POST", "/report", facts, **origin)[0] in (200, 204)


def announce(tv: Agent, ids: list[str]) -> None:
    """Say as a page which calls it has announced."""
    origin = {"Origin": tv.url, "Sec_Fetch_Site": "same-origin"}
    assert tv.request("POST", "/announced", ids, **origin)[0] == 204


SETTINGS = to_wire(DisplaySettings(layout="counter", voice=False, volume=10, version="v2"))


def test_a_screen_takes_its_settings_and_keeps_them_without_a_server(
    server: FakeServer, paired_tv: Agent, state_of: StateOf
) -> None:
    server.display = SETTINGS
    report(paired_tv, {"sound": "ok"})
    until(lambda: state_of(paired_tv)["settings"] == SETTINGS, "the settings are taken over")
    report(paired_tv, {"sound": "off"})
    until(lambda: server.heartbeats[-1]["facts"]["settings"] == "v2", "and named")
    server.go_down()
    paired_tv.kill()
    paired_tv.start()
    assert state_of(paired_tv)["settings"] == SETTINGS


def test_an_ordered_test_call_is_made_once(
    server: FakeServer, paired_tv: Agent, state_of: StateOf
) -> None:
    server.orders = [{"id": "d-7", "kind": "test_call", "job": ""}]
    report(paired_tv, {"sound": "ok"})
    until(lambda: state_of(paired_tv)["test_call"] == "d-7", "the order is there")
    announce(paired_tv, ["d-7"])
    assert state_of(paired_tv)["test_call"] is None
    paired_tv.kill()
    before = len(server.heartbeats)
    paired_tv.start()
    until(lambda: len(server.heartbeats) > before, "the order is told again")
    report(paired_tv, {"sound": "quiet"})
    until(lambda: server.heartbeats[-1]["facts"].get("sound") == "quiet", "and again")
    assert state_of(paired_tv)["test_call"] is None


def test_whoever_keeps_the_browser_learns_of_its_page(server: FakeServer, paired_tv: Agent) -> None:
    assert json.loads(paired_tv.get("/page-seen")[2])["page_seen_s"] == -1
    report(paired_tv, {"sound": "ok"})
    assert json.loads(paired_tv.get("/page-seen")[2])["page_seen_s"] == 0


def test_the_page_is_guarded(paired_tv: Agent) -> None:
    status, headers, _ = paired_tv.get("/")
    assert status == 200
    assert "require-trusted-types-for 'script'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert (headers["X-Frame-Options"], headers["Cache-Control"]) == ("DENY", "no-store")
    assert paired_tv.get("/", Host="evil.example")[0] == 421
    assert paired_tv.get("/", Host=f"evil.example:{paired_tv.port}")[0] == 421
    strange = {"Sec_Fetch_Site": "same-site", "Origin": paired_tv.url}
    for foreign in (
        {},
        {"Origin": "http://evil.example"},
        {"Sec_Fetch_Site": "cross-site"},
        strange,
    ):
        assert paired_tv.request("POST", "/report", {}, **foreign)[0] == 403
    assert paired_tv.request("POST", "/report", [], Origin=paired_tv.url)[0] == 422


def test_an_offices_own_voice_takes_the_place_of_single_words(
    paired_tv: Agent, tmp_path: Path
) -> None:
    def read(path: str) -> bytes:
        with urllib.request.urlopen(paired_tv.url + path, timeout=5) as answer:
            content: bytes = answer.read()
        return content

    def word() -> list[str]:
        addresses: list[str] = json.loads(read("/voice/index.json"))["languages"]["id"]["words"][
            "digit_1"
        ]
        return addresses

    of_the_pack = word()
    own = tmp_path / "state" / "voice" / "id" / "digit_1.opus"
    own.parent.mkdir(parents=True)
    own.write_bytes((PACKS / "id" / "digit_2.opus").read_bytes())
    until(lambda: word()[0] != of_the_pack[0], "the own word is there")
    assert read(word()[0]) == own.read_bytes()
    own.write_bytes(b"no sound")
    until(lambda: word() == of_the_pack, "the pack says the word again")
    assert read(word()[0]) == (PACKS / "id" / "digit_1.opus").read_bytes()
