"""What a page may play is served, marked by its content; all else in the folders is skipped."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from display.voice.folders import CLIP_LARGEST
from display.voice.packs import PACKS
from display.voice.serving import INDEX_KEPT_S, make_voice
from tests.fixtures.parts import ROOT

CLIP = PACKS / "en" / "digit_1.opus"
OTHER = PACKS / "en" / "digit_2.opus"
MP3 = PACKS / "en" / "digit_1.mp3"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The office's own folder; nothing is in it yet."""
    return tmp_path / "voice"


@pytest.fixture
def client(own: Path) -> FlaskClient:
    app = Flask(__name__)
    long_after = itertools.count(step=60).__next__
    app.register_blueprint(make_voice([PACKS, own], lambda: float(long_after())))
    return app.test_client()


@pytest.fixture
def record(own: Path) -> Callable[..., Path]:
    def put(name: str, content: bytes | None = None, language: str = "en") -> Path:
        path = own / language / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(OTHER.read_bytes() if content is None else content)
        return path

    return put


def word(client: FlaskClient, key: str, language: str = "en") -> list[str]:
    addresses: list[str] = client.get("/voice/index.json").json["languages"][language]["words"][key]
    return addresses


def skipped(client: FlaskClient) -> int:
    count: int = client.get("/voice/index.json").json["skipped"]
    return count


def test_every_address_of_the_index_plays(client: FlaskClient) -> None:
    languages = client.get("/voice/index.json").json["languages"]
    assert set(languages) == {"id", "en"}
    for language in languages.values():
        for addresses in language["words"].values():
            assert len(addresses) == 2
            for address in addresses:
                answer = client.get(address)
                assert answer.status_code == 200
                assert answer.content_type.startswith("audio/")
                assert "immutable" in answer.headers["Cache-Control"]


def test_the_index_is_sent_once(client: FlaskClient, record: Callable[..., Path]) -> None:
    first = client.get("/voice/index.json")
    mark = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/voice/index.json", headers=mark).status_code == 304
    record("digit_1.opus")
    assert client.get("/voice/index.json", headers=mark).status_code == 200


def test_screens_that_ask_at_once_share_one_index(own: Path, record: Callable[..., Path]) -> None:
    now = 100.0
    app = Flask(__name__)
    app.register_blueprint(make_voice([PACKS, own], lambda: now))
    client = app.test_client()
    before = word(client, "digit_1")
    record("digit_1.opus")
    now += INDEX_KEPT_S / 2
    assert word(client, "digit_1") == before
    now += INDEX_KEPT_S
    assert word(client, "digit_1") != before


def test_an_own_recording_is_played_in_place_of_the_packs_word(
    client: FlaskClient, record: Callable[..., Path]
) -> None:
    before = word(client, "digit_1")
    record("digit_1.opus")
    after = word(client, "digit_1")
    assert after[0] != before[0] and after[1] == before[1]
    assert client.get(after[0]).data == OTHER.read_bytes()
    assert client.get(after[1]).data == MP3.read_bytes()


def test_an_old_address_does_not_keep_the_new_content(
    client: FlaskClient, record: Callable[..., Path]
) -> None:
    old = word(client, "digit_1")[0]
    record("digit_1.opus")
    assert client.get(old).headers["Cache-Control"] == "no-cache"


def test_a_word_of_an_own_recording_that_is_gone_is_the_packs_again(
    client: FlaskClient, record: Callable[..., Path]
) -> None:
    before = word(client, "digit_1")
    path = record("digit_1.opus")
    assert word(client, "digit_1") != before
    path.unlink()
    assert word(client, "digit_1") == before


def test_a_name_of_a_counter_may_be_recorded(
    client: FlaskClient, record: Callable[..., Path]
) -> None:
    record("name_konsultasi.opus")
    assert len(word(client, "name_konsultasi")) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no sound",
        b"RIFF....WAVEfmt ",
        b"OggS" + b"\0" * 24 + b"\x01vorbis",
        b"<script>alert(1)</script>",
    ],
)
def test_what_is_no_clip_is_skipped_and_never_served(
    client: FlaskClient, record: Callable[..., Path], content: bytes
) -> None:
    before = word(client, "digit_1")
    record("digit_1.opus", content)
    assert word(client, "digit_1") == before
    assert client.get("/voice/en/digit_1.opus").data == CLIP.read_bytes()
    assert skipped(client) == 1


def test_a_file_of_enormous_size_is_skipped(
    client: FlaskClient, record: Callable[..., Path]
) -> None:
    record("digit_1.opus", CLIP.read_bytes() + b"\0" * CLIP_LARGEST)
    os.truncate(record("digit_2.opus"), 2_000_000_000)
    assert skipped(client) == 2
    assert len(client.get("/voice/en/digit_2.opus").data) < CLIP_LARGEST


def test_a_link_and_a_pipe_are_skipped(
    client: FlaskClient, record: Callable[..., Path], own: Path
) -> None:
    record("digit_9.opus")
    (own / "en" / "digit_1.opus").symlink_to(CLIP)
    os.mkfifo(own / "en" / "digit_2.opus")
    (own / "en" / "digit_3.opus").mkdir()
    assert skipped(client) == 3
    assert client.get("/voice/en/digit_2.opus").status_code == 200


def test_other_kinds_of_files_are_counted_and_what_an_import_leaves_is_not(
    client: FlaskClient, record: Callable[..., Path]
) -> None:
    for name in ("digit_1.wav", "My word.mp3", "digit_2.opus.new", ".lock"):
        record(name)
    assert skipped(client) == 2


@pytest.mark.parametrize(
    "path",
    [
        "/voice/en/pack.json",
        "/voice/en/digit_77.opus",
        "/voice/xx/digit_1.opus",
        "/voice/../voice/words.py",
        "/voice/en/..%2f..%2fwords.py",
        "/voice/%2e%2e/words.py",
        "/voice/en/digit_1.opus%00",
        "/voice/EN/digit_1.opus",
        "/voice/en/digit_1.OPUS",
    ],
)
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_damaged_pack_of_the_office_leaves_the_language_as_it_is(
    client: FlaskClient, record: Callable[..., Path]
) -> None:
    before = client.get("/voice/index.json").json["languages"]["en"]
    record("pack.json", b'{"sentences": {"full": ["/etc/passwd"]}}')
    after = client.get("/voice/index.json").json
    assert after["languages"]["en"] == before and after["skipped"] == 1


def test_another_language_is_a_folder(client: FlaskClient, record: Callable[..., Path]) -> None:
    record(
        "pack.json", b'{"name": "Basa Jawa", "sentences": {"full": ["{number}", "mangga"]}}', "jv"
    )
    record("mangga.opus", language="jv")
    javanese = client.get("/voice/index.json").json["languages"]["jv"]
    assert javanese["name"] == "Basa Jawa"
    assert client.get(javanese["words"]["mangga"][0]).status_code == 200


def test_a_whole_pack_may_be_replaced(client: FlaskClient, own: Path) -> None:
    shutil.copytree(PACKS / "id", own / "en")
    assert client.get(word(client, "digit_1")[0]).data == (
        (PACKS / "id" / "digit_1.opus").read_bytes()
    )


def test_a_screen_needs_nothing_that_only_making_voices_needs() -> None:
    code = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("numpy", "soundfile"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Blocker())
import display.voice.serving, display.agent
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
