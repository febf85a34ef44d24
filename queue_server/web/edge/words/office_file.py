"""What is wrong with an office, its file or a catalogue, and what a file would change, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queue_server.domain.office.office import Office
from queue_server.domain.office.whole.differences import Difference, Kind
from queue_server.web.edge.locale import current_language, ngettext
from queue_server.web.edge.locale import gettext as _

from .rooms import measure_error_words


def fault_words(facts: Mapping[str, Any]) -> str:
    """What is wrong, with the path in the file and what to do."""
    return _("%(path)s: %(reason)s", path=_say_path(facts), reason=reason_words(facts))


def _say_path(facts: Mapping[str, Any]) -> str:
    path = str(facts["field"])
    if path == "file" and facts.get("line"):
        return _("Line %(num)s", num=facts["line"])
    return _("The file") if path == "file" else path


def reason_words(facts: Mapping[str, Any]) -> str:
    """Why a value cannot be."""
    reason, value = str(facts.get("reason")), facts.get("value", "")
    low, high = facts.get("low", ""), facts.get("high", "")
    wanted = facts.get("wanted", "")
    known = {
        "missing": _("this is needed."),
        "unknown_field": _("there is no such field. Check how it is written, or take it out."),
        "unknown": _("there is no “%(value)s”.", value=value),
        "duplicate": _("this stands here twice. Each may be used once."),
        "format": _("this can have letters, digits and hyphens only."),
        "characters": _("this holds characters that cannot be shown."),
        "length": _("this is too long; at most %(high)s.", high=high),
        "count": _("these are too many; at most %(high)s.", high=high),
        "range": _("this must be from %(low)s to %(high)s.", low=low, high=high),
        "type": _type_words(str(wanted)),
        "choice": _("choose one of %(wanted)s.", wanted=wanted),
        "language": _("“%(value)s” is no code of a language, such as id or en.", value=value),
        "kind": _(
            "this is no such file of Antrean: it begins with “antrean: %(kind)s”.", kind=wanted
        ),
        "version": _(
            "this file is of version %(value)s, and this server reads version %(wanted)s. Export "
            "it again from a server of the same release.",
            value=value,
            wanted=wanted,
        ),
        "overlap": _("these overlap. Check where one ends and the next begins."),
        "order": _("the end must be later than the beginning."),
        "weekday": _("there is no such day of the week."),
        "sum": _("both shares together must not be more than 1."),
        "less": _("this must not be less than %(other)s.", other=facts.get("other", "")),
        "more": _("this must not be more than %(other)s.", other=facts.get("other", "")),
        "channel": _("a service that needs a visit has no online address."),
        "url": _("this must be a web address that begins with https://."),
        "lacks": _(
            "the office has “%(value)s”, and the file does not. An import takes nothing away; "
            "remove it on its own page first, or add it to the file.",
            value=value,
        ),
        "yaml": _("this is not written as YAML. Check colons, blanks and quotation marks."),
        "encoding": _("this is no text in UTF-8."),
        "reference": _("references (& and *) are not taken. Write it out where it belongs."),
        "depth": _("this is nested too deeply."),
        "above_oler_bound": _(
            "the room as described cannot hold so many at their distances; at most %(high)s.",
            high=high,
        ),
    }
    if str(facts["field"]).startswith("room.") and reason not in ("unknown_field", "type"):
        return measure_error_words({**facts, "field": str(facts["field"]).rpartition(".")[2]})
    return known.get(reason, _("this cannot be so. Please check it."))


def _type_words(wanted: str) -> str:
    return {
        "object": _("here belong fields with values."),
        "list": _("here belongs a list."),
        "text": _("here belongs a text."),
        "whole": _("here belongs a whole number."),
        "number": _("here belongs a number."),
        "time": _("here belongs a time such as 08:00."),
        "date": _("here belongs a date such as 2026-12-25."),
        "coordinates": _("here belong two numbers: degrees north and east."),
    }.get(wanted, _("here belongs another kind of value."))


def part_words(part: str) -> str:
    """What a part of an office is called."""
    return {
        "name": _("Name"),
        "address": _("Address"),
        "phone": _("Phone"),
        "zone": _("Time zone"),
        "languages": _("Languages for visitors"),
        "people_limit": _("Limit of people inside"),
        "location": _("Way there"),
        "slip": _("Printed slip"),
        "hours": _("Opening hours"),
        "streams": _("Queue"),
        "services": _("Service"),
        "counters": _("Counter"),
        "rules": _("Rule"),
        "room": _("Room"),
    }.get(part, part)


def taken_over_words(facts: Mapping[str, Any]) -> str:
    """Which parts of an office the log says are new or others."""
    new = [f"+ {part_words(str(part)).lower()} {name}" for part, name in facts.get("added", ())]
    changed = [part_words(str(part)).lower() for part in facts.get("changed", ())]
    return ", ".join([*new, *changed]) or "–"


def new_office_words(office: Office) -> list[str]:
    """What a file makes that has no office in whose place it comes."""
    return [
        _("New office: %(name)s", name=office.name),
        _("Queues: %(names)s", names=", ".join(each.letter for each in office.streams) or "–"),
        _("Services: %(num)s", num=len(office.services)),
        _("Counters: %(num)s", num=len(office.counters)),
    ]


def stranded_words(count: int) -> str:
    """How many bookings lose their time by a change."""
    if count == 0:
        return _("No booking loses its time.")
    return ngettext(
        "%(num)s booking loses its time; its holder is told, and it is listed under “Bookings to "
        "rearrange”.",
        "%(num)s bookings lose their time; their holders are told, and they are listed under "
        "“Bookings to rearrange”.",
        count,
    )


def difference_words(each: Difference, before: Office, after: Office) -> str:
    """One difference as a sentence."""
    what = part_words(each.part)
    name = _name_of(each, after if each.kind is Kind.NEW else before)
    if each.kind is Kind.NEW:
        return _("New: %(what)s %(name)s", what=what.lower(), name=name)
    if each.kind is Kind.MISSING:
        return _("Not in the file: %(what)s %(name)s", what=what.lower(), name=name)
    if each.old is not None or each.new is not None:
        label = f"{what} {name}".strip()
        return _(
            "%(what)s: %(old)s → %(new)s",
            what=label,
            old=_value_words(each.old),
            new=_value_words(each.new),
        )
    return _("Changed: %(what)s %(name)s", what=what.lower(), name=name).strip()


def _name_of(each: Difference, office: Office) -> str:
    language = current_language()
    if each.part == "streams" and each.name:
        words = office.stream(each.name).name
        return f"{each.name} – {words.get(language) or words.get('id', '')}"
    if each.part == "services" and each.name:
        words = office.service(each.name).name
        return f"{each.name} – {words.get(language) or words.get('id', '')}"
    if each.part == "counters" and each.name:
        return office.counter(each.name).name
    if each.part == "hours":
        return {"week": _("week"), "seasons": _("seasons"), "days": _("single days")}[each.name]
    if each.fields == ("order",):
        return _("order")
    return each.name


def _value_words(value: object) -> str:
    if value is None or value == "":
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
