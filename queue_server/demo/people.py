"""The demonstration's people: staff with plain user names, and visitors who cannot be mistaken for
real ones.

A visitor's NIK lies in kecamatan 00, which does not exist, and the telephone numbers are taken from
a block nobody has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from queue_server.domain.office.office import Office

PROVINCE_ADMIN = "admin"

_GIVEN = (
    "Siti",
    "Budi",
    "Dewi",
    "Agus",
    "Rina",
    "Joko",
    "Wayan",
    "Sukarno",
    "Maria",
    "Ahmad",
    "Putri",
    "Yohanes",
    "Lestari",
    "Hendra",
    "Nur",
)
_FAMILY = (
    "Aminah",
    "Santoso",
    "",
    "Wijaya",
    "Marlina",
    "Hidayat",
    "",
    "Simanjuntak",
    "Kusuma",
    "Rahman",
    "Halim",
)
_OLDEST = date(1946, 1, 1)


@dataclass(frozen=True)
class Person:
    """A member of staff before there is an account. `office` None: the whole province. Roles:
    admin, manager, supervisor, clerk, guard.
    """

    username: str
    name: str
    role: str
    office: str | None


@dataclass(frozen=True)
class Guest:
    """A synthetic visitor. Some leave an e-mail address besides their telephone number."""

    name: str
    nik: str
    phone: str
    email: str | None


def staff(offices: Iterable[Office]) -> tuple[Person, ...]:
    """For the province an administrator, an overseer and an auditor; in each office a manager, a
    supervisor, a receptionist, a guard and a clerk for each counter.
    """
    people = [
        Person(PROVINCE_ADMIN, "Admin Provinsi", "admin", None),
        Person("province", "Pemantau Provinsi", "province", None),
        Person("auditor", "Auditor Provinsi", "auditor", None),
    ]
    for office in offices:
        people.append(
            Person(f"manager-{office.code}", f"Kepala Kantor {office.code}", "manager", office.code)
        )
        people.append(
            Person(
                f"supervisor-{office.code}", f"Pengawas {office.code}", "supervisor", office.code
            )
        )
        people.append(
            Person(
                f"reception-{office.code}", f"Resepsionis {office.code}", "reception", office.code
            )
        )
        people.append(Person(f"guard-{office.code}", f"Satpam {office.code}", "guard", office.code))
        people.extend(
            Person(
                f"clerk-{office.code}-{number}",
                f"Petugas {office.code}-{number}",
                "clerk",
                office.code,
            )
            for number in range(1, len(office.counters) + 1)
        )
    return tuple(people)


def guests(office: str) -> Iterator[Guest]:
    """Visitors of one office without end, always the same, each with a NIK and a telephone of their
    own.
    """
    index = 0
    while True:
        index += 1
        family = _FAMILY[index * 7 % len(_FAMILY)]
        born = _OLDEST + timedelta(days=index * 379 % 21_000)
        day = born.day + (40 if index % 2 else 0)
        yield Guest(
            name=f"{_GIVEN[index % len(_GIVEN)]} {family}".strip(),
            nik=f"{office}00{day:02d}{born:%m%y}{index % 9999 + 1:04d}",
            phone=f"+62812{office}{index:05d}",
            email=f"tamu-{office}-{index}@example.com" if index % 3 == 1 else None,
        )
