"""What `antrean doctor` looks at: the settings, the whole database and what keeps failing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from queue_server.app import make_clock
from queue_server.causes import say_database_error
from queue_server.domain.messages.message import MessageChannel, MessageState
from queue_server.domain.webhooks.endpoint import OffBecause
from queue_server.domain.webhooks.message import WebhookState
from queue_server.effects import outbox
from queue_server.effects.probe import say_jump
from queue_server.senders import make_senders, read_signing_key
from queue_server.services.access.device_sight import find_silent, view_troubles
from queue_server.services.privacy.purging import list_late
from queue_server.settings import BadSettings, Settings
from queue_server.starting import examine_start, is_in_the_way
from queue_server.store import clock_jumps
from queue_server.store import probes as probe_store
from queue_server.store.access import devices as device_store
from queue_server.store.audit import chains as chain_store
from queue_server.store.messages import by_hand
from queue_server.store.messages import messages as message_store
from queue_server.store.webhooks import endpoints as endpoint_store
from queue_server.store.webhooks import messages as webhook_store
from queue_server.store.writer.database import Database

from .administration import open_database

CHAINED_WITHIN = timedelta(hours=1)
"""The past of a database that was upgraded takes minutes."""

SILENT = timedelta(minutes=1)
"""No server runs whose last sign of life is older."""


def examine(settings: Settings) -> dict[str, Any]:
    """Check everything that can be checked without a visitor. Each check has `name`, `ok` and
    `detail`.
    """
    findings = examine_start(settings)
    checks = [{"name": each.name, "ok": each.ok, "detail": each.detail} for each in findings]
    if not any(map(is_in_the_way, findings)):
        try:
            with open_database(settings) as database:
                checks += [
                    _check_senders(settings),
                    _check_reactions(database),
                    _check_chain(settings, database),
                    _check_purge(settings, database),
                    _check_messages(database),
                    _check_webhooks(database),
                    _check_devices(settings, database),
                    _check_clock(settings, database),
                ]
        except SQLAlchemyError as error:
            checks.append({"name": "database", "ok": False, "detail": say_database_error(error)})
    return {"settings": settings.masked(), "checks": checks}


def _check_senders(settings: Settings) -> dict[str, Any]:
    """By which ways visitors can be told. That a provider refuses or does not answer is said under
    `reactions`.
    """
    try:
        ways = make_senders(settings).ways
        read_signing_key(settings)
    except BadSettings as error:
        return {"name": "senders", "ok": False, "detail": str(error)}
    mail = "e-mail" if MessageChannel.EMAIL in ways else "no e-mail"
    phone = "messages by telephone" if MessageChannel.PHONE in ways else "none by telephone"
    return {"name": "senders", "ok": True, "detail": f"{mail}, {phone}"}


def _check_devices(settings: Settings, database: Database) -> dict[str, Any]:
    """What is wrong with kiosks, TVs and printers now. Devices sleep while their office is
    closed.
    """
    now = make_clock(settings.clock_offset_seconds)()
    troubles = []
    with database.read() as connection:
        known = device_store.list_paired(connection)
        for code in sorted({each.office for each in known if each.office}):
            office = database.offices.get(connection, code)
            silent = find_silent(connection, office, now)
            troubles += [
                f"{code} {each.name} ({trouble.code.value})"
                for each in known
                if each.office == code and office.is_open(now)
                for trouble in view_troubles(each, office, now, each.id in silent)
            ]
    detail = f"{len(known)} at work"
    if troubles:
        detail = f"{detail}; in trouble: {', '.join(troubles)}"
    return {"name": "devices", "ok": not troubles, "detail": detail}


def _check_webhooks(database: Database) -> dict[str, Any]:
    """Endpoints that were switched off because they failed, and what was given up. That one fails
    now is said under `reactions`.
    """
    with database.read() as connection:
        known = endpoint_store.list_all(connection)
        counts = webhook_store.count_by_state(connection, [each.id for each in known])
    stopped = [
        f"{each.office} {each.host} ({each.off_because.value})"
        for each in known
        if each.off_because in (OffBecause.FAILING, OffBecause.GONE)
    ]
    given_up = sum(
        number for (_id, state), number in counts.items() if state is WebhookState.GIVEN_UP
    )
    detail = f"{len(known)} addresses, {given_up} messages given up"
    if stopped:
        detail = f"{detail}; switched off: {', '.join(stopped)}"
    return {"name": "webhooks", "ok": not stopped, "detail": detail}


def _check_clock(settings: Settings, database: Database) -> dict[str, Any]:
    """Whether the machine's clock was set within the last hour, as the server has seen it."""
    with database.read() as connection:
        jump = clock_jumps.find_recent(connection, make_clock(settings.clock_offset_seconds)())
    detail = (
        "was not set within the last hour"
        if jump is None
        else f"{say_jump(jump)}; see that the machine's time is right"
    )
    return {"name": "clock", "ok": jump is None, "detail": detail}


def _check_reactions(database: Database) -> dict[str, Any]:
    with database.read() as connection:
        failing = outbox.list_failing(connection)
    detail = "; ".join(failing)
    return {"name": "reactions", "ok": not failing, "detail": detail or "none is failing"}


def _check_chain(settings: Settings, database: Database) -> dict[str, Any]:
    """Whether the chain of the log goes on. That it holds is for `antrean audit verify` to say."""
    now = make_clock(settings.clock_offset_seconds)()
    with database.read() as connection:
        behind = chain_store.count_unchained(connection, now - CHAINED_WITHIN)
        heard_at = probe_store.find_last(connection)
    if not behind:
        return {"name": "log chain", "ok": True, "detail": "up to the last hour"}
    is_served = heard_at is not None and now - heard_at < SILENT
    detail = f"{behind} events of more than an hour ago are not chained"
    if is_served:
        detail = f"{detail}; the server's log says why (chain_failed)"
    return {"name": "log chain", "ok": not is_served, "detail": detail}


def _check_purge(settings: Settings, database: Database) -> dict[str, Any]:
    """Whether the nightly purge of personal data has come to its end lately, in every office."""
    now = make_clock(settings.clock_offset_seconds)()
    with database.read() as connection:
        late = list_late(connection, database, now)
    detail = (
        f"has not come to its end for two days in {', '.join(late)}; the server's log says why "
        "(upkeep_failed); then run antrean privacy purge"
        if late
        else "up to the last two days"
    )
    return {"name": "purge", "ok": not late, "detail": detail}


def _check_messages(database: Database) -> dict[str, Any]:
    """Failed e-mails need somebody: their visitors do not know yet that their time is lost."""
    with database.read() as connection:
        counts, waiting = (
            message_store.count_by_state(connection),
            by_hand.count_to_tell(connection),
        )
    queued = counts.get(MessageState.QUEUED, 0) + counts.get(MessageState.SENDING, 0)
    detail = (
        f"{queued} messages to be sent, {waiting.people} people to be told by hand with "
        f"{waiting.messages} messages"
    )
    return {
        "name": "messages",
        "ok": not waiting.failed,
        "detail": f"{detail}, {waiting.failed} because sending failed",
    }
