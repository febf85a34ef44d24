"""Cancelled visits: counted by reason for the managers, without a name."""

from __future__ import annotations

from typing import Any

from tests.fixtures.application import ELSEWHERE, HOME, HOST, NAME, House
from tests.web.site import without_layout


def cancel(house: House, place: int, who: str | None = None, **reason: str) -> None:
    """Book a visit for one of several persons, and cancel it."""
    nik = f"910101450788004{place}"
    phone = f"+628129876500{place}"
    ticket = house.book(nik=nik, phone=phone, email=None, slot=house.slot(9 + place))
    body: dict[str, Any] = {"last4": nik[-4:], **reason}
    done = house.post(f"/tickets/{ticket['code']}/cancel", who, body)
    assert done.status_code == 200, done.text


def page_of(house: House, days_later: int = 0) -> str:
    house.clock.pass_by(days=days_later)
    browser, _token = house.sign_in("manager")
    answer = browser.get("/manage/cancelled?lang=en", headers={"Host": HOST})
    assert answer.status_code == 200
    return without_layout(answer)


def test_a_manager_sees_why_visits_were_cancelled(both_houses: House) -> None:
    house = both_houses
    assert "No visit was cancelled" in page_of(house)
    cancel(house, 0, reason="done_online")
    cancel(house, 1, reason="done_online")
    cancel(house, 2, "clerk", reason="no_time")
    cancel(house, 3)
    cancel(house, 4, "clerk")
    page = page_of(house)
    assert "5 visits were cancelled in the last 30 days." in page and NAME not in page
    cells = [
        (name, page.partition(f'<th scope="row">{name}</th><td>')[2].partition("<")[0])
        for name in (
            "I did it online",
            "I have no time that day",
            "I booked by mistake",
            "No reason given",
            "Cancelled by the office",
        )
    ]
    assert [many for _name, many in cells] == ["2", "1", "0", "1", "1"]
    assert page.index("I did it online") < page.index("I have no time that day")
    assert "<td>40 %</td>" in page
    assert "No visit was cancelled" in page_of(house, days_later=31)


def test_another_office_is_not_counted_and_its_managers_do_not_look(house: House) -> None:
    cancel(house, 0, reason="mistake")
    browser, _token = house.sign_in("manager_elsewhere")
    headers = {"Host": HOST}
    for asked in (ELSEWHERE, HOME):
        page = browser.get(f"/manage/cancelled?office={asked}&lang=en", headers=headers)
        assert "No visit was cancelled" in page.text and f"Kantor {ELSEWHERE}" in page.text
        assert f"Kantor {HOME}" not in page.text
