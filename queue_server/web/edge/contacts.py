"""Phone numbers and mail addresses as people type them, brought to one form."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from queue_server.domain.errors import BadInput

_REGION = "ID"


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
    """A mail address as any mail server takes it: an international domain in its ASCII form.
    Whether the domain exists is not asked. Raises `BadInput` (field `email`).
    """
    # Imported with the first address: its tables of international domains take 1.1 MB.
    from email_validator import EmailNotValidError, validate_email

    try:
        address = validate_email(
            text.strip(),
            allow_smtputf8=False,
            check_deliverability=False,
            test_environment=True,
            strict=True,
        )
    except EmailNotValidError:
        raise BadInput(field="email", reason="format") from None
    return address.ascii_email or address.normalized
