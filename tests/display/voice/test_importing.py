"""An office's recordings take the place of the pack word by word, and nothing half is ever left."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from pathlib import Path

import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from display.voice import importing
from display.voice.errors import BadPack, Busy, UnknownLanguage
from display.voice.folders import VoiceFolders
from display.voice.importing import Report, assign, import_recordings, judge_recordings, judge_state
from display.voice.packs import PACKS
from display.voice.sound import LOUDNESS_DBFS, loudness_dbfs
from display.voice.words import words_of
from tests.display.voice.recorded import clip_of, recorded, save

WORDS = words_of("id")
JAVANESE = {
    "name": "Basa Jawa",
    "sentences": {"full": ["antrean_nomer", "{number}", "mangga_dhateng", "{counter}"]},
}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The folder of a screen's agent."""
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with the recordings of two words: one named by its key, one by its number."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    save(folder / "digit_2.wav", recorded("digit_2"))
    save(folder / "030 tiga.flac", recorded("digit_3"))
    return folder


def take(source: Path, state: Path, language: str = "id") -> Report:
    return import_recordings(source, language, state, lambda _share: None)


def own_files(state: Path, language: str = "id") -> set[str]:
    folder = state / "voice" / language
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_recordings_are_taken_and_the_pack_says_the_rest(source: Path, state: Path) -> None:
    report = take(source, state)
    assert [taken.word for taken in report.taken] == ["digit_2", "digit_3"]
    assert report.ok and report.unspoken == []
    assert report.own == ["digit_2", "digit_3"]
    assert len(report.from_pack) == len(WORDS) - 2
    assert 4 < report.longest_call_s <= 6
    assert own_files(state) == {"digit_2.opus", "digit_2.mp3", "digit_3.opus", "digit_3.mp3"}
    for name in own_files(state):
        assert abs(loudness_dbfs(clip_of(state / "voice" / "id" / name)) - LOUDNESS_DBFS) < 1


def test_the_screens_agent_may_read_what_another_user_took_in(source: Path, state: Path) -> None:
    take(source, state)
    assert {
        oct((state / "voice" / "id" / name).stat().st_mode & 0o777) for name in own_files(state)
    } == {"0o644"}


def test_taking_the_same_in_twice_leaves_the_same(source: Path, state: Path) -> None:
    first, again = take(source, state), take(source, state)
    assert first == again


def test_a_refused_recording_leaves_the_word_as_it_was(source: Path, state: Path) -> None:
    take(source, state)
    before = (state / "voice" / "id" / "digit_2.opus").read_bytes()
    save(source / "digit_2.wav", recorded(times=4))
    report = take(source, state)
    assert [(each.file, each.reason) for each in report.refused] == [("digit_2.wav", "too_long")]
    assert not report.ok and "digit_2" in report.own
    assert (state / "voice" / "id" / "digit_2.opus").read_bytes() == before


def test_judging_writes_nothing(source: Path, state: Path) -> None:
    report = judge_recordings(source, "id", state, lambda _share: None)
    assert report.ok and report.own == ["digit_2", "digit_3"]
    assert list(state.iterdir()) == []
    assert judge_recordings(source, "id", None, lambda _share: None).own == report.own


