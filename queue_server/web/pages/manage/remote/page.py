"""Managers' page on visits by phone and video: which services can be had so, and which counters are
worked from home.
"""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput
from queue_server.domain.office.descriptions import admit_online_url
from queue_server.domain.office.office import Office
from queue_server.domain.office.remote import REMOTE_KINDS, RemoteChange, RemoteCounter
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.remote import kind_words
from queue_server.web.pages.manage.change_forms import Typed, one_line
from queue_server.web.pages.manage.dry_run import Page, answer_change, done_url, done_words
from queue_server.web.pages.manage.hours import changes


def write_remote(office: Office) -> Typed:
    """The form of what is from home as it is."""
    kinds = {
        f"{kind}_{service.code}": "yes" for service in office.services for kind in service.remote
    }
    homes = {f"home_{each.id}": "yes" for each in office.counters if each.remote}
    urls = {f"url_{each.id}": each.meeting_url or "" for each in office.counters}
    return kinds | homes | urls


def read_remote_form(office: Office, typed: Typed) -> tuple[RemoteChange | None, Errors]:
    """The change that a form asks for; an address counts only for a counter that is at home."""
    services = {
        each.code: tuple(kind for kind in REMOTE_KINDS if f"{kind}_{each.code}" in typed)
        for each in office.services
    }
    counters, errors = {}, {}
    for each in office.counters:
        if f"home_{each.id}" not in typed:
            continue
        url = one_line(typed, f"url_{each.id}")
        if url and not _is_address(url):
            errors[f"url_{each.id}"] = _("Enter an address that begins with https://")
        counters[each.id] = RemoteCounter(url or None)
    return (None, errors) if errors else (RemoteChange(services, counters), {})


def _is_address(url: str) -> bool:
    try:
        admit_online_url(url)
    except BadInput:
        return False
    return True


@changes.get("/remote")
@office_page(MANAGERS)
def remote(office: Office, who: Principal) -> ResponseReturnValue:
    """What the office serves from home."""
    return show_remote(office, write_remote(office), {})


def show_remote(office: Office, typed: Typed, errors: Errors) -> str:
    """The form, with what is missing for it to be of use."""
    offered = any(each.remote for each in office.services)
    staffed = any(each.remote for each in office.counters)
    return render_template(
        "manage/remote/page.html",
        office=office,
        values=typed,
        errors=errors,
        kinds=[(each.value, kind_words()[each]) for each in REMOTE_KINDS],
        lacks=None if offered is staffed else "counter" if offered else "service",
        done=done_words(office),
    )


@changes.post("/remote")
@office_page(MANAGERS)
def save_remote(office: Office, who: Principal) -> ResponseReturnValue:
    """Show what a change of it does, or change it."""
    page = Page(
        "remote",
        _("By phone and video"),
        read_remote_form,
        show_remote,
        url_for("changes.save_remote"),
        done_url("changes.remote", office),
    )
    return answer_change(office, who, page)
