"""Which services stand first."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from queue_server.demo.catalogue import SERVICES
from queue_server.domain.office.most_used import MOST_USED, choose_most_used, counted_dates

ORDER = [each.code for each in SERVICES]


def test_a_new_office_shows_its_first_services() -> None:
    assert list(choose_most_used(SERVICES, {})) == ORDER[:MOST_USED]


def test_the_most_used_come_first_and_the_offices_order_decides_among_equals() -> None:
    assert choose_most_used(SERVICES, {"WNA": 9, "LEG": 9, "KK": 12, "GONE": 99})[:3] == (
        "KK",
        "LEG",
        "WNA",
    )


@given(st.dictionaries(st.sampled_from(ORDER), st.integers(0, 500)))
def test_nothing_left_out_was_used_more(visits: dict[str, int]) -> None:
    chosen = choose_most_used(SERVICES, visits)
    assert len(set(chosen)) == len(chosen) == MOST_USED
    least = min(visits.get(each, 0) for each in chosen)
    assert all(visits.get(each, 0) <= least for each in ORDER if each not in chosen)


def test_whole_weeks_before_today_are_counted() -> None:
    first, last = counted_dates(date(2026, 11, 30))
    assert (first, last) == (date(2026, 11, 2), date(2026, 11, 29))
