"""Which bookings look like one hand behind many names."""

from __future__ import annotations

from collections.abc import Mapping

from queue_server.domain.booking.anomalies import Common, Trace, find_groups


def trace(ticket: str, nik: str | None, **common: str) -> Trace:
    marks: Mapping[Common, str | None] = {each: common.get(each.value) for each in Common}
    return Trace(ticket, 2, nik, marks)


def test_many_persons_on_one_phone_are_a_group_and_a_family_is_none() -> None:
    family = [trace(f"f{n}", f"n{n}", phone="0812") for n in range(3)]
    broker = [trace(f"b{n}", f"m{n}", phone="0813") for n in range(4)]
    found = find_groups([*family, *broker])
    assert [(each.common, each.tickets, each.people, each.niks) for each in found] == [
        (Common.PHONE, ("b0", "b1", "b2", "b3"), 8, 4)
    ]


def test_one_person_who_books_often_is_no_group() -> None:
    assert find_groups(trace(f"t{n}", "same", phone="0812", browser="b") for n in range(9)) == []


def test_holds_that_name_nobody_count_as_strangers() -> None:
    found = find_groups(trace(f"t{n}", None, address="a") for n in range(6))
    assert [(each.common, each.niks, len(each.tickets)) for each in found] == [
        (Common.ADDRESS, 0, 6)
    ]


def test_the_same_bookings_are_listed_once_by_their_strongest_sign_and_large_groups_first() -> None:
    lot = [trace(f"a{n}", f"n{n}", address="a", network="w", phone="p") for n in range(12)]
    more = [trace(f"b{n}", f"m{n}", network="w", address=f"c{n}") for n in range(3)]
    found = find_groups([*lot, *more])
    assert [(each.common, len(each.tickets)) for each in found] == [
        (Common.NETWORK, 15),
        (Common.PHONE, 12),
    ]
