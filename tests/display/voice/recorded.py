"""Recordings as an office would make them: a real voice at any level, in any room."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import soundfile

from display.voice.clip_files import decode
from display.voice.packs import PACKS
from display.voice.sound import RATE_HZ, Samples


def clip_of(path: Path) -> Samples:
    """The samples of a clip in the repository."""
    channels, rate_hz = decode(io.BytesIO(path.read_bytes()), 30.0)
    assert len(channels) == 1 and rate_hz == RATE_HZ
    return channels[0]


def recorded(
    key: str = "digit_2",
    *,
    gain_db: float = -6.0,
    noise_dbfs: float = -75.0,
    pause_s: float = 0.4,
    times: int = 1,
) -> Samples:
    """Somebody says a word of the Indonesian pack, with a pause before and after it, in a room of
    this noise. Without a limit to its peaks: too loud is too loud.
    """
    pause = np.zeros(int(pause_s * RATE_HZ))
    word = clip_of(PACKS / "id" / f"{key}.mp3") * 10 ** (gain_db / 20)
    said = np.concatenate([pause, *([word, pause] * times)])
    noise = np.random.default_rng(1).normal(0, 10 ** (noise_dbfs / 20), len(said))
    return np.asarray(said + noise, dtype=np.float64)


def save(path: Path, samples: Samples, rate_hz: int = RATE_HZ, subtype: str = "PCM_16") -> Path:
    """Write a recording as WAV or FLAC, by the file's name."""
    soundfile.write(path, samples, rate_hz, subtype)
    return path
