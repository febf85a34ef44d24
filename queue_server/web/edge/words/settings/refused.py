"""Why a change of an office's settings is refused, and what to do first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queue_server.domain.errors import BadInput, CannotUndo, DomainError, StillInUse
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext
from queue_server.web.edge.words.descriptions import refused_description
from queue_server.web.edge.words.refusals import refusal_words

_FIELDS = {
    *("code", "letter", "letters", "name", "name_id", "name_en", "minutes", "summary", "zone"),
    *("slot_quota", "walk_in_quota"),
}
"""Fields of the forms of an office's structure, at which the sentence stands."""


def say_refused(refused: DomainError) -> Errors:
    """What is wrong, at its field where it has one."""
    if isinstance(refused, StillInUse):
        return {"": in_use_words(refused.facts)}
    if isinstance(refused, CannotUndo):
        return {"": cannot_undo_words(str(refused.facts.get("reason")))}
    if isinstance(refused, BadInput):
        field = str(refused.facts.get("field"))
        if field in _FIELDS:
            at = "summary_id" if field == "summary" else field
            return {at: bad_setting_words(refused.facts)}
    return {"": refusal_words(refused.code, refused.facts)}


def in_use_words(facts: Mapping[str, Any]) -> str:
    """Why something cannot be taken away now: how many visits are not over, and what to do."""
    if facts.get("kind") == "counter":
        return _(
            "Counter %(name)s is open or has a visitor. Close it first, on its own page or on the "
            "supervisor's.",
            name=facts.get("name"),
        )
    if facts.get("kind") == "lease":
        return _(
            "A kiosk holds numbers of queue %(letter)s for today. Retire it before the office "
            "opens or after it has closed.",
            letter=facts.get("name"),
        )
    here, booked, wishes = (int(facts[name]) for name in ("here", "booked", "wishes"))
    counts = [
        here and ngettext("%(num)s visitor is here", "%(num)s visitors are here", here),
        booked and ngettext("%(num)s booking stands", "%(num)s bookings stand", booked),
        wishes
        and ngettext(
            "%(num)s visitor is on the waiting list",
            "%(num)s visitors are on the waiting list",
            wishes,
        ),
    ]
    do = {
        "service": _(
            "Serve, move or cancel these first. Set the service mode of this service to “Closed” "
            "so that no more come."
        ),
        "stream": _("Serve, move or cancel these first."),
        "zone": _(
            "They would come at another hour. Change the time zone when no visit is open any more."
        ),
    }[str(facts.get("kind"))]
    return f"{', '.join(each for each in counts if each)}. {do}"


def cannot_undo_words(reason: str) -> str:
    """Why a change cannot be taken back, and what to do instead."""
    return {
        "changed": _(
            "This has been changed again since, or taken back already. Take back the later change "
            "first, or set it anew on its page."
        ),
        "over": _(
            "An ended decision cannot be taken back. Decide anew on the page “Service mode”."
        ),
        "several": _(
            "Several things were changed in one step, as by a file of the whole office. Set them "
            "anew on their pages, or import the earlier file."
        ),
        "picture": _("The old picture is not kept. Choose it again on the page “Printed slip”."),
    }[reason]


def bad_setting_words(facts: Mapping[str, Any]) -> str:
    """What is wrong with one value."""
    field, reason, high = (facts.get(name) for name in ("field", "reason", "high"))
    known = {
        ("code", "format"): _(
            "Enter a short code of capital letters, digits, - and _, such as KTP-BARU"
        ),
        ("code", "taken"): _("Another service has this code. Choose another one"),
        ("letter", "format"): _("Choose one letter from A to Z"),
        ("letter", "taken"): _("Another queue has this letter. Choose another one"),
        ("letter", "used"): _(
            "The service %(by)s belongs to this queue. Give it another queue, or retire it first",
            by=facts.get("by"),
        ),
        ("letter", "used_urgent"): _(
            "Urgent cases wait in this queue. Choose another one in the queue rules first"
        ),
        ("letter", "used_remote"): _(
            "Counters that are worked from home serve this queue. Bring them back to the office "
            "first, on the page “By phone and video”"
        ),
        ("letters", "used"): _(
            "Counter %(by)s serves a queue that does not exist", by=facts.get("by")
        ),
        ("letters", "missing"): _(
            "Counter %(counter)s would serve no queue. Choose at least one",
            counter=facts.get("counter"),
        ),
        ("name", "missing"): _("Enter a name"),
        ("name_id", "missing"): _("Enter the name in Indonesian"),
        ("name", "taken"): _("Another counter has this name. Choose another one"),
        ("zone", "unknown"): _("Choose a time zone from the list"),
    }
    if reason == "count":
        return _("There may be at most %(num)s", num=high)
    return known.get((str(field), str(reason))) or refused_description(facts)
