"""Managers' pages on the queues of their office."""

from __future__ import annotations

from dataclasses import replace
from string import ascii_uppercase

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput, UnknownStream
from queue_server.domain.office.changes import Change
from queue_server.domain.office.office import Office, Stream
from queue_server.domain.office.settings.quotas import QUOTA_MAX
from queue_server.domain.office.settings.structure import put_stream, retire_stream
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import LANGUAGES
from queue_server.web.edge.locale import gettext as _
from queue_server.web.pages.manage.change_forms import Typed, of_the_whole, read_count
from queue_server.web.pages.manage.descriptions.fields import read_words
from queue_server.web.pages.manage.dry_run import Page, answer_change, done_url, done_words

from .details import settings

QUOTAS = ("slot_quota", "walk_in_quota")
"""The fields of a stream that hold a number, or nothing."""


@settings.get("/streams")
@office_page(MANAGERS)
def streams(office: Office, who: Principal) -> ResponseReturnValue:
    """All queues, with the services and counters of each."""
    return show_streams(office, {}, {})


def show_streams(office: Office, typed: Typed, errors: Errors) -> str:
    """The list of the queues."""
    rows = [
        (
            each,
            office.services_of(each.letter),
            [one for one in office.counters if each.letter in one.letters],
        )
        for each in office.streams
    ]
    return render_template(
        "manage/settings/streams.html",
        office=office,
        rows=rows,
        errors=errors,
        done=None if errors else done_words(office),
    )


@settings.get("/streams/edit")
@office_page(MANAGERS)
def stream(office: Office, who: Principal) -> ResponseReturnValue:
    """One queue as it is; without a letter the form of a new one."""
    letter = request.args.get("stream", "")
    if not letter:
        taken = {each.letter for each in office.streams}
        free = next((each for each in ascii_uppercase if each not in taken), "")
        return show_stream(office, {"letter": free, "new": "1"}, {})
    known = office.stream(letter)
    names = {f"name_{each}": known.name.get(each, "") for each in LANGUAGES}
    quotas = {each: _write_quota(getattr(known, each)) for each in QUOTAS}
    return show_stream(office, {"letter": letter, **names, **quotas}, {})


def _write_quota(quota: int | None) -> str:
    return "" if quota is None else str(quota)


def _read_quota(typed: Typed, field: str) -> int | None:
    text = typed.get(field, "").strip()
    quota = read_count(text)
    if text and quota is None:
        raise BadInput(field=field, reason="range", low=0, high=QUOTA_MAX)
    return quota


def show_stream(office: Office, typed: Typed, errors: Errors) -> str:
    """The form of one queue."""
    return render_template(
        "manage/settings/stream.html", office=office, values=typed, errors=errors
    )


def read_stream(office: Office, typed: Typed) -> tuple[Change | None, Errors]:
    """The queue of the form; the domain says whether it can be."""
    letter = typed.get("letter", "").strip().upper()
    known = next((each for each in office.streams if each.letter == letter), None)
    if typed.get("new") and known is not None:
        raise BadInput(field="letter", reason="taken")
    name, quotas = read_words(typed, "name"), [_read_quota(typed, each) for each in QUOTAS]
    if typed.get("new"):
        return put_stream(office, Stream(letter, name, False, *quotas)), {}
    if known is None:
        raise UnknownStream(stream=letter)
    slot_quota, walk_in_quota = quotas
    given = replace(known, name=name, slot_quota=slot_quota, walk_in_quota=walk_in_quota)
    return put_stream(office, given), {}


@settings.post("/streams/edit")
@office_page(MANAGERS)
def save_stream(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply a new queue, or another name of one."""
    action, done = url_for("settings.save_stream"), done_url("settings.streams", office)
    return answer_change(
        office, who, Page("stream", _("Queues"), read_stream, show_stream, action, done)
    )


@settings.post("/streams/retire")
@office_page(MANAGERS)
def do_retire_stream(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply taking a queue away."""

    def read(settled: Office, typed: Typed) -> tuple[Change | None, Errors]:
        return retire_stream(settled, typed.get("stream", "")), {}

    def show(settled: Office, typed: Typed, errors: Errors) -> str:
        return show_streams(settled, typed, of_the_whole(errors))

    action, done = url_for("settings.do_retire_stream"), done_url("settings.streams", office)
    return answer_change(
        office, who, Page("retire-stream", _("Retire a queue"), read, show, action, done)
    )


@settings.get("/streams/retire")
@office_page(MANAGERS)
def back_to_streams(office: Office, who: Principal) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the list."""
    return redirect(url_for("settings.streams", office=office.code, lang=request.args.get("lang")))
