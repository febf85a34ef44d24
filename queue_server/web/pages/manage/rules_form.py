"""Reading and writing the managers' form of an office's rules: values kept as typed, a sentence for
each field that cannot be.
"""

from __future__ import annotations

import re

from queue_server.domain.errors import BadInput
from queue_server.domain.office.changes import RulesChange
from queue_server.domain.office.office import Office
from queue_server.domain.office.rule_ranges import (
    ADDRESSES,
    EDITABLE,
    RANGES,
    RECALL_SECONDS,
    SWITCHES,
    RuleValue,
    find_faults,
)
from queue_server.domain.office.rules import value_of
from queue_server.domain.privacy.retention import PRIVACY_RULES
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.rules.groups import rule_groups, rule_labels
from queue_server.web.edge.words.units import percent_words

from .change_forms import Typed, read_count, read_percent

ON = "1"
_HERE = sorted(EDITABLE - set(PRIVACY_RULES))
"""The rules of this form; those of personal data have a page of their own."""


def write_rules(office: Office) -> Typed:
    """The form of the rules as they are."""
    return {name: _write(name, value_of(office.rules, name)) for name in _HERE}


def _write(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return ON if value else ""
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return (
        percent_words(value)
        if name == "booking.utilisation" and isinstance(value, (int, float))
        else str(value)
    )


def read_rules_form(office: Office, typed: Typed) -> tuple[RulesChange | None, Errors]:
    """The change to the rules, with all of them; or for each field that cannot be, in the order of
    the page, a sentence.
    """
    values = {name: _read(name, typed.get(name, "").strip()) for name in _HERE}
    faults = {str(each.facts["field"]): each for each in find_faults(office.rules, values)}
    letter = values["booking.urgent_letter"]
    if letter is not None and all(each.letter != letter for each in office.streams_here):
        faults["booking.urgent_letter"] = BadInput(field="booking.urgent_letter", reason="unknown")
    errors = {
        each.name: say_fault(each.name, faults[each.name])
        for group in rule_groups()
        for each in group.rules
        if each.name in faults
    }
    return (None, errors) if errors else (RulesChange(values), {})


def _read(name: str, text: str) -> RuleValue:
    """One field. What is no value of its kind is handed on as typed, for the domain to refuse."""
    if name in SWITCHES:
        return text == ON
    if name in ADDRESSES or name in ("calling.policy", "booking.urgent_letter"):
        return text or None
    if name == "calling.recall_seconds":
        seconds = [read_count(each) for each in re.split(r"[,;\s]+", text) if each]
        return tuple(each for each in seconds if each is not None) if None not in seconds else text
    if name == "booking.utilisation":
        share = read_percent(text)
        return text if share is None else share
    number = read_count(text)
    return (text or None) if number is None else number


def say_fault(name: str, fault: BadInput) -> str:
    """Why a rule cannot have the value that was typed."""
    labels, reason = rule_labels(), fault.facts["reason"]
    label, other = labels[name], labels.get(str(fault.facts.get("other")), "")
    if name == "calling.recall_seconds":
        any_number = _(
            "%(label)s: enter whole numbers from 0 to %(high)s, with commas between",
            label=label,
            high=RECALL_SECONDS.high,
        )
        return {
            "count": _("%(label)s: enter as many times as there are calls", label=label),
            "order": _(
                "%(label)s: begin with 0, and let each be later than the one before", label=label
            ),
        }.get(str(reason), any_number)
    if reason == "less":
        return _("%(label)s: must not be less than “%(other)s”", label=label, other=other)
    if reason == "more":
        return _("%(label)s: must not be more than “%(other)s”", label=label, other=other)
    if name in ADDRESSES:
        return _("%(label)s: enter an address like alert@office.go.id, or nothing", label=label)
    if name not in RANGES:
        return _("%(label)s: choose one of these", label=label)
    within = RANGES[name]
    if name == "booking.utilisation":
        low, high = percent_words(within.low), percent_words(within.high)
        return _(
            "%(label)s: enter a number from %(low)s to %(high)s", label=label, low=low, high=high
        )
    if within.optional:
        return _(
            "%(label)s: enter a whole number from %(low)s to %(high)s, or nothing",
            label=label,
            low=within.low,
            high=within.high,
        )
    return _(
        "%(label)s: enter a whole number from %(low)s to %(high)s",
        label=label,
        low=within.low,
        high=within.high,
    )
