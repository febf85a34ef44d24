"""When alarms go on to the province, by an injected clock: over quiet hours that go past midnight,
over the change of the day, twice at once, again and again, and while who should hear of them is
away.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from queue_server.domain.supervisor.escalation import ESCALATED_AGAIN_AFTER
from queue_server.services.supervisor.alerts import acknowledge, watch_thresholds
from queue_server.services.supervisor.escalation import pass_alerts_on
from queue_server.store import tables
from queue_server.store.supervisor import announcements as alert_store
from tests.effects.gateway import FakeGateway, open_gateway
from tests.effects.mail_server import Post, open_post
from tests.effects.telling import Process
from tests.effects.test_alert_mail import LIMIT, count
from tests.effects.test_escalation_mail import PROVINCE, let_wait, look, set_rules
from tests.effects.test_webhooks import add
from tests.fixtures.application import HOME, HOST, TODAY, House, at

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as server:
        yield server


@pytest.fixture
def receiver() -> Iterator[FakeGateway]:
    with open_gateway() as server:
        yield server


def passed_on(house: House) -> list[str]:
    """The kinds of the alarms that were passed on, in order."""
    alerts, passed = tables.alerts, tables.escalations
    statement = sa.select(alerts.c.kind).join(passed, passed.c.alert == alerts.c.id)
    with house.database.read() as connection:
        return list(connection.execute(statement.order_by(passed.c.at, alerts.c.kind)).scalars())


def test_quiet_hours_past_midnight_hold_back_comfort_and_not_danger(
    both_houses: House, post: Post
) -> None:
    house = both_houses
    house.clock.now = at(14, 45)
    let_wait(house, quiet_from_hour=15, quiet_until_hour=6)
    house.clock.now = at(23)
    count(house, LIMIT + 1)
    house.clock.pass_by(minutes=15)
    look(house, post)
    assert passed_on(house) == ["OVER_LIMIT"]
    house.clock.now = at(23, 59)
    look(house, post)
    assert len(post.mails) == 1
    # With the day its alerts are over: nobody is rung in the morning for a room long empty.
    for moment in (at(0, day=1), at(6, day=1), at(7, day=1)):
        house.clock.now = moment
        look(house, post)
    assert passed_on(house) == ["OVER_LIMIT"] and len(post.mails) == 1


def test_quiet_hours_that_end_on_the_same_day_pass_on_what_still_holds(
    both_houses: House, post: Post
) -> None:
    house = both_houses
    let_wait(house, quiet_from_hour=22, quiet_until_hour=10)
    house.clock.now = at(9, 59)
    look(house, post)
    assert passed_on(house) == []
    house.clock.now = at(10)
    look(house, post)
    assert "NOBODY_CALLED" in passed_on(house) and len(post.mails) == len(passed_on(house))


def test_what_was_open_when_the_day_ended_is_ended_and_never_passed_on(
    both_houses: House, post: Post
) -> None:
    house = both_houses
    set_rules(house, escalate_minutes=15, escalate_email=PROVINCE)
    house.clock.now = at(23, 50)
    count(house, LIMIT + 1)
    with house.database.read() as connection:
        [over] = alert_store.list_open(connection, HOME, TODAY)
    house.clock.now = at(0, 1, day=1)
    for _look in range(3):
        look(house, post)
        house.clock.pass_by(minutes=10)
    with house.database.read() as connection:
        assert alert_store.list_open(connection, HOME, TODAY) == []
        [ended] = [
            each
            for each in alert_store.list_alerts(connection, HOME, TODAY, 9)
            if each.id == over.id
        ]
    assert (ended.ended_at, ended.escalate_at) == (at(0, 1, day=1), None)
    assert (passed_on(house), post.mails) == ([], [])
    assert house.events().count("alert_ended") == 1
    assert "alert_raised" not in house.events(TOMORROW)


def test_two_processes_and_a_press_at_one_moment_pass_it_on_at_most_once(
    both_houses: House, post: Post
) -> None:
    house = both_houses
    let_wait(house)
    house.clock.pass_by(minutes=15)
    with house.database.read() as connection:
        alerts = alert_store.list_open(connection, HOME, TODAY)
    [open_alert] = [each for each in alerts if each.kind.value == "NOBODY_CALLED"]
    start = threading.Barrier(3)

    def pass_on() -> None:
        start.wait()
        pass_alerts_on(house.database, house.clock.now)

    def press() -> None:
        start.wait()
        house.database.write(
            [(HOME, TODAY)],
            partial(
                acknowledge, office=HOME, alert=open_alert.id, by="province", now=house.clock.now
            ),
        )

    threads = [threading.Thread(target=each) for each in (pass_on, pass_on, press)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    look(house, post)
    assert passed_on(house).count("NOBODY_CALLED") == house.events().count("alert_escalated") <= 1
    assert post.mails == [], "whoever has seen it needs no letter"
    assert house.events().count("alert_acknowledged") == 1


def test_what_comes_back_after_a_while_is_told_again(house: House, post: Post) -> None:
    set_rules(house, escalate_minutes=1, escalate_email=PROVINCE)
    for pause in (timedelta(minutes=5), ESCALATED_AGAIN_AFTER, timedelta()):
        count(house, LIMIT + 1)
        house.clock.pass_by(minutes=1)
        look(house, post)
        count(house, -LIMIT - 1)
        house.clock.now += pause
    assert len(post.mails) == 2, "the second one came too soon after the first"


def test_while_mail_and_programs_are_away_nothing_is_lost_and_nothing_doubled(
    both_houses: House, post: Post, receiver: FakeGateway
) -> None:
    house = both_houses
    add(house, receiver, ["alert_escalated"])
    let_wait(house)
    house.clock.pass_by(minutes=15)
    post.refuse = {PROVINCE: "451 later"}
    receiver.answers = [500]
    look(house, post)
    process = Process(house, None, None)
    process.relay_all()
    process.webhooks.step()
    assert post.mails == [] and len(receiver.requests) == 1

    post.refuse = {}
    for _ in range(3):
        house.clock.pass_by(minutes=10)
        look(house, post)
        process.webhooks.step()
    assert [each["To"] for each in post.mails] == [PROVINCE]
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert b'"kind":"NOBODY_CALLED"' in second.body and PROVINCE.encode() not in second.body
    assert house.events().count("alert_escalated") == 1


def test_yesterdays_alarm_stands_on_the_board_in_the_morning(house: House) -> None:
    set_rules(house, escalate_minutes=5)
    house.clock.now = at(23, 50)
    count(house, LIMIT + 1)
    house.clock.pass_by(minutes=6)
    pass_alerts_on(house.database, house.clock.now)
    house.clock.now = at(7, day=1)
    watch_thresholds(house.database, house.clock.now)
    browser, _token = house.sign_in("province")
    alarms = browser.get("/province/now?lang=en", headers={"Host": HOST}).get_json()["alarms"]
    [alarm] = alarms["rows"]
    assert alarm["told"].startswith("Passed on to the province at 23:56 WIB")
    assert (alarm["seen"], alarm["url"]) == ("Over since 07:00 WIB", "")
