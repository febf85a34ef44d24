"""How long personal data are kept, and the proof of a night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.office.rules import PrivacyRules, Rules
from queue_server.domain.privacy.purges import (
    LATE_AFTER,
    Purge,
    PurgeRow,
    digest_purge,
    find_broken,
    is_late,
)
from queue_server.domain.privacy.retention import (
    PRIVACY_RULES,
    RETENTIONS,
    DataKind,
    cite_rule,
    days_kept,
    kept_since,
)

NOW = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
NIGHT = date(2026, 11, 24)


def test_every_kind_that_time_ends_has_a_line_and_its_default_lies_within_its_bounds() -> None:
    assert set(RETENTIONS) == set(DataKind) - {DataKind.ERASED}
    for kind, retention in RETENTIONS.items():
        if retention.bounds is not None:
            days = days_kept(kind, Rules())
            assert days is not None and retention.bounds.low <= days <= retention.bounds.high
    assert {each.rule for each in RETENTIONS.values() if each.rule} >= set(PRIVACY_RULES)


def test_a_rule_of_the_office_says_how_long_and_is_cited() -> None:
    rules = Rules(privacy=PrivacyRules(personal_data_days=3))
    assert kept_since(DataKind.VISITORS, rules, NOW) == NOW - timedelta(days=3)
    assert cite_rule(DataKind.VISITORS, rules) == "privacy.personal_data_days=3"
    assert cite_rule(DataKind.ANSWERS, rules) == "fixed=48h"
    assert cite_rule(DataKind.ERASED, rules) == "on request"
    assert kept_since(DataKind.WAITLIST, rules, NOW) == NOW


def night(day: date, number: int, before: str) -> Purge:
    rows = (PurgeRow(DataKind.VISITORS, number, NOW, "privacy.personal_data_days=7"),)
    return Purge("9101", day, NOW, digest_purge("9101", day, rows, before), rows)


def chain_of(numbers: list[int]) -> list[Purge]:
    nights: list[Purge] = []
    for place, number in enumerate(numbers):
        before = nights[-1].digest if nights else ""
        nights.append(night(NIGHT + timedelta(days=place), number, before))
    return nights


@given(st.lists(st.integers(0, 500), min_size=1, max_size=8), st.data())
def test_a_changed_a_missing_and_a_swapped_night_are_seen(
    numbers: list[int], data: st.DataObject
) -> None:
    nights = chain_of(numbers)
    assert find_broken(nights) is None
    which = data.draw(st.integers(0, len(nights) - 1))
    changed = [*nights]
    [row] = changed[which].rows
    changed[which] = replace(changed[which], rows=(replace(row, rows=row.rows + 1),))
    assert find_broken(changed) == changed[which]
    if len(nights) > 1:
        assert find_broken(nights[1:]) == nights[1], "without the digest before the first"
        assert find_broken(nights[1:], nights[0].digest) is None
    if 0 < which < len(nights) - 1:
        assert find_broken([*nights[:which], *nights[which + 1 :]]) is not None


@given(st.permutations(list(DataKind)))
def test_the_order_of_the_rows_makes_no_other_digest(kinds: list[DataKind]) -> None:
    rows = [PurgeRow(kind, 1, NOW, "rule") for kind in kinds]
    first = [PurgeRow(kind, 1, NOW, "rule") for kind in DataKind]
    assert digest_purge("9101", NIGHT, rows, "") == digest_purge("9101", NIGHT, first, "")


def test_a_moment_gives_one_digest_in_whatever_zone_it_is_told() -> None:
    local = NOW.astimezone(ZoneInfo("Asia/Jakarta"))
    rows = [[PurgeRow(DataKind.NOTES, 1, moment, "rule")] for moment in (NOW, local)]
    assert len({digest_purge("9101", NIGHT, each, "") for each in rows}) == 1


@pytest.mark.parametrize(
    ("last", "since", "late"),
    [
        (None, None, False),
        (None, NOW - LATE_AFTER, False),
        (None, NOW - LATE_AFTER - timedelta(seconds=1), True),
        (NOW - timedelta(days=1), NOW - timedelta(days=90), False),
        (NOW - timedelta(days=3), NOW - timedelta(days=90), True),
    ],
)
def test_a_purge_is_late_after_two_days(
    last: datetime | None, since: datetime | None, late: bool
) -> None:
    assert is_late(last, since, NOW) is late
