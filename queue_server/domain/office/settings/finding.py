"""Which settings somebody means who types a few words, in whichever language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from queue_server.domain.office.search import LONGEST_QUERY, MOST_WORDS, likeness, words_of

FOUND_MAX = 20

_NAMED, _BESIDE = 1.0, 0.5
"""What a word counts in the names of a setting, and in what is said about it."""

_NEAR_BEST = 0.5
"""How near to the best one another must come to be listed with it."""


@dataclass(frozen=True)
class Findable:
    """A setting or page by the `id` of where it is set: the words by which it is called, and those
    that are said about it.
    """

    id: str
    named: frozenset[str]
    beside: frozenset[str] = frozenset()


def index_setting(id: str, names: Iterable[str], beside: Iterable[str] = ()) -> Findable:
    """A setting by its texts in all languages. `names` are what it is called, other words for it
    among them; `beside` is what is said about it.
    """
    named, around = (
        frozenset(word for text in texts for word in words_of(text)) for texts in (names, beside)
    )
    return Findable(id, named, around)


def find_settings(settings: Iterable[Findable], query: str) -> tuple[str, ...]:
    """The ids of the settings that fit a query, the best first and in their own order where they
    fit alike, at most `FOUND_MAX`. Only the beginning of a long query is read.

    A setting fits if every typed word does: the more words, the fewer settings. If none fits so,
    one fits by any of them.
    """
    typed = tuple(dict.fromkeys(words_of(query[:LONGEST_QUERY])))[:MOST_WORDS]
    if not typed:
        return ()
    fits = [(each.id, _fit(typed, each)) for each in settings]
    whole = [pair for pair in fits if all(pair[1])]
    scores = [(id, sum(fit)) for id, fit in whole or fits]
    best = max((points for _, points in scores), default=0.0)
    near = [pair for pair in scores if pair[1] > 0 and pair[1] >= _NEAR_BEST * best]
    return tuple(id for id, _ in sorted(near, key=lambda pair: -pair[1]))[:FOUND_MAX]


def _fit(typed: Iterable[str], setting: Findable) -> list[float]:
    """How well each typed word fits, 0 to 1, where it fits best."""
    return [
        max(
            _NAMED * max((likeness(each, word) for word in setting.named), default=0.0),
            _BESIDE * max((likeness(each, word) for word in setting.beside), default=0.0),
        )
        for each in typed
    ]
