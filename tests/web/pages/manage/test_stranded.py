"""Bookings that a change has stranded: moved, cancelled, told, and counted on the overview."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.commands.doctor import examine
from queue_server.domain.messages.message import (
    Message,
    MessageChannel,
    MessageKind,
    MessageState,
    name_message,
)
from queue_server.domain.visit.transitions import State
from queue_server.store.booking.stranded import list_stranded
from queue_server.store.messages import by_hand
from queue_server.store.messages import messages as message_store
from queue_server.store.tables import visitors
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction
from tests.web.pages.manage.changing import FRIDAY, apply, book, change_form, review, state_of
from tests.web.site import TUESDAY, Site, forms_of, without_layout


def test_stranded_bookings_are_moved_cancelled_and_told(site: Site, manager: FlaskClient) -> None:
    tickets = [
        book(site, FRIDAY, number=1, phone="+6281200000001"),
        book(site, FRIDAY, number=2, email="dua@example.com"),
        book(site, FRIDAY, number=3),
    ]
    shown = review(site, manager, "/manage/hours/day?date=2026-11-27", open="closed")
    assert apply(site, manager, shown, "/manage/hours/day").status_code == 303
    page = manager.get("/manage/stranded")
    form = change_form(page, "/manage/stranded")
    boxes = re.findall(r'name="booking" value="([^"]+)"', without_layout(page))
    assert len(boxes) == 3 and {each.partition("/")[0] for each in boxes} == {
        each.id for each in tickets
    }
    assert "+6281200000001" in page.text and "Tamu 1" in page.text
    token = form.fields["csrf_token"]

    def send(what: str, chosen: list[str], key: str = "") -> TestResponse:
        fields = {"csrf_token": token, "office": "3674", "what": what, "booking": chosen}
        return manager.post("/manage/stranded", data={**fields, "idempotency_key": key})

    assert send("move", []).status_code == 422
    moving = [each for each in boxes if not each.startswith(tickets[2].id)]
    key = form.fields["idempotency_key"]
    done = send("move", moving, key)
    assert (
        done.status_code == 303 and "2 pendaftaran dipindahkan." in manager.get(done.location).text
    )
    assert send("move", moving, key).location == done.location, "sent twice, it is done once"
    assert send("move", moving).location.partition("done=")[2].startswith("0")
    leaving = [each for each in boxes if each.startswith(tickets[2].id)]
    asked = send("ask", leaving)
    assert asked.status_code == 200 and state_of(site, tickets[2]) is State.STRANDED
    assert send("cancel", leaving).status_code == 303
    assert [state_of(site, each) for each in tickets] == [
        State.BOOKED,
        State.BOOKED,
        State.CANCELLED,
    ]
    with site.application.database.read() as connection:
        assert list_stranded(connection, "3674", 10) == []
        moved = ticket_store.find(connection, tickets[0].id)
    assert moved.slot is not None and moved.slot >= TUESDAY + timedelta(hours=24)

    calls = [
        each
        for each in forms_of(manager.get("/manage/stranded"))
        if each.action == "/manage/stranded/told"
    ]
    assert len(calls) == 1, (
        "the news that the time is lost has become needless; the one of the move is left"
    )
    for _again in range(2):
        assert site.send(manager, calls[0]).status_code == 303
    assert site.send(manager, calls[0], idempotency_key="of another page").status_code == 409
    other = site.sign_in(site.browser(), "wati")
    assert (
        other.post("/manage/stranded/told", data={**calls[0].fields, "csrf_token": ""}).status_code
        == 403
    )


def test_the_overview_counts_people_and_only_what_they_must_still_be_told(
    site: Site, manager: FlaskClient
) -> None:
    """A booking that is moved owes its visitor the news of the move, and no longer the news that
    the time is lost.
    """
    tickets = [
        book(site, FRIDAY, number=number, phone=f"+62812000000{number:02}") for number in (1, 2, 3)
    ]
    apply(
        site,
        manager,
        review(site, manager, "/manage/hours/day?date=2026-11-27", open="closed"),
        "/manage/hours/day",
    )
    with site.application.database.read() as connection:
        assert by_hand.count_to_tell(connection, "3674") == by_hand.ToTell(
            people=3, messages=3, failed=0
        )
    boxes = re.findall(r'name="booking" value="([^"]+)"', manager.get("/manage/stranded").text)
    form = change_form(manager.get("/manage/stranded"), "/manage/stranded")
    manager.post(
        "/manage/stranded",
        data={
            "csrf_token": form.fields["csrf_token"],
            "office": "3674",
            "what": "move",
            "booking": boxes,
        },
    )
    assert "3 pengunjung perlu diberi tahu petugas." in manager.get("/manage").text, (
        "three people, though six messages were written"
    )

    # The third is the first one's own second booking: one person, two messages.
    def same_person(tx: Transaction) -> None:
        first, third = (visitors.c.ticket == each.id for each in (tickets[0], tickets[2]))
        own = sa.select(visitors.c.nik_fingerprint).where(first).scalar_subquery()
        tx.change(visitors.update().where(third).values(nik_fingerprint=own))

    site.application.database.write([], same_person)
    text = manager.get("/manage").text
    assert "2 pengunjung perlu diberi tahu petugas." in text and "Ada 3 pesan untuk mereka." in text
    page = manager.get("/manage/stranded")
    told = "2 pengunjung perlu diberi tahu petugas. Ada 3 pesan untuk mereka."
    assert told in without_layout(page)
    assert len([each for each in forms_of(page) if each.action == "/manage/stranded/told"]) == 3
    check = next(
        each
        for each in examine(site.application.flask.extensions["antrean"].settings)["checks"]
        if each["name"] == "messages"
    )
    assert check["ok"] and "2 people to be told by hand with 3 messages" in check["detail"]


def test_a_dry_run_counts_people_not_bookings(site: Site, manager: FlaskClient) -> None:
    first, second = (
        book(site, FRIDAY, number=number, email="dua@example.com") for number in (1, 2)
    )

    def same_person(tx: Transaction) -> None:
        own = (
            sa.select(visitors.c.nik_fingerprint)
            .where(visitors.c.ticket == first.id)
            .scalar_subquery()
        )
        tx.change(
            visitors.update().where(visitors.c.ticket == second.id).values(nik_fingerprint=own)
        )

    site.application.database.write([], same_person)
    text = review(site, manager, "/manage/hours/day?date=2026-11-27", open="closed").text
    assert (
        "2 pendaftaran akan kehilangan jadwal" in text
        and "1 pengunjung diberi tahu lewat email." in text
    )


def test_a_refused_move_keeps_what_was_ticked(site: Site, manager: FlaskClient) -> None:
    """With everything ticked again, the next press would move or cancel those who were left out on
    purpose.
    """
    tickets = [book(site, FRIDAY, number=number) for number in (1, 2)]
    apply(
        site,
        manager,
        review(site, manager, "/manage/hours/day?date=2026-11-27", open="closed"),
        "/manage/hours/day",
    )
    form = change_form(manager.get("/manage/stranded"), "/manage/stranded")
    send = {"csrf_token": form.fields["csrf_token"], "office": "3674", "what": "move"}
    refused = manager.post(
        "/manage/stranded", data={**send, "booking": [f"{tickets[1].id}/nonsense"]}
    )
    boxes = re.findall(r'name="booking" value="([^"/]+)/[^"]*"([^>]*)>', without_layout(refused))
    assert refused.status_code == 422
    assert {id: "checked" in rest for id, rest in boxes} == {
        tickets[0].id: False,
        tickets[1].id: True,
    }
    none = manager.post("/manage/stranded", data=send)
    assert none.status_code == 422 and not re.search(r'name="booking"[^>]*checked', none.text)


def test_nobody_is_moved_by_another_office(site: Site, manager: FlaskClient) -> None:
    ticket = book(site, FRIDAY, number=1)
    shown = review(site, manager, "/manage/hours/day?date=2026-11-27", open="closed")
    apply(site, manager, shown, "/manage/hours/day")
    stranger = site.sign_in(site.browser(), "wati")
    token = re.search(r'name="csrf_token" value="([^"]+)"', stranger.get("/manage/stranded").text)
    assert token is not None
    stranger.post(
        "/manage/stranded",
        data={"csrf_token": token[1], "what": "cancel", "booking": [f"{ticket.id}/"]},
    )
    assert state_of(site, ticket) is State.STRANDED


def test_messages_that_were_not_sent_are_listed_with_the_reason(
    site: Site, manager: FlaskClient
) -> None:
    ticket = book(site, FRIDAY, number=1, phone="+6281200000001")

    def fail(kind: MessageKind, error: str, occasion: str, days: int) -> None:
        now = TUESDAY - timedelta(days=days)
        message = Message(
            name_message(ticket.id, kind, occasion),
            "3674",
            ticket.id,
            kind,
            occasion,
            MessageChannel.PHONE,
            MessageState.FAILED,
            now,
            last_error=error,
        )
        site.application.database.write([], lambda tx: message_store.add(tx, message))

    assert "Pesan yang tidak terkirim" not in manager.get("/manage/stranded").text
    for occasion in ("1", "2"):
        fail(MessageKind.REMINDER, "daily_limit", occasion, 1)
    fail(MessageKind.CALL, "undelivered", "1", 0)
    fail(MessageKind.CONFIRMATION, "refused_422", "1", 8)
    page = without_layout(manager.get("/manage/stranded"))
    assert "jatah pesan hari itu sudah habis" in page and "tetapi tidak sampai" in page
    assert "Konfirmasi janji" not in page, "that is longer ago than a week"
    assert "perlu diberi tahu petugas" not in page, "nobody need ring for these"
