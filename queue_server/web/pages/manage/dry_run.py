"""The way of every change of hours, limit, rules and mode: the form, a dry run of what it does, and
only then the change itself.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import (
    BadInput,
    CannotUndo,
    Changed,
    StillInUse,
    UnknownDevice,
    UnknownService,
)
from queue_server.domain.messages.message import MessageChannel, MessageKind
from queue_server.domain.messages.owed import choose_channel
from queue_server.domain.office.changes import Change
from queue_server.domain.office.office import Office
from queue_server.domain.office.settings.parts import compare
from queue_server.domain.room.capacity import ABOVE_OLER_BOUND
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.services import upkeep
from queue_server.services.office.changes import Preview, apply_change, preview_change
from queue_server.services.shown import service_of
from queue_server.store.access.devices import name_devices
from queue_server.store.booking.stranded import list_visitors
from queue_server.store.messages.wording import find_own
from queue_server.store.office.in_use import find_in_use
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.context import context, now, today_at
from queue_server.web.edge.forms.commands import KEY_FIELD, mark_of, run_once, was_run
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import LANGUAGES
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.long_work.zone_plans import find_limit
from queue_server.web.edge.words.messages.letters import Letter, write_letter
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.edge.words.remote import counter_open_words
from queue_server.web.edge.words.rooms import above_bound_words, above_room_words
from queue_server.web.edge.words.settings.parts import list_parts, say_holding
from queue_server.web.edge.words.settings.refused import say_refused

from .change_forms import Typed

MOST_FIELDS, LONGEST_FIELD = 500, 600
NAMES_SHOWN = 100
"""Bookings that a review lists by name; it says how many more there are."""

_OWN_FIELDS = {"csrf_token", "step", "revision", "mark", "seen", KEY_FIELD, "lang"}
Read = Callable[[Office, Typed], tuple[Change | None, Errors]]
Show = Callable[[Office, Typed, Errors], str]


@dataclass(frozen=True)
class Page:
    """One kind of change: its name in addresses and marks, its title, how its form is read and
    shown, where it leads afterwards. `undoes` is the revision of the change that it takes back,
    `say` tells what is wrong where the fields of the form know it better, and of each field at most
    `longest` characters are read. `effect` says from when on the change is seen, and `sent` are
    fields that stand for what no form can send again, such as a file.
    """

    name: str
    title: str
    read: Read
    show: Show
    action_url: str
    done_url: str
    undoes: int | None = None
    say: Callable[[BadInput], Errors] | None = None
    longest: int = LONGEST_FIELD
    effect: str = ""
    sent: Typed = field(default_factory=dict)


@dataclass(frozen=True)
class DayRow:
    """What a change does to one date. Places are None where no number of persons limits them."""

    date: date
    slots_before: int
    slots_after: int
    people_before: int | None
    people_after: int | None
    stranded: int


@dataclass(frozen=True)
class BookingRow:
    """A booking that would lose its place. `channel` is how its holder will be told."""

    starts_at: datetime | None
    service: Any
    name: str
    party_size: int
    urgent: bool
    channel: MessageChannel


def read_typed(longest: int = LONGEST_FIELD) -> Typed:
    """Everything typed into the form at hand, and nothing of the page's own: of each field at most
    `longest` characters; commas between several values of one.
    """
    fields = {
        name: ",".join(values)[:longest].replace("\r\n", "\n")
        for name, values in request.form.lists()
        if name not in _OWN_FIELDS
    }
    return dict(list(fields.items())[:MOST_FIELDS])


def answer_change(office: Office, who: Principal, page: Page) -> ResponseReturnValue:
    """Answer a form of a change: back to it with what is wrong, the dry run, or the change itself
    once the dry run was seen.
    """
    typed = {**read_typed(page.longest), **page.sent}
    step = request.form.get("step") or _step_of_language()
    if step == "edit":
        return page.show(office, typed, {})
    revision = _seen_revision(office, page, typed) if step == "apply" else None
    # Sent twice, it may no longer even make sense, and has been done all the same.
    if revision is not None and was_run(
        "change", who.id, _asked(office.code, page, typed, revision)
    ):
        return redirect(page.done_url, 303)
    try:
        change, errors = page.read(office, typed)
        if change is None:
            return page.show(office, typed, errors), 422
        if revision is None:
            warning = _changed_meanwhile() if _was_overtaken(office) else None
            review = _review(office.code, page, typed, change, warning)
            return (review, 409) if warning else review
        return _apply(office, who, page, typed, change, revision)
    except BadInput as refused:
        say = page.say or _refused_errors
        return page.show(office, typed, say(refused)), 422
    except (UnknownDevice, UnknownService) as refused:
        return page.show(
            office, typed, {"service": refusal_words(refused.code, refused.facts)}
        ), 422
    except (StillInUse, CannotUndo) as refused:
        return page.show(office, typed, say_refused(refused)), 409


def _refused_errors(refused: BadInput) -> Errors:
    """What is wrong, at its field where the forms themselves cannot know it."""
    if refused.facts.get("reason") == ABOVE_OLER_BOUND:
        return {"people_limit": above_bound_words(int(str(refused.facts["high"])))}
    if refused.facts.get("reason") == "counter_open":
        return {str(refused.facts["field"]): counter_open_words()}
    return say_refused(refused)


def _step_of_language() -> str:
    """What a form sent by the language switch asks for: what is shown now, in the other
    language.
    """
    return "edit" if "lang" in request.args and "mark" not in request.form else "preview"


def _asked(office: str, page: Page, typed: Typed, revision: int) -> list[object]:
    """What a form asks for: just this change, to the office as its sender has seen it."""
    return [page.name, office, revision, sorted(typed.items())]


def _seen_revision(office: Office, page: Page, typed: Typed) -> int | None:
    """The revision whose dry run of just this form its sender has seen; None if they have not."""
    text = request.form.get("revision", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    given = request.form.get("mark", "")
    return (
        int(text)
        if hmac.compare_digest(
            given.encode(), mark_of("change", _asked(office.code, page, typed, int(text))).encode()
        )
        else None
    )


def _apply(
    office: Office, who: Principal, page: Page, typed: Typed, change: Change, revision: int
) -> ResponseReturnValue:
    moment = now()

    def command(tx: Transaction) -> dict[str, Any]:
        return {
            "revision": apply_change(
                tx, office.code, change, who.id, moment, revision, page.undoes
            ).revision
        }

    asked = _asked(office.code, page, typed, revision)
    try:
        run_once("change", who.id, asked, [today_at(office)], command)
    except Changed:
        return _review(office.code, page, typed, change, _changed_meanwhile()), 409
    upkeep.plan_office(context().database, office.code, moment)
    return redirect(page.done_url, 303)


def _was_overtaken(office: Office) -> bool:
    """Whether somebody has changed the office since the form at hand was shown."""
    return request.form.get("seen", str(office.revision)) != str(office.revision)


def _changed_meanwhile() -> str:
    return _(
        "Somebody else has changed this office's settings meanwhile. This is what your change "
        "would do now."
    )


def _review(code: str, page: Page, typed: Typed, change: Change, warning: str | None = None) -> str:
    with context().database.read() as connection:
        office = context().database.offices.get(connection, code)
        preview = preview_change(connection, office, change, now(), find_limit)
        stranded = preview.stranded
        visitors = list_visitors(connection, code, [each.id for each in stranded])
        visits = find_in_use(connection, office, office.date_at(now())).visits
        devices = name_devices(connection, code)
    changed = {**compare(office, preview.office), **preview.beside}
    above_room = (
        None
        if preview.room_limit is None
        else above_room_words(preview.room_limit, preview.office.people_limit)
    )
    parts = list_parts(changed, preview.office, devices)
    if preview.holds is not None:
        parts.append(say_holding(*preview.holds))
    rows = [_show_booking(office, each, visitors.get(each.id)) for each in stranded]
    told: dict[MessageChannel, set[str]] = {channel: set() for channel in MessageChannel}
    for each, row in zip(stranded, rows, strict=True):
        visitor = visitors.get(each.id)
        told[row.channel].add(
            visitor.nik_fingerprint if visitor else each.id
        )  # somebody with two bookings is one person
    counts = {channel: len(people) for channel, people in told.items()}
    return render_template(
        "manage/dry_run.html",
        office=office,
        page=page,
        fields=typed,
        revision=preview.revision,
        warning=warning,
        seal=mark_of("change", _asked(code, page, typed, preview.revision)),
        days=_show_days(office, preview),
        rows=rows[:NAMES_SHOWN],
        more=max(0, len(rows) - NAMES_SHOWN),
        stranded=len(rows),
        counts=counts,
        letters=_letters(preview.office, stranded),
        same=not changed,
        parts=parts,
        here=sum(each.here for each in visits),
        booked=sum(each.booked for each in visits),
        above_room=above_room,
    )


def _show_days(before: Office, preview: Preview) -> list[DayRow]:
    """Without a limit of persons the places of a slot are no number anybody wants to read."""
    return [
        DayRow(
            day.date,
            day.slots_before,
            day.slots_after,
            day.people_before if before.people_limit is not None else None,
            day.people_after if preview.office.people_limit is not None else None,
            len(day.stranded),
        )
        for day in preview.days
    ]


def _show_booking(office: Office, ticket: Ticket, visitor: Visitor | None) -> BookingRow:
    channel = choose_channel(visitor.email, visitor.phone) if visitor else MessageChannel.NONE
    return BookingRow(
        ticket.slot,
        service_of(office, ticket.service).name,
        visitor.name if visitor else "",
        ticket.party_size,
        ticket.channel is Channel.URGENT,
        channel,
    )


def _letters(after: Office, stranded: tuple[Ticket, ...]) -> Mapping[str, Letter]:
    """What the first of them would read, in each language."""
    if not stranded:
        return {}
    url, kind = context().settings.public_url, MessageKind.STRANDED
    with context().database.read() as connection:
        own = find_own(connection, after.code, kind)
    return {
        language: write_letter(kind, after, stranded[0], url, language, own=own)
        for language in LANGUAGES
    }


def done_words(office: Office) -> str | None:
    """The sentence about a change that has just been applied."""
    return _("The change is in force.") if request.args.get("done") == office.code else None


def done_url(endpoint: str, office: Office) -> str:
    """Where an applied change leads: its page, which says that it is done."""
    return url_for(endpoint, office=office.code, done=office.code)
