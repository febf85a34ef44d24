"""Which words a language consists of, and how a call is said with them.

The same keys in the same order stand for every language, so a word's number in the list is the same
everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from string import ascii_lowercase, ascii_uppercase
from types import MappingProxyType

from .errors import UnknownLanguage

KEY = re.compile(r"[a-z0-9](?:_?[a-z0-9]){0,39}\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?\Z")
COUNTERS = 20
"""Counters up to this one are said as one clip; others by the word "counter" and digits."""
MEDIAL, FINAL = "medial", "final"
"""How a word ends: medial in the middle of a sentence, with a level or rising tone; final at its
end, with a falling one.
"""
NUMBER, COUNTER = "{number}", "{counter}"
"""What stands in a sentence for the words of a ticket number, and of a counter."""
Sentences = Mapping[str, tuple[str, ...]]
SENTENCES: Sentences = MappingProxyType(
    {
        "full": ("queue_number", NUMBER, "please_go_to", COUNTER),
        "short": (NUMBER, COUNTER),
        "second": ("second_call", "queue_number", NUMBER, COUNTER),
        "last": ("last_call", "queue_number", NUMBER, COUNTER),
        "see_screen": ("queue_number", NUMBER, "see_screen"),
        "test": ("sound_test",),
    }
)
"""Whole sentences by their form. `second` and `last` are for recalls, `short` for many calls at
once, `see_screen` for a counter that no word stands for.
"""


@dataclass(frozen=True)
class Word:
    """One clip: `text` is what a person reads out, `spelling` what a synthetic voice does. It knows
    the names of letters and digits, and stresses them better than the same words written out.
    `longest_s` is how long a recording may last.
    """

    key: str
    text: str
    form: str
    purpose: str
    longest_s: float
    spelling: str


@dataclass(frozen=True)
class _Texts:
    """The texts of a language; those of letters, digits and counters in their order, by commas."""

    name: str
    letters: str
    digits: str
    counter: str
    counters: str
    phrases: Mapping[str, str]


_TEXTS = {
    "id": _Texts(
        "Bahasa Indonesia",
        "a,be,ce,de,e,ef,ge,ha,i,je,ka,el,em,en,o,pe,ki,er,es,te,u,ve,we,eks,ye,zet",
        "nol,satu,dua,tiga,empat,lima,enam,tujuh,delapan,sembilan",
        "loket",
        "satu,dua,tiga,empat,lima,enam,tujuh,delapan,sembilan,sepuluh,sebelas,dua belas,tiga belas,"
        "empat belas,lima belas,enam belas,tujuh belas,delapan belas,sembilan belas,dua puluh",
        {
            "queue_number": "nomor antrean",
            "please_go_to": "silakan menuju",
            "see_screen": "silakan lihat layar",
            "second_call": "panggilan kedua",
            "last_call": "panggilan terakhir",
            "sound_test": "ini uji suara",
        },
    ),
    "en": _Texts(
        "English",
        ",".join(ascii_uppercase),
        "zero,one,two,three,four,five,six,seven,eight,nine",
        "counter",
        "one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen,"
        "sixteen,seventeen,eighteen,nineteen,twenty",
        {
            "queue_number": "number",
            "please_go_to": "please go to",
            "see_screen": "please look at the screen",
            "second_call": "second call",
            "last_call": "last call",
            "sound_test": "this is a sound test",
        },
    ),
}
LANGUAGES = tuple(_TEXTS)
"""The languages of the packs that come with the software."""

_PHRASES = {
    "queue_number": (MEDIAL, "opens a call"),
    "please_go_to": (MEDIAL, "before the counter"),
    "see_screen": (FINAL, "in place of a counter that no word stands for"),
    "second_call": (MEDIAL, "opens the second call of a number"),
    "last_call": (MEDIAL, "opens the last call of a number"),
    "sound_test": (FINAL, "what staff hear when they test a screen"),
}
NAME_PREFIX, NAME_LONGEST_S = "name_", 2.5
"""An office may record the name of a counter that has no number, as `name_` and its slug."""
_LETTER_S, _DIGIT_S, _COUNTER_S, _PHRASE_S = 1.2, 1.0, 1.8, 2.5


def words_of(language: str) -> tuple[Word, ...]:
    """The word list of a language, in the order of its numbers. Raises `UnknownLanguage` for one
    that has no texts here.
    """
    if language not in _TEXTS:
        raise UnknownLanguage(language)
    return tuple(_words(_TEXTS[language]))


def list_words(language: str, sentences: Sentences, texts: Mapping[str, str]) -> tuple[Word, ...]:
    """The word list of a language with these sentences and texts. One that has no texts here has
    the letters, digits and counters of the others, with theirs as a hint, and the words of its
    sentences.
    """
    known = {word.key: word for word in words_of(language if language in _TEXTS else LANGUAGES[0])}
    spoken = [word for words in sentences.values() for word in words]
    own = dict.fromkeys(word for word in (*spoken, *texts) if word not in (NUMBER, COUNTER))
    kept = [key for key in known if language in _TEXTS or key in own or key not in _PHRASES]
    inside = {word for words in sentences.values() for word in words[:-1]}
    return tuple(
        replace(known[key], text=texts.get(key, known[key].text))
        if key in known
        else Word(
            key,
            texts.get(key, key.replace("_", " ")),
            MEDIAL if key in inside else FINAL,
            "a sentence of this language",
            _PHRASE_S,
            texts.get(key, ""),
        )
        for key in dict.fromkeys((*kept, *own))
    )


def name_of(language: str) -> str:
    """What a language of `LANGUAGES` calls itself."""
    return _TEXTS[language].name


def _words(texts: _Texts) -> Iterator[Word]:
    digits, counters = texts.digits.split(","), texts.counters.split(",")
    for letter, text in zip(ascii_lowercase, texts.letters.split(","), strict=True):
        yield _make(
            f"letter_{letter}", text, MEDIAL, "the letter of a number", _LETTER_S, letter.upper()
        )
    for digit, text in enumerate(digits):
        yield _make(
            f"digit_{digit}", text, MEDIAL, "a digit before another one", _DIGIT_S, str(digit)
        )
    for digit, text in enumerate(digits):
        yield _make(
            f"digit_{digit}_final", text, FINAL, "the last digit of a number", _DIGIT_S, str(digit)
        )
    for counter, text in enumerate(counters, start=1):
        spoken = f"{texts.counter} {text}"
        yield _make(f"counter_{counter}", spoken, FINAL, "a counter", _COUNTER_S)
    yield _make("counter", texts.counter, MEDIAL, "before the signs of any other counter", _DIGIT_S)
    for key, (form, purpose) in _PHRASES.items():
        yield _make(key, texts.phrases[key], form, purpose, _PHRASE_S)


def _make(
    key: str, text: str, form: str, purpose: str, longest_s: float, spelling: str = ""
) -> Word:
    return Word(key, text, form, purpose, longest_s, spelling or text)
