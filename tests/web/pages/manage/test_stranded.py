"""Bookings that a change has stranded: moved, cancelled, told, and counted on the overview."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.commands.doctor import examine
from queue_server.domain.booking.slots import slot_id
from queue_server.domain.messages.message import (
    Message,
    MessageChannel,
    MessageKind,
    MessageState,
    name_message,
)
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.booking.stranded import propose_moves
from queue_server.store.booking.stranded import list_stranded
from queue_server.store.messages import by_hand
from queue_server.store.messages import messages as message_store
from queue_server.store.tables import messages, visitors
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.documents.call_list import CallHead, draw_call_list
from queue_server.web.pages.manage.stranded import asking
from queue_server.web.pages.manage.stranded import page as page_module
from tests.fixtures.pdf import read_text
from tests.web.pages.manage.changing import (
    FRIDAY,
    apply,
    book,
    change_form,
    office_of,
    review,
    state_of,
)
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

    assert "checked" not in without_layout(page), "nothing is ticked that nobody has ticked"
    ticked = without_layout(manager.get("/manage/stranded?tick=all"))
    assert len(re.findall(r'name="booking"[^>]*checked', ticked)) == 3
    assert send("move", []).status_code == 422
    assert send("ask_move", []).status_code == 422
    asked = send("ask_move", boxes)
    assert "Ya, pindahkan 3 pendaftaran" in without_layout(asked)
    assert {state_of(site, each) for each in tickets} == {State.STRANDED}, "it only asks"
    moving = [each for each in boxes if not each.startswith(tickets[2].id)]
    key = change_form(asked, "/manage/stranded").fields["idempotency_key"]
    done = send("move", moving, key)
    assert (
        done.status_code == 303 and "2 pendaftaran dipindahkan." in manager.get(done.location).text
    )
    assert send("move", moving, key).location == done.location, "sent twice, it is done once"
    again = send("move", moving).location
    assert again.partition("done=")[2].startswith("0") and "gone=2" in again
    assert "2 sudah ditangani orang lain sementara itu." in manager.get(again).text
    leaving = [each for each in boxes if each.startswith(tickets[2].id)]
    asked = send("ask_cancel", leaving)
    assert asked.status_code == 200 and state_of(site, tickets[2]) is State.STRANDED
    assert "Ya, batalkan 1 pendaftaran" in without_layout(asked)
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


def strand(site: Site, manager: FlaskClient, number: int, **contact: str) -> list[Ticket]:
    """Bookings of Friday, and Friday closed."""
    tickets = [book(site, FRIDAY, number=each, **contact) for each in range(number)]
    shown = review(site, manager, "/manage/hours/day?date=2026-11-27", open="closed")
    assert apply(site, manager, shown, "/manage/hours/day").status_code == 303
    return tickets


def boxes_of(page: TestResponse) -> dict[str, str]:
    """The time proposed for each booking of a page."""
    return dict(re.findall(r'name="booking" value="([^"/]+)/([^"]*)"', without_layout(page)))


def test_pages_show_each_booking_once_and_no_place_twice(
    site: Site, manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first page's bookings take the nearest places, also where the second page is looked at
    alone.
    """
    for module in (asking, page_module):
        monkeypatch.setattr(module, "PAGE", 2)
    tickets = strand(site, manager, 5)
    with site.application.database.read() as connection:
        moves = propose_moves(connection, office_of(site), site.clock.now)
    whole = {each.ticket.id: slot_id(each.slot) for each in moves if each.slot}
    pages = [boxes_of(manager.get(f"/manage/stranded?page={n}")) for n in (1, 2, 3)]
    assert [len(each) for each in pages] == [2, 2, 1]
    assert pages[0] | pages[1] | pages[2] == whole and set(whole) == {each.id for each in tickets}
    assert boxes_of(manager.get("/manage/stranded?page=99")) == pages[2]
    assert boxes_of(manager.get("/manage/stranded?page=-1")) == pages[0]


def test_bookings_are_sought_by_what_tells_them_apart(site: Site, manager: FlaskClient) -> None:
    family = book(site, FRIDAY, number=10, service="KK")
    card = book(site, FRIDAY, number=11, service="AKL")
    mailed = book(site, FRIDAY, number=12, service="AKL", email="dua@example.com")
    shown = review(site, manager, "/manage/hours/day?date=2026-11-27", open="closed")
    apply(site, manager, shown, "/manage/hours/day")
    with site.application.database.read() as connection:
        newest = message_store.list_newest(connection, "3674", [mailed.id])[mailed.id]
    site.application.database.write(
        [],
        lambda tx: tx.change(
            messages.update().where(messages.c.id == newest.id).values(state="SENT")
        ),
    )

    def found(query: str) -> set[str]:
        return set(boxes_of(manager.get(f"/manage/stranded?{query}")))

    all_of_them = {family.id, card.id, mailed.id}
    assert found("service=AKL") == {card.id, mailed.id}
    assert found("service=NONE") == set()
    assert found("day=2026-11-27") == all_of_them and found("day=2026-11-26") == set()
    assert found("told=yes") == {mailed.id} and found("told=no") == {family.id, card.id}
    assert found("urgent=no") == all_of_them and found("urgent=yes") == set()
    assert found("free=yes") == all_of_them and found("free=no") == set()
    assert found("day=never&page=x&told=maybe&service=") == all_of_them
    page = manager.get("/manage/stranded?service=AKL&lang=en")
    assert "2 bookings fit." in without_layout(page)
    form = change_form(page, "/manage/stranded")
    assert form.fields["service"] == "AKL", "the form leads back to what was sought"
    assert "No booking fits" in manager.get("/manage/stranded?free=no&lang=en").text


