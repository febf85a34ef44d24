"""Offices with their streams, services, counters and hours: added whole, changed with their
revision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.office.location import write_location
from queue_server.domain.office.office import Counter, Office, OnlineWay, Service
from queue_server.domain.office.rules import Rules, write_rules
from queue_server.domain.office.slip_design import SlipDesign, write_design
from queue_server.store.tables import counters, offices, services, streams
from queue_server.store.writer.transaction import Transaction

from . import hours, modes


def all_codes(connection: Connection) -> Sequence[str]:
    """The codes of all offices, in order."""
    return connection.execute(sa.select(offices.c.code).order_by(offices.c.code)).scalars().all()


def first_code(tx: Transaction) -> str | None:
    """The code of the first office, in order; None if there is none yet."""
    return tx.read(sa.select(offices.c.code).order_by(offices.c.code).limit(1)).scalar_one_or_none()


def add(tx: Transaction, office: Office) -> None:
    """Store a new office whole."""
    tx.insert(
        offices,
        {
            "code": office.code,
            "name": office.name,
            "address": office.address,
            "phone": office.phone,
            "zone": office.zone,
            "people_limit": office.people_limit,
            "rules": write_rules(office.rules),
            "location": write_location(office.location),
            "slip": write_design(office.slip),
            "revision": 1,
        },
    )
    for position, stream in enumerate(office.streams):
        tx.insert(
            streams,
            {
                "office": office.code,
                "letter": stream.letter,
                "position": position,
                "name": dict(stream.name),
                "remote": stream.remote,
            },
        )
    for position, service in enumerate(office.services):
        tx.insert(services, _service_row(office.code, position, service))
    for position, counter in enumerate(office.counters):
        tx.insert(
            counters,
            {
                "id": counter.id,
                "office": office.code,
                "position": position,
                "name": counter.name,
                **_counter_row(counter),
            },
        )
    hours.set_week(tx, office.code, office.hours.week)
    hours.set_seasons(tx, office.code, office.hours.seasons)
    for day, own in office.hours.days.items():
        hours.set_day(tx, office.code, day, own)
    for period in office.modes:
        modes.add(tx, office.code, period)


def _service_row(office: str, position: int, service: Service) -> dict[str, Any]:
    return {
        "office": office,
        "code": service.code,
        "position": position,
        "letter": service.letter,
        "name": dict(service.name),
        "summary": dict(service.summary),
        "requirements": dict(service.requirements),
        "channel": service.channel.value,
        "minutes": service.minutes,
        "online": write_online(service.online),
        "search_words": list(service.search_words),
        "identity": service.identity.value,
        "remote": [each.value for each in service.remote],
    }


def _counter_row(counter: Counter) -> dict[str, Any]:
    return {
        "letters": list(counter.in_office if counter.remote else counter.letters),
        "remote": counter.remote,
        "meeting_url": counter.meeting_url,
    }


def write_online(way: OnlineWay | None) -> dict[str, Any] | None:
    """A way to have a service online, as JSON keeps it."""
    return None if way is None else {"url": way.url, "steps": dict(way.steps)}


def describe(tx: Transaction, office: Office) -> None:
    """Replace what the public is told of an office. The caller revises the office."""
    tx.change(
        offices.update()
        .where(offices.c.code == office.code)
        .values(
            address=office.address, phone=office.phone, location=write_location(office.location)
        )
    )


def describe_service(tx: Transaction, office: str, service: Service) -> None:
    """Replace what the public is told of a service. The caller revises the office."""
    tx.change(
        services.update()
        .where(services.c.office == office, services.c.code == service.code)
        .values(
            summary=dict(service.summary),
            requirements=dict(service.requirements),
            channel=service.channel.value,
            online=write_online(service.online),
            search_words=list(service.search_words),
        )
    )


def set_remote(tx: Transaction, before: Office, after: Office) -> None:
    """Replace what an office serves from home: a new stream, services, counters. The caller revises
    the office.
    """
    for position, stream in enumerate(after.streams):
        if stream not in before.streams:
            row = {"office": after.code, "letter": stream.letter, "position": position}
            tx.insert(streams, {**row, "name": dict(stream.name), "remote": stream.remote})
    for service in after.services:
        mine = (services.c.office == after.code, services.c.code == service.code)
        tx.change(
            services.update().where(*mine).values(remote=[each.value for each in service.remote])
        )
    for counter in after.counters:
        its = (counters.c.office == after.code, counters.c.id == counter.id)
        tx.change(counters.update().where(*its).values(**_counter_row(counter)))


def set_people_limit(tx: Transaction, office: str, limit: int | None) -> None:
    """Change how many persons an office lets inside."""
    tx.change(offices.update().where(offices.c.code == office).values(people_limit=limit))
    revise(tx, office)


def set_rules(tx: Transaction, office: str, rules: Rules) -> None:
    """Replace an office's published rules. The caller revises the office."""
    tx.change(offices.update().where(offices.c.code == office).values(rules=write_rules(rules)))


def set_slip_design(tx: Transaction, office: str, design: SlipDesign) -> None:
    """Replace what an office adds to its slips. The caller revises the office."""
    tx.change(offices.update().where(offices.c.code == office).values(slip=write_design(design)))


def revise(tx: Transaction, office: str) -> None:
    """Note that an office's settings are others now: what is cached of it is read anew, and its
    slots are planned anew.
    """
    tx.change(
        offices.update().where(offices.c.code == office).values(revision=offices.c.revision + 1)
    )
    tx.forget_office(office)
