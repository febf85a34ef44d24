"""The page of manual actions: grouped, sought, paged and taken away as a file, by whoever may read
it and in their language.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from queue_server.domain.audit.acts import DAYS_MAX, ActKind
from queue_server.domain.events import Event, EventType
from queue_server.store.writer.transaction import Transaction
from queue_server.web.pages.supervisor import audit as page_module
from queue_server.web.pages.supervisor import audit_file
from queue_server.web.pages.supervisor.audit_asking import read_asked
from tests.fixtures.application import ELSEWHERE, HOME, HOST, TODAY, House
from tests.web.site import without_layout

COUNTER = f"{HOME}-1"


def show(browser: FlaskClient, **query: Any) -> str:
    answer = browser.get(
        "/supervise/audit",
        query_string={"lang": "en", **{name.rstrip("_"): each for name, each in query.items()}},
        headers={"Host": HOST},
    )
    assert answer.status_code == 200, answer.text
    return without_layout(answer)


def rows_of(text: str) -> list[str]:
    """What each row says was done."""
    cells = re.findall(r'<td class="audit__what">(.*?)</td>', text)
    return [re.sub(r"<[^>]+>", "", each).strip() for each in cells]


def correct(house: House, times: int, who: str = "guard", reason: str = "delivery") -> None:
    for _ in range(times):
        house.post(f"/offices/{HOME}/occupancy", who, {"delta": 1, "reason": reason})


def act(house: House) -> tuple[str, str]:
    """A call out of turn taken back, a correction, a stop: the numbers of the two visitors."""
    first, second = house.walk_in(), house.walk_in()
    house.post(
        f"/tickets/{second['id']}/call", "clerk", {"counter": COUNTER, "reason": "needs_help"}
    )
    house.post(f"/tickets/{second['id']}/undo", "clerk")
    correct(house, 1)
    house.post(f"/offices/{HOME}/admissions", "guard", {"admitting": False, "reason": "crowded"})
    return str(first["number"]), str(second["number"])


def test_acts_stand_under_their_kind_with_their_number(both_houses: House) -> None:
    house = both_houses
    first, second = act(house)
    browser, _token = house.sign_in("supervisor")
    text = show(browser)
    groups = re.findall(r"<h2>([^<]+)</h2>\s*<span class=\"badge badge--info\">\s*(\d+)", text)
    assert groups == [
        ("Calls by hand or out of turn", "1"),
        ("Steps taken back", "1"),
        ("Corrections of the count inside", "1"),
        ("Stops and evacuations", "1"),
        ("Accounts and sign-ins", "1"),
    ]
    assert f"{second} was called although it was {first}" in text
    assert "1 call was out of turn." in text
    alone = show(browser, kind="stops")
    assert rows_of(alone) == ["Stopped the door"]
    assert rows_of(show(browser, person="clerk")) == [
        f"{second} was called although it was {first}&#39;s turnOut of turn",
        f"Took back “call” for {second}",
    ]
    assert rows_of(show(browser, where=f"counter:{COUNTER}"))[0].startswith(second)
    assert len(rows_of(show(browser, number=second.lower()))) == 2
    assert rows_of(show(browser, number=first, kind="stops")) == []
    assert "Nothing found" in show(browser, number=first, kind="stops")


def test_over_several_days_a_call_is_judged_by_what_its_event_says(both_houses: House) -> None:
    house = both_houses
    _first, second = act(house)
    house.clock.pass_by(days=3)
    browser, _token = house.sign_in("supervisor")
    text = show(browser, from_="2026-11-20", to="2026-11-26")
    assert f"{second} was called out of turn" in text and "Every call was in turn" not in text
    assert "23 November 2026" in text
    assert rows_of(show(browser)) == ["Signed in"], "today is another day"


def test_a_day_in_turn_says_so(house: House) -> None:
    house.called()
    browser, _token = house.sign_in("supervisor")
    assert "Every call was in turn" in show(browser)
    assert "Every call was in turn" not in show(browser, person="clerk"), "not all was looked at"


def test_a_log_that_contradicts_itself_is_no_proof(house: House) -> None:
    ticket = house.called()

    def call_again(tx: Transaction) -> None:
        facts = {
            "number": ticket["number"],
            "by": "clerk",
            "direct": True,
            "reason": "",
            "changed": {"counter": [None, COUNTER]},
            "turn_time": None,
            "credit_minutes": 0,
            "letters": "A",
            "room": 5,
            "policy": "FIFO",
        }
        moment = house.clock.now
        tx.record(Event(EventType.CALLED, HOME, TODAY, moment, ticket["id"], facts))

    house.database.write([(HOME, TODAY)], call_again)
    browser, _token = house.sign_in("supervisor")
    text = show(browser)
    assert "The log of this day contradicts itself" in text
    assert "Every call was in turn" not in text


def test_pages_of_a_kind_hold_each_act_once(
    both_houses: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = both_houses
    for amount in range(1, 8):
        house.post(f"/offices/{HOME}/occupancy", "guard", {"delta": amount, "reason": "x"})
        house.clock.pass_by(days=1 if amount == 4 else 0)
    monkeypatch.setattr(page_module, "PAGE", 3)
    browser, _token = house.sign_in("supervisor")
    asked = {"kind": "count", "from_": "2026-11-20", "to": "2026-11-26"}
    text = show(browser, **asked)
    seen = rows_of(text)
    while older := re.search(r"before=([0-9.\-]+)", text.partition("Older")[0][-600:]):
        correct(house, 1, reason="meanwhile")
        text = show(browser, **asked, before=older[1])
        seen += rows_of(text)
        assert "Newest" in text
        if "Older" not in text:
            break
    assert seen == [f"Corrected the persons inside by +{n}" for n in range(7, 0, -1)]


def test_a_long_kind_shows_its_newest_and_leads_to_all(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "FIRST_OF_KIND", 2)
    correct(house, 5)
    browser, _token = house.sign_in("supervisor")
    text = show(browser)
    assert len(rows_of(text)) == 3 and "All 5: Corrections of the count inside" in text
    assert "kind=count" in text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"kind": "secrets"}, "Choose one from the list"),
        ({"person": "clerk_elsewhere"}, "Choose one from the list"),
        ({"where": "counter:nowhere"}, "Choose one from the list"),
        ({"number": "A'; --"}, "A number is letters and digits"),
        ({"from_": "2026-11-24", "to": "2026-11-23"}, "must not be before the first"),
        ({"from_": "2026-01-01", "to": "2026-11-23"}, f"Choose at most {DAYS_MAX} days"),
        ({"from_": "0001-01-01", "to": "0001-01-02"}, "Enter a date"),
        ({"from_": "yesterday"}, "Enter a date"),
    ],
)
def test_what_cannot_be_asked_for_is_said(
    house: House, query: Mapping[str, str], said: str
) -> None:
    browser, _token = house.sign_in("supervisor")
    text = show(browser, **query)
    assert said in text and "error-summary" in text


def test_a_place_that_is_none_begins_with_the_newest(house: House) -> None:
    correct(house, 1)
    browser, _token = house.sign_in("supervisor")
    for before in ("x", "2026-11-23", "9999-99-99.1", "2026-11-23.9999999999"):
        assert len(rows_of(show(browser, kind="count", before=before))) == 1


@given(st.dictionaries(st.sampled_from(("from", "to", "date", "kind", "number")), st.text()))
def test_any_address_asks_for_days_of_the_calendar(given: Mapping[str, str]) -> None:
    asked = read_asked(given, TODAY, {}, {})
    assert asked.sought.first <= asked.sought.last
    assert asked.sought.last - asked.sought.first < timedelta(days=DAYS_MAX)
    again = read_asked(asked.address(), TODAY, {}, {})
    assert again.sought == asked.sought and not again.errors


def test_days_before_and_after_are_as_many() -> None:
    week = read_asked({"from": "2026-11-16", "to": "2026-11-22"}, TODAY, {}, {})
    assert week.beside(TODAY, later=False) == {"from": "2026-11-09", "to": "2026-11-15"}
    assert week.beside(TODAY, later=True) == {"from": "2026-11-23", "to": "2026-11-29"}
    assert read_asked({}, TODAY, {}, {}).beside(TODAY, later=True) is None
    oldest = read_asked({"date": "2000-01-01"}, TODAY, {}, {})
    assert oldest.beside(TODAY, later=False) is None
    assert read_asked({"date": "2026-11-20"}, TODAY, {}, {}).sought.first == date(2026, 11, 20)


def take(house: House, who: str, language: str = "en", **fields: str) -> TestResponse:
    browser, token = house.sign_in(who)
    sent = {"csrf_token": token, "office": HOME, "format": "csv", **fields}
    return browser.post(
        "/supervise/audit/file",
        data={name.rstrip("_"): value for name, value in sent.items()},
        headers={"Accept-Language": language, "Host": HOST},
    )


def read_rows(answer: TestResponse) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("language", "head", "what", "end"),
    [
        (
            "en",
            "Counter or device",
            "Corrected the persons inside by +1",
            "End of the list: 7 acts",
        ),
        ("id", "Loket atau perangkat", "Mengoreksi jumlah orang", "Akhir daftar: 7 tindakan"),
    ],
)
def test_the_file_holds_all_that_was_found_in_the_readers_language(
    both_houses: House,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    head: str,
    what: str,
    end: str,
) -> None:
    house = both_houses
    monkeypatch.setattr(audit_file, "AT_ONCE", 3)
    correct(house, 7, reason='=HYPERLINK("http://evil")')
    answer = take(house, "auditor", language, kind="count")
    assert answer.headers["Cache-Control"] == "no-store"
    rows = read_rows(answer)
    assert rows[1][4] == head and rows[-1] == [end]
    acts = rows[2:-1]
    assert len(acts) == 7 and what in acts[0][3]
    assert {row[6] for row in acts} == {'\'=HYPERLINK("http://evil")'}, "no formula"
    assert [int(row[9]) for row in acts] == sorted((int(row[9]) for row in acts), reverse=True)
    browser, _token = house.sign_in("auditor")
    assert "Took the manual actions from 23 November 2026" in show(browser, kind="exports")


def test_the_workbook_holds_texts_and_no_formulas(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_file, "WORKBOOK_MAX", 2)
    correct(house, 3, reason="=1+1")
    answer = take(house, "manager", format="xlsx", kind="count")
    assert answer.status_code == 200 and answer.mimetype.endswith("sheet")
    book = ZipFile(BytesIO(answer.data))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "=1+1" in book.read("xl/sharedStrings.xml").decode()
    assert "Only the newest 2 are in this file" in book.read("xl/sharedStrings.xml").decode()


def test_a_file_is_asked_for_again_after_ten_minutes_and_is_noted_once(house: House) -> None:
    browser, token = house.sign_in("supervisor")
    house.clock.pass_by(minutes=11)
    sent = {"csrf_token": token, "office": HOME, "format": "csv", "kind": "count"}
    asked = browser.post(
        "/supervise/audit/file", data=sent, headers={"Host": HOST, "Accept-Language": "en"}
    )
    assert "Is it you?" in asked.text and 'name="kind" value="count"' in asked.text
    assert rows_of(show(browser, kind="exports")) == [], "nothing was taken"


def test_a_file_of_what_cannot_be_is_refused_and_not_noted(house: House) -> None:
    assert take(house, "supervisor", format="exe").status_code == 404
    assert take(house, "supervisor", kind="secrets").status_code == 422
    assert take(house, "clerk").status_code == 403
    assert take(house, "supervisor", office=ELSEWHERE).status_code == 200, "their own office's"
    browser, _token = house.sign_in("auditor")
    assert rows_of(show(browser, kind="exports")) == [
        "Took the manual actions from 23 November 2026 to 23 November 2026 away as a file (CSV)"
    ]


def test_auditors_read_names_and_the_state_of_the_chain(house: House) -> None:
    correct(house, 1)
    browser, _token = house.sign_in("auditor")
    text = show(browser)
    assert "<td>Guard</td>" in text
    assert "The chain that proves this log has not begun yet." in text
    assert ActKind.COURSE.value not in re.findall(r'value="(\w+)"', text)
