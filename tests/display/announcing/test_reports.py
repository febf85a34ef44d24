"""What a page tells its agent, and what it hears in return."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from display.page import create_page
from display.stream import Stream


class Agent:
    def __init__(self) -> None:
        self.facts: list[dict[str, Any]] = []
        self.announced: list[str] = []
        self.is_full = False

    def note(self, ids: list[str]) -> None:
        if self.is_full:
            raise OSError("no space left on device")
        self.announced += ids


@pytest.fixture
def agent() -> Agent:
    return Agent()


@pytest.fixture
def page(agent: Agent) -> FlaskClient:
    return create_page(Stream(dict), "b1", agent.facts.append, agent.note).test_client()


def report(client: FlaskClient, **facts: Any) -> Any:
    return client.post("/report", data=json.dumps(facts)).get_json(silent=True)


def test_one_of_two_pages_speaks_and_stands_for_the_screen(page: FlaskClient, agent: Agent) -> None:
    assert report(page, page="p1", sound="ok") == {"speaks": True}
    assert report(page, page="p2", sound="blocked") == {"speaks": False}
    assert agent.facts == [{"sound": "ok"}]


def test_a_page_that_closes_hands_the_voice_on(page: FlaskClient) -> None:
    report(page, page="p1")
    assert page.post("/report", data=b'{"page": "p1", "closing": true}').status_code == 204
    assert report(page, page="p2") == {"speaks": True}


def test_a_page_without_a_name_never_speaks(page: FlaskClient, agent: Agent) -> None:
    assert report(page, layout="entry") == {"speaks": False}
    assert report(page, page=7, layout="entry") == {"speaks": False}
    assert agent.facts == [{"layout": "entry"}] * 2
    assert report(page, page="p1") == {"speaks": True}


def test_what_was_announced_is_confirmed_only_when_it_is_kept(
    page: FlaskClient, agent: Agent
) -> None:
    agent.is_full = True
    assert page.post("/announced", data=b'["c1"]').status_code == 503
    agent.is_full = False
    assert page.post("/announced", data=b'["c1"]').status_code == 204
    assert agent.announced == ["c1"]


@pytest.mark.parametrize("body", [b"", b"[", b"{}", b'["c1", 2]', b'"c1"', b"null", b"\xff"])
def test_what_is_no_list_of_calls_is_refused(page: FlaskClient, agent: Agent, body: bytes) -> None:
    assert page.post("/announced", data=body).status_code == 422
    assert agent.announced == []
