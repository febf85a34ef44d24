"""What is compiled once a server is up: afterwards no visitor waits for it."""

from __future__ import annotations

import pytest

from queue_server.serving.templates import load_templates
from queue_server.store.writer import compiled
from tests.fixtures.application import HOME, HOST, House


@pytest.mark.parametrize(
    "path", ["/", f"/o/{HOME}", f"/o/{HOME}/book", f"/o/{HOME}/book/day?service=REK", "/t/TICKET"]
)
def test_no_page_of_the_public_loads_a_template_later(
    house: House, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    app = house.application.flask
    assert load_templates(app) > 30

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a template is loaded while somebody waits")

    slip = house.ask("POST", f"/offices/{HOME}/tickets", "kiosk", key="a", json={"service": "REK"})
    monkeypatch.setattr(app.jinja_env.loader, "load", refuse)
    answer = house.browser().get(
        path.replace("TICKET", slip.json["code"]), headers={"Host": HOST}, follow_redirects=True
    )
    assert answer.status_code == 200


def test_each_statement_of_the_hot_path_is_compiled_once_and_others_go_first_meanwhile(
    both_houses: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests: list[None] = []
    known = both_houses.database.compile_statements(lambda: rests.append(None))
    assert len(rests) == known > 30

    def refuse(*_: object) -> None:
        pytest.fail("a statement is compiled again")

    monkeypatch.setattr(compiled, "_Form", refuse)
    both_houses.database.compile_statements(lambda: None)
