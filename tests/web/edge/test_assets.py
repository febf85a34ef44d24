"""The static files: vendored code as locked, small enough, cached for ever under an address of
their content.
"""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from queue_server.protocol.design import TOKENS_CSS
from queue_server.web.edge import assets
from queue_server.web.edge.assets import STATIC, list_files
from tests.web.site import Site

VENDOR = STATIC / "vendor"
OWN = {name: path for name, path in list_files() if not name.startswith("vendor/")}
OWN_SCRIPTS = [path for name, path in OWN.items() if name.endswith(".js")]


def test_vendored_files_are_exactly_those_of_the_lock() -> None:
    lock = json.loads((VENDOR / "vendor.lock.json").read_text(encoding="utf-8"))
    locked = {
        path: digest for package in lock["packages"] for path, digest in package["files"].items()
    }
    present = {
        each.relative_to(VENDOR).as_posix(): hashlib.sha256(each.read_bytes()).hexdigest()
        for each in VENDOR.rglob("*")
        if each.is_file() and each.name != "vendor.lock.json"
    }
    assert present == locked
    for package in lock["packages"]:
        assert any(path.endswith("LICENSE") for path in package["files"]), package["name"]
        assert (
            package["version"] and package["licence"] and package["integrity"].startswith("sha512-")
        )


@pytest.mark.parametrize("script", OWN_SCRIPTS, ids=lambda each: each.name)
def test_our_scripts_never_parse_html(script: object) -> None:
    source = script.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new "
        r"Function|setHTMLUnsafe",
        source,
    )


def test_no_style_sheet_or_script_reaches_beyond_this_server() -> None:
    for file in (*(each for each in OWN.values() if each.suffix != ".svg"), TOKENS_CSS):
        assert not re.search(r"https?://|url\(\s*['\"]?//", file.read_text(encoding="utf-8")), (
            file.name
        )


def test_the_first_page_is_light_enough_for_slow_phones(site: Site) -> None:
    page = site.browser().get("/o/3674")
    names = re.findall(r'(?:href|src)="/assets/[0-9a-f]+/([^"]+\.(?:css|js|svg))"', page.text)
    assert {"tokens.css", "antrean.css"} <= set(names)
    total = len(page.data) + sum(
        len((TOKENS_CSS if each == "tokens.css" else OWN[each]).read_bytes()) for each in set(names)
    )
    assert total <= 60_000


def test_a_file_may_be_kept_for_ever_under_its_own_build_only(site: Site) -> None:
    browser = site.browser()
    fresh = browser.get(f"/assets/{assets.build()}/antrean.css")
    assert (
        fresh.status_code == 200
        and "immutable" in fresh.headers["Cache-Control"]
        and fresh.content_type.startswith("text/css")
    )
    old = browser.get("/assets/000000000000/antrean.css")
    assert old.status_code == 200 and old.headers["Cache-Control"] == "no-cache"
    assert browser.get(f"/assets/{assets.build()}/tokens.css").data == TOKENS_CSS.read_bytes()
    module = browser.get(f"/assets/{assets.build()}/counter/console.js")
    assert module.content_type.startswith(("text/javascript", "application/javascript"))


@pytest.mark.parametrize(
    "name", ["../public.py", "..%2fpublic.py", "vendor/../../public.py", "nothing.css"]
)
def test_nothing_outside_the_folder_is_served(site: Site, name: str) -> None:
    assert site.browser().get(f"/assets/{assets.build()}/{name}").status_code == 404
