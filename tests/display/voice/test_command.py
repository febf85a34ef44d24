"""The commands of the voice, as an administrator types them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner, Result

from display.voice.words import words_of
from queue_server.cli import main
from tests.display.voice.recorded import recorded, save
from tests.fixtures.parts import ROOT


def antrean(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["voice", *map(str, arguments)])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    folder.mkdir()
    save(folder / "digit_2.wav", recorded())
    return folder


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


def test_the_list_of_words_is_printed_for_people_and_for_programs() -> None:
    words = words_of("id")
    lines = antrean("words").output.splitlines()
    assert len(lines) == len(words)
    assert lines[28].split()[:3] == ["29", "digit_2.wav", "dua"]
    table = list(csv.DictReader(io.StringIO(antrean("words", "--csv").output)))
    listed = json.loads(antrean("words", "--json").output)
    assert [row["file"] for row in table] == [row["file"] for row in listed]
    assert [row["text"] for row in listed] == [word.text for word in words]


def test_an_import_tells_what_was_taken_and_lets_it_be_heard(source: Path, state: Path) -> None:
    call = state.parent / "call.wav"
    done = antrean("import", source, "--language", "id", "--state", state, "--preview", call)
    assert done.exit_code == 0, done.output
    assert "taken    digit_2.wav: digit_2, 0." in done.output
    assert "said by the pack: 72 words" in done.output
    assert "longest call: 5." in done.output
    samples, rate_hz = soundfile.read(call)
    assert 3 < len(samples) / rate_hz < 6


def test_the_preview_says_what_is_asked_for(source: Path, state: Path) -> None:
    short, long = state.parent / "short.wav", state.parent / "long.wav"
    for file, number in ((short, "A1"), (long, "A0123456789")):
        done = antrean("check", "--state", state, "--preview", file, "--number", number)
        assert done.exit_code == 0, done.output
    assert soundfile.info(short).duration < soundfile.info(long).duration - 3


def test_a_refusal_is_exit_code_one_with_its_reason(source: Path, state: Path) -> None:
    save(source / "digit_3.wav", recorded(times=4))
    done = antrean("import", source, "--language", "id", "--state", state, "--json")
    report = json.loads(done.output)
    assert done.exit_code == 1 and report["ok"] is False
    assert report["refused"] == [
        {"file": "digit_3.wav", "reason": "too_long", "detail": report["refused"][0]["detail"]}
    ]
    assert report["taken"][0]["word"] == "digit_2"


def test_a_check_changes_nothing(source: Path, state: Path) -> None:
    assert antrean("check", source, "--state", state).exit_code == 0
    assert list(state.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "nowhere"),
        ("import", ".", "--language", "id", "--state", "nowhere"),
        ("import", ".", "--state", "."),
        ("words", "--language", "jv"),
        ("check", ".", "--language", "../id"),
    ],
)
def test_a_wrong_call_is_exit_code_two(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert antrean(*arguments).exit_code == 2


def test_without_the_extra_it_says_what_to_install(source: Path) -> None:
    code = """
import sys
sys.modules["soundfile"] = None
from queue_server.cli import main
main(["voice", "check", sys.argv[1]])
"""
    done = subprocess.run(
        [sys.executable, "-c", code, source], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "antrean[voice]" in done.stderr


def test_a_folder_that_must_not_be_written_is_told(source: Path, state: Path) -> None:
    (state / "voice").write_text("a file")
    done = antrean("import", source, "--language", "id", "--state", state)
    assert done.exit_code == 1 and "Error:" in done.output and "Traceback" not in done.output
