"""The gallery says that what is not in it is not to be used, so everything has to be in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import queue_server.web
from queue_server.app import create_app
from queue_server.settings import Settings
from tests.web.site import Site

WEB = Path(queue_server.web.__file__).parent
GALLERY_SECTIONS = sorted((WEB / "pages" / "gallery_sections").glob("*.html"))
COMPONENTS = sorted((WEB / "edge" / "templates" / "components").glob("*.html"))
SHARED_BY_STAFF = {
    "count",
    "dialog",
    "filter",
    "key",
    "menu",
    "menu__item",
    "menu__item--still",
    "panel",
    "panel__head",
    "panel__scroll",
    "queue",
}
"""Of staff.css, what more than the console uses."""


@pytest.fixture
def browser(site: Site, tmp_path: Path) -> Iterator[FlaskClient]:
    access = tmp_path / "access.json"
    access.write_text("{}")
    settings = site.application.flask.extensions["antrean"].settings
    demo = create_app(Settings(**{**settings.model_dump(), "demo_access_file": access}), site.clock)
    yield demo.flask.test_client()
    demo.database.close()


def macros_of(text: str) -> dict[str, str]:
    """The macros of a template by name, each with its body."""
    return dict(re.findall(r"{%-? macro (\w+)\(.*?%}(.*?){%-? endmacro", text, re.S))


def test_every_macro_and_every_piece_to_include_is_in_the_gallery() -> None:
    base = (WEB / "edge" / "templates" / "base.html").read_text()
    gallery = (WEB / "pages" / "gallery.html").read_text() + "".join(
        section.read_text() for section in GALLERY_SECTIONS
    )
    known: dict[str, str] = {}
    for file in COMPONENTS:
        found = macros_of(file.read_text())
        known |= found
        assert found or f'include "components/{file.name}"' in gallery + base, file.name
    reached, texts = set[str](), [gallery, base]
    while texts:
        text = texts.pop()
        new = {name for name in known if name not in reached and re.search(rf"\b{name}\(", text)}
        reached |= new
        texts += [known[name] for name in new]
    # A form of the gallery goes nowhere, so it carries no token, no key and no revision; the staff
    # bar's own form has one.
    assert set(known) - reached == {"command_fields", "seen_field"}


def test_every_class_of_a_component_is_on_the_page(browser: FlaskClient) -> None:
    styles = re.sub(
        r"/\*.*?\*/", "", (WEB / "edge" / "static" / "antrean.css").read_text(), flags=re.S
    )
    layers = styles[styles.index("@layer layout {") : styles.index("@layer helpers {")]
    selectors = " ".join(re.findall(r"([^{}]*){", layers))
    classes = set(re.findall(r"\.([a-z][\w-]*)", selectors)) | SHARED_BY_STAFF
    page = browser.get("/gallery").text
    shown = {name for value in re.findall(r'class="([^"]*)"', page) for name in value.split()}
    assert classes - shown == set()


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_section_says_when_to_use_what_is_in_it(browser: FlaskClient, language: str) -> None:
    page = browser.get(f"/gallery?lang={language}").text
    sections = re.findall(r'<h2 id="(g-\w+)">[^<]+</h2>(.{0,30})', page)
    assert [id for id, _after in sections] == re.findall(
        r'<section class="stack" aria-labelledby="(g-\w+)"', page
    )
    assert all(after.startswith('<p class="hint">') for _id, after in sections)
    assert {id for id, _after in sections} == set(re.findall(r'<li><a href="#(g-\w+)">', page)), (
        "the contents lead to each"
    )
