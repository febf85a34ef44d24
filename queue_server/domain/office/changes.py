"""Changes of an office's standing settings: what the office would be after each, or why it cannot
be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import available_timezones

from queue_server.domain.errors import BadInput

from .descriptions import OfficeDescription, ServiceDescription, describe_office, describe_service
from .hours import DayHours, Opening, Season, admit_openings, admit_seasons, admit_stretches
from .languages import admit_languages
from .modes import ModePeriod, ServiceMode
from .office import Office
from .remote import RemoteChange, set_remote
from .rule_ranges import RuleValue, set_rules
from .settings.structure import StructureChange, restructure
from .slip_design import NewLogo, SlipDesign, admit_design, name_logo

MOST_PEOPLE, OFFICE_NAME_MAX = 9_999, 120


@dataclass(frozen=True)
class HoursChange:
    """New hours in whole layers; None keeps a layer. `days` gives dates hours of their own, or with
    None takes them away.
    """

    week: tuple[Opening, ...] | None = None
    seasons: tuple[Season, ...] | None = None
    days: Mapping[date, DayHours | None] = field(default_factory=dict)


@dataclass(frozen=True)
class LimitChange:
    """How many persons may be inside (None: no limit), and how the places are shared out. Shares
    are fractions of 1.
    """

    people_limit: int | None
    online_share: float
    urgent_share: float
    release_minutes: int


@dataclass(frozen=True)
class RulesChange:
    """New values for published rules, named `group.field`; a rule that is not named stays. Only
    rules of `rule_ranges.EDITABLE` may be named.
    """

    values: Mapping[str, RuleValue]


@dataclass(frozen=True)
class ModeDecision:
    """One more decision on how far the office or a service is open."""

    period: ModePeriod


@dataclass(frozen=True)
class ModeEnd:
    """A decision that is to hold only until a moment; one that has not begun by then never does."""

    id: str
    at: datetime


@dataclass(frozen=True)
class DetailsChange:
    """What an office is called, in which time zone its clocks are (a name such as Asia/Jakarta),
    what the public is told of it, and in which languages, the first one first; None keeps that.
    """

    name: str | None = None
    zone: str | None = None
    told: OfficeDescription | None = None
    languages: tuple[str, ...] | None = None


@dataclass(frozen=True)
class SlipChange:
    """Other lines on all slips, and another picture unless `logo` is None."""

    header: Mapping[str, str]
    footer: Mapping[str, str]
    logo: NewLogo | None = None


@dataclass(frozen=True)
class Together:
    """Several changes as one, in this order: all of them are made, or none."""

    changes: tuple[Change, ...]


@dataclass(frozen=True)
class ServiceTold:
    """What the public is told of one service from now on."""

    service: str
    told: ServiceDescription


@dataclass(frozen=True)
class BesideChange:
    """Other values of parts that are kept beside the office: the words of its messages, its room,
    its screens and the names of its devices. By path, as `settings.beside` explains them; None for
    what is to be gone.
    """

    parts: Mapping[str, Any]


Change = (
    HoursChange
    | LimitChange
    | RulesChange
    | ModeDecision
    | ModeEnd
    | StructureChange
    | DetailsChange
    | SlipChange
    | RemoteChange
    | ServiceTold
    | BesideChange
    | Together
)


def change_office(office: Office, change: Change, now: datetime) -> Office:
    """The office as it would be. Raises `BadInput` with the `field` that cannot be,
    `UnknownService`, `UnknownCounter`. Whether something is in use, `settings.in_use` says.
    """
    if isinstance(change, Together):
        for each in change.changes:
            office = change_office(office, each, now)
        return office
    if isinstance(change, HoursChange):
        return _with_hours(office, change)
    if isinstance(change, LimitChange):
        return _with_limit(office, change)
    if isinstance(change, RulesChange):
        return _with_rules(office, change)
    if isinstance(change, ModeDecision):
        admit_period(office, change.period, now)
        return replace(office, modes=(*office.modes, change.period))
    if isinstance(change, StructureChange):
        return restructure(office, change)
    if isinstance(change, DetailsChange):
        return _with_details(office, change)
    if isinstance(change, SlipChange):
        logo = change.logo
        name = office.slip.logo if logo is None else name_logo(logo.picture)
        slip = SlipDesign(change.header, change.footer, name)
        admit_design(slip)
        return replace(office, slip=slip)
    if isinstance(change, RemoteChange):
        return set_remote(office, change)
    if isinstance(change, ServiceTold):
        return describe_service(office, change.service, change.told)
    if isinstance(change, BesideChange):
        return office
    return _with_end(office, change)


def _with_hours(office: Office, change: HoursChange) -> Office:
    hours = office.hours
    if change.week is not None:
        admit_openings(change.week)
        hours = replace(hours, week=change.week)
    if change.seasons is not None:
        admit_seasons(change.seasons)
        hours = replace(hours, seasons=change.seasons)
    if change.days:
        days = dict(hours.days)
        for day, own in change.days.items():
            if own is None:
                days.pop(day, None)
            else:
                admit_stretches(own.openings)
                days[day] = own
        hours = replace(hours, days=days)
    return replace(office, hours=hours)


def _with_limit(office: Office, change: LimitChange) -> Office:
    if change.people_limit is not None and not 1 <= change.people_limit <= MOST_PEOPLE:
        raise BadInput(field="people_limit", reason="range", low=1, high=MOST_PEOPLE)
    admit_places(change.online_share, change.urgent_share, change.release_minutes)
    rules = replace(
        office.rules,
        booking=replace(
            office.rules.booking,
            online_share=change.online_share,
            urgent_share=change.urgent_share,
            release_minutes=change.release_minutes,
        ),
    )
    return replace(office, people_limit=change.people_limit, rules=rules)


def admit_places(online_share: float, urgent_share: float, release_minutes: int) -> None:
    """Refuse a sharing of the places that cannot be. Shares are fractions of 1. Raises `BadInput`
    (online_share, urgent_share, release_minutes; reason range, sum).
    """
    for name, share in (("online_share", online_share), ("urgent_share", urgent_share)):
        if not 0 <= share <= 1:
            raise BadInput(field=name, reason="range", low=0, high=1)
    # Compared in whole thousandths, because 0.7 + 0.3 is a little over 1 in binary fractions.
    if round(online_share * 1000) + round(urgent_share * 1000) > 1000:
        raise BadInput(field="urgent_share", reason="sum")
    if not 0 <= release_minutes <= 24 * 60:
        raise BadInput(field="release_minutes", reason="range", low=0, high=24 * 60)


def _with_rules(office: Office, change: RulesChange) -> Office:
    rules = set_rules(office.rules, change.values)
    if rules.booking.urgent_letter is not None and all(
        each.letter != rules.booking.urgent_letter for each in office.streams_here
    ):
        raise BadInput(field="booking.urgent_letter", reason="unknown")
    return replace(office, rules=rules)


def admit_period(office: Office, period: ModePeriod, now: datetime) -> None:
    """Refuse a decision that names no service of ours or can never hold. Raises `UnknownService`,
    `BadInput` (ends_at, review_on).
    """
    if period.service is not None:
        office.service(period.service)
    if period.ends_at is not None and period.ends_at <= period.starts_at:
        raise BadInput(field="ends_at", reason="order")
    if period.ends_at is not None and period.ends_at <= now:
        raise BadInput(field="ends_at", reason="past")
    if period.review_on is not None and period.review_on < office.date_at(period.starts_at):
        raise BadInput(field="review_on", reason="order")


def close_from(
    office: Office, first: date, notice: Mapping[str, str], id: str, now: datetime
) -> ModeDecision:
    """The decision by which an office takes no more visits from a date on, today at the earliest,
    until it is ended. `notice` is what the public is told, by language. Raises `BadInput` (first:
    past; notice_id: missing).
    """
    if first < office.date_at(now):
        raise BadInput(field="first", reason="past")
    told = {language: text for language, text in notice.items() if text.strip()}
    if "id" not in told:
        raise BadInput(field="notice_id", reason="missing")
    starts_at = max(datetime.combine(first, time(0), office.tz).astimezone(UTC), now)
    return ModeDecision(ModePeriod(id, ServiceMode.CLOSED, starts_at, now, "", notice=told))


def _with_end(office: Office, change: ModeEnd) -> Office:
    if all(each.id != change.id for each in office.modes):
        raise BadInput(field="period", reason="unknown")
    kept = []
    for each in office.modes:
        if each.id != change.id or (each.ends_at is not None and each.ends_at <= change.at):
            kept.append(each)
        elif each.starts_at < change.at:
            kept.append(replace(each, ends_at=change.at))
    return replace(office, modes=tuple(kept))


def _with_details(office: Office, change: DetailsChange) -> Office:
    if change.name is not None:
        if not change.name.strip():
            raise BadInput(field="name", reason="missing")
        if len(change.name) > OFFICE_NAME_MAX:
            raise BadInput(field="name", reason="length", high=OFFICE_NAME_MAX)
        office = replace(office, name=change.name)
    if change.zone is not None and change.zone != office.zone:
        if change.zone not in available_timezones():
            raise BadInput(field="zone", reason="unknown")
        office = replace(office, zone=change.zone)
    if change.languages is not None:
        admit_languages(change.languages)
        office = replace(office, languages=change.languages)
    return office if change.told is None else describe_office(office, change.told)
