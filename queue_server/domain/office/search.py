"""Which services somebody means who types a few words, as people write them, slips included."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .office import Service

LONGEST_QUERY = 60
"""Characters of a query that are read; nobody names a task in more."""

MOST_WORDS = 8

SPELLINGS = {
    "akte": "akta",
    "ektp": "ktp",
    "enggak": "tidak",
    "ga": "tidak",
    "gak": "tidak",
    "hape": "hp",
    "ilang": "hilang",
    "kawin": "nikah",
    "kehilangan": "hilang",
    "ktpel": "ktp",
    "kelahiran": "lahir",
    "kematian": "mati",
    "legalisasi": "legalisir",
    "nda": "tidak",
    "ndak": "tidak",
    "ngga": "tidak",
    "nggak": "tidak",
    "nonaktif": "tidak aktif",
    "not": "tidak",
    "perceraian": "cerai",
    "perkawinan": "nikah",
    "perpindahan": "pindah",
    "pernikahan": "nikah",
    "pindahan": "pindah",
    "rubah": "ubah",
    "tak": "tidak",
    "tdk": "tidak",
}
"""How words are written beside their usual form, and forms of one word that mean the same task."""

# fmt: off
FILLERS = frozenset({
    "a", "an", "and", "atau", "aku", "apa", "at", "bagaimana", "bikin", "buat", "cara",
    "caranya", "dan", "dari", "dengan", "di", "do", "for", "get", "gimana", "how", "i", "in",
    "ingin", "ini", "is", "itu", "ke", "kok", "mau", "minta", "mohon", "my", "ngurus", "of",
    "on", "or", "perlu", "saya", "surat", "sy", "tentang", "the", "to", "untuk", "urus",
    "urusan", "utk", "want", "with", "ya", "yang", "yg",
})
# fmt: on
"""Words that say nothing of what somebody needs."""

_WHOLE, _BEGUN, _SLIPPED = 1.0, 0.8, 0.6
_BESIDE = 0.5
"""What a word counts that stands in the text on a service, against one by which it is named or
looked for.
"""

_BEST_PHRASE = 0.5
"""What is added for each word of a phrase that was typed whole."""

_NEAR_BEST = 0.6
"""How near to the best service another must come to be listed with it."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text that count, in small letters without accents, each as it is usually
    written.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    plain = re.sub(r"\bktp[\s-]*el\b|\be[\s-]*ktp\b", "ktp", plain)
    usual = (SPELLINGS.get(each, each) for each in re.findall(r"[^\W_]+", plain))
    return tuple(word for each in usual for word in each.split() if word not in FILLERS)


def is_one_slip(first: str, second: str) -> bool:
    """Whether one letter more, less or other, or two neighbours exchanged, makes one word of the
    other. Equal words are none.
    """
    if first == second or abs(len(first) - len(second)) > 1:
        return False
    if len(first) > len(second):
        first, second = second, first
    begin = 0
    while begin < len(first) and first[begin] == second[begin]:
        begin += 1
    if len(first) < len(second):
        return first[begin:] == second[begin + 1 :]
    return first[begin + 1 :] == second[begin + 1 :] or (
        first[begin : begin + 2] == second[begin : begin + 2][::-1]
        and first[begin + 2 :] == second[begin + 2 :]
    )


def likeness(typed: str, word: str) -> float:
    """How well a typed word fits a word, 0 to 1: whole, as its beginning from three letters on, or
    from four letters on with one slip.
    """
    if typed == word:
        return _WHOLE
    if len(typed) >= 3 and word.startswith(typed):
        return _BEGUN
    if len(typed) >= 4 and len(word) >= 4 and is_one_slip(typed, word):
        return _SLIPPED
    return 0.0


@dataclass(frozen=True)
class Findable:
    """The words by which a service is found: phrases that name it, and words that stand beside."""

    code: str
    phrases: tuple[tuple[str, ...], ...]
    beside: frozenset[str]


def index_service(service: Service) -> Findable:
    """The words of a service in all languages."""
    phrases = (service.code, *service.name.values(), *service.search_words)
    beside = (*service.summary.values(), *service.requirements.values())
    return Findable(
        service.code,
        tuple(words for text in phrases if (words := words_of(text))),
        frozenset(word for text in beside for word in words_of(text)),
    )


def score(typed: Sequence[str], service: Findable) -> float:
    """How well a service fits the typed words; 0 if none of them fits. A word fits once, where it
    fits best; words that stand together in a phrase count more.
    """
    named = {word for phrase in service.phrases for word in phrase}
    fits = {
        each: max(
            max((likeness(each, word) for word in named), default=0.0),
            _BESIDE * max((likeness(each, word) for word in service.beside), default=0.0),
        )
        for each in typed
    }
    together = max(
        (
            sum(max(likeness(each, word) for each in typed) for word in phrase)
            for phrase in service.phrases
            if all(any(likeness(each, word) for each in typed) for word in phrase)
        ),
        default=0.0,
    )
    return sum(fits.values()) + _BEST_PHRASE * together


def search_services(services: Iterable[Service], query: str) -> tuple[Service, ...]:
    """The services that fit a query, the best first and in their own order where they fit alike;
    none if no word fits. Only the beginning of a long query is read.
    """
    typed = tuple(dict.fromkeys(words_of(query[:LONGEST_QUERY])))[:MOST_WORDS]
    scores = [(score(typed, index_service(each)), each) for each in services] if typed else []
    best = max((points for points, _ in scores), default=0.0)
    near = [pair for pair in scores if pair[0] > 0 and pair[0] >= _NEAR_BEST * best]
    return tuple(each for _, each in sorted(near, key=lambda pair: -pair[0]))
