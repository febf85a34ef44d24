"""Telling the public anew of an office or one of its services."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.errors import Changed
from queue_server.domain.events import EventType
from queue_server.domain.office import descriptions
from queue_server.domain.office.descriptions import OfficeDescription, ServiceDescription
from queue_server.domain.office.office import Office
from queue_server.store.office import offices as office_store
from queue_server.store.writer.transaction import Transaction

from .history import record_change


def describe_service(
    tx: Transaction,
    office: str,
    service: str,
    told: ServiceDescription,
    by: str,
    now: datetime,
    revision: int | None = None,
) -> Office:
    """Describe a service anew; nothing happens if all is told so already. The command must declare
    today, and the caller then plans the coming days anew, as after every change of an office.

    Raises `Changed` if the office has no longer the revision that was looked at, `UnknownOffice`,
    `UnknownService`, `BadInput`.
    """
    before = _admit_revision(tx, office, revision)
    after = descriptions.describe_service(before, service, told)
    changed = descriptions.told_anew(before.service(service), after.service(service))
    if not changed:
        return before
    office_store.save(tx, before, after)
    facts = {"service": service, "told": changed, "by": by}
    return record_change(tx, before, EventType.SERVICE_DESCRIBED, facts, now)


def describe_office(
    tx: Transaction,
    office: str,
    told: OfficeDescription,
    by: str,
    now: datetime,
    revision: int | None = None,
) -> Office:
    """Describe an office anew; nothing happens if all is told so already. As `describe_service`.

    Raises `Changed`, `UnknownOffice`, `BadInput`.
    """
    before = _admit_revision(tx, office, revision)
    after = descriptions.describe_office(before, told)
    changed = descriptions.told_anew(before, after)
    if not changed:
        return before
    office_store.save(tx, before, after)
    return record_change(tx, before, EventType.OFFICE_DESCRIBED, {"told": changed, "by": by}, now)


def _admit_revision(tx: Transaction, office: str, revision: int | None) -> Office:
    before = tx.office(office)
    if revision is not None and before.revision != revision:
        raise Changed(office=office)
    return before
