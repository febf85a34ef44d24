"""What is said of a call: which words, in which language and when."""

from __future__ import annotations

import itertools
import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.voice.packs import PACKS
from display.voice.saying import say_call
from tests.display.announcing.node_process import Announcing

SETTINGS = {"languages": ["id", "en"], "spoken": "visitor", "repeats": 1}


def read_packs() -> dict[str, Any]:
    """The packs that come with the software, each word with its seconds."""
    packs = {}
    for language in ("id", "en"):
        pack = json.loads((PACKS / language / "pack.json").read_text("utf-8"))
        seconds = {key: word["seconds"] for key, word in pack["words"].items()}
        packs[language] = {"sentences": pack["sentences"], "words": seconds}
    return packs


@pytest.fixture(scope="module")
def packs() -> dict[str, Any]:
    return read_packs()


def call(number: str = "A012", counter: str = "3", **changes: Any) -> dict[str, Any]:
    return {"number": number, "counter": counter, "times": 1, "language": "id", **changes}


def speech(
    rule: Announcing,
    packs: dict[str, Any],
    called: dict[str, Any],
    form: str = "full",
    **settings: Any,
) -> list[str]:
    """The words of a call, those of another language with its name."""
    timeline = lay_out(rule, packs, called, form, **settings)
    return [
        word["key"] if word["language"] == "id" else f"{word['language']}:{word['key']}"
        for word in timeline["words"]
    ]


def lay_out(
    rule: Announcing,
    packs: dict[str, Any],
    called: dict[str, Any],
    form: str = "full",
    chime: bool = True,
    **settings: Any,
) -> dict[str, Any]:
    given = {"call": called, "form": form, "settings": {**SETTINGS, **settings}}
    timeline: dict[str, Any] = rule.ask("speech", {**given, "packs": packs, "hasChime": chime})
    return timeline


def without(packs: dict[str, Any], language: str, *keys: str) -> dict[str, Any]:
    """The packs without some words of a language."""
    pack = packs[language]
    left = {key: seconds for key, seconds in pack["words"].items() if key not in keys}
    return {**packs, language: {**pack, "words": left}}


A012 = ["letter_a", "digit_0", "digit_1", "digit_2_final"]


def test_a_call_in_full(rule: Announcing, packs: dict[str, Any]) -> None:
    assert speech(rule, packs, call()) == ["queue_number", *A012, "please_go_to", "counter_3"]


@pytest.mark.parametrize(
    ("times", "opens"), [(2, "second_call"), (3, "last_call"), (7, "last_call")]
)
def test_recalls_say_that_they_are(
    rule: Announcing, packs: dict[str, Any], times: int, opens: str
) -> None:
    words = speech(rule, packs, call(times=times))
    assert words == [opens, "queue_number", *A012, "counter_3"]


def test_in_a_burst_number_and_counter_are_all(rule: Announcing, packs: dict[str, Any]) -> None:
    assert speech(rule, packs, call(times=2), "short") == [*A012, "counter_3"]


@pytest.mark.parametrize(
    ("counter", "words"),
    [
        ("Loket 7", ["counter_7"]),
        ("Counter 7", ["counter_7"]),
        ("07", ["counter_7"]),
        ("20", ["counter_20"]),
        ("21", ["counter", "digit_2", "digit_1_final"]),
        ("3B", ["counter", "digit_3", "letter_b"]),
        ("B", ["counter", "letter_b"]),
    ],
)
def test_counters(rule: Announcing, packs: dict[str, Any], counter: str, words: list[str]) -> None:
    assert speech(rule, packs, call(counter=counter), "short") == [*A012, *words]


def test_a_counter_with_a_name_sends_to_the_screen(rule: Announcing, packs: dict[str, Any]) -> None:
    named = call(counter="Konsultasi")
    assert speech(rule, packs, named) == ["queue_number", *A012, "see_screen"]
    assert speech(rule, packs, named, "short") == [*A012, "see_screen"]


def test_an_office_may_record_the_name_of_a_counter(
    rule: Announcing, packs: dict[str, Any]
) -> None:
    words = {**packs["id"]["words"], "name_layanan_khusus": 1.2}
    own = {**packs, "id": {**packs["id"], "words": words}}
    for counter in ("Layanan Khusus", "Loket Layanan Khusus"):
        assert speech(rule, own, call(counter=counter), "short") == [*A012, "name_layanan_khusus"]


