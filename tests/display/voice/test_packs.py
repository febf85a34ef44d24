"""An office's own recording takes the place of one word, and the pack says all others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.voice.errors import BadPack
from display.voice.packs import (
    Pack,
    VoiceFolder,
    chosen_clips,
    expected_words,
    make_index,
    merge_packs,
    read_pack,
)
from display.voice.words import COUNTER, NUMBER, SENTENCES, words_of

PACK = Pack("English", {"full": (NUMBER, "please_go_to", COUNTER)}, {"please_go_to": "please"})
names = st.builds("{}.{}".format, st.sampled_from(["one", "two"]), st.sampled_from(["opus", "mp3"]))


def folder(*files: str, pack: Pack | None = None) -> VoiceFolder:
    return VoiceFolder(pack or Pack(), {name: f"mark-{name}" for name in files})


def clips(*folders: VoiceFolder) -> dict[str, list[tuple[int, str]]]:
    return {key: list(files) for key, files in chosen_clips(folders).items()}


def test_the_pack_alone_plays_opus_first() -> None:
    assert clips(folder("one.mp3", "one.opus")) == {"one": [(0, "one.opus"), (0, "one.mp3")]}


def test_an_own_recording_replaces_its_word_and_no_other() -> None:
    pack = folder("one.opus", "one.mp3", "two.opus", "two.mp3")
    assert clips(pack, folder("one.opus", "one.mp3")) == {
        "one": [(1, "one.opus"), (1, "one.mp3")],
        "two": [(0, "two.opus"), (0, "two.mp3")],
    }


def test_an_own_recording_that_not_every_browser_plays_keeps_the_packs_mp3_behind_it() -> None:
    pack = folder("one.opus", "one.mp3")
    assert clips(pack, folder("one.opus"))["one"] == [(1, "one.opus"), (0, "one.mp3")]
    assert clips(pack, folder("one.mp3"))["one"] == [(1, "one.mp3")]


@given(st.lists(st.sets(names), max_size=3))
def test_the_best_clip_is_of_the_last_folder_that_has_one_and_each_is_named_once(
    files: list[set[str]],
) -> None:
    chosen = chosen_clips([folder(*each) for each in files])
    for key, best in chosen.items():
        having = [
            number for number, each in enumerate(files) if {f"{key}.opus", f"{key}.mp3"} & each
        ]
        assert best[0][0] == max(having)
        assert len(set(best)) == len(best) <= 2
        assert all(name in files[number] for number, name in best)
        # What plays no Opus has something to play, if there is anything.
        mp3 = any(f"{key}.mp3" in each for each in files)
        assert any(name.endswith(".mp3") for _, name in best) == mp3
    assert set(chosen) == {name.rpartition(".")[0] for each in files for name in each}


def test_the_index_names_every_word_that_should_be_there() -> None:
    index = make_index({"en": [folder("one.opus", pack=PACK)]})
    assert index["languages"]["en"]["words"] == {
        "please_go_to": [],
        "one": ["/voice/en/one.opus?v=mark-one.opus"],
    }
    assert set(index["languages"]["en"]["sentences"]) == set(SENTENCES)


def test_a_folder_of_clips_without_sentences_is_no_language() -> None:
    assert make_index({"jv": [folder("one.opus", "two.opus")]}) == {"languages": {}, "skipped": 2}


def test_a_language_may_be_a_folder_with_a_pack_of_its_own() -> None:
    own = read_pack(
        json.dumps(
            {
                "name": "Basa Jawa",
                "sentences": {"full": ["antrean_nomer", NUMBER, "mangga_dhateng", COUNTER]},
                "words": {"antrean_nomer": {"text": "antrean nomer"}},
            }
        ).encode()
    )
    merged = merge_packs([Pack(), own])
    assert merged.name == "Basa Jawa"
    assert merged.sentences["second"] == merged.sentences["full"]
    assert merged.sentences["short"] == (NUMBER, COUNTER)
    assert expected_words(merged) == ("antrean_nomer", "mangga_dhateng")


def test_an_own_sentence_takes_the_place_of_the_packs() -> None:
    merged = merge_packs([PACK, Pack("", {"short": (COUNTER, NUMBER)})])
    assert merged.sentences["short"] == (COUNTER, NUMBER)
    assert merged.sentences["full"] == PACK.sentences["full"]
    assert merged.name == "English"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"name": 5}',
        json.dumps({"name": "x" * 100}).encode(),
        b'{"sentences": []}',
        b'{"sentences": {"loud": ["one"]}}',
        b'{"sentences": {"full": []}}',
        b'{"sentences": {"full": ["../one"]}}',
        b'{"sentences": {"full": ["one", 2]}}',
        json.dumps({"sentences": {"full": ["one"] * 41}}).encode(),
        b'{"words": {"ONE": {"text": "one"}}}',
        b'{"words": {"one": "one"}}',
        b'{"words": {"one": {"text": 1}}}',
    ],
)
def test_a_pack_that_says_nothing_of_use_is_refused(said: bytes) -> None:
    with pytest.raises(BadPack):
        read_pack(said)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["name", "sentences", "words"]), json_values))
def test_any_pack_is_read_or_refused(said: dict[str, Any]) -> None:
    try:
        pack = read_pack(json.dumps(said).encode())
    except BadPack:
        return
    assert set(pack.sentences) <= set(SENTENCES)


def test_the_word_lists_have_the_same_keys_in_the_same_order() -> None:
    assert [word.key for word in words_of("id")] == [word.key for word in words_of("en")]
    assert len({word.key for word in words_of("id")}) == len(words_of("id"))


def test_a_word_of_the_middle_never_ends_a_sentence() -> None:
    forms = {word.key: word.form for word in words_of("id")}
    for words in SENTENCES.values():
        assert forms.get(words[-1], "final") == "final"
        assert {forms[word] for word in words[:-1] if word in forms} <= {"medial"}
