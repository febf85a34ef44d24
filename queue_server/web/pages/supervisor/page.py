"""The supervisor's pages: the live supervisor dashboard, and the list of what was done by hand."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office
from queue_server.services.access import log
from queue_server.services.counter.overrides import list_overrides
from queue_server.services.visit.looking import list_looks
from queue_server.store.access import devices as device_store
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import READERS, WATCHERS
from queue_server.web.edge.access.staff import staff_names
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.devices.help_calls import help_words
from queue_server.web.edge.words.log.events import reason_words
from queue_server.web.edge.words.tickets import counter_words

from .access_words import access_sentence, actor_words
from .look_words import look_words, often_words
from .words import call_sentence, dashboard_script_words, override_words, stop_word

supervise = Blueprint("supervise", __name__, url_prefix="/supervise")

AUDIT_DAYS = 14
"""How many days back the list can be turned to."""


@supervise.get("")
@office_page(WATCHERS)
def dashboard(office: Office, who: Principal) -> ResponseReturnValue:
    """The office at a glance, kept up to date by the live channel."""
    words = dashboard_script_words() | {
        "staff": staff_names(office, who),
        "stopWord": stop_word(),
        "counters": {each.id: counter_words(each.name) for each in office.counters},
    }
    return render_template(
        "supervisor/page.html",
        office=office,
        script_words=words,
        stop_word=stop_word(),
        help_words=help_words(office, who),
    )


@supervise.get("/audit")
@office_page(READERS)
def audit(office: Office, who: Principal) -> ResponseReturnValue:
    """What was overridden, undone, corrected, stopped or changed on a day, by whom and why."""
    today = office.date_at(now())
    day = _read_day(request.args.get("date", ""), today)
    with context().database.read() as connection:
        overrides = list_overrides(connection, office, day)
        access = log.list_day(connection, office.code, day)
        looks = list_looks(connection, office.code, day)
        devices = {
            each.id: each.name for each in device_store.list_of_office(connection, office.code)
        }
    slots = {id: office.local(slot) for id, slot in looks.booked_for.items()}
    counters = {each.id: counter_words(each.name) for each in office.counters}
    names = {"upkeep": _("by itself"), **staff_names(office, who)}
    acts = [
        (
            office.local(each.at),
            override_words(each, counters, office),
            names.get(each.by, each.by),
            reason_words(each.because),
        )
        for each in overrides.acts
    ]
    calls = [
        (
            office.local(each.at),
            call_sentence(each),
            counters.get(each.counter, ""),
            names.get(each.clerk, each.clerk),
            reason_words(each.reason),
            each.in_order,
        )
        for each in overrides.calls
    ]
    sign_ins = [
        (
            office.local(each.event.at),
            access_sentence(each.event, names, devices),
            actor_words(str(each.event.facts.get("by", "")), names),
        )
        for each in access[: log.SHOWN_MAX]
    ]
    return render_template(
        "supervisor/audit.html",
        sign_ins=sign_ins,
        lookers=[
            (names.get(each.by, each.by), often_words(each), each.stands_out)
            for each in looks.people
        ],
        looks=[
            (
                office.local(each.event.at),
                look_words(each.event, counters, slots.get(each.event.ticket or "")),
                names.get(str(each.event.facts.get("by", "")), "–"),
            )
            for each in looks.newest
        ],
        looks_cut=looks.cut,
        sign_ins_cut=len(access) > log.SHOWN_MAX,
        office=office,
        day=day,
        today=today,
        acts=acts,
        calls=calls,
        cut=overrides.cut,
        before=day - timedelta(days=1) if (today - day).days < AUDIT_DAYS else None,
        after=day + timedelta(days=1) if day < today else None,
        out_of_order=sum(not each.in_order for each in overrides.calls),
    )


def _read_day(text: str, today: date) -> date:
    """A date of the last days; anything else is today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if timedelta() <= today - day <= timedelta(days=AUDIT_DAYS) else today
