"""Whether offices can work: who administers, hours and counters, devices, what kiosks reported,
and that visitors are forgotten.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.access.accounts import Role
from queue_server.domain.office.office import Office
from queue_server.domain.privacy.retention import known_from
from queue_server.services.access.device_sight import find_silent, view_troubles
from queue_server.services.privacy.purging import list_late
from queue_server.store.access import devices as device_store
from queue_server.store.access import users as user_store
from queue_server.store.door import conflicts as conflict_store
from queue_server.store.office import offices as office_store
from queue_server.store.privacy import wiping as wiping_store

from .check import Check, Patient, well

REPORTS_DAYS = 7
FORGOTTEN_WITHIN = timedelta(days=2)
"""The upkeep forgets every night; a machine may be off for one."""


def check_administrators(patient: Patient) -> Check:
    """That somebody may administer."""
    with patient.database.read() as connection:
        able = [
            each
            for each in user_store.list_users(connection, None)
            if each.role == Role.ADMIN and each.active
        ]
    if able:
        return well("administrators", f"{len(able)}")
    return Check(
        "administrators",
        False,
        "nobody may administer",
        "antrean user add NAME --name NAME --role admin",
    )


def check_offices(patient: Patient) -> Check:
    """That each office has what a visitor needs: hours, services, counters."""
    lacking = []
    with patient.database.read() as connection:
        known = _list_offices(patient, connection)
    for office in known:
        has = {
            "hours": office.hours.week or office.hours.days or office.hours.seasons,
            "services": office.services,
            "counters": office.counters,
        }
        lacks = [name for name, value in has.items() if not value]
        if lacks:
            lacking.append(f"{office.code} has no {' and no '.join(lacks)}")
    if lacking:
        to_do = "enter them under Manage, as a manager of the office"
        return Check("offices", False, "; ".join(lacking), to_do)
    return well("offices", f"{len(known)} with hours, services and counters")


def check_devices(patient: Patient) -> Check:
    """What is wrong with kiosks, TVs and printers now. Devices sleep while their office is
    closed.
    """
    troubles = []
    with patient.database.read() as connection:
        known = device_store.list_paired(connection)
        for code in sorted({each.office for each in known if each.office}):
            office = patient.database.offices.get(connection, code)
            silent = find_silent(connection, office, patient.now)
            troubles += [
                f"{code} {each.name} ({trouble.code.value})"
                for each in known
                if each.office == code and office.is_open(patient.now)
                for trouble in view_troubles(each, office, patient.now, each.id in silent)
            ]
    detail = f"{len(known)} at work"
    if troubles:
        to_do = "Manage, Devices says for each what to do; docs/operations.md lists them by code"
        return Check("devices", False, f"{detail}; in trouble: {', '.join(troubles)}", to_do)
    return well("devices", detail)


def check_kiosk_reports(patient: Patient) -> Check:
    """What did not fit when kiosks reported the numbers that they gave by themselves."""
    waiting: dict[str, int] = {}
    with patient.database.read() as connection:
        for office in _list_offices(patient, connection):
            since = office.date_at(patient.now) - timedelta(days=REPORTS_DAYS)
            number = conflict_store.count_unseen(connection, office.code, since)
            if number:
                waiting[office.code] = number
    if waiting:
        listed = ", ".join(f"{code}: {number}" for code, number in waiting.items())
        to_do = "supervisors settle them on the dashboard (/supervise)"
        return Check("kiosk reports", False, f"not settled: {listed}", to_do)
    return well("kiosk reports", "all of them fit or are settled")


def check_forgetting(patient: Patient) -> Check:
    """That the visitors of days long past are forgotten."""
    late = []
    with patient.database.read() as connection:
        for office in _list_offices(patient, connection):
            before = known_from(office, patient.now) - FORGOTTEN_WITHIN
            days = wiping_store.list_unwiped(connection, office.code, before, 1)
            late += [f"{office.code} since {each}" for each in days]
        unproved = list_late(connection, patient.database, patient.now)
    if unproved and not late:
        return Check(
            "forgetting",
            False,
            f"the nightly purge has not come to its end for two days in {', '.join(unproved)}",
            "the server's log says why (upkeep_failed); then run antrean privacy purge",
        )
    if late:
        return Check(
            "forgetting",
            False,
            f"visitors of days long past are still known: {', '.join(late)}",
            "the server does it by itself while it runs: its log says what fails (upkeep_failed); "
            "settle visits of those days that are still open",
        )
    return well("forgetting", "visitors of days past their limit are forgotten")


def _list_offices(patient: Patient, connection: Connection) -> list[Office]:
    codes = sorted(office_store.all_codes(connection))
    return [patient.database.offices.get(connection, code) for code in codes]
