"""Keeping leases filled and reporting what was given, against a scripted server."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import pytest

from kiosk.issuing.keeper import GRANT_SECONDS, LOW_NUMBERS, REFRESH_SECONDS, Keeper
from kiosk.issuing.sync import Reporter
from kiosk.issuing.withdrawing import Withdrawer
from kiosk.link.watch import LinkWatch
from kiosk.records.journal import Wish
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.leases import (
    SYNC_ITEMS_MAX,
    Lease,
    SyncAnswer,
    SyncItem,
    SyncOutcome,
    Withdrawal,
)
from tests.kiosk.issuing.leases import LEASE, Desk, number
from tests.kiosk.records.test_journal import SLIP

MANY = tuple(number("A", each) for each in range(501, 601)) + tuple(
    number(letter, each) for letter in "FU" for each in range(501, 541)
)


class Server:
    """Answers the calls of the lease. `failures` are raised one after the other before that."""

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self.grants: list[tuple[str, str | None, Mapping[str, int]]] = []
        self.reads: list[str] = []
        self.reports: list[tuple[str, list[str]]] = []
        self.numbers = MANY
        self.open_days = {"2026-11-23", "2026-11-26"}
        self.conflicts: dict[str, str] = {}
        self.bad_numbers: set[str] = set()
        self.withdrawn: list[list[str]] = []

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    def grant_lease(
        self, installation: str, wanted: Mapping[str, int], key: str, day: str | None = None
    ) -> Lease:
        self.grants.append((key, day, wanted))
        self._fail()
        if day not in self.open_days:
            raise Refused(422, "bad_input", "", {"field": "date"})
        numbers = self.numbers
        if day != LEASE.date:
            numbers = tuple(dataclasses.replace(each, id=f"{day}-{each.id}") for each in numbers)
        return dataclasses.replace(LEASE, lease=f"lease-{day}", date=day or "", numbers=numbers)

    def lease(self, lease: str) -> Lease:
        self.reads.append(lease)
        self._fail()
        day = lease.removeprefix("lease-")
        return dataclasses.replace(LEASE, lease=lease, date=day, numbers=self.numbers)

    def sync_tickets(self, items: Sequence[SyncItem], key: str) -> SyncAnswer:
        self.reports.append((key, [each.number for each in items]))
        self._fail()
        if any(each.number in self.bad_numbers for each in items):
            raise Refused(422, "bad_input")
        return SyncAnswer(
            tuple(
                SyncOutcome(each.id, "conflict", self.conflicts[each.number], "A012")
                if each.number in self.conflicts
                else SyncOutcome(each.id, "created", None, each.number)
                for each in items
            )
        )

    def withdraw_requests(self, keys: Sequence[str]) -> Withdrawal:
        self.withdrawn.append(list(keys))
        self._fail()
        return Withdrawal(len(keys))


class Office(Desk):
    """A desk whose lease is kept by a keeper, with a server."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, None)
        self.server = Server()
        client, self.steady = cast(QueueClient, self.server), 0.0
        self.watch = LinkWatch(self.book.count_unreported, lambda: self.steady)
        self.keeper = Keeper(
            client,
            self.book,
            self.clock,
            self.watch,
            lambda: {"A", "F"},
            "installation",
            lambda: self.steady,
        )
        self.reporter = Reporter(client, self.book, self.watch, lambda: self.steady)
        self.withdrawer = Withdrawer(client, self.journal, self.watch, lambda: self.steady)

    def wait(self, seconds: float) -> None:
        self.steady += seconds
        self.pass_time(seconds=seconds)

    def give(self, count: int, prefix: str = "k") -> None:
        for each in range(count):
            self.touch(f"{prefix}{each}", Wish("id", "REK"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.records.close()


def test_the_first_lease_is_asked_for_by_the_streams_of_the_offer(office: Office) -> None:
    office.keeper.step()
    ((_, day, wanted),) = office.server.grants
    assert day == "2026-11-23" and set(wanted) == {"A", "F"} and min(wanted.values()) >= 20
    assert office.book.lease_of("2026-11-23") is not None
    office.keeper.step()
    assert len(office.server.grants) == 1


def test_an_unanswered_grant_is_repeated_with_its_key_also_by_another_start(office: Office) -> None:
    office.server.failures = [ServerUnreachable(), ServerUnreachable()]
    office.keeper.step()
    office.wait(5)
    office.keeper.step()
    office.wait(5)
    restarted = Keeper(
        cast(QueueClient, office.server),
        office.book,
        office.clock,
        office.watch,
        lambda: {"A", "F", "X"},
        "installation",
        lambda: office.steady,
    )
    restarted.step()
    assert len({(key, tuple(wanted)) for key, _, wanted in office.server.grants}) == 1
    assert len(office.server.grants) == 3
    office.give(len(MANY) - 80 - LOW_NUMBERS)
    office.wait(GRANT_SECONDS)
    restarted.step()
    assert len({key for key, _, _ in office.server.grants}) == 2, "answered, so a new one"


def test_more_is_asked_for_when_eight_are_left_but_not_again_at_once(office: Office) -> None:
    office.keeper.step()
    office.give(100 - LOW_NUMBERS - 1)
    office.wait(GRANT_SECONDS)
    office.keeper.step()
    assert len(office.server.grants) == 1
    office.give(1, "last")
    office.keeper.step()
    office.keeper.step()
    assert len(office.server.grants) == 2
    assert set(office.server.grants[1][2]) == {"A", "F", "U"}, "the lease knows all its streams"


def test_bookings_and_settings_are_read_again_each_minute(office: Office) -> None:
    office.keeper.step()
    office.wait(REFRESH_SECONDS - 1)
    office.keeper.step()
    assert office.server.reads == []
    office.wait(1)
    office.keeper.step()
    assert office.server.reads == ["lease-2026-11-23"]


def test_the_next_open_day_is_fetched_in_the_afternoon(office: Office) -> None:
    office.keeper.step()
    assert office.book.lease_of("2026-11-26") is None
    office.wait(4 * 3600)
    office.keeper.step()
    ahead = office.book.lease_of("2026-11-26")
    assert ahead is not None and office.book.count_free(ahead.lease)["A"] == 100
    asked = len(office.server.grants)
    office.wait(60)
    office.keeper.step()
    assert len(office.server.grants) == asked


def test_another_machine_with_this_identity_is_told(office: Office) -> None:
    office.server.failures = [Refused(409, "lease_elsewhere")]
    office.keeper.step()
    assert office.keeper.trouble == "lease_elsewhere"
    office.wait(GRANT_SECONDS)
    office.keeper.step()
    assert office.keeper.trouble is None


def test_everything_is_reported_in_batches_and_once(office: Office) -> None:
    office.keeper.step()
    office.give(SYNC_ITEMS_MAX + 3)
    for _ in range(3):
        office.reporter.step()
    assert [len(numbers) for _, numbers in office.server.reports] == [SYNC_ITEMS_MAX, 3]
    assert office.book.count_unreported() == 0


def test_a_lost_report_is_sent_again_with_its_key_after_growing_pauses(office: Office) -> None:
    office.keeper.step()
    office.give(2)
    office.server.failures = [ServerUnreachable()] * 4
    for _ in range(20):
        office.reporter.step()
        office.wait(1)
    assert len(office.server.reports) == 5
    assert len({key for key, _ in office.server.reports}) == 1
    assert office.book.count_unreported() == 0


def test_one_bad_report_holds_up_no_other_and_is_shown(office: Office) -> None:
    office.keeper.step()
    office.give(3)
    office.server.bad_numbers = {"A502"}
    office.server.conflicts = {"A503": "already_called"}
    for _ in range(8):
        office.reporter.step()
    assert office.book.count_unreported() == 0
    assert [(each.number, each.reason) for each in office.book.conflicts("2026-11-23")] == [
        ("A502", "bad_input"),
        ("A503", "already_called"),
    ]


def test_an_answer_about_other_numbers_settles_nothing_of_ours(office: Office) -> None:
    office.keeper.step()
    office.give(1)

    class Other(Server):
        def sync_tickets(self, items: Sequence[SyncItem], key: str) -> SyncAnswer:
            super().sync_tickets(items, key)
            return SyncAnswer((SyncOutcome("other", "created"),))

    other = Other()
    reporter = Reporter(cast(QueueClient, other), office.book, office.watch, lambda: office.steady)
    for _ in range(5):
        reporter.step()
    assert office.book.count_unreported() == 1
    assert len(other.reports) == 1, "not at once again"


def test_a_revoked_kiosk_gives_nothing_but_still_reports(office: Office) -> None:
    office.keeper.step()
    office.give(1)
    office.book.end_all()
    assert office.lessor.count_left() == -1
    assert office.book.count_unreported() == 1
    office.reporter.step()
    assert office.book.count_unreported() == 0


def test_old_days_are_forgotten_but_nothing_that_is_to_be_reported(office: Office) -> None:
    office.keeper.step()
    office.give(2)
    office.book.settle([SyncOutcome("l-A501", "created", None, "A501")])
    office.book.forget_before("2026-11-24")
    assert [each.number for each in office.book.unreported(50)] == ["A502"]
    assert office.lessor.count_left() >= -1


def test_what_nobody_waited_for_is_taken_back_until_the_server_has_heard_it(office: Office) -> None:
    now = 0.0
    for key, wish in (
        ("left", Wish("id", "REK")),
        ("checks in", Wish("id", code="0" * 12)),
        ("late answer", Wish("id", "REK")),
        ("stays", Wish("id", "REK")),
    ):
        office.journal.write(key, wish, now := now + 1)
        if key != "stays":
            office.journal.abandon(key)
    office.journal.issue("late answer", SLIP)
    office.server.failures = [ServerUnreachable("silence")]
    office.withdrawer.step()
    office.withdrawer.step()  # not at once again
    office.wait(10.0)
    office.withdrawer.step()
    office.withdrawer.step()
    assert office.server.withdrawn == [["left", "late answer"]] * 2
