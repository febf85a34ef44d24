"""What managers do with an endpoint: add it, change what it hears, test it, give it a new secret,
switch it off and on, remove it. Each is a command with one event; it must declare today.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from queue_server.domain.errors import BadInput, Changed, TooManyWebhooks
from queue_server.domain.events import EventType
from queue_server.domain.webhooks.endpoint import (
    ENDPOINTS_MAX,
    Endpoint,
    OffBecause,
    parse_url,
    rotate,
    switch_off,
    switch_on,
)
from queue_server.domain.webhooks.message import TELLABLE
from queue_server.services.access import log
from queue_server.store.webhooks import endpoints as endpoint_store
from queue_server.store.webhooks import messages as message_store
from queue_server.store.writer.transaction import Transaction

STOPPED = "stopped"
"""Why what was owed is given up when an endpoint is switched off."""


def read_types(names: Collection[str]) -> frozenset[EventType]:
    """The events that an endpoint asks for. Raises `BadInput` of `types`."""
    known = {each.value: each for each in TELLABLE}
    if not names or not set(names) <= known.keys():
        raise BadInput(field="types", reason="choice")
    return frozenset(known[each] for each in names)


def add(
    tx: Transaction, office: str, id: str, url: str, types: Collection[str], by: str, now: datetime
) -> Endpoint:
    """Tell an address what happens from now on. Raises `BadInput`, `TooManyWebhooks`."""
    if len(endpoint_store.list_of_office(tx, office)) >= ENDPOINTS_MAX:
        raise TooManyWebhooks(limit=ENDPOINTS_MAX)
    endpoint = Endpoint(id, office, parse_url(url), read_types(types), now, by, now)
    endpoint_store.add(tx, endpoint)
    _note(tx, EventType.WEBHOOK_ADDED, endpoint, by, now)
    return endpoint


def change(
    tx: Transaction, office: str, id: str, url: str, types: Collection[str], by: str, now: datetime
) -> None:
    """Change where and what an endpoint is told. What is owed goes to the new address. Raises
    `BadInput`, `UnknownWebhook`.
    """
    endpoint = endpoint_store.lock(tx, id, office)
    after = replace(endpoint, url=parse_url(url), types=read_types(types))
    if after != endpoint:
        endpoint_store.save(tx, after)
        _note(tx, EventType.WEBHOOK_CHANGED, after, by, now)


def test(tx: Transaction, office: str, id: str, by: str, now: datetime) -> None:
    """Send an endpoint a message that only says that it arrives, at once even if it has failed.
    Raises `UnknownWebhook`, and `Changed` for one that is switched off.
    """
    endpoint = endpoint_store.lock(tx, id, office)
    if endpoint.taking_since is None:
        raise Changed(webhook=id)
    endpoint_store.save(tx, replace(endpoint, retry_at=None))
    _note(tx, EventType.WEBHOOK_TESTED, endpoint, by, now)


def give_new_secret(tx: Transaction, office: str, id: str, by: str, now: datetime) -> Endpoint:
    """Give an endpoint a new secret; for a day the old one signs as well. Raises
    `UnknownWebhook`.
    """
    endpoint = rotate(endpoint_store.lock(tx, id, office), now)
    endpoint_store.save(tx, endpoint)
    _note(tx, EventType.WEBHOOK_ROTATED, endpoint, by, now)
    return endpoint


def stop(tx: Transaction, office: str, id: str, by: str, now: datetime) -> None:
    """Switch an endpoint off; what it is owed is given up. Doing it again changes nothing. Raises
    `UnknownWebhook`.
    """
    endpoint = endpoint_store.lock(tx, id, office)
    if endpoint.taking_since is None:
        return
    endpoint_store.save(tx, switch_off(endpoint, OffBecause.BY_HAND))
    message_store.give_up_all(tx, id, STOPPED, now)
    _note(tx, EventType.WEBHOOK_STOPPED, endpoint, by, now, because=OffBecause.BY_HAND.value)


def start(tx: Transaction, office: str, id: str, by: str, now: datetime) -> None:
    """Switch an endpoint on, for what happens from now on. Doing it again changes nothing. Raises
    `UnknownWebhook`.
    """
    endpoint = endpoint_store.lock(tx, id, office)
    if endpoint.taking_since is not None:
        return
    endpoint_store.save(tx, switch_on(endpoint, now))
    _note(tx, EventType.WEBHOOK_STARTED, endpoint, by, now)


def send_again(tx: Transaction, office: str, id: str, by: str, now: datetime) -> int:
    """Owe an endpoint again what was given up. Returns how many. Raises `UnknownWebhook`, and
    `Changed` for one that is switched off.
    """
    endpoint = endpoint_store.lock(tx, id, office)
    if endpoint.taking_since is None:
        raise Changed(webhook=id)
    number = message_store.queue_given_up(tx, id, now)
    if number:
        _note(tx, EventType.WEBHOOK_RESENT, endpoint, by, now, count=number)
    return number


def remove(tx: Transaction, office: str, id: str, by: str, now: datetime) -> None:
    """Forget an endpoint with all that it is owed. Raises `UnknownWebhook`."""
    endpoint = endpoint_store.lock(tx, id, office)
    endpoint_store.remove(tx, endpoint)
    _note(tx, EventType.WEBHOOK_REMOVED, endpoint, by, now)


def _note(
    tx: Transaction, type: EventType, endpoint: Endpoint, by: str, now: datetime, **facts: object
) -> None:
    """The host is told and not the address: parts of it may be secret."""
    about = {"webhook": endpoint.id, "host": endpoint.host, **facts}
    log.note(tx, type, endpoint.office, by, now, **about)
