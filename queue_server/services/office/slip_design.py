"""Changing what an office adds to its printed slips."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from queue_server.domain.errors import Changed
from queue_server.domain.events import EventType
from queue_server.domain.office.office import Office
from queue_server.domain.office.slip_design import SlipDesign, admit_design, find_changes
from queue_server.protocol import messages
from queue_server.services.setting_history import record_change
from queue_server.store.office import offices as office_store
from queue_server.store.office import slip_logos
from queue_server.store.writer.reader import Reader
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class NewLogo:
    """The picture that takes the place of the present one: a black and white PNG; None for none."""

    picture: bytes | None


def design_slip(
    tx: Transaction,
    office: str,
    told: SlipDesign,
    logo: NewLogo | None,
    by: str,
    now: datetime,
    revision: int | None = None,
) -> Office:
    """Give an office's slips other lines, and another picture unless `logo` is None; nothing
    happens if all is so already. The command must declare today.

    Raises `Changed` if the office has no longer the revision that was looked at, `UnknownOffice`,
    `BadInput`.
    """
    before = tx.office(office)
    if revision is not None and before.revision != revision:
        raise Changed(office=office)
    admit_design(told)
    id = before.slip.logo if logo is None else name_logo(logo.picture)
    after = replace(told, logo=id)
    changed = find_changes(before.slip, after)
    if not changed:
        return before
    if logo is not None:
        slip_logos.put(tx, office, id, logo.picture)
    office_store.save(tx, before, replace(before, slip=after))
    facts = {"changed": changed, "by": by}
    return record_change(tx, before, EventType.SLIP_DESIGNED, facts, now)


def name_logo(picture: bytes | None) -> str:
    """The id of a picture, the same for the same one; empty for none."""
    return "" if picture is None else hashlib.sha256(picture).hexdigest()[:16]


def view_design(reader: Reader, office: Office) -> messages.SlipDesign:
    """What the devices of an office print on each slip."""
    picture = slip_logos.find(reader, office.code) if office.slip.logo else None
    return messages.SlipDesign(
        dict(office.slip.header),
        dict(office.slip.footer),
        office.slip.logo if picture else "",
        "" if picture is None else base64.b64encode(picture).decode(),
    )
