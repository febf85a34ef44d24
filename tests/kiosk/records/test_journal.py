"""The journal keeps every request from before it is sent to after it is answered, across
restarts.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.records.database import JournalUnwritable, Records
from kiosk.records.journal import Journal, KeyReused, RequestState, Wish
from queue_server.protocol.messages import Slip, WaitRange

WISH = Wish("id", "REK", party_size=2, priority="elderly")
SLIP = Slip(
    id="t1",
    code="7F3K9Q2M4N5P",
    number="A012",
    stream="A",
    stream_name="Perekaman",
    office="3674",
    office_name="Dukcapil",
    service="REK",
    service_name="Perekaman KTP-el",
    issued_at="2026-11-23T09:00:00+07:00",
    place="INSIDE",
    url="https://a.example/t/7F3K9Q2M4N5P",
    ahead=3,
    wait=WaitRange(10, 25),
)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    made = Records(tmp_path / "journal.sqlite3")
    yield made
    made.close()


@pytest.fixture
def journal(records: Records) -> Journal:
    return Journal(records)


def test_a_request_is_pending_and_durable_from_the_start(tmp_path: Path, journal: Journal) -> None:
    entry = journal.write("k1", WISH, 1000.0)
    assert (entry.state, entry.wish, entry.slip, entry.made_at) == (
        RequestState.PENDING,
        WISH,
        None,
        1000.0,
    )
    second = Records(tmp_path / "journal.sqlite3")
    again = Journal(second)
    assert [each.key for each in again.pending()] == ["k1"]
    with sqlite3.connect(tmp_path / "journal.sqlite3") as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert (tmp_path / "journal.sqlite3").stat().st_mode & 0o777 == 0o600
    second.close()


def test_the_same_key_is_the_same_request_and_another_wish_is_refused(journal: Journal) -> None:
    journal.write("k1", WISH, 1000.0)
    assert journal.write("k1", WISH, 2000.0).made_at == 1000.0
    with pytest.raises(KeyReused):
        journal.write("k1", dataclasses.replace(WISH, party_size=3), 2000.0)


def test_an_answer_survives_a_restart_whole(
    tmp_path: Path, records: Records, journal: Journal
) -> None:
    journal.write("k1", WISH, 1000.0)
    journal.issue("k1", SLIP)
    journal.note_job("k1", "t1.0")
    records.close()
    entry = Journal(Records(tmp_path / "journal.sqlite3")).entry("k1")
    assert entry is not None
    assert (entry.state, entry.slip, entry.job) == (RequestState.ISSUED, SLIP, "t1.0")


def test_a_refusal_keeps_code_and_facts(journal: Journal) -> None:
    journal.write("k1", WISH, 1000.0)
    journal.refuse("k1", "not_in_service", {"reason": "hours"})
    entry = journal.entry("k1")
    assert entry is not None and entry.refusal == {"reason": "hours", "code": "not_in_service"}
    assert journal.pending() == []


def test_what_is_settled_stays_settled(journal: Journal) -> None:
    journal.write("k1", WISH, 1000.0)
    journal.issue("k1", SLIP)
    journal.abandon("k1")
    journal.refuse("k1", "late", {})
    entry = journal.entry("k1")
    assert entry is not None and (entry.state, entry.given_up) == (RequestState.ISSUED, False)


def test_a_number_that_comes_after_its_visitor_left_is_noted_but_not_printed(
    journal: Journal,
) -> None:
    journal.write("k1", WISH, 1000.0)
    journal.abandon("k1")
    assert journal.count_abandoned(0) == 1
    journal.issue("k1", SLIP)
    entry = journal.entry("k1")
    assert entry is not None and (entry.state, entry.given_up) == (RequestState.ISSUED, True)
    assert journal.unprinted(0) == []


def test_a_number_that_never_reached_the_printer_is_found(journal: Journal) -> None:
    for key in ("k1", "k2", "k3"):
        journal.write(key, WISH, 1000.0)
    journal.issue("k1", SLIP)
    journal.issue("k2", dataclasses.replace(SLIP, repeated=True))
    journal.issue("k3", SLIP)
    journal.note_job("k3", "t1.0")
    assert [each.key for each in journal.unprinted(since=1000.0)] == ["k1"]
    assert journal.unprinted(since=1000.1) == []


def test_old_requests_are_forgotten(journal: Journal) -> None:
    journal.write("old", WISH, 1000.0)
    journal.write("new", WISH, 1000.0 + 2 * 86_400)
    journal.forget_old(1001.0 + 2 * 86_400)
    assert journal.entry("old") is None and journal.entry("new") is not None


@pytest.mark.parametrize(
    "damage", [lambda whole: b"no database at all" * 300, lambda whole: whole[: len(whole) // 2]]
)
def test_a_damaged_journal_is_set_aside_and_begun_anew(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "journal.sqlite3"
    first = Records(path)
    for number in range(60):
        Journal(first).write(f"k{number}", WISH, 1000.0)
    first.close()
    path.write_bytes(damage(path.read_bytes()))
    second = Records(path)
    again = Journal(second)
    assert again.pending() == [] and (tmp_path / "journal.sqlite3.damaged").exists()
    assert again.write("k1", WISH, 1000.0).state is RequestState.PENDING
    assert second.born != first.born, "nobody knows what the lost one had given"
    second.close()


def test_a_wish_that_cannot_be_noted_is_said_so(records: Records, journal: Journal) -> None:
    records._db.execute("PRAGMA query_only = ON")  # as a full disk does
    with pytest.raises(JournalUnwritable):
        journal.write("k1", WISH, 1000.0)


@pytest.mark.parametrize("wish", [{}, {"service": "REK", "code": "7F3K9Q2M4N5P"}])
def test_a_wish_is_for_one_thing(wish: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        Wish("id", **wish)
