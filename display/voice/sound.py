"""What is done to the sound of a clip: one channel, one rate, no silence at its ends, one loudness.

Samples are floats of full scale 1.0; levels are in dB below it (dBFS), a loudness being the root of
the mean square (RMS).
"""

from __future__ import annotations

from math import gcd

import numpy as np
import numpy.typing as npt

from .errors import Silent

Samples = npt.NDArray[np.float64]

RATE_HZ = 24_000
LOUDNESS_DBFS = -18.0
CEILING_DBFS = -2.0
"""Peaks are limited to this; what Opus and MP3 add to a peak stays below -1 dBFS."""
FADE_S = 0.005
KEPT_S = 0.01
"""How much is kept before the first and after the last sound."""
RUMBLE_HZ = 60.0
SILENT_DBFS = -55.0
"""A recording whose loudest moment lies below this holds no speech."""
_FRAME_S = 0.005
_STEADY_FRAMES = 3
"""A sound that is shorter is a click and no word,"""
_NEAR_FRAMES = 30
"""unless it is nearer to one than this."""
_BELOW_LOUDEST_DB = 34.0
_ABOVE_NOISE_DB = 6.0
"""Above what a tenth of the time is below: the noise of the room, if there is a pause at all."""
_SPEECH_DB = 20.0
_LIMITER_S = 0.004
_ROUNDS = 6


def prepare(samples: Samples, rate_hz: int) -> Samples:
    """A clip out of a recording of one channel: rumble removed, at `RATE_HZ`, trimmed, normalised,
    with faded ends. Raises `Silent`.
    """
    return fade(normalise(trim(convert(samples, rate_hz))))


def convert(samples: Samples, rate_hz: int) -> Samples:
    """The same sound at `RATE_HZ`, without rumble and without a constant offset."""
    if len(samples) == 0:
        return samples
    samples = fade(samples, rate_hz)  # an edge would ring, and be heard as a sound of its own
    common = gcd(rate_hz, RATE_HZ)
    of, to = rate_hz // common, RATE_HZ // common
    blocks = -(-len(samples) // of)
    spectrum = np.fft.rfft(samples, blocks * of)
    spectrum[: int(RUMBLE_HZ * blocks * of / rate_hz) + 1] = 0
    length = blocks * to
    converted = np.fft.irfft(_fit(spectrum, length // 2 + 1), length) * (to / of)
    return np.asarray(converted[: round(len(samples) * to / of)], dtype=np.float64)


def _fit(spectrum: npt.NDArray[np.complex128], size: int) -> npt.NDArray[np.complex128]:
    return np.pad(spectrum[:size], (0, max(0, size - len(spectrum))))


def trim(samples: Samples) -> Samples:
    """Without the silence before and after the word. Raises `Silent` if there is no word."""
    first, last = spoken_part(samples)
    return samples[first:last]


def spoken_part(samples: Samples) -> tuple[int, int]:
    """From which sample to which one somebody speaks. Raises `Silent` if nobody does."""
    levels = levels_dbfs(samples)
    if len(levels) < _STEADY_FRAMES:
        raise Silent("nobody speaks")
    # A click may be louder than the word, but not for long.
    held = np.lib.stride_tricks.sliding_window_view(levels, _STEADY_FRAMES).min(axis=1)
    loudest = float(held.max())
    if loudest < SILENT_DBFS:
        raise Silent("nobody speaks")
    threshold = min(
        max(loudest - _BELOW_LOUDEST_DB, float(np.quantile(levels, 0.1)) + _ABOVE_NOISE_DB),
        loudest - _SPEECH_DB,
    )
    loud = levels > threshold
    steady = np.flatnonzero(_steady(loud))
    if len(steady) == 0:
        raise Silent("nobody speaks")
    # The release of a last "t" is as short as a click, but it comes soon after the vowel.
    near = np.flatnonzero(loud[max(0, steady[0] - _NEAR_FRAMES) : steady[-1] + _NEAR_FRAMES + 1])
    near += max(0, steady[0] - _NEAR_FRAMES)
    frame, kept = int(_FRAME_S * RATE_HZ), int(KEPT_S * RATE_HZ)
    return max(0, int(near[0]) * frame - kept), min(
        len(samples), (int(near[-1]) + 1) * frame + kept
    )


def _steady(loud: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which frames belong to a stretch of loud ones that is no mere click."""
    kept = np.zeros_like(loud)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], loud, [False])).astype(np.int8)))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        kept[start:end] = end - start >= _STEADY_FRAMES
    return kept


def normalise(samples: Samples) -> Samples:
    """The same sound at `LOUDNESS_DBFS`, its peaks limited to `CEILING_DBFS`."""
    for _ in range(_ROUNDS):  # what the limiter takes away is given back to the rest
        samples = limit(samples * _ratio(LOUDNESS_DBFS - loudness_dbfs(samples)))
    return samples


def limit(samples: Samples) -> Samples:
    """The same sound without a peak above `CEILING_DBFS`: the gain goes down smoothly around each
    peak, so that nothing is cut off.
    """
    needed = np.minimum(1.0, _ratio(CEILING_DBFS) / np.maximum(np.abs(samples), 1e-9))
    if needed.min() == 1.0:
        return samples
    half = int(_LIMITER_S * RATE_HZ)
    window = np.lib.stride_tricks.sliding_window_view
    lowest = window(np.pad(needed, 2 * half, constant_values=1.0), 2 * half + 1).min(axis=1)
    shape = np.hanning(2 * half + 3)[1:-1]
    gain = np.convolve(lowest, shape / shape.sum(), mode="valid")
    return np.asarray(samples * gain, dtype=np.float64)


def fade(samples: Samples, rate_hz: int = RATE_HZ) -> Samples:
    """The same sound, rising from nothing and falling to nothing within `FADE_S`."""
    length = min(int(FADE_S * rate_hz), len(samples) // 2)
    slope = (1 - np.cos(np.pi * np.arange(length) / max(1, length))) / 2
    faded = samples.copy()
    faded[:length] *= slope
    faded[len(faded) - length :] *= slope[::-1]
    return faded


def loudness_dbfs(samples: Samples) -> float:
    """The loudness of a trimmed clip, from its first sound to its last."""
    return float(10 * np.log10(np.mean(samples**2) + 1e-11)) if len(samples) else -110.0


def peak_dbfs(samples: Samples) -> float:
    """The level of the highest sample."""
    return float(20 * np.log10(max(1e-9, float(np.abs(samples).max(initial=0.0)))))


def levels_dbfs(samples: Samples) -> Samples:
    """The level of each stretch of 5 ms."""
    frame = int(_FRAME_S * RATE_HZ)
    whole = samples[: len(samples) // frame * frame].reshape(-1, frame)
    return np.asarray(10 * np.log10(np.mean(whole**2, axis=1) + 1e-11), dtype=np.float64)


def _ratio(decibels: float) -> float:
    return float(10 ** (decibels / 20))
