"""In which offices somebody works: in one, in several, or in all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.access.accounts import User
from queue_server.domain.access.workplaces import covers, place_in, works_in

CODES = st.lists(st.sampled_from("ABCD"), unique=True)


def working_in(codes: list[str]) -> User:
    office, also = place_in(codes)
    return User("u", "u", "U", "clerk", office, also=also)


@given(CODES, st.sampled_from("ABCD"))
def test_somebody_works_in_the_offices_that_were_chosen(codes: list[str], office: str) -> None:
    assert works_in(working_in(codes), office) == (not codes or office in codes)


@given(CODES)
def test_none_asks_for_all_offices(codes: list[str]) -> None:
    assert works_in(working_in(codes), None) == (not codes)


@given(CODES, CODES)
def test_who_covers_somebody_works_wherever_they_do(mine: list[str], theirs: list[str]) -> None:
    expected = not mine or (bool(theirs) and set(theirs) <= set(mine))
    assert covers(working_in(mine), working_in(theirs)) == expected


@given(CODES)
def test_the_first_office_is_the_one_whose_log_tells_of_them(codes: list[str]) -> None:
    office, also = place_in(codes)
    assert office == (codes[0] if codes else None)
    assert set(also) == set(codes[1:]) and list(also) == sorted(also)
