"""Who is told by which way: what must be heard, what is asked for, and what costs money."""

from __future__ import annotations

import pytest

from queue_server.domain.messages.budget import URGENT, daily_limit
from queue_server.domain.messages.message import (
    MUST_TELL,
    NOTICES,
    ON_THE_DAY,
    MessageChannel,
    MessageKind,
    MessageState,
)
from queue_server.domain.messages.owed import (
    Reach,
    channel_of,
    choose_next_way,
    choose_way,
    first_state,
    offer_address,
    offer_channel,
)
from queue_server.domain.messages.receipts import Receipt, follow_receipt
from queue_server.domain.office.rules import MessageRules

EMAIL, PHONE, NONE = MessageChannel.EMAIL, MessageChannel.PHONE, MessageChannel.NONE
BOTH = (EMAIL, PHONE)
K = MessageKind


@pytest.mark.parametrize(
    ("kind", "email", "phone", "asked", "ways", "way"),
    [
        (K.CONFIRMATION, True, True, False, BOTH, EMAIL),
        (K.CONFIRMATION, False, True, False, BOTH, None),
        (K.CONFIRMATION, False, True, True, BOTH, PHONE),
        (K.CONFIRMATION, True, False, False, (PHONE,), None),
        (K.CONFIRMATION, False, False, True, BOTH, None),
        (K.REMINDER, True, False, False, BOTH, None),
        (K.REMINDER, True, True, True, BOTH, EMAIL),
        (K.REMINDER, True, True, True, (PHONE,), PHONE),
        (K.CALL, True, True, True, BOTH, PHONE),
        (K.CALL, True, True, True, (EMAIL,), EMAIL),
        (K.CALL, True, True, False, BOTH, None),
        (K.AHEAD, False, True, True, (EMAIL,), None),
    ],
)
def test_the_telephone_is_for_those_who_asked_for_it(
    kind: K,
    email: bool,
    phone: bool,
    asked: bool,
    ways: tuple[MessageChannel, ...],
    way: MessageChannel | None,
) -> None:
    reach = Reach("a@contoh.id" if email else None, "+6281" if phone else None, asked)
    assert choose_way(kind, reach, ways) is way


@pytest.mark.parametrize(
    ("channel", "asked", "state"),
    [
        (EMAIL, False, MessageState.QUEUED),
        (PHONE, True, MessageState.QUEUED),
        (PHONE, False, MessageState.BY_HAND),
        (NONE, True, MessageState.DONE),
    ],
)
def test_what_must_be_heard_is_sent_or_told_by_hand(
    channel: MessageChannel, asked: bool, state: MessageState
) -> None:
    assert first_state(channel, Reach(reminders=asked)) is state


@pytest.mark.parametrize("kind", K)
def test_what_must_be_heard_and_an_offer_go_on_by_telephone_if_it_was_asked_for(kind: K) -> None:
    reach = Reach("a@contoh.id", "+6281", True)
    goes_on = kind in MUST_TELL or kind is K.OFFER
    assert choose_next_way(kind, EMAIL, reach, BOTH) is (PHONE if goes_on else None)
    for other in (Reach("a@contoh.id", "+6281"), Reach("a@contoh.id", None, True)):
        assert choose_next_way(kind, EMAIL, other, BOTH) is None
    assert choose_next_way(kind, EMAIL, reach, (EMAIL,)) is None
    assert choose_next_way(kind, PHONE, reach, BOTH) is None, "it has been tried by the last way"


@pytest.mark.parametrize(
    ("email", "phone", "asked", "address"),
    [
        ("a@contoh.id", "+6281", True, "a@contoh.id"),
        ("a@contoh.id", None, False, "a@contoh.id"),
        (None, "+6281", True, "+6281"),
        (None, "+6281", False, None),
        (None, None, True, None),
    ],
)
def test_an_offer_goes_to_the_address_or_to_a_number_that_may_be_used(
    email: str | None, phone: str | None, asked: bool, address: str | None
) -> None:
    reach = Reach(email, phone, asked)
    assert offer_address(reach) == address
    assert offer_channel(reach) is (channel_of(address) if address else None)


@pytest.mark.parametrize(
    ("most", "reserve", "others"), [(10, 20, 8), (10, 0, 10), (10, 100, 0), (3, 20, 2), (0, 20, 0)]
)
def test_a_share_of_the_days_messages_is_kept_for_what_is_urgent(
    most: int, reserve: int, others: int
) -> None:
    rules = MessageRules(phone_daily_max=most, urgent_reserve_percent=reserve)
    assert {daily_limit(rules, each) for each in URGENT} == {most}
    assert {daily_limit(rules, each) for each in set(K) - URGENT - {K.PROVE}} == {others}
    assert daily_limit(rules, K.PROVE) == others // 2, "anybody may give any number"


def test_nothing_that_outsiders_can_cause_takes_from_the_reserve() -> None:
    assert not URGENT & NOTICES and MUST_TELL <= URGENT
    assert K.AHEAD in ON_THE_DAY - URGENT


A, U, D = Receipt.ACCEPTED, Receipt.UNDELIVERED, Receipt.DELIVERED


@pytest.mark.parametrize(
    ("reports", "known"),
    [((A, D), D), ((D, A), D), ((D, U), D), ((U, D, U), D), ((U, A), U), ((A, A), A)],
)
def test_reports_in_any_order_lead_to_the_furthest(
    reports: tuple[Receipt, ...], known: Receipt
) -> None:
    furthest = None
    for each in reports:
        furthest = follow_receipt(furthest, each)
    assert furthest is known
