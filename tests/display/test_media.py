"""The pictures and films of a screen: which files may be shown, and how the page gets them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from display import media
from display.media import MediaFolder
from display.page import create_page
from display.stream import Stream

JPEG, PNG = b"\xff\xd8\xff" + bytes(60), b"\x89PNG\r\n\x1a\n" + bytes(60)
WEBP, MP4 = b"RIFF\0\0\0\0WEBP" + bytes(60), b"\0\0\0\x20ftypisom" + bytes(5000)
WEBM = b"\x1a\x45\xdf\xa3" + bytes(60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "media"
    path.mkdir()
    return path


@pytest.fixture
def browser(folder: Path) -> Iterator[FlaskClient]:
    page = create_page(
        Stream(dict), "build", lambda facts: None, lambda ids: None, media=MediaFolder(folder)
    )
    yield page.test_client()


def names(folder: Path) -> list[str]:
    return [each["url"].split("/")[-1].split("?")[0] for each in MediaFolder(folder).listed()]


def test_pictures_and_films_come_in_the_order_of_their_names(folder: Path) -> None:
    for name, content in (
        ("b.PNG", PNG),
        ("A.jpg", JPEG),
        ("c.webp", WEBP),
        ("e.webm", WEBM),
        ("d film.mp4", MP4),
    ):
        (folder / name).write_bytes(content)
    listed = MediaFolder(folder).listed()
    assert names(folder) == ["A.jpg", "b.PNG", "c.webp", "d%20film.mp4", "e.webm"]
    assert [(each["kind"], each["seconds"]) for each in listed] == [
        *[("picture", 12)] * 3,
        *[("film", 0)] * 2,
    ]


def test_nothing_else_is_listed_or_given(
    folder: Path, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "PICTURE_BYTES_MAX", 100)
    secret = folder.parent / "secret.png"
    secret.write_bytes(PNG)
    (folder / "link.png").symlink_to(secret)
    (folder / ".hidden.png").write_bytes(PNG)
    (folder / "page.html").write_bytes(b"<script>")
    (folder / "liar.png").write_bytes(b"<svg onload=x>")
    (folder / "empty.png").write_bytes(b"")
    (folder / "large.png").write_bytes(PNG + bytes(100))
    (folder / "folder.png").mkdir()
    os.mkfifo(folder / "pipe.png")
    assert names(folder) == []
    for name in [each.name for each in folder.iterdir()] + ["../secret.png", "..%2fsecret.png"]:
        assert browser.get(f"/media/{name}").status_code == 404, name


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    assert MediaFolder(tmp_path / "none").listed() == []


def test_a_film_is_given_in_ranges(folder: Path, browser: FlaskClient) -> None:
    (folder / "film.mp4").write_bytes(MP4)
    whole = browser.get("/media/film.mp4")
    assert (whole.status_code, whole.content_type, whole.data) == (200, "video/mp4", MP4)
    part = browser.get("/media/film.mp4", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.data) == (206, b"ftyp")
    assert part.headers["Content-Range"] == f"bytes 4-7/{len(MP4)}"
    assert browser.get("/media/film.mp4", headers={"Range": "bytes=9999-"}).status_code == 416


def test_a_file_that_was_replaced_has_another_address(folder: Path) -> None:
    now = [0.0]
    looked = MediaFolder(folder, lambda: now[0])
    (folder / "a.png").write_bytes(PNG)
    first = looked.listed()
    (folder / "a.png").write_bytes(PNG + b"more")
    assert looked.listed() == first, "it is looked at every few seconds only"
    now[0] = 5.0
    assert looked.listed()[0]["url"] != first[0]["url"]


def test_no_more_than_a_hundred(folder: Path) -> None:
    for each in range(120):
        (folder / f"{each:03}.png").write_bytes(PNG)
    assert len(MediaFolder(folder).listed()) == 100
