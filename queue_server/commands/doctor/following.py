"""What follows from what happened: reactions, the chain of the log, messages, webhooks."""

from __future__ import annotations

from datetime import timedelta

from queue_server.domain.messages.message import MessageState
from queue_server.domain.webhooks.endpoint import OffBecause
from queue_server.domain.webhooks.message import WebhookState
from queue_server.effects import outbox
from queue_server.effects.relay import LOOK_BACK_DAYS
from queue_server.services.audit.verifying import verify_office
from queue_server.store import relays as relay_store
from queue_server.store.audit import chains as chain_store
from queue_server.store.messages import by_hand
from queue_server.store.messages import messages as message_store
from queue_server.store.office import offices as office_store
from queue_server.store.webhooks import endpoints as endpoint_store
from queue_server.store.webhooks import messages as webhook_store

from .check import Check, Patient, well

CHAINED_WITHIN = timedelta(hours=1)
"""The past of a database that was upgraded takes minutes."""

RELAYED_WITHIN = timedelta(minutes=5)
VERIFIED_DAYS = 7
"""`antrean audit verify` looks at all days."""


def check_relay(patient: Patient) -> Check:
    """Whether what follows from events comes in time, where a server runs."""
    since = (patient.now - timedelta(days=LOOK_BACK_DAYS)).date()
    with patient.database.read() as connection:
        oldest = relay_store.find_oldest_waiting(connection, since)
    if oldest is None or patient.now - oldest < RELAYED_WITHIN:
        return well("relay", "nothing waits")
    detail = f"events of {(patient.now - oldest) / timedelta(minutes=1):.0f} min ago are not seen"
    if not patient.is_served():
        return well("relay", f"{detail}; no server runs")
    to_do = "the server's log says why (relay_failed, probe_failed); systemctl restart it"
    return Check("relay", False, f"{detail}: screens and messages are behind", to_do)


def check_reactions(patient: Patient) -> Check:
    """What has failed and is tried again."""
    with patient.database.read() as connection:
        failing = outbox.list_failing(connection)
    if failing:
        to_do = (
            "mail, gateway, webhooks: see that the other side is up and lets us in; "
            "else the server's log (reaction_failed) names the place"
        )
        return Check("reactions", False, "; ".join(failing), to_do)
    return well("reactions", "none is failing")


def check_chain(patient: Patient) -> Check:
    """Whether the chain of the log goes on."""
    with patient.database.read() as connection:
        behind = chain_store.count_unchained(connection, patient.now - CHAINED_WITHIN)
    if not behind:
        return well("log chain", "up to the last hour")
    detail = f"{behind} events of more than an hour ago are not chained"
    if not patient.is_served():
        return well("log chain", detail)
    return Check("log chain", False, detail, "the server's log says why (chain_failed)")


def check_log(patient: Patient) -> Check:
    """Whether the log of the last days is as it was written."""
    faults, days = [], 0
    with patient.database.read() as connection:
        for code in sorted(office_store.all_codes(connection)):
            first = patient.database.offices.get(connection, code).date_at(patient.now)
            first -= timedelta(days=VERIFIED_DAYS)
            report = verify_office(connection, code, first, None, (), lambda _share: None)
            days += report.days
            if report.faults:
                faults.append(f"{code} ({len(report.faults)})")
    if faults:
        return Check(
            "log",
            False,
            f"was changed behind the program's back: {', '.join(faults)}",
            "antrean audit verify names each row; keep the database and the backups as they are, "
            "and see who could write to it",
        )
    return well("log", f"the last {days} office-days are as they were written")


def check_messages(patient: Patient) -> Check:
    """Failed e-mails need somebody: their visitors do not know yet that their time is lost."""
    with patient.database.read() as connection:
        counts, waiting = (
            message_store.count_by_state(connection),
            by_hand.count_to_tell(connection),
        )
    queued = counts.get(MessageState.QUEUED, 0) + counts.get(MessageState.SENDING, 0)
    detail = (
        f"{queued} messages to be sent, {waiting.people} people to be told by hand with "
        f"{waiting.messages} messages, {waiting.failed} because sending failed"
    )
    to_do = "call them: Manage, Bookings to rearrange (/manage/stranded) lists whom and the words"
    return Check("messages", not waiting.failed, detail, to_do if waiting.failed else "")


def check_webhooks(patient: Patient) -> Check:
    """Endpoints that were switched off because they failed, and what was given up. That one fails
    now is said under `reactions`.
    """
    with patient.database.read() as connection:
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
        to_do = "mend the other program, then switch the address on under Manage, Webhooks"
        return Check("webhooks", False, f"{detail}; switched off: {', '.join(stopped)}", to_do)
    return well("webhooks", detail)
