"""Whatever is done to a chained day, its first bad row is named; and nothing that was not done."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.audit.chain import LogRow, begin_day, begin_office, grow
from queue_server.domain.audit.verification import (
    Anchor,
    DayLog,
    Fault,
    FaultKind,
    check_day,
    check_links,
)

OFFICE, DATE = "9101", "2026-11-23"
FACTS = st.dictionaries(
    st.text(max_size=5), st.none() | st.integers() | st.text(max_size=5) | st.booleans(), max_size=2
)


@st.composite
def days(draw: st.DrawFn, least: int = 1) -> list[LogRow]:
    """A day of some events, no two of which tell the same."""
    rows = [
        LogRow(
            OFFICE,
            DATE,
            seq,
            draw(st.sampled_from(["called", "started"])),
            f"t{seq}",
            f"2026-11-23T02:00:{seq:02}.000000Z",
            draw(FACTS),
        )
        for seq in range(1, draw(st.integers(least, 12)) + 1)
    ]
    growth = grow(OFFICE, 0, begin_office(OFFICE), [(begin_day(OFFICE, DATE), rows)])
    return [
        replace(row, hash=value) for row, (_, _, value) in zip(rows, growth.hashes, strict=True)
    ]


def check(rows: list[LogRow], last: int, hashed_to: int | None = None) -> Fault | None:
    return check_day(DayLog(OFFICE, DATE, rows, last, last if hashed_to is None else hashed_to, {}))


def first(kind: FaultKind, seq: int, other: int | None = None) -> Fault:
    return Fault(kind, OFFICE, DATE, seq, other=other)


@given(days(), st.data())
def test_a_day_is_whole_however_far_its_chain_has_come(
    rows: list[LogRow], data: st.DataObject
) -> None:
    hashed_to = data.draw(st.integers(0, len(rows)))
    seen = [row if row.seq <= hashed_to else replace(row, hash=None) for row in rows]
    assert check(seen, len(rows), hashed_to) is None


@given(days(), st.data())
def test_a_changed_row_is_the_first_bad_one(rows: list[LogRow], data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(rows))
    changed = data.draw(
        st.sampled_from(
            [
                replace(row, type="cancelled"),
                replace(row, ticket=None),
                replace(row, at="2026-11-23T03:00:00.000000Z"),
                replace(row, facts={"of": "another"} | {"x": row.facts}),
            ]
        )
    )
    rows[row.seq - 1] = changed
    assert check(rows, len(rows)) == first(FaultKind.CHANGED, row.seq)


@given(days(), st.data())
def test_a_missing_row_is_the_first_bad_one(rows: list[LogRow], data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(rows))
    rest = [each for each in rows if each is not row]
    assert check(rest, len(rows)) == first(FaultKind.MISSING, row.seq)


@given(days(least=2), st.data())
def test_two_swapped_rows_are_told_apart_from_changed_ones(
    rows: list[LogRow], data: st.DataObject
) -> None:
    a, b = sorted(data.draw(st.sets(st.integers(0, len(rows) - 1), min_size=2, max_size=2)))
    one, two = rows[a], rows[b]
    rows[a] = replace(two, seq=one.seq, hash=one.hash)
    rows[b] = replace(one, seq=two.seq, hash=two.hash)
    # The content of the second stands first: it is found by where the first's content once stood.
    assert check(rows, len(rows)) == first(FaultKind.SWAPPED, one.seq, two.seq)


@given(days())
def test_an_added_row_is_named(rows: list[LogRow]) -> None:
    more = replace(rows[-1], seq=len(rows) + 1, hash=None)
    assert check([*rows, more], len(rows)) == first(FaultKind.ADDED, more.seq)


@given(days(), st.integers(1, 3))
def test_links_hold_and_an_anchor_is_among_them(rows: list[LogRow], size: int) -> None:
    number, head, before, links = 0, begin_office(OFFICE), begin_day(OFFICE, DATE), []
    for begin in range(0, len(rows), size):
        growth = grow(OFFICE, number, head, [(before, rows[begin : begin + size])])
        links += growth.links
        number, head, before = number + 1, growth.links[-1].hash, growth.hashes[-1][2]
    anchors = [Anchor(OFFICE, each.number, each.hash) for each in links]
    assert check_links(OFFICE, links, (number, head), anchors) is None
    assert check_links(OFFICE, links, None, []) is not None
    gone = Anchor(OFFICE, number + 1, head)
    assert check_links(OFFICE, links, (number, head), [gone]) == Fault(
        FaultKind.ANCHOR_GONE, OFFICE, number=number + 1
    )
    for cut in range(len(links)):
        left = links[:cut] + links[cut + 1 :]
        fault = check_links(OFFICE, left, (number, head), [])
        assert fault == Fault(FaultKind.LINK_MISSING, OFFICE, number=cut + 1)
