"""One change for many offices: a dry run for all, then the change itself."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from queue_server.domain import errors
from queue_server.domain.office.changes import Change, HoursChange, ModeDecision, Together
from queue_server.domain.office.hours import DayHours
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Office
from queue_server.domain.province.changes import keep_mode, limit_people, limit_share
from queue_server.services.places.ticket_ids import draw
from queue_server.services.province.many import (
    OfficeTrial,
    Outcome,
    Refused,
    change_many,
    days_of,
    keep_outcomes,
    recall_outcomes,
)
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform_kept, read_key
from queue_server.web.edge.access.principals import Principal, admit_office, current
from queue_server.web.edge.access.routes import OVERSEERS
from queue_server.web.edge.bodies.bulk import (
    ManyChangeBody,
    ManyConfirmationBody,
    ManyLimitBody,
    ManyTrialBody,
)
from queue_server.web.edge.context import find_office, now
from queue_server.web.edge.forms.commands import mark_of
from queue_server.web.edge.managing.many import offices_of, plan_changed, try_in_each


@dataclass(frozen=True)
class Refusal:
    """Why an office keeps what it has: the code of the error, and its facts."""

    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class OfficeChangePreview:
    """What the change would do in one office: how many bookings would lose their time, and how
    many visitors would be told of it by mail, by telephone, or cannot be. `same`: it is so already.
    """

    office: str
    same: bool
    refused: Refusal | None
    stranded: int
    told_by_mail: int
    told_by_phone: int
    told_by_nobody: int


@dataclass(frozen=True)
class ManyPreview:
    """A dry run; nothing was changed. `revisions` are those of the offices that the change would
    change. Sent along with it, they and `seal` make sure that it meets what was looked at.
    """

    offices: tuple[OfficeChangePreview, ...]
    revisions: Mapping[str, int]
    seal: str


@dataclass(frozen=True)
class OfficeOutcome:
    """What became of the change in one office: `done`, or `refused` and all as it was."""

    office: str
    done: bool
    refused: Refusal | None


@dataclass(frozen=True)
class ManyOutcome:
    """What became of the change: in all offices that did not refuse it, or in none."""

    offices: tuple[OfficeOutcome, ...]


_REFUSALS = (errors.UnknownOffice, errors.BadInput)


@operation(
    "POST",
    "/province/changes/dry-run",
    access=OVERSEERS,
    tag="province",
    body=ManyTrialBody,
    answers={200: ManyPreview},
    refusals=_REFUSALS,
)
def try_many(body: ManyTrialBody) -> ManyPreview:
    """Show what one change of mode, notice, hours of a day or limit would do in many offices."""
    who = current()
    offices = (
        offices_of(who) if body.offices is None else _find_offices(dict.fromkeys(body.offices))
    )
    changes, refused = _make_changes(body, offices, who)
    trials = [*refused, *try_in_each(changes)]
    revisions = {
        each.office.code: each.office.revision
        for each in trials
        if each.refused is None and not each.is_same
    }
    return ManyPreview(
        tuple(map(_view_trial, sorted(trials, key=lambda each: each.office.code))),
        revisions,
        _seal(who, body, revisions),
    )


@operation(
    "POST",
    "/province/changes",
    access=OVERSEERS,
    tag="province",
    body=ManyConfirmationBody,
    answers={200: ManyOutcome},
    once=True,
    refusals=_REFUSALS,
)
def change_offices(body: ManyConfirmationBody) -> ManyOutcome:
    """Make the change of a dry run, in all its offices that have not been changed since."""
    who, moment = current(), now()
    read_key()  # one that cannot be is refused before anything else
    if not hmac.compare_digest(body.seal, _seal(who, body, body.revisions)):
        raise errors.BadInput(field="seal", reason="no_dry_run")
    offices = _find_offices(body.revisions)
    changes, refused = _make_changes(body, offices, who)
    kept = perform_kept(
        days_of(offices, moment),
        lambda tx: keep_outcomes(change_many(tx, changes, body.revisions, who.id, moment)),
    )
    outcomes = recall_outcomes(kept)
    plan_changed(outcomes)
    for each in refused:
        if each.refused is not None and each.office.code not in outcomes:
            outcomes[each.office.code] = Refused(each.refused.code, each.refused.facts)
    return ManyOutcome(tuple(_view_outcome(code, outcomes[code]) for code in sorted(outcomes)))


def _find_offices(codes: Iterable[str]) -> list[Office]:
    """Raises `Forbidden` for an office of others, `UnknownOffice`."""
    for code in codes:
        admit_office(code)
    return [find_office(code) for code in codes]


def _seal(who: Principal, body: ManyChangeBody, revisions: Mapping[str, int]) -> str:
    """The mark of a dry run: who saw it, of which change, in which offices as they were."""
    change = body.model_dump(mode="json", include=set(ManyChangeBody.model_fields))
    return mark_of("many-api", [who.id, change, sorted(revisions.items())])


def _make_changes(
    body: ManyChangeBody, offices: Iterable[Office], who: Principal
) -> tuple[dict[str, Change], list[OfficeTrial]]:
    """The change for each office, by code; and the offices in which it makes no sense."""
    changes: dict[str, Change] = {}
    refused = []
    for office in offices:
        try:
            changes[office.code] = Together(tuple(_list_parts(body, office, who)))
        except errors.DomainError as why:
            refused.append(OfficeTrial(office, None, refused=why))
    return changes, refused


def _list_parts(body: ManyChangeBody, office: Office, who: Principal) -> Iterable[Change]:
    moment = now()
    if body.mode is not None:
        mode = body.mode
        yield ModeDecision(
            ModePeriod(
                draw().id,
                ServiceMode(mode.mode),
                mode.starts_at or moment,
                moment,
                who.id,
                mode.ends_at,
                None,
                mode.review_on,
                _texts(mode.notice),
            )
        )
    if body.notice is not None:
        notice = _texts(body.notice.text)
        said = ModePeriod(
            draw().id,
            ServiceMode.NORMAL,
            moment,
            moment,
            who.id,
            body.notice.ends_at,
            notice=notice,
        )
        yield keep_mode(office, said, moment)
    if body.day is not None:
        day = body.day
        yield HoursChange(
            days={
                day.date: None
                if day.openings is None
                else DayHours(
                    tuple((each.opens, each.closes) for each in day.openings), _texts(day.reason)
                )
            }
        )
    if body.limit is not None:
        yield _limit(body.limit, office)


def _limit(limit: ManyLimitBody, office: Office) -> Change:
    if limit.percent is not None:
        return limit_share(office, limit.percent)
    assert limit.people is not None, "the body has one of both"
    return limit_people(office, limit.people)


def _texts(given: Mapping[Any, str]) -> dict[str, str]:
    return {str(language): text for language, text in given.items()}


def _view_trial(trial: OfficeTrial) -> OfficeChangePreview:
    refused, told = trial.refused, trial.told
    return OfficeChangePreview(
        trial.office.code,
        trial.is_same,
        None if refused is None else Refusal(refused.code, refused.facts),
        trial.stranded,
        told.by_mail,
        told.by_phone,
        told.nobody_can,
    )


def _view_outcome(code: str, outcome: Outcome) -> OfficeOutcome:
    if isinstance(outcome, Refused):
        return OfficeOutcome(code, False, Refusal(outcome.code, outcome.facts))
    return OfficeOutcome(code, outcome, None)
