"""Managers' pages on the counters of their office, and which queues each serves."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.office.changes import Change
from queue_server.domain.office.office import Counter, Office
from queue_server.domain.office.settings.structure import (
    next_counter_id,
    put_counter,
    retire_counter,
    with_usual,
)
from queue_server.store.office import offices as office_store
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.pages.manage.change_forms import Typed, one_line
from queue_server.web.pages.manage.dry_run import Page, answer_change, done_url, done_words

from .details import settings


@settings.get("/counters")
@office_page(MANAGERS)
def counters(office: Office, who: Principal) -> ResponseReturnValue:
    """All counters with their queues."""
    return show_counters(office, {}, {})


def show_counters(office: Office, typed: Typed, errors: Errors) -> str:
    """The list of the counters, and the queues that none serves."""
    served = {letter for each in office.counters for letter in each.letters}
    return render_template(
        "manage/settings/counters.html",
        office=office,
        unserved=[each for each in office.streams_here if each.letter not in served],
        errors=errors,
        done=None if errors else done_words(office),
    )


@settings.get("/counters/edit")
@office_page(MANAGERS)
def counter(office: Office, who: Principal) -> ResponseReturnValue:
    """One counter as it is; without an id the form of a new one."""
    id = request.args.get("counter", "")
    if not id:
        taken = {each.name for each in office.counters}
        free = next(str(each) for each in range(1, len(taken) + 2) if str(each) not in taken)
        return show_counter(office, {"name": free}, {})
    known = office.counter(id)
    typed = {"counter": id, "name": known.name}
    return show_counter(office, typed | {f"letter_{each}": "1" for each in known.usual_letters}, {})


def show_counter(office: Office, typed: Typed, errors: Errors) -> str:
    """The form of one counter."""
    at_home = {each.id for each in office.counters if each.remote}
    return render_template(
        "manage/settings/counter.html",
        office=office,
        values=typed,
        errors=errors,
        at_home=typed.get("counter") in at_home,
    )


def read_counter(office: Office, typed: Typed) -> tuple[Change | None, Errors]:
    """The counter of the form; the domain says whether it can be."""
    letters = tuple(
        each.letter for each in office.streams_here if typed.get(f"letter_{each.letter}") == "1"
    )
    id, name = typed.get("counter", ""), one_line(typed, "name")
    if not id:
        with context().database.read() as connection:
            id = next_counter_id(office, office_store.counter_ids(connection, office.code))
        return put_counter(office, Counter(id, name, letters)), {}
    known = replace(office.counter(id), name=name)
    return put_counter(office, with_usual(known, letters)), {}


@settings.post("/counters/edit")
@office_page(MANAGERS)
def save_counter(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply a new counter, or another name or other queues of one."""
    action, done = url_for("settings.save_counter"), done_url("settings.counters", office)
    return answer_change(
        office, who, Page("counter", _("Counters"), read_counter, show_counter, action, done)
    )


@settings.post("/counters/retire")
@office_page(MANAGERS)
def do_retire_counter(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply taking a counter away."""

    def read(settled: Office, typed: Typed) -> tuple[Change | None, Errors]:
        return retire_counter(settled, typed.get("counter", "")), {}

    action, done = url_for("settings.do_retire_counter"), done_url("settings.counters", office)
    title = _("Retire a counter")
    return answer_change(
        office, who, Page("retire-counter", title, read, show_counters, action, done)
    )


@settings.get("/counters/retire")
@office_page(MANAGERS)
def back_to_counters(office: Office, who: Principal) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the list."""
    return redirect(url_for("settings.counters", office=office.code, lang=request.args.get("lang")))
