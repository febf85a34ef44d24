"""One touch, one number: decided with a scripted server and a clock of our own."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from kiosk.issuing.issuer import LEASE_SECONDS, RETRY_SECONDS, Issuer
from kiosk.issuing.rules import LeaseRefused
from kiosk.link.state import DOUBT_SECONDS, OFFLINE_SECONDS
from kiosk.link.watch import LinkWatch
from kiosk.records.database import Records
from kiosk.records.journal import Journal, RequestState, Wish
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.messages import Slip
from tests.kiosk.records.test_journal import SLIP, WISH
from tests.protocol.agents import until


class Server:
    """Stands in for QueueClient: `answers` are slips or errors, in order; the last one stays."""

    def __init__(self) -> None:
        self.answers: list[Slip | Exception] = [SLIP]
        self.keys: list[str] = []
        self.entered = threading.Event()
        self.gate = threading.Event()
        self.gate.set()

    def issue_walk_in(self, office: str, service: str, key: str, *_: object) -> Slip:
        return self._answer(key)

    def check_in(self, code: str, key: str) -> Slip:
        return self._answer(key)

    def _answer(self, key: str) -> Slip:
        self.keys.append(key)
        self.entered.set()
        assert self.gate.wait(5)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Paper:
    def __init__(self) -> None:
        self.printed: list[str] = []
        self.left: list[str] = []
        self.broken = False

    def submit(self, slip: Slip) -> str:
        if self.broken:
            raise OSError("disk full")
        self.printed.append(slip.number)
        return f"{slip.id}.0"

    def copy(self, slip: Slip) -> str:
        self.printed.append(f"{slip.number} copy")
        return f"{slip.id}.1"

    def expire_if_stuck(self, job_id: str) -> None:
        self.left.append(job_id)


LEASED = dataclasses.replace(SLIP, id="l1", number="A501", offline=True, wait=None, ahead=None)


class Lessor:
    """Stands in for the lease: gives one number, or refuses with `refusal`."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.refusal: LeaseRefused | None = LeaseRefused("no_lease")
        self.superseded: list[str | None] = []
        self.stopped = False

    def give(self, key: str, superseded_key: str | None) -> None:
        if self.refusal is not None:
            raise self.refusal
        entry = self._journal.entry(key)
        if entry is not None and entry.state is RequestState.PENDING:
            self.superseded.append(superseded_key)
            self._journal.issue(key, LEASED)

    def is_stopped(self) -> bool:
        return self.stopped


class Kiosk:
    def __init__(self, path: Path) -> None:
        self.now = 1_795_399_200.0  # 2026-11-23T09:00:00+07:00
        self.records = Records(path)
        self.server, self.paper, self.journal = Server(), Paper(), Journal(self.records)
        self.lessor = Lessor(self.journal)
        self.watch = LinkWatch(lambda: 0, lambda: self.now)
        self.wait_seconds: float | None = None
        self.office: str | None = "3674"
        client = cast(QueueClient, self.server)
        self.issuer = Issuer(
            client,
            self.journal,
            self.lessor,
            self.watch,
            self.paper,
            lambda: self.office,
            lambda: self.now,
            self.pause,
            self.wait,
        )

    def wait(self, ended: threading.Event, seconds: float) -> None:
        """Time passes for the waiting visitor only if a test says so."""
        if self.wait_seconds is None:
            assert ended.wait(5)
        else:
            assert self.server.entered.wait(5)
            self.now += min(seconds, self.wait_seconds)

    def pause(self, seconds: float) -> None:
        self.now += seconds
        self.while_pausing()

    def pause_for(self, seconds: float) -> None:
        self.now += seconds

    def while_pausing(self) -> None:
        """What happens during a pause; a test may put something here."""


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    made = Kiosk(tmp_path / "journal.sqlite3")
    yield made
    made.records.close()


