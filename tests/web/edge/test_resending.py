"""A form that could not be taken now: all that was typed stands there, with a button that sends it
once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from queue_server.web.edge.strangers import limits
from tests.fixtures.application import HOME, HOST, NIK, House, csrf_of
from tests.web.site import Form, forms_of

FORM = {
    "service": "REK",
    "name": 'Siti "Ani" <b>',
    "nik": NIK,
    "phone": "081298765432",
    "email": "siti@contoh.id",
    "party_size": "2",
    "priority": "yes",
    "idempotency_key": "7f9c2ba4-e88f-4d1b-9a3c-5e6f7a8b9c0d",
}


@contextmanager
def broken(house: House, failure: Callable[[], Exception]) -> Iterator[None]:
    """The database takes nothing for a while."""
    write = house.database.write

    def fail(*_args: Any, **_more: Any) -> Any:
        raise failure()

    house.database.write = fail  # type: ignore[method-assign]  # the fault that is tested
    try:
        yield
    finally:
        house.database.write = write  # type: ignore[method-assign]  # the fault that is tested


def unavailable() -> Exception:
    return OperationalError("", {}, Exception("database is locked"))


def send(browser: FlaskClient, form: Form) -> TestResponse:
    return browser.post(form.action, data=MultiDict(form.fields), headers={"Host": HOST})


def again_of(page: TestResponse) -> Form:
    """The one form of the page's content that sends everything again."""
    [form] = [
        each for each in forms_of(page) if "idempotency_key" in each.fields or "slot" in each.fields
    ]
    return form


@pytest.mark.parametrize(
    ("failure", "status"), [(unavailable, 503), (lambda: RuntimeError("x"), 500)]
)
def test_a_booking_that_failed_is_sent_again_by_one_press_and_counts_once(
    house: House, failure: Callable[[], Exception], status: int
) -> None:
    house.application.flask.config["PROPAGATE_EXCEPTIONS"] = False
    browser = house.browser()
    token = csrf_of(browser.get("/login", headers={"Host": HOST}))
    form = Form(
        f"/o/{HOME}/book/confirm", "post", {**FORM, "slot": house.slot(10), "csrf_token": token}
    )
    with broken(house, failure):
        page = send(browser, form)
        assert page.status_code == status
        again = again_of(page)
        assert {**again.fields, "csrf_token": ""} == {**form.fields, "csrf_token": ""}
        assert (
            "siti@contoh.id" in page.text and "•••• 0042" in page.text and "&lt;b&gt;" in page.text
        )
        assert f">{NIK}<" not in page.text, "the number is not shown, only sent"
        assert send(browser, again).status_code == status, "and once more, as often as needed"
    booked = send(browser, again)
    assert (
        booked.status_code == 303
        and send(browser, again).headers["Location"] == booked.headers["Location"]
    )


def test_a_limit_at_the_last_step_loses_nothing(
    open_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "EVERYTHING", "2 per minute")
    house = open_house(rate_limits=True)
    browser = house.browser()
    token = csrf_of(browser.get("/login", headers={"Host": HOST}))
    browser.get("/privacy", headers={"Host": HOST})
    form = Form(
        f"/o/{HOME}/waitlist",
        "post",
        {**FORM, "first_date": "2026-11-24", "last_date": "2026-11-25", "csrf_token": token},
    )
    page = send(browser, form)
    assert page.status_code == 429 and int(page.headers["Retry-After"]) >= 1
    assert {**again_of(page).fields, "csrf_token": ""} == {**form.fields, "csrf_token": ""}


def test_a_form_of_a_stranger_s_page_is_not_repeated(house: House) -> None:
    """Its fields under our button, with our token: whoever pressed it would send the stranger's
    form.
    """
    browser = house.browser()
    csrf_of(browser.get("/login", headers={"Host": HOST}))
    form = Form(
        f"/o/{HOME}/book/confirm", "post", {**FORM, "slot": house.slot(10), "csrf_token": "0" * 64}
    )
    with broken(house, unavailable):
        page = send(browser, form)
    assert "siti@contoh.id" not in page.text and "idempotency_key" not in page.text


def test_no_page_repeats_a_password(house: House) -> None:
    browser = house.browser()
    token = csrf_of(browser.get("/login", headers={"Host": HOST}))
    house.application.flask.config["PROPAGATE_EXCEPTIONS"] = False
    with broken(house, unavailable):
        form = Form(
            "/login",
            "post",
            {"csrf_token": token, "username": "clerk", "password": "kuda-baterai-staples-9"},
        )
        assert "kuda-baterai" not in send(browser, form).text


OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize(
    ("headers", "repeated"),
    [
        (OWN, True),
        ({"Origin": f"http://{HOST}"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": f"http://{HOST}"}, False),
        ({"Origin": "http://strange.example"}, False),
        ({}, False),
    ],
)
def test_a_form_whose_token_is_too_old_is_sent_again_by_one_press(
    house: House, headers: dict[str, str], repeated: bool
) -> None:
    """The browser was closed over lunch, and its cookies with it."""
    browser = house.browser()
    form = Form(f"/o/{HOME}/book/check", "post", {**FORM, "csrf_token": "0" * 64})
    form.fields["slot"] = house.slot(10)
    page = browser.post(form.action, data=form.fields, headers={"Host": HOST, **headers})
    assert page.status_code == 403 and ("siti@contoh.id" in page.text) is repeated
    if repeated:
        again = again_of(page)
        assert {**again.fields, "csrf_token": ""} == {**form.fields, "csrf_token": ""}
        assert send(browser, again).status_code == 303
