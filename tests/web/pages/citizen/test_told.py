"""Once a visit is booked, its page says what the office will send, and nothing that it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.application import HOST, House


@pytest.mark.parametrize(
    ("given", "ways", "said", "unsaid"),
    [
        ({"notify": True}, {"smtp_url": "smtp://127.0.0.1:9"}, ("email Anda", "mengingatkan"), ()),
        ({}, {"smtp_url": "smtp://127.0.0.1:9"}, ("email Anda",), ("mengingatkan",)),
        ({"notify": True, "email": None}, {"gateway_url": "console:"}, ("nomor ponsel",), ()),
        ({"email": None}, {"gateway_url": "console:"}, (), ("Konfirmasi", "mengingatkan")),
        ({"notify": True}, {}, (), ("Konfirmasi", "mengingatkan")),
    ],
)
def test_the_page_says_what_will_be_sent(
    open_house: Callable[..., House],
    given: dict[str, Any],
    ways: dict[str, str],
    said: tuple[str, ...],
    unsaid: tuple[str, ...],
) -> None:
    house = open_house(**ways)
    code = house.book(**given)["code"]
    page = house.browser().get(f"/t/{code}?new=1", headers={"Host": HOST}).text
    assert all(each in page for each in said) and not any(each in page for each in unsaid)
