"""The one table of reactions, and what holds alike for all that it lists: the pauses, the doctor,
and that none waits for another.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from queue_server.commands.doctor import examine
from queue_server.domain.deliveries import PAUSES, pause_after
from queue_server.domain.events import EventType
from queue_server.domain.messages.message import MessageKind, MessageState
from queue_server.domain.messages.owed import FOLLOWS, FROM_HOME, LETTER_AFTER, MOVES_THE_LINE
from queue_server.domain.webhooks.message import TELLABLE
from queue_server.effects.alert_mail import AlertMailDelivery
from queue_server.effects.delivery import Delivery
from queue_server.effects.escalation_mail import EscalationMailDelivery
from queue_server.effects.messages.letters import LetterDelivery, PhoneDelivery
from queue_server.effects.outbox import KINDS, Senders, make_deliveries
from queue_server.effects.reactions import Reaction, make_reactions
from queue_server.effects.relay import Relay
from queue_server.effects.webhooks.delivery import WebhookDelivery, WebhookSettings
from tests.effects import test_alert_mail as alerts
from tests.effects import test_mail as letters
from tests.effects.mail_server import Post, open_post
from tests.fixtures.application import EMAIL, HOME, House

WITH_A_MESSAGE = {
    EventType.BOOKED,
    EventType.CONFIRMED,
    EventType.ADMITTED,
    EventType.CALLED,
    EventType.LEFT,
    EventType.NOT_SHOWN,
    EventType.STRANDED,
    EventType.RESCHEDULED,
    EventType.CANCELLED,
    EventType.VOIDED,
    EventType.HELD,
    EventType.CHANGES_LOCKED,
    EventType.MEETING_OPENED,
}


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as server:
        yield server


def test_the_table_names_every_consequence_of_every_event(house: House) -> None:
    table = table_of(house, letters.mailer(house, None), alerts.mailer(house, None))
    names = {type: [each.name for each in table[type]] for type in EventType}
    told = {*TELLABLE, EventType.WEBHOOK_TESTED}
    assert names == {
        type: [
            "live",
            *(["messages"] if type in WITH_A_MESSAGE else []),
            *(["alert_mail"] if type is EventType.ALERT_RAISED else []),
            *(["escalation_mail"] if type is EventType.ALERT_ESCALATED else []),
            *(["webhooks"] if type in told else []),
        ]
        for type in EventType
    }


def test_every_letter_follows_an_event_or_none_has_happened() -> None:
    assert {*LETTER_AFTER, *FOLLOWS, *FROM_HOME, *MOVES_THE_LINE} == WITH_A_MESSAGE
    without = set(MessageKind) - set(LETTER_AFTER.values()) - set(FOLLOWS.values())
    assert without == {
        MessageKind.REMINDER,
        MessageKind.AHEAD,
        MessageKind.ATTEMPTED,
        MessageKind.LOST_CODE,
        MessageKind.PROVE,
    }


def test_every_kind_of_delivery_runs_in_every_process(house: House) -> None:
    made = make_deliveries(
        house.database,
        house.application.live,
        Senders(),
        pytest.fail,
        pytest.fail,
        pytest.fail,
        pytest.fail,
        WebhookSettings(b"key"),
        house.clock,
    )
    assert [type(each) for each in made] == list(KINDS)
    assert [type(each) for each in house.application.background._deliveries] == list(KINDS)


def table_of(
    house: House, letters: LetterDelivery, alert_mail: AlertMailDelivery
) -> Mapping[EventType, Sequence[Reaction]]:
    """The table of reactions of a server with these loops and no gateway."""
    phone = PhoneDelivery(house.database, None, lambda *_: pytest.fail(""), house.clock)
    webhooks = WebhookDelivery(house.database, WebhookSettings(b"key"), house.clock)
    return make_reactions(
        house.application.live,
        letters,
        phone,
        alert_mail,
        EscalationMailDelivery(house.database, None, lambda *_: pytest.fail(""), house.clock),
        lambda _recorded: None,
        webhooks,
        lambda _recorded: 0,
    )


def test_mail_goes_out_when_its_event_is_relayed_and_not_at_the_next_look(
    both_houses: House, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loops would look by themselves in an hour."""
    house = both_houses
    for kind in (LetterDelivery, AlertMailDelivery):
        monkeypatch.setattr(kind, "step_seconds", 3600.0)
    mails = letters.mailer(house, post), alerts.mailer(house, post)
    relay = Relay(house.database, table_of(house, *mails), house.clock)
    threads = [threading.Thread(target=each.run) for each in mails]
    for thread in threads:
        thread.start()
    try:
        alerts.set_address(house, alerts.ADDRESS)
        letters.strand(house)
        alerts.count(house, alerts.LIMIT + 1)
        relay.step()
        assert until(lambda: len(post.mails) == 2), "each loop was woken by its reaction"
    finally:
        for each in mails:
            each.stop()
        for thread in threads:
            thread.join(60)
    assert {receiver for _sender, receiver in post.envelopes} == {EMAIL, alerts.ADDRESS}


