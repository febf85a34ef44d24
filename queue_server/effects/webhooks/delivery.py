"""The webhooks that an office owes other programs: signed as standardwebhooks writes it, each
endpoint's in the order in which it happened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from prometheus_client import Counter
from sqlalchemy.engine import Connection

from queue_server.domain.messages.signature import sign
from queue_server.domain.webhooks.address import Network
from queue_server.domain.webhooks.endpoint import Endpoint, derive_key, signing_versions
from queue_server.domain.webhooks.message import Answer, WebhookMessage, read_status, write_body
from queue_server.effects.delivery import Delivery, Settle
from queue_server.services.webhooks.owing import Attempt, settle_attempts
from queue_server.store.webhooks import endpoints as endpoint_store
from queue_server.store.webhooks import messages as message_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .post import post

BATCH = 20
LEASE_WORK = timedelta(seconds=20)

ATTEMPTS = Counter("antrean_webhook_attempts_total", "Webhooks that were sent", ["outcome"])


@dataclass(frozen=True)
class WebhookSettings:
    """What the server needs for sending: the key from which secrets are derived, the time limit of
    a request, and the networks that are told though they are not public.
    """

    server_key: bytes
    timeout_seconds: float = 10.0
    allowed: Sequence[Network] = ()


class WebhookDelivery(Delivery[Endpoint]):
    """Works off endpoints, not single messages: after a failure the rest of what an endpoint is
    owed waits with it, so order is kept and a dead one costs one attempt for each pause.
    """

    name = "webhooks"
    step_seconds = 2.0
    lease = timedelta(minutes=2)

    def __init__(
        self, database: Database, settings: WebhookSettings, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(database, clock)
        self._settings = settings

    def list_due(self, connection: Connection, now: datetime) -> Sequence[Endpoint]:
        return endpoint_store.list_due(connection, now, BATCH)

    def claim(self, tx: Transaction, owed: Endpoint, now: datetime, until: datetime) -> bool:
        return endpoint_store.claim(tx, owed, now, until)

    def carry_out(self, owed: Endpoint, now: datetime) -> tuple[int, Settle]:
        """Send until something fails. Counts what was sent or tried."""
        with self._database.read() as connection:
            queued = message_store.list_queued(connection, owed.id, BATCH)
        work_until, attempts = now + LEASE_WORK, list[Attempt]()
        for message in queued:
            attempts.append(self._attempt(owed, message))
            if attempts[-1].answer is not Answer.TAKEN or self._clock() >= work_until:
                break
        return len(attempts), partial(self._settle, owed, attempts)

    def _settle(self, owed: Endpoint, attempts: Sequence[Attempt], tx: Transaction) -> None:
        settle_attempts(tx, owed, attempts, self._clock())

    def _attempt(self, endpoint: Endpoint, message: WebhookMessage) -> Attempt:
        try:
            attempt = self._send(endpoint, message)
        except Exception as error:
            # Whatever is the matter with this address, it must neither end the loop nor hold up the
            # others.
            attempt = Attempt(message, Answer.FAILED, type(error).__name__)
        ATTEMPTS.labels(attempt.answer.name.lower()).inc()
        if attempt.answer is not Answer.TAKEN:
            cause = {"kind": attempt.error or ""}
            about = {"office": endpoint.office, "webhook": endpoint.id, "message": message.id}
            self.back_off(self.name, endpoint.failures + 1, cause, **about)
        return attempt

    def _send(self, endpoint: Endpoint, message: WebhookMessage) -> Attempt:
        with self._database.read() as connection:
            recorded = message_store.find_event(connection, message)
        if recorded is None:
            return Attempt(message, Answer.REFUSED, "no_event")
        body, now = write_body(recorded), self._clock()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "antrean",
            "Connection": "close",
            "webhook-id": message.id,
            "webhook-timestamp": f"{now.timestamp():.0f}",
            "webhook-signature": " ".join(
                sign(self._key(endpoint, version), message.id, now, body)
                for version in signing_versions(endpoint, now)
            ),
        }
        status = post(
            endpoint.url,
            headers,
            body,
            timeout_seconds=self._settings.timeout_seconds,
            allowed=self._settings.allowed,
        )
        answer = read_status(status)
        return Attempt(message, answer, None if answer is Answer.TAKEN else f"refused_{status}")

    def _key(self, endpoint: Endpoint, version: int) -> bytes:
        return derive_key(self._settings.server_key, endpoint.id, version)

    @classmethod
    def list_failing(cls, connection: Connection) -> Sequence[str]:
        return [
            f"{cls.name}: {each.office} {each.host}, {each.failures} times, {each.last_error}"
            for each in endpoint_store.list_all(connection)
            if each.failures and each.taking_since is not None
        ]
