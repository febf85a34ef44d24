"""A server's loops that tell visitors, worked by hand: a new process each time, as after a kill."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network

from queue_server.domain.messages.message import Message, MessageChannel
from queue_server.effects.messages.gateway import Gateway, GatewaySender, parse_template
from queue_server.effects.messages.letters import LetterDelivery, PhoneDelivery
from queue_server.effects.messages.mail import MailSender
from queue_server.effects.messages.smtp import MailServer
from queue_server.effects.outbox import Senders, make_deliveries
from queue_server.effects.relay import Relay
from queue_server.effects.webhooks.delivery import WebhookDelivery, WebhookSettings
from queue_server.store import tables
from queue_server.store.messages import messages as message_store
from queue_server.web.edge.strangers.contact_proof import make_composer
from tests.effects.gateway import FakeGateway
from tests.effects.mail_server import Post
from tests.fixtures.application import House

BODY = '{"to": "{phone}", "text": "{text}", "id": "{id}"}'
LOOPBACK = (ip_network("127.0.0.0/8"),)
SECRET, KEY = "s3cret", b"a key that both have"


def make_gateway(gateway: FakeGateway, body: str = BODY, form: str = "json") -> Gateway:
    return Gateway(
        gateway.url,
        parse_template(body, form),
        ("Authorization", f"Bearer {SECRET}"),
        KEY,
        timeout_seconds=30.0,
    )


def senders(post: Post | None, gateway: FakeGateway | None) -> Senders:
    letters = MailServer("127.0.0.1", post.port, "antrean@kantor.example") if post else None
    return Senders(
        MailSender(letters) if letters else None,
        GatewaySender(make_gateway(gateway)) if gateway else None,
    )


class Process:
    """One server process: what it has not noted when it is killed, another has to find."""

    def __init__(
        self,
        house: House,
        post: Post | None,
        gateway: FakeGateway | None,
        is_settling: Callable[[], bool] = lambda: False,
    ) -> None:
        secret = house.application.flask.extensions["antrean"].secret_key
        made = make_deliveries(
            house.database,
            house.application.live,
            senders(post, gateway),
            make_composer("http://kantor", secret, house.database, house.clock),
            lambda _office, _alert: None,  # type: ignore[arg-type,return-value]  # raised in no test
            lambda _office, _mail, _period: None,  # type: ignore[arg-type,return-value]  # the same
            lambda _office, _passed: None,  # type: ignore[arg-type,return-value]  # nor passed on
            WebhookSettings(secret, 5.0, LOOPBACK),
            house.clock,
            is_settling,
        )
        relay, letters, phone, _alerts, _passed, webhooks, _chain, _reports = made
        assert isinstance(relay, Relay)
        assert isinstance(letters, LetterDelivery) and isinstance(phone, PhoneDelivery)
        assert isinstance(webhooks, WebhookDelivery)
        self.relay, self.letters, self.phone = relay, letters, phone
        self.webhooks = webhooks

    def relay_all(self) -> None:
        while self.relay.step():
            pass

    def send_all(self) -> None:
        while self.letters.step() + self.phone.step():
            pass

    def work(self) -> None:
        self.relay_all()
        self.send_all()


def list_messages(house: House) -> list[Message]:
    """Every message that is owed or was, in order of its id."""
    with house.database.read() as connection:
        rows = connection.execute(tables.messages.select().order_by(tables.messages.c.id))
        return [message_store.message_from_row(row) for row in rows]


def states(house: House, channel: MessageChannel | None = None) -> dict[str, str]:
    """How far each message has come, by kind and occasion of a reminder."""
    return {
        "-".join([each.kind.value, *each.occasion.split("-")[1:]])
        if each.kind.value == "reminder"
        else each.kind.value: each.state.value
        for each in list_messages(house)
        if channel is None or each.channel is channel
    }
