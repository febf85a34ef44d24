"""How the parts of an office stand: what is missing or waits for somebody, in a few words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from queue_server.domain.office.office import Office
from queue_server.services.access.device_sight import find_silent
from queue_server.store.access import devices as device_store
from queue_server.store.booking.stranded import count_stranded
from queue_server.store.messages import by_hand
from queue_server.store.room import zones as zone_store
from queue_server.web.edge.context import context, now
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext
from queue_server.web.edge.words.codes import mode_name_words


@dataclass(frozen=True)
class State:
    """How a part stands. `waits`: somebody has to do something about it."""

    words: str
    waits: bool = False


def find_states(office: Office) -> dict[str, State]:
    """What there is to say of each page's part, by the page's endpoint."""
    said = {
        "descriptions.services": _count(
            len(office.services),
            _("no services yet"),
            lambda n: ngettext("%(num)s service", "%(num)s services", n),
        ),
        "settings.streams": _count(
            len(office.streams),
            _("no queues yet"),
            lambda n: ngettext("%(num)s queue", "%(num)s queues", n),
        ),
        "settings.counters": _count(
            len(office.counters),
            _("no counters yet"),
            lambda n: ngettext("%(num)s counter", "%(num)s counters", n),
        ),
        "changes.limit": State(
            _("no limit")
            if office.people_limit is None
            else ngettext("%(num)s person", "%(num)s people", office.people_limit)
        ),
    }
    unserved = [
        each.letter
        for each in office.streams_here
        if all(each.letter not in counter.letters for counter in office.counters)
    ]
    if unserved and office.counters:
        said["settings.counters"] = State(
            _("nobody serves %(letters)s", letters=", ".join(unserved)), waits=True
        )
    offered, at_home = (
        any(each.remote for each in group) for group in (office.services, office.counters)
    )
    if offered is not at_home:
        lacks = _("no counter at home") if offered else _("no service from home")
        said["changes.remote"] = State(lacks, waits=True)
    if not (office.hours.week or office.hours.seasons or office.hours.days):
        said["changes.hours"] = State(_("no hours yet"), waits=True)
    return said | _mode_state(office) | _found_states(office)


def _count(number: int, none: str, some: Callable[[int], str]) -> State:
    return State(some(number)) if number else State(none, waits=True)


def _mode_state(office: Office) -> dict[str, State]:
    """A mode that holds, and the oldest date by which the office has promised to look at one."""
    moment = now()
    today, holding = office.date_at(moment), [each for each in office.modes if each.covers(moment)]
    if any(each.review_on is not None and each.review_on <= today for each in holding):
        return {"changes.mode": State(_("review date is due"), waits=True)}
    return {"changes.mode": State(mode_name_words(office.mode_at(moment).value))}


def _found_states(office: Office) -> dict[str, State]:
    """What only the database knows."""
    with context().database.read() as connection:
        silent = find_silent(connection, office, now())
        devices = [
            each
            for each in device_store.list_of_office(connection, office.code)
            if each.state == "PAIRED"
        ]
        stranded = count_stranded(connection, office.code)
        to_tell = by_hand.count_to_tell(connection, office.code).people
        zones = zone_store.load(connection, office.code).zones
    said: dict[str, State] = {}
    screens = sum(each.kind == "DISPLAY" for each in devices if each.id in silent)
    others = sum(each.kind != "DISPLAY" for each in devices if each.id in silent)
    if screens:
        said["manage.displays"] = State(
            ngettext("%(num)s screen silent", "%(num)s screens silent", screens), waits=True
        )
    if not devices:
        said["manage.devices"] = State(_("no devices yet"))
    elif others:
        said["manage.devices"] = State(
            ngettext("%(num)s device silent", "%(num)s devices silent", others), waits=True
        )
    if not zones:
        said["room.show"] = State(_("not described yet"))
    if stranded or to_tell:
        number = max(stranded, to_tell)
        said["changes.stranded"] = State(
            ngettext("%(num)s waits", "%(num)s wait", number), waits=True
        )
    return said
