"""What is sent compressed, and what never is: pages with a secret in them."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urljoin

import pytest
import requests

from queue_server.web.edge import assets
from queue_server.web.edge.assets import list_files
from tests.web.served import Served
from tests.web.site import Site

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
FILES = dict(list_files())
STYLES = f"/assets/{assets.build()}/antrean.css"
TICKET_PAGE_BYTES_MAX = 36_500
"""All that a ticket page shows on the day: when to leave, who is called, sound and vibration."""
FIRST_PAGE_BYTES_MAX = 15_000
SOCKET_IO = "/vendor/socket.io-client-4.8.4/socket.io.min.js"
WAIT_SECONDS = 30


def test_a_file_comes_packed_to_whoever_takes_it(site: Site) -> None:
    plain, packed = site.browser().get(STYLES), site.browser().get(STYLES, headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data == FILES["antrean.css"].read_bytes()
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 3
    for each in (plain, packed):
        assert each.headers["Vary"] == "Accept-Encoding"
        assert "immutable" in each.headers["Cache-Control"]
        assert each.content_type == "text/css; charset=utf-8"
    assert packed.get_etag() != plain.get_etag()


@pytest.mark.parametrize("headers", [{}, GZIP], ids=["plain", "packed"])
def test_whoever_has_a_file_is_told_so(site: Site, headers: dict[str, str]) -> None:
    known = site.browser().get(STYLES, headers=headers).headers["ETag"]
    again = site.browser().get(STYLES, headers={**headers, "If-None-Match": known})
    assert again.status_code == 304 and again.data == b"" and again.headers["ETag"] == known
    assert again.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("refusing", ["identity", "gzip;q=0", "br", "*;q=0"])
def test_whoever_does_not_take_it_gets_the_file_as_it_is(site: Site, refusing: str) -> None:
    given = site.browser().get(STYLES, headers={"Accept-Encoding": refusing})
    assert "Content-Encoding" not in given.headers
    assert given.data == FILES["antrean.css"].read_bytes()


def test_every_kind_of_file_says_the_same_of_itself_packed_or_not(site: Site) -> None:
    for name in ("tokens.css", "page.js", "mark.svg", "vendor/vendor.lock.json"):
        address = f"/assets/{assets.build()}/{name}"
        plain, packed = site.browser().get(address), site.browser().get(address, headers=GZIP)
        assert plain.content_type == packed.content_type, name


def test_a_page_of_the_public_comes_packed(site: Site) -> None:
    plain, packed = site.browser().get("/o/3674"), site.browser().get("/o/3674", headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 3
    assert gzip.decompress(packed.data).startswith(plain.data[:100])
    asked = site.browser().head("/o/3674", headers=GZIP)
    assert asked.data == b"" and asked.headers["Content-Encoding"] == "gzip"


def test_a_page_with_a_token_or_for_somebody_signed_in_is_never_packed(site: Site) -> None:
    clerk = site.sign_in(site.browser(), "sari")
    for page in (
        site.browser().get("/login", headers=GZIP),
        clerk.get("/desk", headers=GZIP),
        clerk.get("/o/3674", headers=GZIP),
    ):
        assert page.status_code == 200 and "Content-Encoding" not in page.headers
    for address in ("/o/3674", "/o/3674/book", "/earliest", "/o/3674/rules"):
        page = site.browser().get(address, headers=GZIP)
        is_packed = page.headers.get("Content-Encoding") == "gzip"
        text = gzip.decompress(page.data) if is_packed else page.data
        assert not (is_packed and b"csrf" in text), address


def weigh(served: Served, address: str) -> tuple[set[str], int]:
    """The styles and scripts that a page loads, and the bytes of all of it on the wire."""

    def fetch(address: str) -> tuple[str, int]:
        with requests.get(
            f"{served.base}{address}", headers=GZIP, timeout=WAIT_SECONDS, stream=True
        ) as got:
            raw = got.raw.read(decode_content=False)
            assert got.status_code == 200 and int(got.headers["Content-Length"]) == len(raw)
            packed = got.headers.get("Content-Encoding") == "gzip"
            return (gzip.decompress(raw) if packed else raw).decode(), len(raw)

    page, weight = fetch(address)
    wanted = re.findall(r'(?:href|src)="(/assets/[^"]+\.(?:css|js|svg))"', page)
    names = set()
    for address in wanted:
        name = address.partition(assets.build())[2]
        if name in names:
            continue
        names.add(name)
        text, size = fetch(address)
        weight += size
        if name.endswith(".js"):
            imports = re.findall(r'(?:from|import) "([^"]+\.js)"', text)
            wanted += [urljoin(address, each) for each in imports]
    return names, weight


def test_a_ticket_page_is_light_on_the_wire(served: Served) -> None:
    names, weight = weigh(served, f"/t/{served.codes[0]}")
    assert {"/tokens.css", "/antrean.css", "/live.js", SOCKET_IO} <= names
    assert weight <= TICKET_PAGE_BYTES_MAX


@pytest.mark.parametrize("path", ["/o/3674", "/o/3674?q=ktp+ilang", "/o/3674/s/KK"])
def test_the_first_page_is_lighter_still(served: Served, path: str) -> None:
    names, weight = weigh(served, path)
    assert {"/tokens.css", "/antrean.css"} <= names
    assert not any(each.endswith(".js") for each in names), "choosing needs no script"
    assert weight <= FIRST_PAGE_BYTES_MAX
