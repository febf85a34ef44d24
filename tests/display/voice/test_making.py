"""The packs in the repository: every word there, and each as loud, as short and as clean as a call
needs it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from display.voice import making
from display.voice.making import SPEAKERS, find_speaker, make_pack, speak
from display.voice.packs import PACKS
from display.voice.saying import CALL_LONGEST_S, longest_call_s
from display.voice.sound import LOUDNESS_DBFS, RATE_HZ, loudness_dbfs, peak_dbfs
from display.voice.words import COUNTER, LANGUAGES, MEDIAL, NUMBER, SENTENCES, words_of
from tests.display.voice.recorded import clip_of
from tests.fixtures.parts import need

SILENCE_MOST_S = 0.03
SILENCE = 10 ** (-50 / 20)


def pack_of(language: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((PACKS / language / "pack.json").read_bytes())
    return content


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_list_has_both_files_and_none_is_left_over(language: str) -> None:
    keys = {word.key for word in words_of(language)}
    files = {path.name for path in (PACKS / language).iterdir()}
    assert files == {"pack.json"} | {f"{key}{end}" for key in keys for end in (".opus", ".mp3")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_says_what_it_is_made_of_and_under_which_licence(language: str) -> None:
    pack = pack_of(language)
    assert pack["language"] == language
    assert pack["source"].startswith("espeak-ng 1.5")
    assert pack["licence"].startswith("Apache-2.0")
    assert pack["sentences"] == {form: list(words) for form, words in SENTENCES.items()}
    assert {key: each["text"] for key, each in pack["words"].items()} == {
        word.key: word.text for word in words_of(language)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_consists_of_words_of_the_list(language: str) -> None:
    keys = {word.key for word in words_of(language)}
    assert {word for words in SENTENCES.values() for word in words} <= keys | {NUMBER, COUNTER}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clip_is_heard_as_loud_as_the_others_and_begins_at_once(language: str) -> None:
    seconds = {key: each["seconds"] for key, each in pack_of(language)["words"].items()}
    wrong = {}
    for word in words_of(language):
        for end in (".opus", ".mp3"):
            clip = clip_of(PACKS / language / f"{word.key}{end}")
            loud = np.abs(clip) > SILENCE
            facts = {
                "loudness": abs(loudness_dbfs(clip) - LOUDNESS_DBFS) <= 1.0,
                "peak": peak_dbfs(clip) <= -1.0,
                "length": 0.15 <= len(clip) / RATE_HZ <= word.longest_s,
                "told length": abs(len(clip) / RATE_HZ - seconds[word.key]) < 0.005,
                "begin": loud.argmax() / RATE_HZ <= SILENCE_MOST_S,
                "end": loud[::-1].argmax() / RATE_HZ <= SILENCE_MOST_S,
            }
            wrong[word.key + end] = [name for name, ok in facts.items() if not ok]
    assert {name: faults for name, faults in wrong.items() if faults} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["full", "second", "last"])
def test_the_longest_call_takes_six_seconds(language: str, form: str) -> None:
    seconds = {key: each["seconds"] for key, each in pack_of(language)["words"].items()}

    assert longest_call_s(SENTENCES[form], seconds) <= CALL_LONGEST_S


def test_both_packs_are_small() -> None:
    assert sum(path.stat().st_size for path in PACKS.rglob("*") if path.is_file()) < 1_200_000


def rise_of(clip: Any) -> float:
    """By how much the tone rises over the last vowels of a word; below 1 it falls. By
    autocorrelation of the lowest tones.
    """
    low, high, size = RATE_HZ // 250, RATE_HZ // 60, 1200
    spectrum = np.fft.rfft(clip)
    spectrum[int(450 * len(clip) / RATE_HZ) :] = 0
    deep = np.fft.irfft(spectrum, len(clip))
    tones = []
    for start in range(0, len(deep) - size, 240):
        part = deep[start : start + size]
        if np.abs(part).max() < 0.05:
            continue
        same = np.fft.irfft(np.abs(np.fft.rfft(part, 2 * size)) ** 2)
        if same[low:high].max() > 0.5 * same[0]:
            tones.append(RATE_HZ / (low + same[low:high].argmax()))
    return float(np.median(tones[-4:]) / np.median(tones[-10:-5]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tone_rises_inside_a_sentence_and_falls_at_its_end(language: str) -> None:
    rises = {
        word: rise_of(clip_of(PACKS / language / f"{word.key}.mp3")) for word in words_of(language)
    }
    assert {
        word.key: rise for word, rise in rises.items() if (rise > 1.01) != (word.form == MEDIAL)
    } == {}


@pytest.fixture
def speaker() -> str:
    version = find_speaker()
    need("espeak-ng", version, "install the package espeak-ng")
    return version or ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_is_made_the_same_twice(speaker: str, language: str) -> None:
    word = words_of(language)[0]
    once, again = (speak(word, SPEAKERS[language]) for _ in range(2))
    assert np.array_equal(once, again)


def test_a_pack_made_anew_leaves_what_sounds_the_same(
    speaker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = words_of("en")[:3]
    monkeypatch.setattr(making, "words_of", lambda _language: few)
    first = make_pack("en", tmp_path)
    (tmp_path / "en" / "old_word.opus").write_bytes(b"left over")
    (tmp_path / "en" / f"{few[0].key}.opus").write_bytes(b"damaged")
    assert first == 2 * len(few) + 1
    assert make_pack("en", tmp_path) == 1
    assert not (tmp_path / "en" / "old_word.opus").exists()
