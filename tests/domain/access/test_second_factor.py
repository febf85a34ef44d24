"""Codes of the second factor: good around their half minute, once, and never an older one; and who
must have one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.access.accounts import Role, User, is_leading
from queue_server.domain.access.second_factor import (
    STEP_SECONDS,
    Duty,
    SecondFactor,
    admit_by_password,
    find_duty,
    match_step,
    read_code,
    steps_around,
)
from queue_server.domain.errors import PasswordDistrusted

NOW = datetime(2026, 11, 28, 2, 0, 0, tzinfo=UTC)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The key of RFC 6238, appendix B."""

RFC_6238 = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]


def expected(at: datetime) -> dict[int, str]:
    return {step: pyotp.TOTP(SECRET).generate_otp(step) for step in steps_around(at)}


@pytest.mark.parametrize(("seconds", "code"), RFC_6238)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert match_step(code, expected(at), 0) == seconds // STEP_SECONDS


@given(st.integers(-4, 4), st.integers(0, STEP_SECONDS - 1))
def test_a_phone_may_be_one_step_off_and_no_more(off: int, second: int) -> None:
    at = NOW + timedelta(seconds=second)
    step = int(at.timestamp()) // STEP_SECONDS + off
    found = match_step(pyotp.TOTP(SECRET).generate_otp(step), expected(at), 0)
    assert found == (step if abs(off) <= 1 else None)


@given(st.lists(st.integers(-1, 1), min_size=1, max_size=6))
def test_an_accepted_code_is_never_accepted_again_nor_an_older_one(offs: list[int]) -> None:
    last, middle = 0, int(NOW.timestamp()) // STEP_SECONDS
    taken: list[int] = []
    for off in offs:
        code = pyotp.TOTP(SECRET).generate_otp(middle + off)
        found = match_step(code, expected(NOW), last)
        if found is not None:
            taken.append(found)
            last = found
    assert taken == sorted(set(taken)) and taken[0] == middle + offs[0]


@given(st.text(max_size=12))
def test_what_is_read_as_a_code_is_six_plain_digits(typed: str) -> None:
    code = read_code(typed)
    assert code is None or (len(code) == 6 and code.isascii() and code.isdigit())


def test_managers_and_those_above_must_have_one_and_nobody_else() -> None:
    assert {each for each in Role if is_leading(each)} >= {Role.MANAGER, Role.ADMIN}
    for each in (Role.CLERK, Role.GUARD, Role.SUPERVISOR, Role.KIOSK):
        assert not is_leading(each)


@pytest.mark.parametrize(
    ("is_lead", "factor", "days", "duty"),
    [
        (False, SecondFactor(), 14, Duty.NONE),
        (True, SecondFactor(), None, Duty.NONE),
        (True, SecondFactor(), 14, Duty.ASKED),
        (True, SecondFactor(), 0, Duty.DUE),
        (True, SecondFactor(asked_at=NOW - timedelta(days=13, hours=23)), 14, Duty.ASKED),
        (True, SecondFactor(asked_at=NOW - timedelta(days=14)), 14, Duty.DUE),
        (True, SecondFactor(1, NOW - timedelta(days=99), NOW), 14, Duty.NONE),
        (True, SecondFactor(asked_at=NOW - timedelta(days=99), passkeys=1), 14, Duty.NONE),
    ],
)
def test_what_is_asked_of_somebody(
    is_lead: bool, factor: SecondFactor, days: int | None, duty: Duty
) -> None:
    grace = None if days is None else timedelta(days=days)
    assert find_duty(is_lead, factor, grace, NOW) is duty


@pytest.mark.parametrize("distrusted", [False, True])
@pytest.mark.parametrize(
    "factor", [SecondFactor(), SecondFactor(confirmed_at=NOW), SecondFactor(passkeys=1)]
)
def test_a_password_that_others_may_know_needs_a_second_factor(
    distrusted: bool, factor: SecondFactor
) -> None:
    user = User("u", "sari", "Sari", "clerk", "3674", distrusted=distrusted)
    assert user.must_renew == distrusted
    if distrusted and not factor.exists:
        with pytest.raises(PasswordDistrusted):
            admit_by_password(user, factor)
    else:
        admit_by_password(user, factor)
