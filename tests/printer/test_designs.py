"""What an office adds to its slips, on the device: fetched, kept, and printed without the
server.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from printer.designs import DesignFetcher, DesignShelf
from printer.device.profile import find_profile
from printer.printing import open_printer
from printer.slip.blocks import read_logo
from printer.slip.png import draw_preview, draw_strip
from printer.slip.thermal import render_thermal
from queue_server.protocol.client import ServerUnreachable
from queue_server.protocol.messages import Slip, SlipDesign

MakeSlip = Callable[..., Slip]


def draw(width: int = 384, height: int = 160) -> str:
    out = io.BytesIO()
    Image.new("1", (width, height), 0).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


DESIGN = SlipDesign({"id": "Atas", "en": "Above"}, {"id": "Bawah"}, "ab12", draw())


class Server:
    """A server that has one design, or does not answer."""

    token: str | None = "t"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers = True

    def slip_design(self, etag: str) -> tuple[SlipDesign, str] | None:
        self.asked.append(etag)
        if not self.answers:
            raise ServerUnreachable("cut")
        return None if etag == '"1"' else (DESIGN, '"1"')


def test_a_design_is_fetched_once_and_outlives_a_restart_without_the_server(
    tmp_path: Path, make_slip: MakeSlip
) -> None:
    server, file = Server(), tmp_path / "slip-design.json"
    fetcher = DesignFetcher(server, DesignShelf(file))  # type: ignore[arg-type]  # what is used
    assert [fetcher.fetch(), fetcher.fetch()] == [True, False]
    assert server.asked == ["", '"1"']
    server.answers = False
    later = DesignShelf(file)
    assert DesignFetcher(server, later).fetch() is False  # type: ignore[arg-type]  # as above
    dressed = later.dress(make_slip(language="en"))
    assert (dressed.header, dressed.footer, dressed.logo) == ("Above", "Bawah", "ab12")
    assert later.logo("ab12") is not None and later.logo("other") is None


@pytest.mark.parametrize("content", ["", "{", '{"etag": "1"}', '{"design": 3, "etag": ""}'])
def test_a_file_cut_short_is_no_design(tmp_path: Path, content: str) -> None:
    file = tmp_path / "slip-design.json"
    file.write_text(content)
    shelf = DesignShelf(file)
    assert shelf.etag == "" and shelf.logo("") is None


@pytest.mark.parametrize(
    "picture", ["", "%", base64.b64encode(b"GIF89a").decode(), draw(385, 10), draw(10, 161)]
)
def test_only_a_png_that_fits_is_a_logo(picture: str) -> None:
    assert read_logo(picture) is None


@pytest.mark.parametrize("paper", ["generic-80", "generic-58", "generic-58-raster"])
def test_the_logo_is_printed_above_the_name_on_every_paper(make_slip: MakeSlip, paper: str) -> None:
    profile = find_profile(paper)
    with_logo = replace(profile, find_logo=lambda _id: read_logo(DESIGN.picture))
    strip = draw_strip(make_slip(logo="ab12"), with_logo)
    assert strip.height - draw_strip(make_slip(), profile).height >= 160
    left = (profile.width_px - 384) // 2
    assert strip.crop((left, 1, left + 384, 159)).getextrema() == (0, 0)
    longer = len(render_thermal(make_slip(logo="ab12"), with_logo))
    assert longer > len(render_thermal(make_slip(), profile)) + 384 * 160 // 8 - 200
    assert draw_preview(make_slip(logo="x"), paper, DESIGN.picture).startswith(b"\x89PNG")


def test_a_slip_given_without_the_server_is_printed_with_what_the_office_adds(
    tmp_path: Path, make_slip: MakeSlip
) -> None:
    DesignShelf(tmp_path / "slip-design.json").keep(DESIGN, '"1"')
    printer = open_printer(f"virtual://{tmp_path}/slips", tmp_path)
    try:
        offline = printer.job(printer.submit(make_slip(id="x1", offline=True))).slip
        online = printer.job(printer.submit(make_slip(id="x2"))).slip
    finally:
        printer.close()
    assert (offline.header, offline.footer, offline.logo) == ("Atas", "Bawah", "ab12")
    assert (online.header, online.logo) == ("", ""), "the server says what its slips hold"
