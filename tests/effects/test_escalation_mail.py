"""An alert that nobody in the office has seen is passed on to the province: once, not before its
time, not in quiet hours, and not when somebody sees to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from queue_server.domain.office.changes import RulesChange
from queue_server.domain.webhooks.message import TELLABLE, write_body
from queue_server.effects.escalation_mail import EscalationMailDelivery
from queue_server.services.office.changes import apply_change
from queue_server.services.supervisor.alerts import acknowledge, watch_thresholds
from queue_server.services.supervisor.escalation import pass_alerts_on
from queue_server.store.supervisor import announcements as alert_store
from queue_server.store.supervisor import escalations as escalation_store
from queue_server.store.visit import events as event_store
from queue_server.web.edge.words.messages.alarms import write_escalation_letter
from tests.effects.mail_server import Post, open_post
from tests.effects.test_alert_mail import LIMIT, count
from tests.effects.test_mail import hand_in
from tests.fixtures.application import HOME, TODAY, House, at

PROVINCE = "piket@provinsi.example"


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as server:
        yield server


def set_rules(house: House, **values: Any) -> None:
    change = RulesChange({f"alerts.{name}": value for name, value in values.items()})
    house.database.write(
        [(HOME, TODAY)],
        partial(apply_change, office=HOME, change=change, by="manager", now=house.clock.now),
    )


def look(house: House, post: Post | None) -> None:
    """What upkeep and the loop of the mails do."""
    watch_thresholds(house.database, house.clock.now)
    pass_alerts_on(house.database, house.clock.now)
    EscalationMailDelivery(
        house.database,
        hand_in(post),
        lambda office, passed: write_escalation_letter(office, passed, "http://kantor"),
        house.clock,
    ).step()


def let_wait(house: House, **rules: Any) -> None:
    """Somebody waits, and nobody is called: the alert is raised after ten minutes."""
    set_rules(house, **{"escalate_minutes": 15, "escalate_email": PROVINCE, **rules})
    house.walk_in()
    house.clock.pass_by(minutes=10)
    watch_thresholds(house.database, house.clock.now)


def see(house: House) -> None:
    with house.database.read() as connection:
        alerts = alert_store.list_open(connection, HOME, TODAY)
    for each in alerts:
        house.database.write(
            [(HOME, TODAY)],
            partial(acknowledge, office=HOME, alert=each.id, by="budi", now=house.clock.now),
        )


def test_what_nobody_has_seen_is_passed_on_once(both_houses: House, post: Post) -> None:
    house = both_houses
    let_wait(house)
    house.clock.pass_by(minutes=14)
    look(house, post)
    assert (post.mails, house.events().count("alert_escalated")) == ([], 0)
    house.clock.pass_by(minutes=1)
    for _ in range(3):
        look(house, post)
        house.clock.pass_by(minutes=1)
    [mail] = post.mails
    assert post.envelopes == [("antrean@kantor.example", PROVINCE)]
    assert mail["Subject"].startswith(f"Tidak ada yang menangani: Kantor {HOME}")
    text = mail.get_content()
    assert "Nobody was called for 10 minutes, and 1 wait." in text
    assert "for 15 minutes nobody there" in text and "http://kantor/province" in text
    assert house.events().count("alert_escalated") == 1


@pytest.mark.parametrize("how", ["seen", "over"])
def test_who_sees_to_it_in_time_keeps_the_province_asleep(
    house: House, post: Post, how: str
) -> None:
    let_wait(house)
    house.clock.pass_by(minutes=5)
    if how == "seen":
        see(house)
    else:
        house.call_next()
    house.clock.pass_by(minutes=9 if how == "over" else 20)
    look(house, post)
    assert (post.mails, house.events().count("alert_escalated")) == ([], 0)


def test_a_letter_that_waits_for_the_mail_server_is_not_sent_when_somebody_has_seen_it(
    house: House, post: Post
) -> None:
    let_wait(house)
    house.clock.pass_by(minutes=15)
    post.refuse = {PROVINCE: "451 later"}
    look(house, post)
    with house.database.read() as connection:
        assert len(escalation_store.count_failing(connection)) == 1
    see(house)
    post.refuse = {}
    house.clock.pass_by(hours=1)
    look(house, post)
    assert post.mails == []
    with house.database.read() as connection:
        assert escalation_store.count_failing(connection) == {}


def test_without_an_address_only_programs_are_told(house: House, post: Post) -> None:
    let_wait(house, escalate_email=None)
    house.clock.pass_by(minutes=15)
    look(house, post)
    assert post.mails == []
    with house.database.read() as connection:
        [told] = [
            each
            for each in event_store.list_newest(connection, HOME, TODAY, 20)
            if each.event.type.value == "alert_escalated"
        ]
    assert told.event.type in TELLABLE
    body = write_body(told).decode()
    assert '"kind":"NOBODY_CALLED"' in body and '"minutes":15' in body


def test_quiet_hours_hold_back_all_but_danger_to_people(both_houses: House, post: Post) -> None:
    house = both_houses
    let_wait(house, quiet_from_hour=9, quiet_until_hour=12)
    count(house, LIMIT + 1)
    house.clock.pass_by(minutes=20)
    look(house, post)
    [mail] = post.mails
    assert "Melebihi batas" in mail["Subject"], (
        "nobody may be told to wait when people are too many"
    )
    house.clock.now = at(12)
    look(house, post)
    look(house, post)
    assert len(post.mails) == 2 and "Tidak ada panggilan" in post.mails[1]["Subject"]


def test_an_evacuation_is_an_alert_and_a_drill_is_none(house: House, post: Post) -> None:
    set_rules(house, escalate_minutes=5, escalate_email=PROVINCE, quiet_from_hour=0)
    set_rules(house, quiet_until_hour=23)
    body = {"kind": "EVACUATION", "drill": True}
    assert house.post(f"/offices/{HOME}/pause", "guard", body).status_code == 200
    house.clock.pass_by(minutes=6)
    look(house, post)
    assert post.mails == []
    body = {"kind": "EVACUATION"}
    assert house.post(f"/offices/{HOME}/pause", "guard", body).status_code == 200
    look(house, post)
    house.clock.pass_by(minutes=5)
    look(house, post)
    [mail] = post.mails
    assert "Evakuasi" in mail["Subject"]


def test_a_threshold_passed_again_and_again_is_one_letter(house: House, post: Post) -> None:
    set_rules(house, escalate_minutes=1, escalate_email=PROVINCE)
    for _ in range(4):
        count(house, LIMIT + 1)
        house.clock.pass_by(minutes=1)
        look(house, post)
        count(house, -LIMIT - 1)
        house.clock.pass_by(minutes=5)
    assert len(post.mails) == 1


def test_minutes_that_were_taken_away_meanwhile_pass_nothing_on(house: House, post: Post) -> None:
    let_wait(house)
    set_rules(house, escalate_minutes=None)
    house.clock.pass_by(minutes=20)
    look(house, post)
    assert (post.mails, house.events().count("alert_escalated")) == ([], 0)
    assert house.clock.now - at(9) == timedelta(minutes=30)
