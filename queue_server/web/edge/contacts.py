"""Phone numbers and mail addresses as people type them, brought to one form."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from queue_server.domain.errors import BadInput

_REGION = "ID"
_MAIL = re.compile(r"[^@\s<>\",;:\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,250})\.[A-Za-z]{2,24}\Z")


def parse_phone(text: str) -> str:
    """A mobile number in E.164 form. Raises `BadInput` (field `phone`; reason format, not_mobile).

    A leading 62 without plus is the country code: the library alone would read it as part of a
    local number.
    """
    typed = re.sub(r"[\s.\-()]", "", text)
    if typed.startswith("62"):
        typed = f"+{typed}"
    try:
        number = phonenumbers.parse(typed, _REGION)
    except NumberParseException:
        raise BadInput(field="phone", reason="format") from None
    if not phonenumbers.is_valid_number(number):
        raise BadInput(field="phone", reason="format")
    if phonenumbers.number_type(number) not in (
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
    ):
        raise BadInput(field="phone", reason="not_mobile")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def parse_email(text: str) -> str:
    """A mail address. Raises `BadInput` (field `email`)."""
    address = text.strip()
    if not _MAIL.match(address) or ".." in address:
        raise BadInput(field="email", reason="format")
    return address
