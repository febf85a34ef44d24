"""A server that dies between a booking and its confirmation sends it once it is there again, and a
provider that knows a repetition sends nothing twice.
"""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path

import requests

from tests.effects.gateway import FakeGateway, open_gateway
from tests.effects.mail_server import Post, open_post
from tests.effects.telling import BODY
from tests.faults.serving import Server, office_served

BOOKINGS = 6
WAIT_SECONDS = 60


def book(server: Server, number: int) -> str:
    """One booking, by e-mail for even numbers and by telephone for odd. Returns the contact."""
    by_mail = number % 2 == 0
    contact = f"tamu{number}@contoh.id" if by_mail else f"+62812345678{number}0"
    days = requests.get(
        f"{server.address}/api/v1/offices/o1/availability", {"service": "REK"}, timeout=30
    ).json()["days"]
    slot = next(each["slot"] for day in days for each in day["slots"] if each["free"] > 0)
    body = {
        "service": "REK",
        "slot": slot,
        "nik": f"910101450788004{number}",
        "name": "Tamu",
        "notify": True,
        ("email" if by_mail else "phone"): contact,
    }
    answer = requests.post(
        f"{server.address}/api/v1/offices/o1/bookings",
        json=body,
        headers={"Idempotency-Key": str(uuid.uuid4())},
        timeout=30,
    )
    assert answer.status_code == 201, answer.text
    return contact


def received(post: Post, gateway: FakeGateway) -> list[str]:
    """Whom a confirmation has reached: mail programs and gateways know a repetition by its id."""
    mails = {mail["Message-ID"]: str(mail["To"]) for mail in post.mails}
    texts = [json.loads(each)["to"] for each in gateway.texts.values()]
    return sorted([*mails.values(), *texts])


def test_a_confirmation_comes_once_although_the_server_is_killed(
    database_url: str, tmp_path: Path
) -> None:
    """Killed twice right after acknowledged bookings, before the relay has looked."""
    with (
        open_post() as post,
        open_gateway() as gateway,
        office_served(database_url, tmp_path) as (server, _token),
    ):
        server.settings = {
            "ANTREAN_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
            "ANTREAN_GATEWAY_URL": gateway.url,
            "ANTREAN_GATEWAY_BODY": BODY,
        }
        told: list[str] = []
        for numbers in (range(BOOKINGS // 2), range(BOOKINGS // 2, BOOKINGS)):
            server.start()
            told += [book(server, number) for number in numbers]
            server.kill()
        server.start()
        deadline = time.monotonic() + WAIT_SECONDS
        while len(received(post, gateway)) < BOOKINGS and time.monotonic() < deadline:
            time.sleep(0.1)
        server.stop()
        assert received(post, gateway) == sorted(told)