def test_what_came_of_each_is_said(site: Site, manager: FlaskClient) -> None:
    tickets = strand(site, manager, 3)
    page = manager.get("/manage/stranded?lang=en")
    boxes = boxes_of(page)
    form = change_form(page, "/manage/stranded")
    free = boxes[tickets[0].id]
    passed = slot_id(TUESDAY - timedelta(days=1))
    sent = [f"{tickets[0].id}/{free}", f"{tickets[1].id}/{passed}", f"{tickets[2].id}/"]
    done = manager.post(
        "/manage/stranded",
        data={
            "csrf_token": form.fields["csrf_token"],
            "office": "3674",
            "what": "move",
            "booking": sent,
            "told": "no",
        },
    )
    text = without_layout(manager.get(done.location))
    assert "told=no" in done.location
    assert "1 booking was moved." in text
    assert "1 has no free time and stays in the list." in text
    assert "because the" in text, "why the second was not moved"
    assert state_of(site, tickets[1]) is State.STRANDED


def take_calls(manager: FlaskClient, format: str, **fields: str) -> TestResponse:
    token = change_form(manager.get("/manage/stranded"), "/manage/stranded/calls").fields
    sent = {"csrf_token": token["csrf_token"], "office": "3674", "format": format, **fields}
    return manager.post("/manage/stranded/calls?lang=en", data=sent)


def test_the_list_to_ring_by_holds_what_is_needed_and_is_in_the_log(
    site: Site, manager: FlaskClient
) -> None:
    strand(site, manager, 2, phone="+6281200000001")
    answer = take_calls(manager, "pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    said = " ".join(read_text(answer.data).split())
    for words in (
        "Pengunjung yang perlu ditelepon",
        "2 panggilan telepon",
        "Tamu 0",
        "+6281200000001",
        "Jadwal yang hilang: Jumat, 27 November 2026",
        "Katakan dalam Bahasa Indonesia:",
        "Kami dapat menawarkan jadwal ini:",
        "Jawaban:",
        "musnahkan setelah dipakai, paling lambat Jumat, 27 November 2026",
    ):
        assert words in said, words
    assert "http" not in said, "nobody says an address on the telephone"
    page = take_calls(manager, "page")
    assert page.status_code == 200 and 'lang="id"' in page.text
    assert "Tamu 1" in page.text and "Jawaban:" in page.text
    text = without_layout(manager.get("/supervise/audit?office=3674&kind=exports&lang=en"))
    assert text.count("Took the list of visitors to ring: 2 calls") == 2
    assert take_calls(manager, "exe").status_code == 404


def test_somebody_who_was_moved_is_told_the_old_and_the_new_time(
    site: Site, manager: FlaskClient
) -> None:
    (ticket,) = strand(site, manager, 1, phone="+6281200000001")
    page = manager.get("/manage/stranded")
    boxes = boxes_of(page)
    manager.post(
        "/manage/stranded",
        data={
            "csrf_token": change_form(page, "/manage/stranded").fields["csrf_token"],
            "office": "3674",
            "what": "move",
            "booking": [f"{ticket.id}/{boxes[ticket.id]}"],
        },
    )
    said = " ".join(read_text(take_calls(manager, "pdf").data).split())
    assert "Jadwal yang hilang: Jumat, 27 November 2026" in said
    assert "Jadwal baru, sudah disimpan:" in said and "1 panggilan telepon" in said


def test_an_empty_list_to_ring_by_says_so() -> None:
    head = CallHead("Kantor", "29 November 2026", "30 November 2026")
    pdf = draw_call_list(head, (), "id")
    assert "Tidak ada yang perlu diberi tahu petugas." in read_text(pdf)
    assert pdf == draw_call_list(head, (), "id")


def test_who_has_not_shown_lately_who_they_are_is_asked_before_the_list(
    site: Site, manager: FlaskClient
) -> None:
    strand(site, manager, 1, phone="+6281200000001")
    fields = change_form(manager.get("/manage/stranded"), "/manage/stranded/calls").fields
    site.clock.pass_by(minutes=11)
    sent = {"csrf_token": fields["csrf_token"], "office": "3674", "format": "pdf"}
    asked = manager.post("/manage/stranded/calls?lang=en", data=sent)
    assert "Is it you?" in asked.text and "+6281200000001" not in asked.text
    assert manager.get("/manage/stranded/calls").status_code == 302
