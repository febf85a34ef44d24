"""The form of a decision on how far the office is open."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from queue_server.domain.errors import UnknownService
from queue_server.domain.office.changes import ModeDecision
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Office
from queue_server.web.edge.bodies.kinds import Day
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.locale import gettext as _

from .change_forms import FormClock, ManagersForm, Notice, Typed, filled_in, one_line


class ModeForm(ManagersForm):
    """`ModeBody` as a page asks for it: moments as dates and times on the office's clock, each of
    which may be left out.
    """

    mode: Literal["NORMAL", "ONLINE_FIRST", "URGENT_ONLY", "CLOSED"]
    service: str | None = None
    starts_date: Day | None = None
    starts_time: FormClock | None = None
    ends_date: Day | None = None
    ends_time: FormClock | None = None
    review_on: Day | None = None
    notice_id: Notice = ""
    notice_en: Notice = ""


def read_mode_form(
    office: Office, typed: Typed, id: str, now: datetime
) -> tuple[ModeDecision | None, Errors]:
    """The decision on a mode. Without a start it begins now; an end without a time means the whole
    of that day.
    """
    dates = filled_in(typed, "starts_date", "starts_time", "ends_date", "ends_time", "review_on")
    notice = {name: one_line(typed, name) for name in ("notice_id", "notice_en")}
    service = typed.get("service") or None
    form, wrong = read_form(
        ModeForm, {"mode": typed.get("mode", ""), "service": service, **dates, **notice}, _say
    )
    wrong |= _check_service(office, service)
    for name in ("starts", "ends"):
        if f"{name}_time" in dates and f"{name}_date" not in dates:
            wrong[f"{name}_date"] = _("Enter a date")
    if wrong or form is None:
        return None, {field: wrong[field] for field in ModeForm.model_fields if field in wrong}
    starts_at = _moment(office, form.starts_date, form.starts_time) or now
    ends_at = _moment(office, form.ends_date, form.ends_time, is_end=True)
    if ends_at is not None and ends_at <= starts_at:
        return None, {"ends_date": _("The end must be later than the start")}
    if ends_at is not None and ends_at <= now:
        return None, {"ends_date": _("This end has passed already")}
    if form.review_on is not None and form.review_on < office.date_at(starts_at):
        return None, {"review_on": _("The review must not be before the start")}
    both = {"id": form.notice_id, "en": form.notice_en}
    words = {language: text for language, text in both.items() if text}
    mode = ServiceMode(form.mode)
    return ModeDecision(
        ModePeriod(id, mode, starts_at, now, "", ends_at, service, form.review_on, words)
    ), {}


def _check_service(office: Office, service: str | None) -> Errors:
    if service is None:
        return {}
    try:
        office.service(service)
    except UnknownService:
        return {"service": _("Choose the whole office or one of its services")}
    return {}


def _moment(
    office: Office, day: date | None, clock: time | None, *, is_end: bool = False
) -> datetime | None:
    if day is None:
        return None
    if is_end and clock is None:
        day += timedelta(days=1)
    return datetime.combine(day, clock or time(0), office.tz).astimezone(UTC)


def _say(field: str, _reason: str) -> str:
    if field == "mode":
        return _("Choose a mode")
    if field.startswith("notice"):
        return _("Enter a notice of at most 500 letters")
    return _("Enter a time such as 08.00") if field.endswith("time") else _("Enter a date")
