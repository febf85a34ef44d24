"""A change for many offices in words: what it would do in each, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from queue_server.domain.errors import DomainError
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.office.office import Office
from queue_server.domain.room.capacity import ABOVE_OLER_BOUND
from queue_server.services.province.many import OfficeTrial, Outcome, Refused
from queue_server.store.messages.wording import find_own
from queue_server.web.edge.context import context
from queue_server.web.edge.locale import LANGUAGES, current_language, format_date, format_time
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.codes import mode_name_words
from queue_server.web.edge.words.messages.letters import Letter, write_letter
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.edge.words.rooms import above_bound_words

from .asking import Kind


@dataclass(frozen=True)
class TrialRow:
    """What the change does in one office: a number from what to what, and why not if it is
    refused.
    """

    office: Office
    what: str
    stranded: int
    by_mail: int
    by_phone: int
    nobody_can: int
    refused: str


@dataclass(frozen=True)
class DoneRow:
    """What became of the change in one office; `failed` why it was refused there."""

    office: Office
    words: str
    failed: bool


def show_trial(kind: Kind, trial: OfficeTrial) -> TrialRow:
    """A dry run in one office."""
    refused = "" if trial.refused is None else _why(trial.refused)
    if trial.is_same:
        refused = _("It is so already.")
    told = trial.told
    return TrialRow(
        trial.office,
        "" if refused else _what(kind, trial),
        trial.stranded,
        told.by_mail,
        told.by_phone,
        told.nobody_can,
        refused,
    )


def _what(kind: Kind, trial: OfficeTrial) -> str:
    """What becomes of what, where a few words can say it."""
    assert trial.preview is not None, "a refused change makes nothing of anything"
    before, after = trial.office, trial.preview.office
    said = []
    if kind is not Kind.NOTICE and len(after.modes) > len(before.modes):
        added = after.modes[-1]
        was = mode_name_words(before.mode_at(added.starts_at).value)
        becomes = mode_name_words(added.mode.value)
        said.append(becomes if was == becomes else f"{was} → {becomes}")
    said += _day_words(before, after)
    if before.people_limit != after.people_limit:
        limits = (before.people_limit, after.people_limit)
        words = " → ".join(_("no limit") if each is None else str(each) for each in limits)
        said.append(
            _("people inside: %(limits)s", limits=words) if kind is Kind.TOGETHER else words
        )
    return "; ".join(said)


def _day_words(before: Office, after: Office) -> list[str]:
    """The hours of each date that get others."""
    return [
        _("%(date)s: %(hours)s", date=_date(day), hours=_hours(after, day))
        for day in sorted({*before.hours.days, *after.hours.days})
        if before.hours.days.get(day) != after.hours.days.get(day)
    ]


def _date(day: date) -> str:
    return format_date(day, current_language(), year=False)


def _hours(office: Office, day: date) -> str:
    language = current_language()
    stretches = [
        f"{format_time(opens, language)}–{format_time(closes, language)}"
        for opens, closes in ((each.opens, each.closes) for each in office.openings_on(day))
    ]
    return ", ".join(stretches) or _("closed")


def _why(refused: DomainError | Refused) -> str:
    if refused.facts.get("reason") == ABOVE_OLER_BOUND:
        return above_bound_words(int(str(refused.facts["high"])))
    return refusal_words(refused.code, refused.facts)


def write_examples(trials: Sequence[OfficeTrial]) -> Mapping[str, Letter]:
    """What the first of all who lose their time would read, in each language."""
    first = next((each for each in trials if each.stranded), None)
    if first is None or first.preview is None:
        return {}
    kind, url = MessageKind.STRANDED, context().settings.public_url
    with context().database.read() as connection:
        own = find_own(connection, first.office.code, kind)
    ticket = first.preview.stranded[0]
    return {
        language: write_letter(kind, first.preview.office, ticket, url, language, own=own)
        for language in LANGUAGES
    }


def show_outcome(office: Office, outcome: Outcome | str) -> DoneRow:
    """What became of one office: an outcome, or a sentence why it could not even be tried."""
    if isinstance(outcome, str):
        return DoneRow(office, outcome, True)
    if isinstance(outcome, Refused):
        return DoneRow(office, _why(outcome), True)
    return DoneRow(office, _("done") if outcome else _("It is so already."), False)
