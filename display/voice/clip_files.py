"""How a clip becomes the bytes of a file, and a recording's file becomes samples."""

from __future__ import annotations

import io
from typing import IO

import numpy as np
import soundfile

from .errors import NotSound
from .sound import RATE_HZ, Samples

OPUS_KBIT_S = 32
MP3_KBIT_S = 40
KINDS_READ = ("WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3", "AIFF", "CAF")
CHANNELS_MOST = 8
RATE_LEAST_HZ, RATE_MOST_HZ = 8_000, 192_000
_OPUS_LEAST, _OPUS_MOST = 6, 256
_MP3_LEAST, _MP3_MOST = 8, 160


def encode_opus(clip: Samples) -> bytes:
    """A clip as Ogg Opus."""
    return _encode(clip, "OGG", "OPUS", (_OPUS_MOST - OPUS_KBIT_S) / (_OPUS_MOST - _OPUS_LEAST))


def encode_mp3(clip: Samples) -> bytes:
    """A clip as MP3, for browsers that know no Opus."""
    return _encode(
        clip, "MP3", "MPEG_LAYER_III", (_MP3_MOST - MP3_KBIT_S) / (_MP3_MOST - _MP3_LEAST)
    )


def encode_wave(samples: Samples) -> bytes:
    """Sound as WAV, to listen to with any program."""
    target = io.BytesIO()
    soundfile.write(target, samples, RATE_HZ, "PCM_16", format="WAV")
    return target.getvalue()


def _encode(clip: Samples, kind: str, subtype: str, compression: float) -> bytes:
    target = io.BytesIO()
    with soundfile.SoundFile(
        target, "w", RATE_HZ, 1, subtype, format=kind, compression_level=compression
    ) as file:
        file.write(clip)
    return target.getvalue()


def decode(file: IO[bytes], longest_s: float) -> tuple[list[Samples], int]:
    """The channels of a sound file and its rate in hertz, no more than the first `longest_s`
    seconds. Raises `NotSound`.
    """
    try:
        with soundfile.SoundFile(file) as sound:
            rate = int(sound.samplerate)
            if sound.format not in KINDS_READ or sound.channels > CHANNELS_MOST:
                raise NotSound(f"{sound.format} with {sound.channels} channels is not read here")
            if not RATE_LEAST_HZ <= rate <= RATE_MOST_HZ:
                raise NotSound(f"{rate} samples a second are not between 8,000 and 192,000")
            read = sound.read(int(rate * longest_s), dtype="float64", always_2d=True)
    except (soundfile.SoundFileError, ValueError, TypeError, OSError) as problem:
        said = getattr(problem, "error_string", "") or str(problem)
        raise NotSound(f"it cannot be read as sound: {said}") from None
    if not np.isfinite(read).all():
        raise NotSound("there are samples that are no numbers")
    return [np.ascontiguousarray(read[:, each]) for each in range(read.shape[1])], rate
