"""Who may change a booking from outside: whoever names its digits, and nobody any more after too
many wrong guesses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.errors import ChangesLocked, WrongProof
from queue_server.domain.visit.identity import Visitor, proves_ownership

WRONG_PROOFS_MAX = 5
"""Wrong guesses that a ticket bears. Four digits have 10,000 values, and an IPv6 network has
addresses without end, so the guesses are counted for the ticket and not for whoever makes them.
"""


@dataclass(frozen=True)
class Guesses:
    """The wrong proofs of a ticket so far. Invariant: locked once `wrong` has reached
    WRONG_PROOFS_MAX.
    """

    wrong: int = 0
    locked_at: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """What a proof has come to: the guesses from now on, and the refusal, None for a proof that
    holds.
    """

    guesses: Guesses
    refusal: ChangesLocked | WrongProof | None = None

    def is_lock(self, before: Guesses) -> bool:
        """Whether it was this guess that locked the ticket."""
        return before.locked_at is None and self.guesses.locked_at is not None


def judge_proof(guesses: Guesses, visitor: Visitor | None, last4: str, now: datetime) -> Verdict:
    """Compare the digits given with the booking's. A locked ticket refuses the right ones too: so
    nobody learns by trying on.

    A walk-in has no visitor: the paper in hand is the proof. A right proof forgets the wrong ones
    before it.
    """
    if visitor is None:
        return Verdict(guesses)
    if guesses.locked_at is not None:
        return Verdict(guesses, ChangesLocked())
    if not last4.strip():
        return Verdict(guesses, WrongProof(field="last4", reason="missing"))
    if proves_ownership(visitor, last4):
        return Verdict(Guesses())
    wrong = guesses.wrong + 1
    if wrong >= WRONG_PROOFS_MAX:
        return Verdict(Guesses(wrong, now), ChangesLocked())
    return Verdict(
        Guesses(wrong), WrongProof(field="last4", reason="mismatch", left=WRONG_PROOFS_MAX - wrong)
    )
