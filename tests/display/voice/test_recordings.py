"""A recording is judged before it is taken: what is wrong with it has one name."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from display.voice.errors import VoiceError, reason_of
from display.voice.recordings import LARGEST, Recording, judge, read_recording
from display.voice.sound import LOUDNESS_DBFS, RATE_HZ, Samples, loudness_dbfs
from tests.display.voice.recorded import recorded, save
from tests.fixtures.parts import find_program, need

LONGEST_S = 1.0


def reason(*channels: Samples, rate_hz: int = RATE_HZ, longest_s: float = LONGEST_S) -> str:
    with pytest.raises(VoiceError) as refused:
        judge(channels, rate_hz, longest_s)
    return reason_of(refused.value)


def reason_of_file(path: Path) -> str:
    with pytest.raises(VoiceError) as refused:
        read_recording(path, LONGEST_S)
    assert str(refused.value)
    return reason_of(refused.value)


def assert_good(recording: Recording) -> None:
    assert abs(loudness_dbfs(recording.clip) - LOUDNESS_DBFS) < 0.3
    assert 0.3 < recording.seconds < 0.6


def test_a_good_recording_becomes_a_clip_without_a_note() -> None:
    recording = judge([recorded()], RATE_HZ, LONGEST_S)
    assert_good(recording)
    assert recording.notes == ()
    assert recording.loudness_dbfs == pytest.approx(-24, abs=0.5)


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (np.zeros(0), "silent"),
        (np.zeros(RATE_HZ), "silent"),
        (recorded(gain_db=-60, noise_dbfs=-110), "silent"),
        (recorded(gain_db=-30, noise_dbfs=-110), "too_quiet"),
        (recorded(times=3), "too_long"),
        (np.tile(recorded(), 10), "too_long"),
        (np.clip(recorded(gain_db=20), -1, 1), "clipped"),
        (recorded(noise_dbfs=-34), "noisy"),
        (recorded(noise_dbfs=-34, times=3), "noisy"),
        (np.concatenate([np.zeros(5000), recorded()[10_000:11_000], np.zeros(5000)]), "too_short"),
    ],
)
def test_what_is_wrong_has_a_name(samples: Samples, expected: str) -> None:
    assert reason(samples) == expected


def test_a_loud_recording_that_is_not_clipped_is_taken() -> None:
    assert_good(judge([recorded(gain_db=1)], RATE_HZ, LONGEST_S))


def test_a_room_that_is_heard_is_noted() -> None:
    assert judge([recorded(noise_dbfs=-48)], RATE_HZ, LONGEST_S).notes == ("noisy",)


def test_of_two_channels_the_louder_one_is_taken_even_if_they_cancel_each_other() -> None:
    voice = recorded()
    for channels in ([voice, -voice], [np.zeros(len(voice)), voice], [voice * 0.1, voice]):
        recording = judge(channels, RATE_HZ, LONGEST_S)
        assert_good(recording)
        assert recording.notes == ("one_channel_used",)


@pytest.mark.parametrize(
    ("name", "subtype"),
    [("w.wav", "PCM_16"), ("w.wav", "FLOAT"), ("w.wav", "PCM_U8"), ("w.flac", "PCM_24")],
)
@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 192_000])
def test_files_of_any_rate_and_depth_are_read(
    tmp_path: Path, name: str, subtype: str, rate_hz: int
) -> None:
    path = save(tmp_path / name, recorded(noise_dbfs=-90), subtype=subtype)
    samples, _ = soundfile.read(path)
    slow = np.repeat(samples, max(1, rate_hz // RATE_HZ))[:: max(1, RATE_HZ // rate_hz)]
    path = save(tmp_path / name, slow, min(rate_hz, rate_hz // RATE_HZ * RATE_HZ or rate_hz))
    recording = read_recording(path, LONGEST_S)
    assert recording.seconds > 0.1
    assert ("low_rate" in recording.notes) == (rate_hz < 16_000)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"RIFF\xff\xff\xff\xffWAVE",
        b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\xff\xff\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data",
        b"OggS" + bytes(200),
        b"ID3" + bytes(200),
        b"fLaC" + bytes(200),
        b"\xff\xfb\x90" + bytes(500),
    ],
)
@pytest.mark.parametrize("name", ["w.wav", "w.opus", "w.mp3", "w.m4a"])
def test_a_file_that_is_no_sound_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert reason_of_file(path) in ("not_sound", "silent")


def test_a_header_that_promises_hours_is_not_believed(tmp_path: Path) -> None:
    path = save(tmp_path / "w.wav", recorded())
    content = bytearray(path.read_bytes())
    content[4:8] = content[40:44] = b"\xff\xff\xff\x7f"
    path.write_bytes(content)
    assert_good(read_recording(path, LONGEST_S))


def test_what_is_cut_off_in_the_middle_is_judged_by_what_is_there(tmp_path: Path) -> None:
    path = save(tmp_path / "w.wav", recorded())
    path.write_bytes(path.read_bytes()[:200])
    assert reason_of_file(path) in ("not_sound", "silent")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_are_refused(tmp_path: Path, value: float) -> None:
    samples = recorded()
    samples[9_000] = value
    assert reason_of_file(save(tmp_path / "w.wav", samples, subtype="FLOAT")) == "not_sound"


def test_many_channels_and_strange_rates_are_refused(tmp_path: Path) -> None:
    many = np.repeat(recorded()[:, None], 9, axis=1)
    assert reason_of_file(save(tmp_path / "many.wav", many)) == "not_sound"
    assert reason_of_file(save(tmp_path / "low.wav", recorded(), 4_000)) == "not_sound"
    assert reason_of_file(save(tmp_path / "high.wav", recorded(), 2_000_000)) == "not_sound"


def test_an_enormous_file_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "w.wav"
    path.touch()
    os.truncate(path, 2_000_000_000)
    assert reason_of_file(path) == "too_large"
    os.truncate(path, LARGEST)
    assert reason_of_file(path) == "not_sound"


def test_a_link_a_pipe_a_folder_and_nothing_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "link.wav").symlink_to(save(tmp_path / "w.wav", recorded()))
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "folder.wav").mkdir()
    for name in ("link.wav", "pipe.wav", "folder.wav", "nothing.wav"):
        assert reason_of_file(tmp_path / name) == "not_a_file"


@pytest.fixture
def ffmpeg() -> str:
    program = find_program("ffmpeg")
    need("ffmpeg", program, "install the package ffmpeg")
    return program or ""


def test_what_a_telephone_records_is_read_with_ffmpeg(tmp_path: Path, ffmpeg: str) -> None:
    wave = save(tmp_path / "w.wav", recorded(noise_dbfs=-90))
    subprocess.run([ffmpeg, "-v", "error", "-i", wave, tmp_path / "w.m4a"], check=True)
    assert_good(read_recording(tmp_path / "w.m4a", LONGEST_S))


def test_without_ffmpeg_it_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    (tmp_path / "w.m4a").write_bytes(b"\0\0\0\x20ftypM4A ")
    with pytest.raises(VoiceError, match="WAV"):
        read_recording(tmp_path / "w.m4a", LONGEST_S)


def test_a_playlist_in_disguise_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "w.m4a").write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")
    assert reason_of_file(tmp_path / "w.m4a") == "not_sound"
