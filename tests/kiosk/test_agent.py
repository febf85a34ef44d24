"""The kiosk's agent as a process: pairing, numbers, crashes and lost answers over real HTTP."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kiosk.records.database import Records
from kiosk.records.folder import FolderInUse, hold_folder
from kiosk.records.journal import Journal, Wish
from tests.kiosk.conftest import TOKEN, walk_in
from tests.protocol.agents import Agent, until
from tests.protocol.fake_server import PIN, FakeServer

Post = Callable[..., tuple[int, Any]]


def state_of(agent: Agent) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(agent.get("/state")[2])
    return found


def request_of(agent: Agent, key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(agent.get(f"/requests/{key}")[2])
    return found


def sent_keys(server: FakeServer) -> list[str]:
    return [key for _, key, _ in server.posts]


def test_pairing_and_being_cut_off(server: FakeServer, kiosk: Agent, tmp_path: Path) -> None:
    kiosk.start()
    code = server.await_pairing()["pairing_code"]
    assert until(lambda: state_of(kiosk)["pairing_code"], "the code is shown") == code
    server.approve("first-token")
    until(lambda: state_of(kiosk)["offer"], "the offer is there")
    assert (tmp_path / "state" / "token").stat().st_mode & 0o777 == 0o600
    server.revoke("first-token")
    state = until(
        lambda: (found := state_of(kiosk))["pairing_code"] and found, "a new code", timeout=9
    )
    assert (state["paired"], state["offer"]) == (False, None)


def test_a_number_comes_with_qr_and_paper(
    server: FakeServer, paired_kiosk: Agent, post: Post, slips: Path
) -> None:
    wish = walk_in(priority="elderly", party_size=2, language="en")
    status, answer = post(paired_kiosk, "/requests", wish)
    assert (status, answer["state"], answer["slip"]["number"]) == (200, "issued", "A012")
    assert answer["qr"]["size"] > 20 and answer["qr"]["path"].startswith("M")
    ((path, key, body),) = server.posts
    assert (path, key) == ("/api/v1/offices/3674/tickets", wish["key"])
    assert body == {"service": "REK", "party_size": 2, "priority": "elderly", "language": "en"}
    until(
        lambda: request_of(paired_kiosk, wish["key"])["print"] == "printed", "the slip is printed"
    )
    assert any("A012" in each.name for each in slips.iterdir())


def test_a_double_tap_is_one_number(server: FakeServer, paired_kiosk: Agent, post: Post) -> None:
    wish = walk_in()
    answers: list[Any] = []
    taps = [
        threading.Thread(target=lambda: answers.append(post(paired_kiosk, "/requests", wish)[1]))
        for _ in range(3)
    ]
    for tap in taps:
        tap.start()
    for tap in taps:
        tap.join(10)
    assert {answer["slip"]["number"] for answer in answers} == {"A012"}
    assert len(server.tickets) == 1


def test_a_lost_answer_is_found_again(server: FakeServer, paired_kiosk: Agent, post: Post) -> None:
    server.lose_answers = 5
    wish = walk_in()
    assert post(paired_kiosk, "/requests", wish)[1]["state"] == "pending"
    answer = until(
        lambda: (found := request_of(paired_kiosk, wish["key"]))["state"] == "issued" and found,
        "the number",
    )
    assert answer["slip"]["number"] == "A012"
    assert set(sent_keys(server)) == {wish["key"]} and len(server.tickets) == 1


def test_killed_between_journal_and_answer_it_asks_again_with_the_same_key(
    server: FakeServer, paired_kiosk: Agent, post: Post, slips: Path
) -> None:
    server.hold.clear()
    wish = walk_in()
    tap = threading.Thread(target=_swallow, args=(post, paired_kiosk, wish), daemon=True)
    tap.start()
    until(lambda: server.posts, "the request is on its way")
    paired_kiosk.kill()
    server.hold.set()
    until(lambda: server.tickets, "the server has issued the number that nobody received")
    paired_kiosk.start()
    answer = until(
        lambda: (found := request_of(paired_kiosk, wish["key"]))["state"] == "issued" and found,
        "the number",
    )
    assert answer["slip"]["number"] == "A012"
    assert set(sent_keys(server)) == {wish["key"]} and len(server.tickets) == 1
    until(lambda: list(slips.glob("*A012*.txt")), "its slip")


def test_killed_before_anything_was_sent_it_still_gives_the_one_number(
    server: FakeServer, kiosk: Agent, tmp_path: Path
) -> None:
    server.tokens[TOKEN] = "kiosk"
    key = str(uuid.uuid4())
    records = Records(tmp_path / "state" / "journal.sqlite3")
    journal = Journal(records)
    journal.write(key, Wish("id", "REK"), time.time())
    journal.write("too-old", Wish("id", "REK"), time.time() - 120)
    records.close()
    (tmp_path / "state" / "token").write_text(TOKEN)
    kiosk.start()
    until(lambda: request_of(kiosk, key)["state"] == "issued", "the number")
    assert request_of(kiosk, "too-old")["state"] == "abandoned"
    assert sent_keys(server) == [key]


def test_an_unreachable_server_is_told_and_giving_up_ends_the_trying(
    server: FakeServer, paired_kiosk: Agent, post: Post
) -> None:
    server.go_down()
    wish = walk_in()
    assert post(paired_kiosk, "/requests", wish)[1]["state"] == "pending"
    until(lambda: not state_of(paired_kiosk)["connected"], "the loss is noticed", timeout=9)
    assert post(paired_kiosk, f"/requests/{wish['key']}/give-up", {})[1]["state"] == "abandoned"
    server.down = False
    until(lambda: state_of(paired_kiosk)["connected"], "connected again", timeout=9)
    assert server.posts == [] and server.tickets == {}


def test_a_refusal_reaches_the_screen_with_its_facts(
    server: FakeServer, paired_kiosk: Agent, post: Post
) -> None:
    server.refuse = (
        409,
        {"code": "not_in_service", "reason": "hours", "opens_at": "2026-11-24T01:00:00+00:00"},
    )
    answer = post(paired_kiosk, "/requests", walk_in())[1]
    assert answer["state"] == "refused"
    assert answer["refusal"] == {
        "code": "not_in_service",
        "reason": "hours",
        "opens_at": "2026-11-24T01:00:00+00:00",
    }


def test_an_unknown_booking_code_is_refused(paired_kiosk: Agent, post: Post) -> None:
    answer = post(
        paired_kiosk,
        "/requests",
        {"key": str(uuid.uuid4()), "language": "id", "code": "7F3K9Q2M4N5P"},
    )[1]
    assert (answer["state"], answer["refusal"]["code"]) == ("refused", "unknown_code")


def test_the_same_key_for_another_wish_is_refused(paired_kiosk: Agent, post: Post) -> None:
    wish = walk_in()
    post(paired_kiosk, "/requests", wish)
    assert post(paired_kiosk, "/requests", {**wish, "party_size": 3}) == (
        409,
        {"code": "key_reused"},
    )


def test_what_the_page_would_never_send_is_refused(
    server: FakeServer, paired_kiosk: Agent, post: Post
) -> None:
    assert post(paired_kiosk, "/requests", walk_in(service="../x")) == (422, {"code": "bad_input"})
    assert server.posts == []


def test_only_its_own_page_may_ask(server: FakeServer, paired_kiosk: Agent) -> None:
    own = {"Origin": paired_kiosk.url, "Sec_Fetch_Site": "same-origin"}
    assert paired_kiosk.request("POST", "/requests", walk_in(), **own)[0] == 403, "no page token"
    assert (
        paired_kiosk.request("POST", "/requests", walk_in(), X_Page_Token="guess", **own)[0] == 403
    )
    assert (
        paired_kiosk.request("POST", "/requests", walk_in(), Origin="http://evil.example")[0] == 403
    )
    assert paired_kiosk.get("/state", Host="evil.example")[0] == 421
    headers = paired_kiosk.get("/")[1]
    assert (
        "trusted-types 'none'" in headers["Content-Security-Policy"]
        and headers["Cache-Control"] == "no-store"
    )
    assert server.posts == []


def test_the_heartbeat_tells_of_printer_and_journal(
    server: FakeServer, paired_kiosk: Agent
) -> None:
    facts = server.heartbeats[0]["facts"]
    assert len(facts.pop("installation")) == 32
    assert facts == {
        "pending": 0,
        "roll_left": -1,
        "abandoned": 0,
        "printer": "ready",
        "print_queued": 0,
        "print_unconfirmed": 0,
        "link": "online",
        "offline_since": "",
        "journal": "ok",
        "clock_sure": True,
        "lease_left": -1,
        "lease_trouble": "",
        "outbox": 0,
        "stopped": False,
        "page_seen_s": -1,
    }


def test_an_outage_gives_leased_numbers_that_are_reported_afterwards(
    server: FakeServer, kiosk_with_token: Agent, post: Post, slips: Path
) -> None:
    server.leases = True
    kiosk_with_token.start()
    until(lambda: state_of(kiosk_with_token)["lease_left"] == 10, "the lease is there")
    server.go_down()
    wish = walk_in(language="en")
    answer = post(kiosk_with_token, "/requests", wish)[1]
    assert (answer["state"], answer["slip"]["number"]) == ("issued", "A501")
    until(lambda: request_of(kiosk_with_token, wish["key"])["print"] == "printed", "the slip")
    (slip,) = slips.glob("*A501*.txt")
    assert "not always called in order" in " ".join(slip.read_text().split())
    kiosk_with_token.kill()  # as a power cut would, before anything is reported
    kiosk_with_token.start()
    assert state_of(kiosk_with_token)["outbox"] == 1
    server.down = False
    until(lambda: server.synced, "the number is reported")
    (item,) = server.synced.values()
    assert (item["number"], item["superseded_key"]) == ("A501", wish["key"])
    until(lambda: state_of(kiosk_with_token)["outbox"] == 0, "the report is answered")
    assert post(kiosk_with_token, "/requests", wish)[1]["slip"]["number"] == "A501"
    assert server.tickets == {} and len(list(slips.glob("*.txt"))) == 1


def test_a_slow_server_costs_a_visitor_no_more_than_ten_seconds(
    server: FakeServer, kiosk_with_token: Agent, post: Post
) -> None:
    server.leases = True
    kiosk_with_token.start()
    until(lambda: state_of(kiosk_with_token)["lease_left"] == 10, "the lease is there")
    server.delay_seconds = 20.0
    answer = post(kiosk_with_token, "/requests", walk_in())[1]
    assert answer["slip"]["number"] == "A501"
    state = state_of(kiosk_with_token)
    assert state["link"] in ("doubt", "offline") and state["offline_since"]
    assert state["connected"] and state["offer"]["services"][0]["wait"] is None
    assert post(kiosk_with_token, "/requests", walk_in())[1]["slip"]["number"] == "A502"
    server.delay_seconds = 0.0


def test_staff_stop_the_kiosk_by_pin(
    server: FakeServer, kiosk_with_token: Agent, post: Post
) -> None:
    server.leases = True
    kiosk_with_token.start()
    until(lambda: state_of(kiosk_with_token)["lease_left"] == 10, "the lease is there")
    assert post(kiosk_with_token, "/stop", {"pin": "12345", "on": True})[0] == 422
    assert post(kiosk_with_token, "/stop", {"pin": "000000", "on": True})[1]["code"] == "wrong_pin"
    assert post(kiosk_with_token, "/stop", {"pin": PIN, "on": True})[1]["code"] == "stopped"
    refusal = post(kiosk_with_token, "/requests", walk_in())[1]["refusal"]
    assert refusal == {"code": "offline_stopped"} and server.posts == []
    state = state_of(kiosk_with_token)
    assert (state["connected"], state["offline_refusal"]) == (False, "offline_stopped")
    assert post(kiosk_with_token, "/stop", {"pin": PIN, "on": False})[1]["code"] == "lifted"
    assert post(kiosk_with_token, "/requests", walk_in())[1]["slip"]["number"] == "A012"


def test_a_second_agent_on_the_same_folder_stops(
    server: FakeServer, paired_kiosk: Agent, tmp_path: Path
) -> None:
    with pytest.raises(FolderInUse), hold_folder(tmp_path / "state"):
        pass


def _swallow(post: Post, agent: Agent, wish: dict[str, Any]) -> None:
    with suppress(OSError):  # the agent is killed under it
        post(agent, "/requests", wish)
