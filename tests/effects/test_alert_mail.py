"""An office is told by mail when more people are inside than its limit allows: once, tried again,
and never told that it was when not.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from queue_server.domain.deliveries import pause_after
from queue_server.domain.office.changes import RulesChange
from queue_server.domain.supervisor.alerts import AlertKind
from queue_server.effects.alert_mail import AlertMailDelivery
from queue_server.services.office.changes import apply_change
from queue_server.services.supervisor.alerts import watch_thresholds
from queue_server.services.supervisor.device_alerts import watch_devices
from queue_server.web.edge.words.messages.alarms import write_alert_letter
from tests.effects.mail_server import Post, open_post
from tests.effects.test_mail import hand_in
from tests.fixtures.application import HOME, TODAY, House

ADDRESS = "kepala@kantor.example"
LIMIT = 12


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as server:
        yield server


def mailer(house: House, post: Post | None) -> AlertMailDelivery:
    return AlertMailDelivery(
        house.database,
        hand_in(post),
        lambda office, alert: write_alert_letter(office, alert, "http://kantor"),
        house.clock,
    )


def set_address(house: House, address: str | None) -> None:
    change = RulesChange({"alerts.email": address})
    house.database.write(
        [(HOME, TODAY)],
        partial(apply_change, office=HOME, change=change, by="manager", now=house.clock.now),
    )


def count(house: House, delta: int) -> None:
    assert (
        house.post(
            f"/offices/{HOME}/occupancy", "guard", {"delta": delta, "reason": "count"}
        ).status_code
        == 200
    )
    watch_thresholds(house.database, house.clock.now)


def alert(house: House) -> dict[str, Any]:
    [found] = [
        each for each in dashboard(house)["alerts"] if each["kind"] == AlertKind.OVER_LIMIT.value
    ]
    return dict(found)


def dashboard(house: House) -> dict[str, Any]:
    return dict(house.get(f"/offices/{HOME}/dashboard", "supervisor").get_json())


def test_the_alert_is_told_once_on_the_dashboard_and_by_mail(
    both_houses: House, post: Post
) -> None:
    house = both_houses
    set_address(house, ADDRESS)
    count(house, LIMIT)
    assert dashboard(house)["alerts"] == [], "full is not over"
    count(house, 3)
    assert (alert(house)["values"], alert(house)["letter"]) == (
        {"inside": 15, "limit": 12, "outside": 0},
        "due",
    )
    sender = mailer(house, post)
    for _ in range(3):
        sender.step()
        watch_thresholds(house.database, house.clock.now)
    [mail] = post.mails
    assert post.envelopes == [("antrean@kantor.example", ADDRESS)]
    assert "15 dari 12" in mail["Subject"]
    assert (
        "15 people are inside" in mail.get_content()
        and "http://kantor/supervise" in mail.get_content()
    )
    assert alert(house)["letter"] == "sent" and alert(house)["ended_at"] is None
    count(house, -3)
    assert alert(house)["ended_at"] is not None
    assert [each for each in house.events() if each.startswith("alert")] == [
        "alert_raised",
        "alert_ended",
    ]


def test_a_server_that_is_away_is_tried_again_and_two_processes_send_one_letter(
    house: House, post: Post
) -> None:
    set_address(house, ADDRESS)
    count(house, LIMIT + 1)
    post.refuse = {ADDRESS: "451 later"}
    mailer(house, post).step()
    assert (post.mails, alert(house)["letter"]) == ([], "due")
    post.refuse = {}
    mailer(house, post).step()
    assert post.mails == [], "not before the pause is over"
    house.clock.pass_by(seconds=pause_after(1).total_seconds())
    for sender in (mailer(house, post), mailer(house, post)):
        sender.step()
    assert len(post.mails) == 1 and alert(house)["letter"] == "sent"


@pytest.mark.parametrize(("address", "wanted"), [(None, None), (ADDRESS, "failed")])
def test_who_cannot_be_told_by_mail_is_not_said_to_have_been(
    house: House, address: str | None, wanted: str | None
) -> None:
    set_address(house, address)
    count(house, LIMIT + 1)
    mailer(house, None).step()
    assert alert(house)["letter"] == wanted


def test_the_address_stands_in_no_event(house: House) -> None:
    for address in (ADDRESS, "lain@kantor.example", None):
        set_address(house, address)
    assert house.events().count("rules_changed") == 3
    assert "kantor.example" not in str(house.dump()["events"])


def test_too_many_inside_are_told_of_after_closing_too(house: House) -> None:
    count(house, LIMIT + 2)
    house.clock.pass_by(hours=7)
    watch_thresholds(house.database, house.clock.now)
    assert alert(house)["ended_at"] is None and dashboard(house)["over_minutes"] == 7 * 60


def test_a_count_that_goes_up_and_down_is_one_letter(both_houses: House, post: Post) -> None:
    house = both_houses
    set_address(house, ADDRESS)
    count(house, LIMIT)
    for _ in range(4):
        count(house, 1)
        mailer(house, post).step()
        count(house, -1)
        house.clock.pass_by(minutes=5)
    raised = [
        each for each in dashboard(house)["alerts"] if each["kind"] == AlertKind.OVER_LIMIT.value
    ]
    assert (len(raised), len(post.mails)) == (4, 1)
    house.clock.pass_by(minutes=15)
    count(house, 1)
    mailer(house, post).step()
    assert len(post.mails) == 2


def beat(house: House, **facts: object) -> None:
    house.post("/devices/self/heartbeat", "kiosk", {"build": "b", "facts": {"beat_s": 5, **facts}})
    watch(house)


def watch(house: House) -> None:
    heard = house.application.flask.extensions["antrean"].heard
    watch_devices(house.database, heard.last, house.clock.now)


def test_a_printer_without_paper_is_told_at_once_in_both_languages(
    house: House, post: Post
) -> None:
    set_address(house, ADDRESS)
    beat(house, printer="paper_out")
    mailer(house, post).step()
    [letter] = post.mails
    text = letter.get_content()
    assert "Pasang gulungan baru" in text and "Put in a new roll" in text
    assert f"/manage/devices?office={HOME}" in text
    beat(house, printer="ready")
    beat(house, printer="paper_out")
    mailer(house, post).step()
    assert len(post.mails) == 1, "not again within half an hour"


def test_silence_is_told_when_it_lasts_and_not_when_it_is_over(house: House, post: Post) -> None:
    set_address(house, ADDRESS)
    for lasts in (False, True):
        beat(house, printer="ready")
        house.clock.pass_by(seconds=20)
        watch(house)
        mailer(house, post).step()
        assert post.mails == []
        if not lasts:
            beat(house, printer="ready")
        house.clock.pass_by(minutes=2)
        mailer(house, post).step()
    assert post.mails and all("Tidak terhubung" in each["Subject"] for each in post.mails)
