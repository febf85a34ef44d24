"""Who a visitor is, as little as possible: the number of the NIK or of the passport is checked, and
kept only as a keyed fingerprint with its last four characters.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from hashlib import sha256

from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import IdentityKind

_NIK = re.compile(r"[0-9]{16}\Z")
_PASSPORT = re.compile(r"[0-9A-Z]{6,9}\Z")
_PERMIT = re.compile(r"(?=.*[A-Z])[0-9A-Z]{10,13}\Z")
_DOCUMENT_DIGITS_MIN = 3
_PICTURES = frozenset({"So", "Sk"})
"""Unicode's categories of emoji and what belongs to them."""
FEMALE_DAY_OFFSET = 40


class Document(StrEnum):
    """Whose number a visitor is known by. PASSPORT: of a passport, or of a residence permit (KITAS,
    KITAP).
    """

    NIK = "NIK"
    PASSPORT = "PASSPORT"


class Need(StrEnum):
    """Help that somebody of the party needs on the spot, never why. HEARING: a sign language
    interpreter, or to be shown and not only called; SEEING: to be led and read to; COMPANION: one
    who comes along to the counter.
    """

    WHEELCHAIR = "WHEELCHAIR"
    HEARING = "HEARING"
    SEEING = "SEEING"
    COMPANION = "COMPANION"


@dataclass(frozen=True)
class Visitor:
    """What a booking knows of a person. Kept apart from the ticket, so no public page can show it
    by accident.

    `nik_fingerprint` is HMAC-SHA256 under a key outside the database; `nik_last4` proves ownership
    at the desk. Both are of the number of the `document`. `represented`: somebody else comes for
    the one who is named here. `reminders`: they asked to be reminded and called by e-mail or
    telephone.
    """

    name: str
    nik_fingerprint: str
    nik_last4: str
    phone: str | None = None
    email: str | None = None
    document: Document = Document.NIK
    needs: tuple[Need, ...] = ()
    represented: bool = False
    reminders: bool = False


@dataclass(frozen=True)
class Identity:
    """A number that has been checked, as written on its document but without spaces and marks."""

    document: Document
    number: str

    @property
    def last4(self) -> str:
        return self.number[-4:]

    def fingerprint(self, key: bytes) -> str:
        """HMAC-SHA256, hex. A passport's is of another domain: it is never equal to a NIK's."""
        if self.document is Document.NIK:
            return fingerprint_nik(self.number, key)
        return hmac.new(key, b"passport\0" + self.number.encode(), sha256).hexdigest()


def parse_nik(text: str, today: date, *, synthetic: bool = True) -> str:
    """A NIK as 16 digits, spaces and dots removed.

    There is no check digit: this finds typing errors, not impostors. No real district has the
    number 00, so invented people have it; `synthetic` False refuses them. Raises `BadInput` (field
    `nik`; reason passport for what looks like one, length, region, district, birth_date, serial).
    """
    nik = re.sub(r"[\s.\-]", "", text)
    if not _NIK.match(nik):
        looks_other = not nik.isdigit() and _is_passport(_bare(text))
        raise BadInput(field="nik", reason="passport" if looks_other else "length")
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


def _bare(text: str) -> str:
    return re.sub(r"[\s.\-/]", "", text).upper()


def _is_passport(number: str) -> bool:
    digits = sum(each.isdigit() for each in number)
    known = _PASSPORT.match(number) or _PERMIT.match(number)
    return known is not None and digits >= _DOCUMENT_DIGITS_MIN


def parse_passport(text: str) -> str:
    """The number of a passport (ICAO 9303: 6 to 9 letters and digits) or of a residence permit
    (KITAS, KITAP: 10 to 13 with at least one letter), in capitals and without marks.

    Neither has a check digit that visitors would know. Raises `BadInput` (field `passport`; reason
    missing, format).
    """
    number = _bare(text)
    if not number:
        raise BadInput(field="passport", reason="missing")
    if not _is_passport(number):
        raise BadInput(field="passport", reason="format")
    return number


def parse_identity(
    text: str, kind: IdentityKind, today: date, *, synthetic: bool = True
) -> Identity:
    """The number in the one field that asks for either: a NIK where the service takes one and it
    is all digits and too long for a passport, else a passport. Raises as `parse_nik` and
    `parse_passport`.
    """
    is_nik = kind.takes_nik and len(_bare(text)) > 9 and _bare(text).isdigit()
    if is_nik or not kind.takes_passport:
        return Identity(Document.NIK, parse_nik(text, today, synthetic=synthetic))
    return Identity(Document.PASSPORT, parse_passport(text))


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
    """A visitor's name, white space folded and without marks that nobody sees, which come along
    from other programs. Single names are normal. Raises `BadInput` (field `name`; reason missing,
    too_long, characters for signs that are no part of a name, such as emoji).
    """
    seen = "".join(each for each in text if unicodedata.category(each) != "Cf")
    name = " ".join(seen.split())
    if not name:
        raise BadInput(field="name", reason="missing")
    if len(name) > 80:
        raise BadInput(field="name", reason="too_long")
    has_pictures = any(unicodedata.category(each) in _PICTURES for each in name)
    if has_pictures or not name.isprintable() or not any(each.isalpha() for each in name):
        raise BadInput(field="name", reason="characters")
    return name


def mask_name(name: str) -> str:
    """A name as a paper may show it: who stands there can be told from it, a finder learns nothing.
    The first two letters of each word; how long the words are is not said.
    """
    return " ".join(f"{word[: 2 if len(word) > 2 else 1]}***" for word in name.split())


def proves_ownership(visitor: Visitor, last4: str) -> bool:
    """Whether four characters are the last of the visitor's NIK, passport or phone. Compared in
    constant time.

    Nothing proves a visitor whose numbers were never given or have been wiped.
    """
    marks = r"\D" if visitor.document is Document.NIK else r"[^0-9A-Z]"
    typed = re.sub(marks, "", last4.upper()).encode()
    if len(typed) != 4:
        return False
    phone = (visitor.phone or "")[-4:].encode()
    of_document = hmac.compare_digest(typed, visitor.nik_last4.encode())
    of_phone = len(phone) == 4 and hmac.compare_digest(typed, phone)
    return of_document or of_phone
