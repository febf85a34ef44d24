"""Places offered by telephone to those who wait and gave no e-mail address: to a number that was
proved, never at night, and as often as the office's number a day allows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest

from queue_server.services.booking import waitlist
from tests.effects.gateway import FakeGateway, open_gateway
from tests.effects.mail_server import Post, open_post
from tests.effects.telling import Process, states
from tests.fixtures.application import HOME, HOST, NAME, NIK, PHONE, House, at, csrf_of


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with open_gateway() as server:
        yield server


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as server:
        yield server


@pytest.fixture(params=["gateway alone", "mail server too"])
def told(
    request: pytest.FixtureRequest,
    open_house: Callable[..., House],
    gateway: FakeGateway,
    post: Post,
) -> House:
    """A server with a gateway, and one that sends e-mails as well."""
    smtp = {} if request.param == "gateway alone" else {"smtp_url": f"smtp://127.0.0.1:{post.port}"}
    return open_house(gateway_url=gateway.url, **smtp)


def join(house: House, **changes: object) -> dict[str, object]:
    """Wait for a place of the next two days; `status` of the answer and the entry."""
    wish = {
        "service": "REK",
        "first_date": "2026-11-23",
        "last_date": "2026-11-24",
        "nik": NIK,
        "name": NAME,
        "phone": PHONE,
        "notify": True,
        "language": "en",
        **changes,
    }
    answer = house.post(f"/offices/{HOME}/waitlist", body=wish)
    return {"http": answer.status_code, **answer.get_json()}


def text_of(gateway: FakeGateway, kind: str) -> str:
    """What somebody has got by telephone."""
    [body] = [body for id, body in gateway.texts.items() if f"-{kind}-" in id]
    assert json.loads(body)["to"] == PHONE
    return str(json.loads(body)["text"])


def prove(house: House, gateway: FakeGateway) -> None:
    """Open the link of the question and press its button."""
    found = re.search(r"/e/\S+", text_of(gateway, "prove"))
    assert found is not None
    browser = house.browser()
    page = browser.get(found[0], headers={"Host": HOST})
    assert "nomor ponsel" in page.text
    fields = dict(re.findall(r'name="(csrf_token|idempotency_key)" value="([^"]*)"', page.text))
    assert fields["csrf_token"] == csrf_of(page)
    done = browser.post(found[0], data=fields, headers={"Host": HOST})
    assert done.status_code == 200 and "Sudah dikonfirmasi" in done.text


def free_a_place(house: House) -> None:
    """Somebody gives up a place of tomorrow at ten."""
    booked = house.book(nik="9101014507880043", phone=None, email=None)
    done = house.post(f"/tickets/{booked['code']}/cancel", body={"last4": "0043"})
    assert done.status_code == 200


def test_an_offer_comes_by_telephone_to_a_number_that_was_proved(
    told: House, gateway: FakeGateway
) -> None:
    entry = join(told)
    assert (entry["http"], entry["told_by"], entry["contact_proved"]) == (201, "PHONE", False)
    free_a_place(told)
    Process(told, None, gateway).work()
    assert "offer" not in states(told), "a number that anybody may give is offered nothing"
    prove(told, gateway)
    free_a_place(told)
    for _ in range(2):
        Process(told, None, gateway).work()
    text = text_of(gateway, "offer")
    assert f"/w/{entry['code']}" in text and "24 November 2026, 10:00 WIB" in text
    for secret in (NIK, NAME, PHONE):
        assert secret not in text
    taken = told.post(f"/waitlist/{entry['code']}/accept", body={})
    assert taken.status_code == 200


def test_a_number_is_asked_once_however_often_it_is_given(
    told: House, gateway: FakeGateway
) -> None:
    for number in range(3):
        assert join(told, nik=f"910101450788004{number}")["http"] == 201
    Process(told, None, gateway).work()
    assert len(gateway.requests) == 1


def test_who_did_not_ask_for_it_is_sent_nothing_by_telephone(
    told: House, gateway: FakeGateway
) -> None:
    """Where e-mails are sent, they are told what would do."""
    answer = join(told, notify=False)
    if told.settings.smtp_url is None:
        assert (answer["http"], answer["told_by"], answer["contact_proved"]) == (201, None, True)
        free_a_place(told)
    else:
        assert (answer["http"], answer["reason"]) == (422, "either_needed")
    Process(told, None, gateway).work()
    assert gateway.requests == []


def offered_at(house: House, gateway: FakeGateway, hour: int) -> None:
    """A number that was proved by day, and a place that becomes free at an hour of the day."""
    join(house)
    Process(house, None, gateway).work()
    prove(house, gateway)
    house.clock.now = at(hour)
    free_a_place(house)
    Process(house, None, gateway).work()


def test_at_night_no_telephone_rings_and_the_place_is_kept_until_the_morning(
    told: House, gateway: FakeGateway
) -> None:
    """Somebody who is not told must not lose their turn."""
    offered_at(told, gateway, 22)
    assert states(told)["offer"] == "QUEUED"
    told.clock.now = at(6, day=1)
    waitlist.end_waiting(told.database, told.clock.now)
    Process(told, None, gateway).work()
    text = text_of(gateway, "offer")
    assert "kept until" in text and "07:00 WIB" in text


def test_an_offer_of_the_day_rings_at_once(told: House, gateway: FakeGateway) -> None:
    offered_at(told, gateway, 10)
    assert states(told)["offer"] == "SENT"


def test_a_place_that_is_gone_rings_nobody_in_the_morning(
    told: House, gateway: FakeGateway
) -> None:
    offered_at(told, gateway, 22)
    with told.database.read() as connection:
        [code] = connection.exec_driver_sql("SELECT code FROM waitlist").scalars()
    assert told.post(f"/waitlist/{code}/decline", body={}).status_code == 200
    told.clock.now = at(6, day=1)
    Process(told, None, gateway).work()
    assert states(told)["offer"] == "DONE" and len(gateway.requests) == 1


def test_an_offer_whose_e_mail_is_refused_goes_on_by_telephone(
    open_house: Callable[..., House], gateway: FakeGateway, post: Post
) -> None:
    house = open_house()
    post.refuse["salah@contoh.id"] = "550 no such user"
    join(house, email="salah@contoh.id")
    free_a_place(house)
    Process(house, post, gateway).work()
    assert "kept until" in text_of(gateway, "offer")


def test_staff_ask_for_somebody_who_wants_to_be_told(
    open_house: Callable[..., House], gateway: FakeGateway
) -> None:
    house = open_house(gateway_url=gateway.url)
    body = {"service": "REK", "slot": house.slot(10), "nik": NIK, "name": NAME, "phone": PHONE}
    path = f"/offices/{HOME}/reception/bookings"
    booked = house.post(path, "clerk", {**body, "notify": True})
    assert booked.status_code == 201, booked.text
    Process(house, None, gateway).work()
    assert states(house)["confirmation"] == "SENT"


def test_the_form_asks_whether_the_number_may_be_used_where_it_could_be(
    told: House, open_house: Callable[..., House]
) -> None:
    path = f"/o/{HOME}/waitlist?service=REK&lang=en"
    page = told.browser().get(path, headers={"Host": HOST}).text
    assert 'name="notify"' in page and "tick below" in page.lower()
    none = open_house().browser().get(path, headers={"Host": HOST}).text
    assert 'name="notify"' not in none and "This office sends no e-mails: you see" in none