def test_a_number_is_issued_and_printed_once(kiosk: Kiosk) -> None:
    assert kiosk.issuer.take("k1", WISH).state is RequestState.ISSUED
    kiosk.issuer.take("k1", WISH)
    kiosk.issuer.retry()
    assert (kiosk.server.keys, kiosk.paper.printed) == (["k1"], ["A012"])


def test_two_taps_in_the_same_moment_are_one_question(kiosk: Kiosk) -> None:
    kiosk.server.gate.clear()
    results: list[RequestState] = []
    taps = [
        threading.Thread(target=lambda: results.append(kiosk.issuer.take("k1", WISH).state))
        for _ in range(2)
    ]
    for tap in taps:
        tap.start()
    assert kiosk.server.entered.wait(5)
    kiosk.server.gate.set()
    for tap in taps:
        tap.join(5)
    assert results == [RequestState.ISSUED] * 2
    assert (kiosk.server.keys, kiosk.paper.printed) == (["k1"], ["A012"])


def test_a_lost_answer_is_asked_for_with_the_same_key(kiosk: Kiosk) -> None:
    kiosk.server.answers = [*[ServerUnreachable()] * 4, SLIP]
    assert kiosk.issuer.take("k1", WISH).state is RequestState.PENDING
    kiosk.issuer.retry()
    kiosk.issuer.retry()
    entry = kiosk.journal.entry("k1")
    assert entry is not None and entry.state is RequestState.ISSUED
    assert (kiosk.server.keys, kiosk.paper.printed) == (["k1"] * 5, ["A012"])


def test_nothing_is_asked_for_a_visitor_who_has_long_gone(kiosk: Kiosk) -> None:
    kiosk.server.answers = [ServerUnreachable()]
    kiosk.issuer.take("k1", WISH)
    kiosk.now += RETRY_SECONDS + 0.1
    kiosk.issuer.retry()
    entry = kiosk.journal.entry("k1")
    assert entry is not None and entry.state is RequestState.ABANDONED
    kiosk.issuer.retry()
    assert kiosk.server.keys == ["k1"] * 3


@pytest.mark.parametrize("step", [RETRY_SECONDS + 0.1, -3600.0])
def test_a_request_ends_also_while_no_office_is_known_or_when_the_clock_was_set_back(
    kiosk: Kiosk, step: float
) -> None:
    kiosk.server.answers = [ServerUnreachable()]
    kiosk.issuer.take("k1", WISH)
    kiosk.now += step
    kiosk.issuer.retry(sending=step < 0)
    entry = kiosk.journal.entry("k1")
    assert entry is not None and entry.state is RequestState.ABANDONED
    assert kiosk.server.keys == ["k1"] * 3


def test_a_slip_from_before_the_clock_was_set_back_is_not_printed_late(kiosk: Kiosk) -> None:
    kiosk.paper.broken = True
    kiosk.issuer.take("k1", WISH)
    kiosk.paper.broken = False
    kiosk.now -= 3600
    kiosk.issuer.retry()
    assert kiosk.paper.printed == []


def test_nothing_more_is_asked_once_the_visitor_gave_up(kiosk: Kiosk) -> None:
    kiosk.server.answers = [ServerUnreachable()]
    kiosk.issuer.take("k1", WISH)
    kiosk.issuer.give_up("k1")
    kiosk.issuer.retry()
    assert kiosk.server.keys == ["k1"] * 3


def test_the_printer_is_told_when_the_visitor_of_a_number_has_left(kiosk: Kiosk) -> None:
    kiosk.issuer.take("k1", WISH)
    assert kiosk.paper.left == []
    kiosk.issuer.give_up("k1")
    assert kiosk.paper.left == [f"{SLIP.id}.0"]
    kiosk.issuer.give_up("nobody")