def test_the_visitors_language_is_spoken(rule: Announcing, packs: dict[str, Any]) -> None:
    english = call(language="en")
    assert all(word.startswith("en:") for word in speech(rule, packs, english))
    assert all(word.startswith("en:") for word in speech(rule, packs, english, "short"))


def test_a_language_without_a_pack_gives_way_to_the_screens_first(
    rule: Announcing, packs: dict[str, Any]
) -> None:
    assert speech(rule, packs, call(language="jv"))[0] == "queue_number"
    first = speech(rule, packs, call(language="jv"), languages=["en", "id"])
    assert first[0] == "en:queue_number"


def test_a_further_language_follows_where_its_pack_is_there(
    rule: Announcing, packs: dict[str, Any]
) -> None:
    """As an office's own folder would bring it: here the English pack under another name."""
    more = {**packs, "jv": packs["en"]}
    plain = speech(rule, packs, call())
    words = speech(rule, more, call(), also_spoken="jv", repeats=2)
    half = len(words) // 2
    assert words[: len(plain)] == plain and words[half:] == words[:half]
    assert {word.partition(":")[0] for word in words[len(plain) : half]} == {"jv"}
    assert speech(rule, more, call(), "short", also_spoken="jv") == [*A012, "counter_3"]
    assert speech(rule, packs, call(), also_spoken="jv") == plain
    assert speech(rule, packs, call(language="en"), also_spoken="en") == speech(
        rule, packs, call(language="en")
    )


def test_both_languages_and_repeats(rule: Announcing, packs: dict[str, Any]) -> None:
    words = speech(rule, packs, call(language="en"), spoken="both", repeats=2)
    assert [word.startswith("en:") for word, _ in itertools.groupby(words)] == (
        [True] * 7 + [False] * 7
    ) * 2
    assert speech(rule, packs, call(), "short", spoken="both", repeats=3) == [*A012, "counter_3"]
    assert len(speech(rule, packs, call(), repeats=10**9)) == 3 * len(speech(rule, packs, call()))


def test_a_phrase_that_cannot_be_played_is_left_out(
    rule: Announcing, packs: dict[str, Any]
) -> None:
    left = without(packs, "id", "queue_number", "please_go_to")
    assert speech(rule, left, call()) == [*A012, "counter_3"]


@pytest.mark.parametrize("missing", ["digit_0", "letter_a", "counter_3"])
def test_without_a_word_of_number_or_counter_the_other_language_is_spoken(
    rule: Announcing, packs: dict[str, Any], missing: str
) -> None:
    # Each has a second way to be said, but for letters.
    left = without(packs, "id", missing, "digit_0_final", "counter")
    assert speech(rule, left, call())[0] == "en:queue_number"


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (["digit_2_final"], ["letter_a", "digit_0", "digit_1", "digit_2", "counter_3"]),
        (["digit_1"], ["letter_a", "digit_0", "digit_1_final", "digit_2_final", "counter_3"]),
        (["counter_3"], [*A012, "counter", "digit_3_final"]),
    ],
)
def test_another_clip_of_the_same_meaning_stands_in(
    rule: Announcing, packs: dict[str, Any], missing: list[str], words: list[str]
) -> None:
    assert speech(rule, without(packs, "id", *missing), call(), "short") == words


def test_what_no_language_can_say_is_a_chime(rule: Announcing, packs: dict[str, Any]) -> None:
    for odd in (call("Ω012"), call(""), call("A012", "Ω")):
        words = speech(rule, without(without(packs, "id", "see_screen"), "en", "see_screen"), odd)
        assert words == []
    timeline = lay_out(rule, {}, call())
    assert (timeline["words"], timeline["lastS"], timeline["totalS"]) == ([], 0, 1.0)


def test_a_sound_test_is_said_in_the_languages_of_the_screen(
    rule: Announcing, packs: dict[str, Any]
) -> None:
    assert speech(rule, packs, call(language=""), "test") == ["sound_test", "en:sound_test"]
    assert speech(rule, packs, call(), "test", languages=["en"]) == ["en:sound_test"]


