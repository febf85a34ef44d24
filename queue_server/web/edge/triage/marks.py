"""What a browser remembers of advice: for RETURN_DAYS, so that whoever comes anyway can be counted.

The cookie holds a date and a keyed mark for each advice. A mark is the same for everybody who was
advised the same for the same service on the same day, and without our key it does not tell what was
advised. Nothing of it is kept or logged here.
"""

from __future__ import annotations

import hmac
import re
from datetime import date, timedelta

from flask import request
from werkzeug.wrappers import Response

from queue_server.domain.office.office import Office
from queue_server.domain.triage.counting import RETURN_DAYS, Mark
from queue_server.domain.triage.script import Outcome
from queue_server.web.edge.context import context

MARKS_COOKIE = "antrean_triage"
MARKS_MAX = 8
"""The newest advice that is remembered: more is a robot's or a helper's."""

_MARK = re.compile(r"(\d{8})-([0-9a-f]{16})\Z")


def _sign(office: Office, service: str, mark: Mark) -> str:
    message = f"triage\0{office.code}\0{service}\0{mark.outcome.value}\0{mark.date.isoformat()}"
    return hmac.digest(context().secret_key, message.encode(), "sha256").hex()[:16]


def _write(office: Office, service: str, mark: Mark) -> str:
    return f"{mark.date:%Y%m%d}-{_sign(office, service, mark)}"


def _kept() -> list[str]:
    """The marks of the cookie as they were sent, whoever made them."""
    return request.cookies.get(MARKS_COOKIE, "")[: MARKS_MAX * 30].split(".")[-MARKS_MAX:]


def read_marks(office: Office, service: str) -> list[Mark]:
    """What this browser was advised for a service of an office, as far as our key has signed it."""
    marks = []
    for given in _kept():
        match = _MARK.match(given)
        try:
            day = date.fromisoformat(match[1]) if match else None
        except ValueError:
            day = None
        if match is not None and day is not None:
            every = (Mark(outcome, day) for outcome in Outcome)
            marks += [
                each
                for each in every
                if hmac.compare_digest(match[2], _sign(office, service, each))
            ]
    return marks


def remember_mark(response: Response, office: Office, service: str, mark: Mark) -> Response:
    """Let the browser remember one more piece of advice."""
    written = _write(office, service, mark)
    kept = [each for each in _kept_since(mark.date) if each != written]
    return _set(response, [*kept, written][-MARKS_MAX:])


def forget_marks(response: Response, office: Office, service: str, today: date) -> Response:
    """Let the browser forget what it was advised for a service: who has come is counted once."""
    own = {_write(office, service, each) for each in read_marks(office, service)}
    return _set(response, [each for each in _kept_since(today) if each not in own])


def _kept_since(today: date) -> list[str]:
    """The marks of the cookie that are still of use on a date."""
    first = f"{today - timedelta(RETURN_DAYS):%Y%m%d}"
    return [each for each in _kept() if _MARK.match(each) and each >= first]


def _set(response: Response, marks: list[str]) -> Response:
    response.set_cookie(
        MARKS_COOKIE,
        ".".join(marks),
        max_age=int(timedelta(RETURN_DAYS).total_seconds()) if marks else 0,
        httponly=True,
        samesite="Lax",
        secure=context().settings.is_https,
        path="/o/",
    )
    return response
