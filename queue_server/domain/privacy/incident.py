"""An incident: in which order access is closed, and until when whom has to be told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from queue_server.domain.errors import BadInput

NOTICE_WITHIN = timedelta(hours=3 * 24)
"""Law 27 of 2022, article 46: written notice to the persons and to the agency."""


class Step(StrEnum):
    """What is done, in this order: first whoever is inside is put out, then the keys are changed,
    then it is found out whom it concerns.
    """

    SESSIONS = "sessions"
    TOKENS = "tokens"
    PASSWORDS = "passwords"
    SECOND_FACTORS = "second_factors"
    DEVICES = "devices"
    SECRET_KEY = "secret_key"
    NIK_KEY = "nik_key"
    LIST = "list"
    DRAFT = "draft"


CHOSEN = frozenset({Step.PASSWORDS, Step.SECOND_FACTORS, Step.DEVICES, Step.NIK_KEY})
"""Steps that are taken only if they were chosen: people need a second factor or somebody who knows
them to come in again, kiosks and TVs have to be paired anew, and with another NIK key nobody is
recognised again.
"""


@dataclass(frozen=True)
class Incident:
    """An incident as far as it has been dealt with. Data may have been reachable from `since` on;
    it was `noticed_at`. `steps` says of each that is done how many it concerned. `offices` are
    those whose accounts get new passwords and second factors, none: all.
    """

    id: str
    noticed_at: datetime
    since: datetime
    started_at: datetime
    choices: frozenset[Step]
    steps: Mapping[Step, Mapping[str, Any]] = field(default_factory=dict)
    ended_at: datetime | None = None
    offices: tuple[str, ...] = ()

    @property
    def notice_due_at(self) -> datetime:
        """Until when the persons and the agency must have been told."""
        return self.noticed_at + NOTICE_WITHIN


def begin(
    id: str,
    since: datetime,
    noticed_at: datetime,
    choices: frozenset[Step],
    now: datetime,
    offices: tuple[str, ...] = (),
) -> Incident:
    """A new incident. Raises `BadInput` (field since or noticed_at, reason order)."""
    if noticed_at > now:
        raise BadInput(field="noticed_at", reason="order")
    if since > noticed_at:
        raise BadInput(field="since", reason="order")
    return Incident(id, noticed_at, since, now, choices & CHOSEN, offices=offices)


def next_step(incident: Incident) -> Step | None:
    """What is to be done next; None when all is done."""
    wanted = (each for each in Step if each not in CHOSEN or each in incident.choices)
    return next((each for each in wanted if each not in incident.steps), None)


def note_step(incident: Incident, step: Step, **counts: Any) -> Incident:
    """The incident after a step. Noted again, the first time stays."""
    if step in incident.steps:
        return incident
    return replace(incident, steps={**incident.steps, step: counts})