def test_words_follow_each_other_as_agreed(rule: Announcing, packs: dict[str, Any]) -> None:
    timeline = lay_out(rule, packs, call())
    words = timeline["words"]
    gaps = [round(b["startS"] - a["endS"], 6) for a, b in itertools.pairwise(words)]
    assert words[0]["startS"] == 1.0, "after the chime"
    assert gaps == [0.04, 0.04, 0.04, 0.04, 0.12, 0.04]
    assert timeline["lastS"] == words[-1]["startS"]
    assert timeline["totalS"] == words[-1]["endS"]
    short = lay_out(rule, packs, call(), "short", chime=False)["words"]
    gaps = [round(b["startS"] - a["endS"], 6) for a, b in itertools.pairwise(short)]
    assert short[0]["startS"] == 0 and gaps == [0.04, 0.04, 0.04, 0.12]


letters = st.sampled_from("ABCXW")
numbers = st.builds(
    lambda two, n: f"{''.join(two)}{n:04d}", st.tuples(letters, letters), st.integers(0, 9999)
)


@given(numbers, st.integers(1, 40), st.sampled_from([1, 2, 3]), st.sampled_from(["id", "en"]))
def test_no_call_takes_longer_than_six_seconds_in_a_language(
    rule: Announcing, number: str, counter: int, times: int, language: str
) -> None:
    called = call(number, str(counter), times=times, language=language)
    timeline = lay_out(rule, read_packs(), called, chime=False)
    assert timeline["words"] and timeline["totalS"] <= 6
    keys = [word["key"] for word in timeline["words"]]
    said = [key.split("_")[1].upper() for key in keys if key[:6] in ("letter", "digit_")]
    assert "".join(said).startswith(number)


usual_numbers = st.builds(lambda letter, n: f"{letter}{n:03d}", letters, st.integers(0, 999))


@given(
    usual_numbers, st.sampled_from(["3", "Loket 12", "21", "0", "3b", "Konsultasi", "Counter B"])
)
def test_a_preview_says_a_call_as_the_page_does(
    rule: Announcing, number: str, counter: str
) -> None:
    packs = read_packs()
    words = packs["id"]["words"]
    said = say_call(packs["id"]["sentences"], number, counter, words)
    timeline = lay_out(rule, packs, call(number, counter), chime=False)
    assert [word["key"] for word in timeline["words"]] == [key for key, _ in said]
    gaps = [round(b["startS"] - a["endS"], 6) for a, b in itertools.pairwise(timeline["words"])]
    assert gaps == [pause for _, pause in said[:-1]]


def test_a_slow_voice_says_a_call_in_short(rule: Announcing, packs: dict[str, Any]) -> None:
    words = {key: seconds * 1.6 for key, seconds in packs["id"]["words"].items()}
    slow = {"id": {**packs["id"], "words": words}}
    assert speech(rule, slow, call()) == [*A012, "counter_3"]


def test_a_pack_that_is_no_pack_says_nothing(rule: Announcing) -> None:
    assert speech(rule, {"id": {"sentences": {}, "words": {}}}, call()) == []


@pytest.mark.parametrize(
    ("clock", "is_quiet"),
    [
        ("11:59", False),
        ("12:00", True),
        ("12:59", True),
        ("13:00", False),
        ("23:00", True),
        ("05:59", True),
        ("06:00", False),
    ],
)
def test_quiet_hours_are_the_offices(rule: Announcing, clock: str, is_quiet: bool) -> None:
    zone = "Asia/Makassar"
    now = datetime.fromisoformat(f"2026-03-23T{clock}").replace(tzinfo=ZoneInfo(zone))
    quiet = [{"starts": "12:00", "ends": "13:00"}, {"starts": "22:00", "ends": "06:00"}]
    asked = {"quiet": quiet, "nowMs": now.timestamp() * 1000, "zone": zone}
    assert rule.ask("quiet", asked) is is_quiet
    assert rule.ask("quiet", {**asked, "quiet": []}) is False


def test_the_packs_have_every_word_that_is_expected(
    rule: Announcing, packs: dict[str, Any]
) -> None:
    for pack in packs.values():
        assert set(rule.ask("expected", pack["sentences"])) == set(pack["words"])
