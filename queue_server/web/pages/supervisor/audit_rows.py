"""Acts in the words of the reader: what, where, who and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.access.accounts import COMMAND_LINE
from queue_server.domain.audit.acts import KIND_OF, ActKind
from queue_server.domain.events import ACCESS, Event, EventType
from queue_server.domain.office.office import Office
from queue_server.services.counter.overrides import Act
from queue_server.services.privacy.wiping import BY as UPKEEP
from queue_server.store.access import devices as device_store
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.staff import staff_names
from queue_server.web.edge.context import context
from queue_server.web.edge.words.log.events import reason_words
from queue_server.web.edge.words.tickets import counter_words

from .access_words import access_sentence, actor_words
from .words import call_sentence, override_words, picked_sentence


@dataclass(frozen=True)
class Known:
    """What everything of an office is called, by id."""

    office: Office
    people: Mapping[str, str]
    counters: Mapping[str, str]
    devices: Mapping[str, str]

    @property
    def locations(self) -> dict[str, str]:
        """Counters and devices by what stands for them in an address."""
        return {f"counter:{id}": name for id, name in self.counters.items()} | {
            f"device:{id}": name for id, name in self.devices.items()
        }

    @property
    def doers(self) -> dict[str, str]:
        """Who may have done something: people by name, then what does it without any."""
        named = sorted(self.people.items(), key=lambda each: each[1].casefold())
        return dict(named) | {each: actor_words(each, {}) for each in (UPKEEP, COMMAND_LINE)}


@dataclass(frozen=True)
class ActRow:
    """An act as pages and files show it, `at` on the office's clock."""

    act: Act
    at: datetime
    kind: ActKind
    what: str
    where: str
    who: str
    why: str
    is_out_of_order: bool


def find_known(office: Office, who: Principal) -> Known:
    """The names for a reader of this office's log."""
    with context().database.read() as connection:
        devices = {
            each.id: each.name for each in device_store.list_of_office(connection, office.code)
        }
    counters = {each.id: counter_words(each.name) for each in office.counters}
    return Known(office, staff_names(office, who), counters, devices)


def show_act(act: Act, known: Known) -> ActRow:
    """An act in the current language."""
    return ActRow(
        act,
        known.office.local(act.at),
        KIND_OF[act.type],
        _say_what(act, known),
        _say_where(act, known),
        _say_who(act, known),
        reason_words(act.because),
        act.is_out_of_order,
    )


def _say_what(act: Act, known: Known) -> str:
    if act.type is EventType.CALLED:
        return picked_sentence(act) if act.call is None else call_sentence(act.call)
    if act.type in ACCESS:
        event = Event(act.type, known.office.code, act.mark[0], act.at, act.ticket, act.facts)
        return access_sentence(event, known.people, known.devices)
    return override_words(act, known.counters, known.office)


def _say_where(act: Act, known: Known) -> str:
    counter = act.facts.get("counter")
    if act.type is EventType.CALLED:
        counter = act.facts["changed"]["counter"][1]
    if counter:
        return known.counters.get(str(counter), str(counter))
    device = act.facts.get("device")
    return known.devices.get(str(device), str(device)) if device else ""


def _say_who(act: Act, known: Known) -> str:
    """By name; somebody without a name here is a device, or stands as the id. "" where nobody is
    known, as with a wrong password.
    """
    return actor_words(act.by, {**known.devices, **known.people})
