"""Whether a recording can be a clip, and the clip that it becomes."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

import numpy as np

from .clip_files import decode
from .errors import Clipped, Noisy, NotAFile, NotSound, TooLarge, TooLong, TooQuiet, TooShort
from .sound import (
    RATE_HZ,
    Samples,
    convert,
    fade,
    levels_dbfs,
    loudness_dbfs,
    normalise,
    spoken_part,
)

LARGEST = 20_000_000
LONGEST_S = 9.5
"""What is longer than this, silence included, is no recording of one word."""
SHORTEST_S = 0.1
QUIETEST_DBFS = -42.0
CLIPPED_FROM = 0.985
CLIPPED_MOST = 3
"""How many moments may lie at full scale; a voice alone reaches it hardly ever."""
NOISE_DB, NOTED_NOISE_DB = 15.0, 30.0
"""How far the room has to be below the word, and from where on it is noted."""
GOOD_RATE_HZ = 16_000
_NOISE_S = 0.1
"""How much of the room must be heard alone for its noise to be judged."""
_CONVERTED = {
    ".m4a": "mov",
    ".mp4": "mov",
    ".3gp": "mov",
    ".aac": "aac",
    ".amr": "amr",
    ".webm": "matroska",
}
"""What telephones record and libsndfile does not read, with the name that ffmpeg has for it."""
_CONVERT_TIMEOUT_S = 30


@dataclass(frozen=True)
class Recording:
    """A recording that can be a clip. `loudness_dbfs` is that of what was spoken before it was
    normalised; `notes` says what could be better: `noisy`, `low_rate`, `one_channel_used`.
    """

    clip: Samples
    loudness_dbfs: float
    notes: tuple[str, ...]

    @property
    def seconds(self) -> float:
        return len(self.clip) / RATE_HZ


def read_recording(path: Path, longest_s: float) -> Recording:
    """The clip out of a recording's file. Raises `NotAFile`, `TooLarge`, `NotSound`, and whatever
    `judge` does.
    """
    with _opened(path) as file:
        try:
            channels, rate_hz = decode(file, LONGEST_S + 1)
        except NotSound:
            if path.suffix.lower() not in _CONVERTED:
                raise
            wave = _convert(file.fileno(), _CONVERTED[path.suffix.lower()])
            channels, rate_hz = decode(BytesIO(wave), LONGEST_S + 1)
    return judge(channels, rate_hz, longest_s)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """A regular file of a size that a recording can have: no link is followed, no pipe waited
    for.
    """
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as problem:
        link = problem.errno == errno.ELOOP
        raise NotAFile("it is a link" if link else problem.strerror or "unreadable") from None
    try:
        seen = os.fstat(opened)
        if not stat.S_ISREG(seen.st_mode):
            raise NotAFile("it is no file")
        if seen.st_size > LARGEST:
            raise TooLarge(f"{seen.st_size:,} bytes; at most {LARGEST:,}")
        with open(opened, "rb", closefd=False) as file:
            yield file
    finally:
        os.close(opened)


def _convert(opened: int, kind: str) -> bytes:
    """The same sound as WAV, by the program ffmpeg. Raises `NotSound`."""
    program = shutil.which("ffmpeg")
    if program is None:
        raise NotSound("this kind is not read here without ffmpeg: save it as WAV")
    command = [program, "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe"]
    command += ["-f", kind, "-i", f"file:/proc/self/fd/{opened}", "-vn", "-t", f"{LONGEST_S + 1}"]
    command += ["-ac", "2", "-ar", "48000", "-f", "wav", "pipe:1"]
    try:
        return subprocess.run(
            command, capture_output=True, timeout=_CONVERT_TIMEOUT_S, check=True, pass_fds=(opened,)
        ).stdout
    except (OSError, subprocess.SubprocessError):
        raise NotSound("ffmpeg cannot read it") from None


def judge(channels: Sequence[Samples], rate_hz: int, longest_s: float) -> Recording:
    """The clip out of what was recorded. Raises `Silent`, `Clipped`, `TooShort`, `TooLong`,
    `TooQuiet`, `Noisy`.
    """
    loudest = max(channels, key=lambda channel: float(np.sum(channel**2)))
    if len(loudest) > LONGEST_S * rate_hz:
        raise TooLong(f"it lasts over {LONGEST_S:.0f} s: one word, and no more, is a recording")
    _refuse_clipped(loudest)
    samples = convert(loudest, rate_hz)
    first, last = spoken_part(samples)
    spoken, room = samples[first:last], np.concatenate((samples[:first], samples[last:]))
    seconds, loudness = len(spoken) / RATE_HZ, loudness_dbfs(spoken)
    if seconds < SHORTEST_S:
        raise TooShort(f"what is heard lasts {seconds:.2f} s")
    if seconds > longest_s:
        _refuse_noise(loudness - float(np.quantile(levels_dbfs(spoken), 0.1)))
        raise TooLong(f"what is heard lasts {seconds:.1f} s; at most {longest_s:.1f} s")
    if loudness < QUIETEST_DBFS:
        raise TooQuiet(f"{loudness:.0f} dBFS; at least {QUIETEST_DBFS:.0f}: come nearer")
    above_noise = loudness - _noise_dbfs(room)
    _refuse_noise(above_noise)
    notes = {
        "noisy": above_noise < NOTED_NOISE_DB,
        "low_rate": rate_hz < GOOD_RATE_HZ,
        "one_channel_used": len(channels) > 1,
    }
    kept = tuple(note for note, holds in notes.items() if holds)
    return Recording(fade(normalise(spoken)), loudness, kept)


def _refuse_clipped(samples: Samples) -> None:
    """Raises `Clipped` if the sound stays at full scale for several samples, several times."""
    full = np.abs(samples) >= CLIPPED_FROM
    held = full[2:] & full[1:-1] & full[:-2]
    moments = int(np.count_nonzero(held[1:] & ~held[:-1])) + int(held[:1].sum())
    if moments > CLIPPED_MOST:
        raise Clipped(f"{moments} times too loud for the microphone: turn its level down")


def _refuse_noise(above_db: float) -> None:
    if above_db < NOISE_DB:
        raise Noisy(f"the room is only {above_db:.0f} dB below the voice")


def _noise_dbfs(room: Samples) -> float:
    """How loud the room is; far below everything if too little of it is heard alone."""
    levels = levels_dbfs(room)
    return float(np.median(levels)) if len(room) >= _NOISE_S * RATE_HZ else -110.0
