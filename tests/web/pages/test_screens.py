"""The pages of lobby screens for plain browsers: open to everybody, made once for all of them, and
right or saying what is wrong.
"""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from queue_server.web.edge.headers import CONTENT_SECURITY_POLICY
from tests.web.site import Site

TV, ENTRY, PLAIN = "/tv/3674", "/tv/3674/entry", "/tv/3674/plain"
PAGES = (TV, ENTRY, PLAIN)
PAGE_PACKED_BYTES_MAX = 7_000
SCRIPTS_PACKED_BYTES_MAX = 70_000


def setup_of(answer: TestResponse) -> dict[str, Any]:
    """What the page tells its scripts."""
    match = re.search(r'id="setup">(.*?)</script>', answer.text)
    assert match is not None
    told: dict[str, Any] = json.loads(match[1])
    return told


@pytest.mark.parametrize("path", PAGES)
def test_anybody_gets_the_page_and_no_search_engine_keeps_it(site: Site, path: str) -> None:
    answer = site.browser().get(path)
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers
    again = site.browser().get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", [*PAGES, f"{TV}?layout=counter&hall=1&voice=1"])
def test_a_page_is_made_once_for_everybody(site: Site, path: str) -> None:
    pages = site.application.flask.extensions["antrean"].pages
    assert site.browser().get(path).status_code == 200
    used = pages.used
    assert used > 0
    for _ in range(3):
        site.browser().get(path)
    assert pages.used == used


@pytest.mark.parametrize("path", PAGES)
def test_nothing_in_it_is_run_but_its_files(site: Site, path: str) -> None:
    page = site.browser().get(path).text
    assert not re.search(r'<style|style="|\son\w+="|javascript:', page)
    scripts = re.findall(r"<script([^>]*)>", page)
    assert scripts and all("src=" in each or "application/json" in each for each in scripts)


def test_a_page_and_its_files_are_light(site: Site) -> None:
    browser = site.browser()
    packed = {"Accept-Encoding": "gzip"}
    for path in PAGES:
        answer = browser.get(path, headers=packed)
        assert len(answer.data) <= PAGE_PACKED_BYTES_MAX, path
        assert answer.headers.get("Content-Encoding") == "gzip"
    wanted = list(dict.fromkeys(re.findall(r'"(/tv-files/[^"]+)"', browser.get(TV).text)))
    total, seen = 0, set()
    while wanted:
        address = wanted.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = browser.get(address, headers=packed)
        assert answer.status_code == 200 and answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        total += len(answer.data)
        if address.endswith(".js"):
            text = gzip.decompress(answer.data).decode()
            for name in re.findall(r'(?:from|import) "(\.[^"]+)"', text):
                folder = address.rpartition("/")[0]
                while name.startswith("../"):
                    folder, name = folder.rpartition("/")[0], name[3:]
                wanted.append(f"{folder}/{name.removeprefix('./')}")
    assert any(each.endswith("feed/server_source.js") for each in seen)
    assert total <= SCRIPTS_PACKED_BYTES_MAX


def test_an_unknown_office_is_answered_with_all_that_there_are(site: Site) -> None:
    answer = site.browser().get("/tv/9999")
    assert answer.status_code == 404
    assert "Tidak ada kantor dengan kode 9999" in answer.text
    assert "No office has the code 9999" in answer.text
    assert 'href="/tv/3674"' in answer.text and 'href="/tv/3672"' in answer.text
    hostile = site.browser().get("/tv/<script>alert(1)</script>/plain")
    assert hostile.status_code == 404 and "<script>alert" not in hostile.text
    assert site.browser().get("/tv").status_code == 200


def test_the_settings_of_the_address_reach_the_page(site: Site) -> None:
    told = setup_of(site.browser().get(f"{TV}?hall=1,2&voice=1&volume=60&languages=en,id"))
    assert told["settings"]["halls"] == [{"name": {}, "counters": ["1", "2"]}]
    assert told["settings"]["voice"] is True and told["settings"]["volume"] == 60
    assert told["office"] == "3674" and told["feed"] == "server"
    assert setup_of(site.browser().get(TV))["settings"]["voice"] is False


def test_a_wrong_setting_is_said_on_the_screen(site: Site) -> None:
    page = site.browser().get(f"{TV}?volume=500&color=<b>red</b>").text
    assert "Salah pada alamat layar ini: color=&lt;b&gt;red&lt;/b&gt;, volume=500" in page
    assert "Wrong in the address of this screen" in page
    assert 'id="faults"' not in site.browser().get(f"{TV}?volume=50").text


def test_the_layout_entry_is_the_entry_page(site: Site) -> None:
    for path in (ENTRY, f"{TV}?layout=entry"):
        assert 'id="gate-title"' in site.browser().get(path).text
    assert 'id="gate-title"' not in site.browser().get(TV).text


def test_the_plain_page_says_what_the_board_says(site: Site) -> None:
    page = site.browser().get(PLAIN).text
    assert "Disdukcapil Kota Tangerang Selatan" in page and "Belum ada panggilan" in page
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page
    assert "09.05" in page


def test_old_addresses_of_files_are_answered_but_not_kept(site: Site) -> None:
    answer = site.browser().get("/tv-files/000000000000/tv.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    for name in ("../page.py", "page.py", "nothing.js", "templates/tv.html"):
        assert site.browser().get(f"/tv-files/000000000000/{name}").status_code == 404


def test_a_page_learns_of_a_new_build(site: Site) -> None:
    told = setup_of(site.browser().get(TV))
    answer = site.browser().get(told["build_address"])
    assert answer.json == {"build": told["build"]}
    assert answer.headers["Cache-Control"] == "no-cache"


def test_everybody_gets_the_voice(site: Site) -> None:
    index = site.browser().get("/voice/index.json")
    assert index.status_code == 200 and {"id", "en"} <= index.json["languages"].keys()
    clips = index.json["languages"]["id"]["words"]["counter_3"]
    assert site.browser().get(clips[0]).content_type == "audio/ogg; codecs=opus"


def test_a_board_says_todays_hours_and_when_a_closed_office_opens_again(site: Site) -> None:
    def board() -> Any:
        return site.browser().get("/api/v1/offices/3674/board").json

    now = board()
    assert now["open"] is True and now["opens_at"] is None and now["mode_until"] is None
    assert now["hours"] and all(re.fullmatch(r"\d\d:\d\d", each["opens"]) for each in now["hours"])
    site.clock.pass_by(hours=12)
    later = board()
    assert later["open"] is False and later["opens_at"].startswith("2026-11-25T")
