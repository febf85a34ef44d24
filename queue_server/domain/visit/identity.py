"""Who a visitor is, as little as possible: NIK and phone checked, the NIK kept only as a keyed
fingerprint.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from hashlib import sha256

from queue_server.domain.errors import BadInput

_NIK = re.compile(r"[0-9]{16}\Z")
FEMALE_DAY_OFFSET = 40


@dataclass(frozen=True)
class Visitor:
    """What a booking knows of a person. Kept apart from the ticket, so no public page can show it
    by accident.

    `nik_fingerprint` is HMAC-SHA256 under a key outside the database; `nik_last4` proves ownership
    at the desk. `reminders`: they asked to be reminded and called by e-mail or telephone.
    """

    name: str
    nik_fingerprint: str
    nik_last4: str
    phone: str | None = None
    email: str | None = None
    reminders: bool = False


def parse_nik(text: str, today: date, *, synthetic: bool = True) -> str:
    """A NIK as 16 digits, spaces and dots removed.

    There is no check digit: this finds typing errors, not impostors. No real district has the
    number 00, so invented people have it; `synthetic` False refuses them. Raises `BadInput` (field
    `nik`; reason length, region, district, birth_date, serial).
    """
    nik = re.sub(r"[\s.\-]", "", text)
    if not _NIK.match(nik):
        raise BadInput(field="nik", reason="length")
    if not 11 <= int(nik[:2]) <= 96:
        raise BadInput(field="nik", reason="region")
    if nik[4:6] == "00" and not synthetic:
        raise BadInput(field="nik", reason="district")
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    if day > FEMALE_DAY_OFFSET:
        day -= FEMALE_DAY_OFFSET
    if not any(_was_born(century + year, month, day, today) for century in (1900, 2000)):
        raise BadInput(field="nik", reason="birth_date")
    if nik[12:] == "0000":
        raise BadInput(field="nik", reason="serial")
    return nik


def _was_born(year: int, month: int, day: int, today: date) -> bool:
    try:
        return date(year, month, day) <= today
    except ValueError:
        return False


def fingerprint_nik(nik: str, key: bytes) -> str:
    """HMAC-SHA256 of a NIK, hex. Unkeyed hashes of 16 digits are reversible in seconds, so the key
    is required.
    """
    return hmac.new(key, nik.encode(), sha256).hexdigest()


def identify_key(key: bytes) -> str:
    """What tells one key of fingerprints from another and gives nothing of it away: 16 hexadecimal
    digits.

    What it digests is no NIK, so it is never equal to the beginning of somebody's fingerprint.
    """
    return hmac.new(key, b"antrean: id of the NIK key", sha256).hexdigest()[:16]


class KeyFault(Enum):
    """Why the fingerprints that are stored and those to come would not fit together."""

    MISSING = "missing"
    OTHER = "other"


def find_key_fault(kept: str | None, own: str | None, fingerprints: int) -> KeyFault | None:
    """Whether a server may make fingerprints with its key, given its id `own` (None: it has no key,
    and would make one).

    `kept` is the id of the key in use until now, None where nobody has noted it; then the key that
    is there is believed, and a new one may be made only where no fingerprint is stored.
    """
    if own is None:
        return KeyFault.MISSING if kept is not None or fingerprints else None
    return KeyFault.OTHER if kept not in (None, own) else None


def parse_name(text: str) -> str:
    """A visitor's name, white space folded. Single names are normal. Raises `BadInput` (field
    `name`).
    """
    name = " ".join(text.split())
    if not name:
        raise BadInput(field="name", reason="missing")
    if len(name) > 80:
        raise BadInput(field="name", reason="too_long")
    if not name.isprintable() or not any(each.isalpha() for each in name):
        raise BadInput(field="name", reason="characters")
    return name


def proves_ownership(visitor: Visitor, last4: str) -> bool:
    """Whether four digits are the last of the visitor's NIK or phone. Compared in constant time.

    Nothing proves a visitor whose NIK and phone were never given or have been wiped.
    """
    digits = re.sub(r"\D", "", last4).encode()
    if len(digits) != 4:
        return False
    phone = (visitor.phone or "")[-4:].encode()
    of_nik = hmac.compare_digest(digits, visitor.nik_last4.encode())
    of_phone = len(phone) == 4 and hmac.compare_digest(digits, phone)
    return of_nik or of_phone
