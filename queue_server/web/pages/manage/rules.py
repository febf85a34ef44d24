"""Managers' page on the published rules of their office."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office
from queue_server.domain.office.rule_ranges import ADDRESSES, RANGES, SWITCHES
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.rules.groups import rule_groups
from queue_server.web.edge.words.rules.policies import policy_costs, policy_words

from .change_forms import Typed
from .dry_run import Page, answer_change, done_url, done_words
from .hours import changes
from .rules_form import read_rules_form, write_rules


def show_rules(office: Office, typed: Typed, errors: Errors) -> str:
    """The form of the rules."""
    policies = [
        (policy.value, name, what, policy_costs(policy))
        for policy, (name, what) in policy_words().items()
    ]
    return render_template(
        "manage/rules.html",
        office=office,
        values=typed,
        errors=errors,
        groups=rule_groups(),
        policies=policies,
        switches=SWITCHES,
        addresses=ADDRESSES,
        ranges=RANGES,
        done=None if errors else done_words(office),
    )


@changes.get("/rules")
@office_page(MANAGERS)
def rules(office: Office, who: Principal) -> ResponseReturnValue:
    """The rules as they are."""
    return show_rules(office, write_rules(office), {})


@changes.post("/rules")
@office_page(MANAGERS)
def save_rules(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply new rules."""
    page = Page(
        "rules",
        _("Queue rules"),
        read_rules_form,
        show_rules,
        url_for("changes.save_rules"),
        done_url("changes.rules", office),
    )
    return answer_change(office, who, page)
