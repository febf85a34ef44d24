"""The report of a week or month goes out by mail: once, tried again, and one after an outage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest

from queue_server.domain.deliveries import MAIL_ATTEMPTS
from queue_server.domain.reports.mailing import ReportMail
from queue_server.domain.reports.period import Period, Step
from queue_server.effects.report_mail import ReportMailDelivery
from queue_server.services.access.log import days_of
from queue_server.services.reports import mailing
from queue_server.store.reports import mails as mail_store
from queue_server.web.edge.words.messages.letters import Attachment, Letter
from tests.effects.mail_server import Post, open_post
from tests.effects.test_mail import hand_in
from tests.fixtures.application import HOME, TODAY, House

ADDRESS = "kepala@kantor.example"


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as server:
        yield server


def compose(_office: object, _mail: ReportMail, period: Period) -> Letter:
    file = Attachment("report.pdf", "application/pdf", b"%PDF")
    return Letter(f"{period.first} {period.last}", "attached", attachment=file)


def mailer(
    house: House, post: Post | None, is_settling: Callable[[], bool] = lambda: False
) -> ReportMailDelivery:
    return ReportMailDelivery(house.database, hand_in(post), compose, house.clock, is_settling)


def add(house: House, every: Step = Step.WEEK) -> None:
    step = partial(mailing.add, office=HOME, id=every.value, email=ADDRESS, every=every)
    about = {"language": "id", "by": "manager", "now": house.clock.now}
    house.database.write([(HOME, TODAY)], partial(step, **about))


def stored(house: House) -> ReportMail:
    with house.database.read() as connection:
        return mail_store.list_of_office(connection, HOME)[0]


def wait_until_due(house: House) -> None:
    house.clock.now = stored(house).due_at


def test_a_week_is_sent_once_when_it_is_over_and_then_the_next(
    both_houses: House, post: Post
) -> None:
    house = both_houses
    add(house)
    mailer(house, post).step()
    assert post.mails == [], "the week is not over"
    for week in range(2):
        wait_until_due(house)
        for sender in (mailer(house, post), mailer(house, post)):
            sender.step()
        assert len(post.mails) == week + 1
        assert stored(house).last_sent_at == house.clock.now
    first, second = post.mails
    ends = [mail["Subject"].split()[1] for mail in (first, second)]
    assert ends[0] < ends[1] and first["Message-ID"] != second["Message-ID"]
    [file] = first.iter_attachments()
    assert (file.get_content_type(), file.get_content()) == ("application/pdf", b"%PDF")


def test_a_server_that_is_away_gets_the_same_report_later(house: House, post: Post) -> None:
    add(house)
    wait_until_due(house)
    post.refuse = {ADDRESS: "451 later"}
    mailer(house, post).step()
    assert post.mails == [] and stored(house).last_error == "refused_451"
    with house.database.read() as connection:
        assert ReportMailDelivery.list_failing(connection) == ["report_mail: 1 mails, refused_451"]
    post.refuse = {}
    wait_until_due(house)
    mailer(house, post).step()
    assert len(post.mails) == 1
    assert (stored(house).last_error, stored(house).claims) == (None, 0)


def test_what_is_refused_for_good_waits_for_the_next_report(house: House, post: Post) -> None:
    add(house)
    post.refuse = {ADDRESS: "451 later"}
    wait_until_due(house)
    due = house.clock.now
    for _ in range(MAIL_ATTEMPTS):
        wait_until_due(house)
        mailer(house, post).step()
    failed = stored(house)
    assert failed.last_error == "refused_451" and failed.claims == 0
    assert failed.due_at == due + timedelta(days=7)


def test_after_weeks_without_a_server_one_report_goes_out(house: House, post: Post) -> None:
    add(house)
    wait_until_due(house)
    house.clock.now += timedelta(days=30)
    for _ in range(3):
        mailer(house, post).step()
    assert len(post.mails) == 1


def test_without_a_mail_server_managers_can_see_why(house: House) -> None:
    add(house)
    wait_until_due(house)
    mailer(house, None).step()
    assert stored(house).last_error == "no_mail_server" and stored(house).due_at > house.clock.now


def test_nothing_goes_out_while_the_clock_may_be_wrong(house: House, post: Post) -> None:
    add(house)
    wait_until_due(house)
    mailer(house, post, lambda: True).step()
    assert post.mails == []


def test_one_that_is_removed_while_it_is_sent_leaves_nothing_behind(
    house: House, post: Post
) -> None:
    add(house)
    wait_until_due(house)
    sender = mailer(house, post)
    owed = stored(house)
    until = house.clock.now + timedelta(minutes=5)
    claim = partial(sender.claim, owed=owed, now=house.clock.now, until=until)
    assert house.database.write([], claim)
    remove = partial(mailing.remove, office=HOME, id=owed.id, by="manager", now=house.clock.now)
    for _ in range(2):
        house.database.write(days_of(house.database, HOME, house.clock.now), remove)
    _number, settle = sender.carry_out(owed, house.clock.now)
    house.database.write([], settle)
    with house.database.read() as connection:
        assert mail_store.list_of_office(connection, HOME) == []