def test_a_mail_server_that_hangs_holds_up_neither_screens_nor_the_mail_of_others(
    house: House, post: Post
) -> None:
    go_on = post.hangs[EMAIL] = threading.Event()
    house.book(nik="9101014507880043", phone=None, email="lain@contoh.id")
    alerts.set_address(house, alerts.ADDRESS)
    letters.strand(house)
    alerts.count(house, alerts.LIMIT + 1)
    sent: list[str] = []
    house.application.live.emit = lambda event, _snapshot, room: sent.append(room)
    house.application.live.watchers.join("board", HOME)
    sender, alert_sender = letters.mailer(house, post), alerts.mailer(house, post)
    hanging = threading.Thread(target=sender.step)
    hanging.start()
    try:
        assert until(lambda: post.connections == 1)
        table = table_of(house, sender, alert_sender)
        assert Relay(house.database, table, house.clock).step() > 0
        house.application.live.flush()
        assert f"board:{HOME}" in sent
        assert alert_sender.step() == 1
        assert alerts.ADDRESS in {receiver for _sender, receiver in post.envelopes}
        assert EMAIL not in {receiver for _sender, receiver in post.envelopes}
        other = letters.mailer(house, post)
        while other.step():
            pass
        assert "lain@contoh.id" in {receiver for _sender, receiver in post.envelopes}
    finally:
        go_on.set()
        hanging.join(60)
    assert letters.count(house, MessageState.SENT) == 2 and len(post.mails) == 3


Make = Callable[[House, Callable[..., Any]], Delivery[Any]]


def owe_event(house: House, fail: Callable[..., Any]) -> Delivery[Any]:
    house.walk_in()
    return Relay(
        house.database, dict.fromkeys(EventType, (Reaction("witness", fail),)), house.clock
    )


def owe_letter(house: House, fail: Callable[..., Any]) -> Delivery[Any]:
    letters.strand(house)
    return LetterDelivery(house.database, letters.hand_in(Post(port=1)), fail, house.clock)


def owe_alert(house: House, fail: Callable[..., Any]) -> Delivery[Any]:
    alerts.set_address(house, alerts.ADDRESS)
    alerts.count(house, alerts.LIMIT + 1)
    return AlertMailDelivery(house.database, letters.hand_in(Post(port=1)), fail, house.clock)


OWED = pytest.mark.parametrize("owe", [owe_event, owe_letter, owe_alert])


@OWED
def test_whatever_fails_is_tried_again_after_the_same_pauses(both_houses: House, owe: Make) -> None:
    house, tries = both_houses, []

    def fail(*_about: object) -> None:
        tries.append(house.clock.now)
        raise RuntimeError

    delivery = owe(house, fail)
    delivery.step()
    for failures in range(1, len(PAUSES) + 3):
        assert len(tries) == failures
        house.clock.pass_by(seconds=pause_after(failures).total_seconds() - 0.5)
        delivery.step()
        assert len(tries) == failures, f"too early after failure {failures}"
        house.clock.pass_by(seconds=0.5)
        delivery.step()


@OWED
def test_a_pause_from_before_the_clock_was_set_back_holds_nothing_up(
    house: House, owe: Make
) -> None:
    tries: list[int] = []

    def fail(*_about: object) -> None:
        tries.append(1)
        raise RuntimeError

    delivery = owe(house, fail)
    delivery.step()
    house.clock.pass_by(hours=-1)
    delivery.step()
    assert len(tries) == 2


@OWED
def test_whatever_is_tried_again_is_seen_by_the_doctor_under_its_name(
    house: House, owe: Make
) -> None:
    def fail(*_about: object) -> None:
        raise RuntimeError("ani@contoh.id has moved")

    before = check_reactions(house)
    assert before["ok"] and before["detail"] == "none is failing"
    delivery = owe(house, fail)
    delivery.step()
    check = check_reactions(house)
    name = "witness" if delivery.name == "relay" else delivery.name
    assert not check["ok"] and check["detail"].startswith(f"{name}: ")
    assert "RuntimeError" in check["detail"] and "ani@contoh.id" not in check["detail"]


def check_reactions(house: House) -> dict[str, Any]:
    checks = examine(house.settings)["checks"]
    return dict(next(each for each in checks if each["name"] == "reactions"))


def until(condition: Callable[[], bool]) -> bool:
    """Whether it comes true within a minute."""
    for _ in range(6_000):
        if condition():
            return True
        threading.Event().wait(0.01)
    return False
