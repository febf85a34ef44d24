"""What the province board says of each alarm: what it is, whom it went to, who has seen it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from queue_server.domain.office.office import Office
from queue_server.services.province.alarms import AlarmRow, Letter, LetterState, Quiet
from queue_server.web.edge.locale import current_language, format_time, ngettext
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.log.alerts import alert_sentence

ALARMS_SHOWN = 30
"""Alarms on the board; the page says how many more there are."""


@dataclass(frozen=True)
class Alarm:
    """An alert: what it says, since when, whom it went to (`told`), and what has become of it
    (`seen`). `url`: where to say that one has seen it; empty once that is of no more use.
    """

    id: str
    office: str
    text: str
    since: str
    told: str
    seen: str
    url: str


@dataclass(frozen=True)
class Alarms:
    """All alarms of the board, those that nobody has seen first. `quiet` says where nobody is told
    of them now.
    """

    rows: tuple[Alarm, ...]
    title: str
    more: str
    quiet: str


def write_alarms(rows: Sequence[AlarmRow], quiet: Sequence[Quiet]) -> Alarms:
    """The alarms in the language of the page."""
    unseen, more = sum(each.is_open for each in rows), len(rows) - ALARMS_SHOWN
    return Alarms(
        tuple(_write_alarm(each) for each in rows[:ALARMS_SHOWN]),
        ngettext(
            "%(num)s alarm that nobody has seen", "%(num)s alarms that nobody has seen", unseen
        )
        if unseen
        else _("Alarms: somebody has seen all of them"),
        ngettext("And %(num)s more.", "And %(num)s more.", more) if more > 0 else "",
        _quiet_words(quiet),
    )


def _quiet_words(quiet: Sequence[Quiet]) -> str:
    if not quiet:
        return ""
    where = ", ".join(
        _(
            "%(office)s until %(time)s",
            office=each.office.name,
            time=_clock(each.until, each.office),
        )
        for each in quiet
    )
    return _("Quiet hours, only danger to people is told: %(where)s.", where=where)


def _write_alarm(row: AlarmRow) -> Alarm:
    alert = row.alert
    return Alarm(
        alert.id,
        row.office.name,
        alert_sentence(alert.kind, alert.facts),
        _("since %(time)s", time=_clock(alert.raised_at, row.office)),
        " ".join(_told(row)),
        _seen(row),
        url_for("province.seen", office=row.office.code, id=alert.id) if row.is_open else "",
    )


def _told(row: AlarmRow) -> list[str]:
    said = []
    if row.to_office is not None:
        said.append(_("Office: %(mail)s.", mail=_letter_words(row.to_office, row.office)))
    if row.passed_at is not None and row.to_province is not None:
        said.append(
            _(
                "Passed on to the province at %(time)s: %(mail)s.",
                time=_clock(row.passed_at, row.office),
                mail=_letter_words(row.to_province, row.office),
            )
        )
    elif row.passes_at is not None:
        time = _clock(row.passes_at, row.office)
        said.append(
            _("Quiet hours: goes to the province at %(time)s, unless seen.", time=time)
            if row.is_held
            else _("Goes to the province at %(time)s, unless seen.", time=time)
        )
    elif row.is_open:
        said.append(_("Stays in the office."))
    return said


def _letter_words(letter: Letter, office: Office) -> str:
    to = letter.to or _("no address")
    match letter.state:
        case LetterState.SENT:
            assert letter.at is not None, "what was sent was sent at some time"
            return _("mail to %(to)s at %(time)s", to=to, time=_clock(letter.at, office))
        case LetterState.DUE:
            return _("mail to %(to)s not sent yet", to=to)
        case LetterState.FAILED:
            return _("mail to %(to)s could not be sent", to=to)
        case LetterState.NO_ADDRESS:
            return _("no address is set, only other programs were told")
        case LetterState.NEEDLESS:
            return _("no mail was needed any more")


def _seen(row: AlarmRow) -> str:
    alert = row.alert
    if alert.acknowledged_at is not None:
        return _(
            "“I have seen it”: %(name)s, %(time)s",
            name=row.seen_by or "",
            time=_clock(alert.acknowledged_at, row.office),
        )
    if alert.ended_at is not None:
        return _("Over since %(time)s", time=_clock(alert.ended_at, row.office))
    return ""


def _clock(moment: datetime, office: Office) -> str:
    return format_time(moment, current_language(), office.zone)
