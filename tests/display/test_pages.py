"""A page that is fed by a test draws what it is given, as one that an agent feeds."""

from __future__ import annotations

import pytest

from tests.display.pages import FeedPage, board, call

pytestmark = pytest.mark.requires_browser


def test_a_fed_page_draws_each_frame(fed_page: FeedPage) -> None:
    tv = fed_page(1280, 720)
    for number in ("A012", "A013"):
        tv.show(board(call(number, age_s=90)))
        assert tv.page.locator("#number").text_content() == number
    tv.show(None, paired=False, pairing_code="KD7001")
    assert tv.page.locator("#pair-code").text_content() == "KD7001"
