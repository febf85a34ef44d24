"""What the public is told of offices and services, in words for those who change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from queue_server.web.edge.locale import gettext as _


def told_words(names: Iterable[str]) -> str:
    """Which parts of a description were changed, as a list."""
    words = {
        "summary": _("what it is"),
        "requirements": _("what to bring"),
        "channel": _("online or with a visit"),
        "online": _("online address and steps"),
        "search_words": _("search words"),
        "name": _("name"),
        "zone": _("time zone"),
        "languages": _("languages"),
        "address": _("address"),
        "phone": _("phone"),
        "location": _("map, access and parking"),
        "header": _("lines at the top"),
        "footer": _("lines at the end"),
        "logo": _("logo"),
    }
    return ", ".join(words.get(each, each) for each in names)


def refused_description(facts: Mapping[str, Any]) -> str:
    """What is wrong with a field of a description, from the facts of its `BadInput`."""
    reason, high = facts.get("reason"), facts.get("high")
    if reason == "length":
        return _("Write at most %(num)s characters", num=high)
    if reason == "count":
        return (
            _("Write at most %(num)s steps, one on each line", num=high)
            if facts.get("field") == "steps"
            else _("Write at most %(num)s search words", num=high)
        )
    if reason == "channel":
        return _("A service that needs a visit has no online address. Remove it, or choose another")
    if reason == "url":
        return _("Enter the whole address of the page, beginning with https://")
    if reason == "range":
        return _("Enter a number from %(low)s to %(high)s", low=facts.get("low"), high=high)
    return {
        "steps": _("Write at least one step in Indonesian"),
        "summary": _("Write in Indonesian what the service is"),
        "address": _("Enter the address of the office"),
    }.get(str(facts.get("field")), _("Please correct this"))