def test_a_full_disk_is_told_word_by_word(
    source: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(source, state)
    before = {name: (state / "voice" / "id" / name).read_bytes() for name in own_files(state)}

    def full(path: Path, content: bytes) -> None:
        path.with_name(path.name + ".new").write_bytes(content[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(importing, "write_whole", full)
    report = take(source, state)
    assert {each.reason for each in report.refused} == {"not_written"}
    assert "No space left" in report.refused[0].detail
    after = {name: (state / "voice" / "id" / name).read_bytes() for name in before}
    assert after == before
    # What was left half is neither played nor counted, and gone after the next import.
    assert VoiceFolders([PACKS, state / "voice"]).index()["skipped"] == 0
    monkeypatch.undo()
    assert take(source, state).ok
    assert not [name for name in own_files(state) if name.endswith(".new")]


def test_a_name_that_is_no_text_is_told_without_harm(source: Path, state: Path) -> None:
    for name in (b"\xff\xfe.wav", b"\x1b[2J.wav", b"a\nb.wav"):
        (Path(os.fsdecode(os.fsencode(source) + b"/" + name))).write_bytes(b"")
    save(source / "31 \x1b[2J.wav", recorded("digit_4"))
    report = take(source, state)
    assert len(report.refused) == 3 and len(report.taken) == 3
    names = [each.file for each in (*report.taken, *report.refused)]
    assert all(name.isprintable() for name in names) and "".join(names).encode()


def test_two_imports_at_once_do_not_mix(source: Path, state: Path) -> None:
    (state / "voice").mkdir()
    with open(state / "voice" / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Busy):
            take(source, state)
    assert take(source, state).ok


def test_a_counters_name_may_be_recorded(source: Path, state: Path) -> None:
    save(source / "name_konsultasi.wav", recorded("counter_17"))
    assert "name_konsultasi" in take(source, state).own


def test_a_language_without_a_pack_is_unknown(source: Path, state: Path) -> None:
    for language in ("jv", "xx-yy", "../id", "ID", ""):
        with pytest.raises(UnknownLanguage):
            take(source, state, language)
    assert list(state.iterdir()) == []


def test_a_language_is_a_folder_with_a_pack_of_its_own(source: Path, state: Path) -> None:
    (source / "pack.json").write_text(json.dumps(JAVANESE))
    save(source / "antrean_nomer.wav", recorded("queue_number"))
    report = take(source, state, "jv")
    assert {taken.word for taken in report.taken} == {"antrean_nomer", "digit_2", "digit_3"}
    assert "mangga_dhateng" in report.unspoken and not report.ok
    (source / "pack.json").unlink()
    assert take(source, state, "jv").own == report.own  # the pack lies in the state now


def test_a_damaged_pack_stops_before_anything_is_written(source: Path, state: Path) -> None:
    (source / "pack.json").write_text('{"sentences": 5}')
    with pytest.raises(BadPack):
        take(source, state)
    (source / "pack.json").unlink()
    (source / "pack.json").symlink_to("/etc/passwd")
    with pytest.raises(BadPack):
        take(source, state)
    assert list(state.iterdir()) == []


def test_what_a_screen_holds_is_judged(source: Path, state: Path) -> None:
    take(source, state)
    folder = state / "voice" / "id"
    save(folder / "digit_4.wav", recorded())
    (folder / "digit_5.opus").write_bytes(b"no sound")
    (folder / "digit_6.opus").write_bytes((folder / "digit_2.opus").read_bytes()[:60])
    (folder / "digit_7.mp3").write_bytes((PACKS / "id" / "see_screen.mp3").read_bytes())
    report = judge_state("id", state, lambda _share: None)
    assert {taken.file for taken in report.taken} == own_files(state) - {
        "digit_4.wav",
        "digit_5.opus",
        "digit_6.opus",
        "digit_7.mp3",
    }
    assert {each.file: each.reason for each in report.refused} == {
        "digit_4.wav": "not_sound",
        "digit_5.opus": "not_sound",
        "digit_6.opus": "not_sound",
        "digit_7.mp3": "too_long",
    }


def test_a_clip_put_there_by_hand_is_told_when_it_is_too_loud(state: Path) -> None:
    folder = state / "voice" / "id"
    folder.mkdir(parents=True)
    save(folder / "w.wav", recorded("digit_2", gain_db=6))
    samples, rate_hz = soundfile.read(folder / "w.wav")
    soundfile.write(folder / "digit_2.mp3", samples[9_000:20_000], rate_hz)
    (folder / "w.wav").unlink()
    report = judge_state("id", state, lambda _share: None)
    assert [each.reason for each in report.refused] == ["not_levelled"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("digit_2.wav", "digit_2"),
        ("DIGIT_2.WAV", "digit_2"),
        ("1.wav", "letter_a"),
        ("001.wav", "letter_a"),
        ("29 dua.m4a", "digit_2"),
        ("29-dua.m4a", "digit_2"),
        ("73.mp3", "sound_test"),
        ("name_loket_lansia.opus", "name_loket_lansia"),
    ],
)
def test_a_file_is_named_by_key_or_by_number(name: str, key: str) -> None:
    assert assign([name], WORDS) == ({key: name}, ())


@pytest.mark.parametrize(
    "name", ["0.wav", "74.wav", "dua.wav", "digit_10.wav", "name_.wav", "2x.wav", "1234 a.wav", "x"]
)
def test_any_other_name_is_told(name: str) -> None:
    files, refused = assign([name], WORDS)
    assert files == {} and [each.reason for each in refused] == ["unknown_word"]


def test_what_stands_in_every_folder_is_left_alone() -> None:
    assert assign([".DS_Store", "Thumbs.db", "desktop.ini", "pack.json", ".lock"], WORDS) == (
        {},
        (),
    )


def test_two_recordings_of_a_word_are_both_refused() -> None:
    files, refused = assign(["digit_2.wav", "29.wav"], WORDS)
    assert files == {} and {each.reason for each in refused} == {"named_twice"}


@given(st.sets(st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=20)))
def test_every_file_is_of_one_word_or_told(names: set[str]) -> None:
    files, refused = assign(names, WORDS)
    left_alone = {
        name
        for name in names
        if name.startswith(".") or name.lower() in ("pack.json", "thumbs.db", "desktop.ini")
    }
    assert len(files) + len(refused) == len(names - left_alone)
    assert set(files.values()) <= names - left_alone
    assert all(each.file.isprintable() for each in refused)
