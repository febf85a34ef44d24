"""Every clip leaves as one channel of one loudness, without silence at its ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from display.voice.errors import Silent
from display.voice.sound import (
    CEILING_DBFS,
    LOUDNESS_DBFS,
    RATE_HZ,
    Samples,
    convert,
    fade,
    limit,
    loudness_dbfs,
    normalise,
    peak_dbfs,
    prepare,
    trim,
)
from tests.display.voice.recorded import recorded


def tone(hz: float, seconds: float, rate_hz: int = RATE_HZ) -> Samples:
    return np.asarray(0.3 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate_hz)) / rate_hz))


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_a_sound_of_any_rate_is_the_same_sound(rate_hz: int) -> None:
    converted = convert(tone(440, 0.5, rate_hz), rate_hz)
    assert abs(len(converted) - RATE_HZ // 2) <= 1
    inner = slice(2_000, 10_000)
    assert np.abs(converted[inner] - tone(440, 0.5)[inner]).max() < 0.01


def test_rumble_and_a_constant_offset_are_taken_out() -> None:
    hum = convert(tone(440, 1) + 0.2 + tone(30, 1), RATE_HZ)
    assert np.abs(hum[4_000:20_000] - tone(440, 1)[4_000:20_000]).max() < 0.02


@settings(max_examples=40)
@given(
    gain_db=st.floats(-30, 0),
    noise_dbfs=st.floats(-90, -65),
    pause_s=st.floats(0, 1),
    key=st.sampled_from(["digit_2", "letter_s", "letter_t", "counter_17", "please_go_to"]),
)
def test_any_voice_becomes_a_clip_as_loud_as_the_others(
    gain_db: float, noise_dbfs: float, pause_s: float, key: str
) -> None:
    clip = prepare(recorded(key, gain_db=gain_db, noise_dbfs=noise_dbfs, pause_s=pause_s), RATE_HZ)
    assert abs(loudness_dbfs(clip) - LOUDNESS_DBFS) < 0.3
    assert peak_dbfs(clip) <= CEILING_DBFS + 0.01
    assert np.abs(clip[[0, -1]]).max() < 0.01


@given(st.lists(st.floats(-8, 8), min_size=1, max_size=400))
def test_no_peak_passes_the_limiter_and_what_is_low_stays(values: list[float]) -> None:
    samples = np.array(values)
    limited = limit(samples)
    assert peak_dbfs(limited) <= max(CEILING_DBFS + 1e-6, -180)
    assert (np.abs(limited) <= np.abs(samples) + 1e-12).all()
    if peak_dbfs(samples) <= CEILING_DBFS:
        assert np.array_equal(limited, samples)


def test_silence_before_and_after_is_cut_off() -> None:
    bare, padded = (trim(recorded("digit_2", pause_s=pause)) for pause in (0.0, 0.8))
    assert abs(len(bare) - len(padded)) < 0.03 * RATE_HZ


def test_a_click_before_the_word_does_not_belong_to_it() -> None:
    plain = recorded("digit_2")
    clicked = plain.copy()
    clicked[1_000:1_050] = 0.5
    assert len(trim(clicked)) == len(trim(plain))


def test_the_release_of_a_last_consonant_belongs_to_the_word() -> None:
    vowel, closure = tone(300, 0.3), np.zeros(int(0.08 * RATE_HZ))
    burst = np.random.default_rng(2).normal(0, 0.05, int(0.008 * RATE_HZ))
    silence = np.zeros(RATE_HZ // 2)
    said = trim(np.concatenate([silence, vowel, closure, burst, silence]))
    assert len(said) / RATE_HZ == pytest.approx(0.3 + 0.08 + 0.008 + 0.02, abs=0.01)


@pytest.mark.parametrize(
    "samples", [np.zeros(0), np.zeros(RATE_HZ), np.full(RATE_HZ, 1e-4), np.zeros(10)]
)
def test_silence_is_no_word(samples: Samples) -> None:
    with pytest.raises(Silent):
        trim(samples)


def test_a_loud_click_alone_is_no_word() -> None:
    samples = np.zeros(RATE_HZ)
    samples[5_000:5_050] = 0.9
    with pytest.raises(Silent):
        trim(samples)


def test_ends_fade_and_the_middle_stays() -> None:
    faded = fade(np.ones(1_000))
    assert faded[0] == faded[-1] == 0
    assert (faded[120:-120] == 1).all()
    assert len(fade(np.ones(3))) == 3


def test_what_is_normalised_twice_is_the_same() -> None:
    once = normalise(trim(recorded()))
    assert np.abs(normalise(once) - once).max() < 0.01
