"""Managers' page on personal data: how long each kind is kept, and what the last nights deleted."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.office.changes import RulesChange
from queue_server.domain.office.office import Office
from queue_server.domain.office.rule_ranges import RANGES, RuleValue, find_faults
from queue_server.domain.office.rules import value_of
from queue_server.domain.privacy.purges import Purge, find_broken
from queue_server.domain.privacy.retention import PRIVACY_RULES, RETENTIONS, DataKind
from queue_server.services.privacy.purging import list_late
from queue_server.store.privacy import purges as purge_store
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.privacy.kinds import basis_words, kept_words, kind_words
from queue_server.web.edge.words.rules.groups import data_group
from queue_server.web.pages.manage.change_forms import Typed, read_count
from queue_server.web.pages.manage.dry_run import Page, answer_change, done_url, done_words
from queue_server.web.pages.manage.hours import changes
from queue_server.web.pages.manage.rules_form import say_fault

NIGHTS_SHOWN = 14


@dataclass(frozen=True)
class KindRow:
    """A kind of data as the page shows it. `deleted` None: nobody has counted it last night."""

    name: str
    what: str
    basis: str
    kept: str
    rule: str | None
    deleted: int | None


def show_privacy(office: Office, typed: Typed, errors: Errors) -> str:
    """The table of kinds, the nights, and the form."""
    with context().database.read() as connection:
        nights = purge_store.list_finished(connection, office.code, NIGHTS_SHOWN + 1)
        is_late = office.code in list_late(connection, context().database, now())
    before = nights[0].digest if len(nights) > NIGHTS_SHOWN else ""
    shown = nights[1:] if before else nights
    return render_template(
        "manage/privacy/page.html",
        office=office,
        values=typed,
        errors=errors,
        rules=data_group().rules,
        ranges=RANGES,
        kinds=_list_kinds(office, shown[-1] if shown else None),
        nights=list(reversed(shown)),
        last=shown[-1] if shown else None,
        broken=find_broken(shown, before),
        is_late=is_late,
        done=None if errors else done_words(office),
    )


def _list_kinds(office: Office, last: Purge | None) -> list[KindRow]:
    words, bases = kind_words(), basis_words()
    counted = {each.kind: each.rows for each in last.rows} if last else {}
    rows = [
        KindRow(
            *words[kind],
            bases[retention.basis],
            kept_words(kind, office.rules),
            retention.rule,
            counted.get(kind),
        )
        for kind, retention in RETENTIONS.items()
    ]
    if DataKind.ERASED in counted:
        name, what = words[DataKind.ERASED]
        rows.append(KindRow(name, what, "", "", None, counted[DataKind.ERASED]))
    return rows


def _write(office: Office) -> Typed:
    return {name: str(value_of(office.rules, name)) for name in PRIVACY_RULES}


def read_privacy_form(office: Office, typed: Typed) -> tuple[RulesChange | None, Errors]:
    """The change to the rules on personal data, or what is wrong with each field."""
    values: dict[str, RuleValue] = {}
    for name in PRIVACY_RULES:
        number = read_count(typed.get(name, ""))
        values[name] = typed.get(name, "") if number is None else number
    faults = {str(each.facts["field"]): each for each in find_faults(office.rules, values)}
    errors = {name: say_fault(name, faults[name]) for name in PRIVACY_RULES if name in faults}
    return (None, errors) if errors else (RulesChange(values), {})


@changes.get("/privacy")
@office_page(MANAGERS)
def privacy(office: Office, who: Principal) -> ResponseReturnValue:
    """How long everything is kept, and the proof of the last nights."""
    return show_privacy(office, _write(office), {})


@changes.post("/privacy")
@office_page(MANAGERS)
def save_privacy(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply other times."""
    page = Page(
        "privacy",
        _("Personal data"),
        read_privacy_form,
        show_privacy,
        url_for("changes.save_privacy"),
        done_url("changes.privacy", office),
    )
    return answer_change(office, who, page)
