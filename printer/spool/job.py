"""What is known about one print job, and which state follows which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from queue_server.protocol.messages import Slip, job_of


class JobState(StrEnum):
    """The state of a job. `queued` and `expired`: certainly nothing on paper. `unconfirmed`:
    unknown, and the printer waits for the staff to say. `cancelled`: they said it did not come out.
    """

    QUEUED = "queued"
    SENDING = "sending"
    PRINTED = "printed"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


TRANSITIONS: dict[tuple[JobState, str], JobState] = {
    (JobState.QUEUED, "postpone"): JobState.QUEUED,
    (JobState.QUEUED, "send"): JobState.SENDING,
    (JobState.QUEUED, "expire"): JobState.EXPIRED,
    (JobState.QUEUED, "fail"): JobState.FAILED,
    (JobState.SENDING, "confirm"): JobState.PRINTED,
    (JobState.SENDING, "lose"): JobState.UNCONFIRMED,
    # The printer's side said for certain that nothing was put on paper.
    (JobState.SENDING, "take_back"): JobState.QUEUED,
    # A late answer of the printer, or the word of the staff.
    (JobState.UNCONFIRMED, "confirm"): JobState.PRINTED,
    (JobState.UNCONFIRMED, "deny"): JobState.CANCELLED,
    # Both follow only `queued`, where nothing was sent, so a second try needs no mark as a copy.
    (JobState.EXPIRED, "renew"): JobState.QUEUED,
    (JobState.FAILED, "renew"): JobState.QUEUED,
}
OPEN_STATES = (JobState.QUEUED, JobState.SENDING)
UNTRIED_STATES = (JobState.EXPIRED, JobState.FAILED)


class WrongJobState(Exception):
    """The action is not possible in the job's state."""


class UnknownJob(KeyError):
    """The spool holds no job with this id."""


@dataclass(frozen=True)
class Job:
    """A print job. `id` is the slip's id and the copy number, so submitting a slip twice gives one
    job. `printer` is the label of the printer it was last sent to. Times are aware UTC.
    """

    id: str
    slip: Slip
    state: JobState
    attempts: int
    reason: str
    printer: str
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    done_at: datetime | None

    @property
    def copy(self) -> int:
        """0 for the slip itself, n for its n-th copy."""
        return self.slip.copy


def job_id_of(slip: Slip) -> str:
    """The id of the job that prints this slip, or this copy of it."""
    return job_of(slip.id, slip.copy)


def mark_repeated(slip: Slip) -> Slip:
    """The slip of a repeated check-in as a copy: its first paper is out, perhaps from another
    printer, whose spool nobody here knows.
    """
    return replace(slip, copy=1) if slip.repeated and not slip.copy else slip


def next_copy(slip: Slip, latest: Job | None) -> Slip:
    """The slip as its next copy, numbered after the latest job."""
    return replace(slip, copy=max(slip.copy, latest.copy if latest else 0) + 1)
