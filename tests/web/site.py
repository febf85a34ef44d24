"""A visitor's browser without scripts, and the server it talks to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.app import Application
from queue_server.domain.access.accounts import User
from queue_server.services.access import sessions
from tests.fixtures.hashes import cheap_hash

TUESDAY = datetime(2026, 11, 24, 2, 5, tzinfo=UTC)
"""A working day, 09.05 WIB."""

PASSWORD = "benar-kuda-baterai-staples"
OFFICES = ("3674", "3672")
STAFF = (
    ("sari", "clerk", "3674"),
    ("budi", "manager", "3674"),
    ("wati", "manager", "3672"),
    ("admin", "admin", None),
)
"""User name, role, office."""


class Clock:
    """The time the server believes in."""

    def __init__(self) -> None:
        self.now = TUESDAY

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class Form:
    """A form of a page: where it goes and what it would send."""

    action: str = ""
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open = False
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
            self._open = True
        elif not self._open:
            return
        elif tag == "input" and given.get("name") and "disabled" not in given:
            form, name = self.forms[-1], given["name"]
            if given.get("type") in ("radio", "checkbox"):
                form.choices.setdefault(name, []).append(given.get("value", "on"))
                if "checked" in given:
                    form.fields[name] = given.get("value", "on")
            else:
                form.fields[name] = given.get("value", "")
        elif tag == "textarea" and given.get("name"):
            self._area = given["name"]
            self.forms[-1].fields[self._area] = ""
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select:
            form = self.forms[-1]
            form.choices.setdefault(self._select, []).append(given.get("value", ""))
            if "selected" in given or self._select not in form.fields:
                form.fields[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields[self._area] += data


def without_layout(response: TestResponse) -> str:
    """The source of a page as if its templates had no line breaks, indentation or space beside
    tags.
    """
    return re.sub(r"(?<=>) | (?=[<>])", "", " ".join(response.text.split()))


def forms_of(response: TestResponse) -> list[Form]:
    """The forms of a page, as a browser without scripts would send them."""
    reader = _FormReader()
    reader.feed(response.text)
    return reader.forms


def main_form(response: TestResponse) -> Form:
    """The last form of a page: the others are in the header."""
    return forms_of(response)[-1]


def links_of(response: TestResponse, part: str) -> list[str]:
    """The addresses on a page that contain `part`."""
    return [
        each.replace("&amp;", "&")
        for each in re.findall(r'href="([^"]+)"', response.text)
        if part in each
    ]


@dataclass
class Site:
    """A running server without a network, and a visitor's browser without scripts."""

    application: Application
    clock: Clock
    database_file: Path

    def browser(self) -> FlaskClient:
        """A fresh browser with no cookies."""
        return self.application.flask.test_client()

    def send(self, browser: FlaskClient, form: Form, **values: str) -> TestResponse:
        """Submit a form with these values over its own."""
        data = {**form.fields, **values}
        if form.method == "post":
            return browser.post(form.action, data=data)
        return browser.get(form.action, query_string=data)

    def send_on(self, browser: FlaskClient, form: Form, **values: str) -> TestResponse:
        """Submit a form, and go on to the page that it leads to."""
        done = self.send(browser, form, **values)
        return browser.get(done.location) if done.status_code == 303 else done

    def sign_in(self, browser: FlaskClient, username: str) -> FlaskClient:
        """Sign a member of staff in through the page."""
        done = self.send(
            browser, main_form(browser.get("/login")), username=username, password=PASSWORD
        )
        assert done.status_code == 303, done.text
        return browser

    def add_staff(self, username: str, role: str, office: str | None) -> None:
        """Add a member of staff who signs in with `PASSWORD`."""
        user, secret = (
            User(username, username, username.title(), role, office),
            cheap_hash(PASSWORD),
        )
        self.application.database.write(
            [], partial(sessions.add_user, user=user, password_hash=secret)
        )

    def stored_bytes(self) -> bytes:
        """Everything on disk: the database with its log."""
        folder = self.database_file.parent
        return b"".join(each.read_bytes() for each in folder.glob(f"{self.database_file.name}*"))
