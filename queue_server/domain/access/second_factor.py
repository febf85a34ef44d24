"""The second factor: codes of an app on the phone (RFC 6238), recovery codes on paper, and who must
have one.

A code is good for the half minute in which the app shows it and for the ones before and after, for
phones whose clock is a little off. Once accepted it is good no more, and nor is any older one.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.domain.errors import PasswordDistrusted

from .accounts import User

STEP_SECONDS = 30
STEPS_OFF = 1
"""So many steps may a phone's clock be slow or fast."""

CODE_DIGITS = 6
RECOVERY_CODES = 10
CODES_FEW = 3
"""So many recovery codes left are few: the page says to make new ones."""


@dataclass(frozen=True)
class SecondFactor:
    """What somebody proves a sign-in with beside the password.

    `generation` numbers the keys that were confirmed, 0 before the first; from it and the server's
    secret key the shared key is made. `asked_at` is when they were first asked to have one,
    `confirmed_at` since when the app is in use (None: it is not), `last_step` the step of the last
    accepted code.
    """

    generation: int = 0
    asked_at: datetime | None = None
    confirmed_at: datetime | None = None
    last_step: int = 0
    passkeys: int = 0

    @property
    def has_app(self) -> bool:
        return self.confirmed_at is not None

    @property
    def exists(self) -> bool:
        return self.has_app or self.passkeys > 0


class Duty(StrEnum):
    """What is asked of somebody: nothing, to add a second factor soon, or before anything else."""

    NONE = "none"
    ASKED = "asked"
    DUE = "due"


def find_duty(
    is_leading: bool, factor: SecondFactor, grace: timedelta | None, now: datetime
) -> Duty:
    """What is asked of somebody by now. `grace` is how long they may put it off after they were
    first asked; None where nobody must have one.
    """
    if grace is None or not is_leading or factor.exists:
        return Duty.NONE
    if factor.asked_at is None:
        return Duty.ASKED if grace else Duty.DUE
    return Duty.DUE if now - factor.asked_at >= grace else Duty.ASKED


def admit_by_password(user: User, factor: SecondFactor) -> None:
    """Refuse to let the right password alone sign somebody in whose password others may know: they
    show a second factor too, or get another password from somebody who knows them. Raises
    `PasswordDistrusted`.
    """
    if user.distrusted and not factor.exists:
        raise PasswordDistrusted()


def steps_around(now: datetime) -> range:
    """The steps whose codes are good at a moment."""
    step = int(now.timestamp()) // STEP_SECONDS
    return range(step - STEPS_OFF, step + STEPS_OFF + 1)


def read_code(typed: str) -> str | None:
    """What was typed as a code of the app; None if it cannot be one.

    >>> read_code(" 123 456 "), read_code("12345"), read_code("k7mf-x2qp")
    ('123456', None, None)
    """
    code = "".join(typed.split())
    return code if len(code) == CODE_DIGITS and code.isascii() and code.isdigit() else None


def read_recovery_code(typed: str) -> str:
    """The one spelling of a recovery code, however it was typed.

    >>> read_recovery_code(" K7MF-x2qp 9rtd4hwn")
    'k7mfx2qp9rtd4hwn'
    """
    return "".join(each for each in typed.lower() if each.isalnum() and each.isascii())


def match_step(code: str, expected: Mapping[int, str], last_step: int) -> int | None:
    """The step whose code this is, or None. `expected` are the codes of the steps that are good
    now; those up to `last_step` were used.
    """
    matching = None
    for step, right in expected.items():
        # All are compared, so that the time tells nothing.
        if hmac.compare_digest(code.encode(), right.encode()) and step > last_step:
            matching = step
    return matching
