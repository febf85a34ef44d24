"""Pages of an installation without an office, and of an office with nothing in it: none breaks, and
each says what to do.
"""

from __future__ import annotations

from functools import partial

import pytest

from queue_server.domain.office.office import Office
from queue_server.domain.room.capacity import Room
from queue_server.services.office.whole.creating import create_office
from tests.fixtures.application import HOST, House, at

EMPTY = "9199"


@pytest.fixture
def empty(house: House) -> House:
    """A house with one office more, in which there is nothing yet."""
    office = Office(EMPTY, "Kantor Kosong", "Jalan Kosong 1", "", "Asia/Jakarta", None)
    make = partial(create_office, office=office, room=Room(), by="admin", now=at(9))
    house.database.write([], make)
    return house


def test_no_page_of_an_empty_office_breaks(empty: House) -> None:
    browser, _token = empty.sign_in("admin")
    broken = {}
    for rule in empty.application.flask.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.arguments - {"office_code"}:
            continue
        path = rule.rule.replace("<office_code>", EMPTY)
        answer = browser.get(path, query_string={"office": EMPTY}, headers={"Host": HOST})
        if answer.status_code >= 500 and rule.endpoint != "ops.show_ready":
            broken[rule.endpoint] = answer.status_code
    assert broken == {}
