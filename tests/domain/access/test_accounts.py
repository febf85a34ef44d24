"""Who may change whose account, and which names and passwords are good."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.domain.access.accounts import (
    ADMINISTRATION,
    OF_AN_OFFICE,
    OF_PEOPLE,
    PASSWORD_LONGEST,
    PASSWORD_SHORTEST,
    Role,
    User,
    admit_adding,
    admit_closing,
    admit_managing,
    admit_moving,
    admit_other,
    admit_password,
    may_manage,
    parse_username,
)
from queue_server.domain.errors import BadInput, LastAdministrator, OwnAccount, UnknownUser


def user(role: str, office: str | None, id: str = "") -> User:
    return User(id or f"{role}-{office}", f"{role}-{office}", role, role, office)


MANAGER, ADMIN = user("manager", "A"), user("admin", None)
ROLES = OF_PEOPLE


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("office", ["A", "B", None])
def test_a_manager_manages_all_of_the_own_office_but_those_above_offices(
    role: str, office: str | None
) -> None:
    allowed = office == "A" and role in OF_AN_OFFICE
    assert may_manage(MANAGER, role, office) == allowed
    for guard in (
        lambda: admit_managing(MANAGER, user(role, office, "x")),
        lambda: admit_adding(MANAGER, role, office),
    ):
        if allowed:
            guard()
        else:
            with pytest.raises((UnknownUser, BadInput)):
                guard()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("office", ["A", "B", None])
def test_an_administrator_of_all_offices_manages_everybody(role: str, office: str | None) -> None:
    assert may_manage(ADMIN, role, office) and may_manage(ADMINISTRATION, role, office)


def test_an_administrator_of_one_office_manages_that_one() -> None:
    own = user("admin", "A")
    assert may_manage(own, "admin", "A") and may_manage(own, "clerk", "A")
    assert not may_manage(own, "clerk", "B") and not may_manage(own, "admin", None)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.MANAGER)])
def test_nobody_else_manages_anybody(role: Role) -> None:
    assert not any(
        may_manage(user(role, office), each, "A") for each in ROLES for office in ("A", None)
    )


def test_whoever_works_elsewhere_too_is_managed_by_who_works_there_too() -> None:
    both = User("both", "both", "Both", "manager", "A", also=("B",))
    clerk = User("c", "c", "C", "clerk", "B", also=("A",))
    assert may_manage(both, clerk.role, clerk.office, clerk.also)
    assert not may_manage(MANAGER, clerk.role, "A", ("B",))
    assert not may_manage(both, "clerk", "A", ("B", "C")) and not may_manage(both, "clerk", None)


@pytest.mark.parametrize(
    ("role", "office", "also"),
    [("manager", None, ()), ("province", None, ()), ("admin", "A", ()), ("admin", "A", ("B",))],
)
def test_the_last_administrator_stays_one_of_all_offices(
    role: str, office: str | None, also: tuple[str, ...]
) -> None:
    after = replace(ADMIN, role=role, office=office, also=also)
    admit_moving(ADMIN, after, [ADMIN, user("admin", None, "second")])
    with pytest.raises(LastAdministrator):
        admit_moving(ADMIN, after, [ADMIN, user("admin", "A", "local")])


def test_what_takes_nothing_from_an_administrator_needs_no_second_one() -> None:
    local = user("admin", "A")
    admit_moving(local, replace(local, also=("B",)), [local])
    admit_moving(local, replace(local, office=None), [local])
    admit_moving(replace(ADMIN, active=False), user("clerk", "A"), [])
    admit_moving(MANAGER, user("clerk", "A"), [])


def test_a_device_is_no_member_of_staff() -> None:
    assert not may_manage(ADMIN, "kiosk", "A")
    assert not may_manage(MANAGER, "kiosk", "A")


def test_nobody_closes_the_own_account() -> None:
    admit_other(MANAGER, user("manager", "A", "another"))
    with pytest.raises(OwnAccount):
        admit_other(MANAGER, MANAGER)


def test_the_last_administrator_stays() -> None:
    second, of_an_office = user("admin", None, "second"), user("admin", "A", "local")
    admit_closing(ADMIN, [ADMIN, second])
    admit_closing(of_an_office, [of_an_office, ADMIN])
    admit_closing(MANAGER, [])
    for left in ([ADMIN], [], [ADMIN, of_an_office]):
        with pytest.raises(LastAdministrator):
            admit_closing(ADMIN, left)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "too_short"),
        ("x" * (PASSWORD_SHORTEST - 1), "too_short"),
        ("x" * (PASSWORD_LONGEST + 1), "too_long"),
        ("siti.aminah", "user_name"),
        (" Siti.AMINAH ", "user_name"),
        ("siti.aminah1", "common"),
        ("kata sandi saya", "common"),
    ],
)
def test_a_password_that_is_no_good_is_refused_for_a_reason(password: str, reason: str) -> None:
    with pytest.raises(BadInput) as refused:
        admit_password(password, "siti.aminah")
    assert refused.value.facts == {"field": "password", "reason": reason}


@pytest.mark.parametrize(
    "password", ["hujan deras turun", "hujan deras " * 16, "payung bocor lagi", "кошка-стол-12"]
)
def test_any_other_password_is_not_refused(password: str) -> None:
    admit_password(password, "siti.aminah")


@pytest.mark.parametrize(
    ("text", "username"),
    [(" Siti ", "siti"), ("clerk-3674-1", "clerk-3674-1"), ("A.b_c@d+e", "a.b_c@d+e")],
)
def test_a_user_name_has_one_spelling(text: str, username: str) -> None:
    assert parse_username(text) == username


@pytest.mark.parametrize(
    "text", ["", "  ", "siti aminah", "-siti", "sití", "x" * 61, "siti/../x", "s\x00"]
)
def test_an_odd_user_name_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_username(text)