def test_giving_up_between_two_tries_ends_the_trying(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.server.answers = [ServerUnreachable(), SLIP]
    monkeypatch.setattr(kiosk, "while_pausing", lambda: kiosk.issuer.give_up("k1"))
    assert kiosk.issuer.take("k1", WISH).state is RequestState.ABANDONED
    assert kiosk.server.keys == ["k1"]


def test_a_slow_server_is_not_tried_for_longer_than_a_visitor_waits(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.server.answers = [ServerUnreachable()]
    monkeypatch.setattr(kiosk, "while_pausing", lambda: kiosk.pause_for(8.0))
    assert kiosk.issuer.take("k1", WISH).state is RequestState.PENDING
    assert kiosk.server.keys == ["k1"]


def test_an_answer_on_its_way_while_the_visitor_gives_up_is_kept_but_not_printed(
    kiosk: Kiosk,
) -> None:
    kiosk.server.gate.clear()
    tap = threading.Thread(target=lambda: kiosk.issuer.take("k1", WISH))
    tap.start()
    assert kiosk.server.entered.wait(5)
    leaving = threading.Thread(target=lambda: kiosk.issuer.give_up("k1"))
    leaving.start()
    until(lambda: (entry := kiosk.journal.entry("k1")) and entry.given_up, "the trying is to end")
    assert leaving.is_alive(), "what is on its way is waited for"
    kiosk.server.gate.set()
    tap.join(5)
    leaving.join(5)
    entry = kiosk.journal.entry("k1")
    assert entry is not None and entry.slip == SLIP
    assert kiosk.paper.printed == []


def test_a_refusal_is_final(kiosk: Kiosk) -> None:
    kiosk.server.answers = [Refused(409, "not_in_service", "", {"reason": "hours"}), SLIP]
    assert kiosk.issuer.take("k1", WISH).state is RequestState.REFUSED
    kiosk.issuer.retry()
    assert kiosk.server.keys == ["k1"]


def test_too_many_requests_is_no_refusal_of_the_visitor(kiosk: Kiosk) -> None:
    kiosk.server.answers = [*[Refused(429, "too_many_requests")] * 3, SLIP]
    assert kiosk.issuer.take("k1", WISH).state is RequestState.PENDING
    kiosk.issuer.retry()
    assert kiosk.paper.printed == ["A012"]


def test_a_kiosk_that_does_not_know_its_office_yet_sends_nothing(kiosk: Kiosk) -> None:
    kiosk.office = None
    assert kiosk.issuer.take("k1", WISH).state is RequestState.PENDING
    assert kiosk.server.keys == []


def test_paper_never_stands_in_the_way_of_a_number(kiosk: Kiosk) -> None:
    kiosk.paper.broken = True
    assert kiosk.issuer.take("k1", WISH).state is RequestState.ISSUED
    kiosk.paper.broken = False
    kiosk.issuer.retry()
    assert kiosk.paper.printed == ["A012"]


def test_a_crash_between_answer_and_print_is_made_good_while_the_visitor_is_there(
    tmp_path: Path, kiosk: Kiosk
) -> None:
    kiosk.journal.write("k1", WISH, kiosk.now)
    kiosk.journal.issue("k1", SLIP)
    kiosk.issuer.retry()
    kiosk.issuer.retry()
    assert kiosk.paper.printed == ["A012"]


@pytest.mark.parametrize(("repeated", "printed"), [(False, ["A012"]), (True, [])])
def test_a_repeated_check_in_is_told_by_the_server_and_prints_only_a_copy_on_demand(
    kiosk: Kiosk, repeated: bool, printed: list[str]
) -> None:
    kiosk.server.answers = [dataclasses.replace(SLIP, repeated=repeated)]
    entry = kiosk.issuer.take("k1", Wish("id", code="7F3K9Q2M4N5P"))
    assert (entry.repeated, kiosk.paper.printed) == (repeated, printed)
    kiosk.issuer.retry()
    assert kiosk.paper.printed == printed
    copied = kiosk.issuer.copy("k1")
    assert copied is not None and copied.job == "t1.1"
    assert kiosk.paper.printed == [*printed, "A012 copy"]


def test_without_the_server_a_touch_gets_a_leased_number_at_once(kiosk: Kiosk) -> None:
    kiosk.lessor.refusal = None
    kiosk.now += DOUBT_SECONDS
    assert kiosk.issuer.take("k1", WISH).slip == LEASED
    assert (kiosk.server.keys, kiosk.lessor.superseded) == ([], [None])
    assert kiosk.paper.printed == ["A501"]


def test_an_unknown_outcome_is_replaced_by_a_leased_number_within_ten_seconds(kiosk: Kiosk) -> None:
    kiosk.lessor.refusal = None
    kiosk.wait_seconds = LEASE_SECONDS
    kiosk.server.gate.clear()
    touched_at = kiosk.now
    assert kiosk.issuer.take("k1", WISH).slip == LEASED
    assert kiosk.now - touched_at <= 10.0
    assert kiosk.lessor.superseded == ["k1"]
    kiosk.server.gate.set()
    until(lambda: not kiosk.issuer._tries, "the late answer has come")
    entry = kiosk.journal.entry("k1")
    assert entry is not None and entry.slip == LEASED
    assert kiosk.paper.printed == ["A501"], "the late number is on no paper"


def test_fast_failures_are_not_waited_for(kiosk: Kiosk) -> None:
    kiosk.lessor.refusal = None
    kiosk.server.answers = [ServerUnreachable()]
    touched_at = kiosk.now
    assert kiosk.issuer.take("k1", WISH).slip == LEASED
    assert kiosk.now - touched_at < 1.0
    assert (kiosk.server.keys, kiosk.lessor.superseded) == (["k1"] * 3, ["k1"])


def test_a_request_left_by_a_crash_is_replaced_while_its_visitor_is_there(kiosk: Kiosk) -> None:
    kiosk.lessor.refusal = None
    kiosk.journal.write("k1", WISH, kiosk.now)
    kiosk.now += LEASE_SECONDS + 0.1
    kiosk.issuer.retry()
    assert (kiosk.server.keys, kiosk.lessor.superseded) == ([], ["k1"])
    assert kiosk.paper.printed == ["A501"]


def test_what_the_lease_forbids_is_refused_while_the_server_is_silent(kiosk: Kiosk) -> None:
    kiosk.lessor.refusal = LeaseRefused("not_in_service", reason="hours")
    kiosk.now += DOUBT_SECONDS
    entry = kiosk.issuer.take("k1", WISH)
    assert entry.refusal == {"code": "not_in_service", "reason": "hours"}
    assert kiosk.server.keys == []


def test_what_only_this_kiosk_lacks_is_asked_of_a_server_that_may_still_answer(
    kiosk: Kiosk,
) -> None:
    kiosk.lessor.refusal = LeaseRefused("lease_used_up")
    kiosk.now += DOUBT_SECONDS
    assert kiosk.issuer.take("k1", WISH).slip == SLIP
    kiosk.now += OFFLINE_SECONDS
    entry = kiosk.issuer.take("k2", WISH)
    assert entry.refusal == {"code": "lease_used_up"}
    assert kiosk.server.keys == ["k1"]


def test_a_request_that_may_have_been_carried_out_is_not_refused(kiosk: Kiosk) -> None:
    kiosk.lessor.refusal = LeaseRefused("not_in_service", reason="hours")
    kiosk.server.answers = [*[ServerUnreachable()] * 3, SLIP]
    assert kiosk.issuer.take("k1", WISH).state is RequestState.PENDING
    kiosk.issuer.retry()
    assert kiosk.paper.printed == ["A012"]


def test_a_kiosk_stopped_by_staff_gives_nothing(kiosk: Kiosk) -> None:
    kiosk.lessor.stopped = True
    entry = kiosk.issuer.take("k1", WISH)
    assert entry.refusal == {"code": "offline_stopped"}
    assert kiosk.server.keys == []
