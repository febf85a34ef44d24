"""What an office advises somebody who has answered so far."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.office.admission import mode_of
from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import Office, Service
from queue_server.domain.triage.asking import Way, choose_script, follow, follow_all, most_questions
from queue_server.domain.triage.script import Script

from .scripts import load_scripts


@dataclass(frozen=True)
class Guidance:
    """How far somebody has come for a service of an office, in the mode that rules now."""

    office: Office
    service: Service
    mode: ServiceMode
    script: Script
    way: Way

    @property
    def questions_left(self) -> int:
        """The most questions still to come, the present one included."""
        return most_questions(self.script, self.way.at.id)


def guide_version(office: Office, now: datetime) -> str:
    """What changes with anything that the scripts would say to anybody who asks at the office now,
    and with nothing else that changes often.
    """
    modes = [mode_of(office, each, now).value for each in office.services]
    scripts = [
        choose_script(load_scripts(), each, mode_of(office, each, now), office.date_at(now)).name
        for each in office.services
    ]
    said = repr((office.code, office.revision, modes, scripts))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def guide(
    office: Office, service: str, answers: Mapping[str, str], now: datetime, *, all_fit: bool = True
) -> Guidance:
    """Follow answers to what comes next. Raises `UnknownService`, and with `all_fit` `BadInput` for
    answers that nothing asks for; else these are left out.
    """
    the_service = office.service(service)
    mode = mode_of(office, the_service, now)
    script = choose_script(load_scripts(), the_service, mode, office.date_at(now))
    way = (follow_all if all_fit else follow)(script, answers)
    return Guidance(office, the_service, mode, script, way)
