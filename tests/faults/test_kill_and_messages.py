"""A server that is killed tells its visitors all the same, and a reader gets each message once."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from queue_server.domain.messages.message import Message, MessageState
from queue_server.store import relays, tables
from queue_server.store.messages.messages import message_from_row
from queue_server.store.writer.database import Database
from tests.effects.gateway import FakeGateway, open_gateway
from tests.effects.mail_server import Post, open_post
from tests.effects.telling import BODY
from tests.faults.every_kind import TOLD_BY_EMAIL_ALONE, Town, book_first, bring_about
from tests.faults.serving import Server
from tests.fixtures.application import TODAY, at, fill
from tests.fixtures.migrated import migrated

WAIT_SECONDS = 120

KINDS = frozenset(
    {
        "confirmation",
        "changed",
        "withdrawn",
        "reminder-day",
        "reminder-hours",
        "stranded",
        "moved",
        "cancelled",
        "ahead",
        "come_in",
        "call",
        "offer",
        "attempted",
        "locked",
        "lost_code",
        "prove",
    }
)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "nothing more comes"
        time.sleep(0.1)


def set_clock(server: Server, moment: datetime) -> None:
    """Let the server's clock say this when it is started next."""
    server.offset = (moment - datetime.now(UTC)).total_seconds()


def list_messages(database: Database) -> list[Message]:
    with database.read() as connection:
        return [message_from_row(row) for row in connection.execute(tables.messages.select())]


def is_all_told(database: Database, now: datetime, but: Collection[str] = ()) -> bool:
    """Whether no event is left to be followed, and nothing to be sent that is due; `but` names
    messages that a dead process was about to send.
    """
    with database.read() as connection:
        if relays.list_backlogs(connection, now + timedelta(days=1), TODAY):
            return False
    return not any(
        each.state in (MessageState.QUEUED, MessageState.SENDING)
        and (each.due_at is None or each.due_at <= now)
        and each.id not in but
        for each in list_messages(database)
    )


def kind_of(message: Message) -> str:
    name = message.occasion.partition("-")[2]
    return f"reminder-{name}" if message.kind.value == "reminder" else message.kind.value


def mail_ids(post: Post) -> list[str]:
    """The ids of all mails that were handed in, repetitions included."""
    return [re.sub(r"^<(.*)@.*>$", r"\1", mail["Message-ID"]) for mail in post.mails]


def text_ids(gateway: FakeGateway) -> list[str]:
    """The ids of all messages that the gateway has taken, repetitions included."""
    return [each.headers["Idempotency-Key"] for each in gateway.taken]


def test_each_kind_is_received_once_although_the_server_is_killed(
    database_url: str, tmp_path: Path
) -> None:
    """Killed while it waits for a mail server and a gateway that are away; and a day later when
    both have taken a message and not said so yet.
    """
    database = Database(migrated(database_url))
    people = fill(database)
    server = Server(database_url, tmp_path)
    set_clock(server, at(9))
    with open_post() as post, open_gateway() as gateway:
        server.settings = {
            "ANTREAN_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
            "ANTREAN_GATEWAY_URL": gateway.url,
            "ANTREAN_GATEWAY_BODY": BODY,
            "ANTREAN_GATEWAY_TIMEOUT_SECONDS": "30",
        }
        try:
            post.away = gateway.away = back = threading.Event()
            server.start()
            town = Town(server.address, people)
            book_first(town)
            wait_until(lambda: post.connections > 0 and len(gateway.requests) > 0)
            bring_about(town, database)
            server.kill()
            back.set()
            assert mail_ids(post) == text_ids(gateway) == []
            begun = [
                each.id for each in list_messages(database) if each.state is MessageState.SENDING
            ]

            post.away = gateway.away = None
            server.start()
            wait_until(lambda: is_all_told(database, at(9, 1), begun))
            server.stop()

            told = len(post.mails), len(gateway.taken)
            post.mute = gateway.mute = answered = threading.Event()
            set_clock(server, at(10, 1, day=1))
            server.start()
            wait_until(lambda: (len(post.mails), len(gateway.taken)) == (told[0] + 1, told[1] + 1))
            server.kill()
            answered.set()
            assert (len(post.mails), len(gateway.taken)) == (told[0] + 1, told[1] + 1)

            post.mute = gateway.mute = None
            set_clock(server, at(10, 20, day=1))
            server.start()
            wait_until(lambda: is_all_told(database, at(10, 20, day=1)))
            server.stop()
        finally:
            server.stop()
        sent = {
            channel: {
                each.id: kind_of(each)
                for each in list_messages(database)
                if (each.channel.value, each.state) == (channel, MessageState.SENT)
            }
            for channel in ("EMAIL", "PHONE")
        }
        by_mail, by_phone = Counter(mail_ids(post)), Counter(text_ids(gateway))
        assert set(by_mail) == set(sent["EMAIL"]) and set(by_phone) == set(sent["PHONE"])
        assert set(gateway.texts) == set(sent["PHONE"]), "a gateway knows a repetition"
        assert set(sent["EMAIL"].values()) == KINDS
        assert set(sent["PHONE"].values()) == KINDS - TOLD_BY_EMAIL_ALONE
        for received in (by_mail, by_phone):
            assert sorted(received.values()) == [*[1] * (len(received) - 1), 2], (
                "only what was taken from a process that died is repeated, under its own name"
            )
    database.close()
