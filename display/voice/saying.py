"""Which words say a call: a sentence with the words of its number and of its counter in place. The
page's own rule for that is in `static/announcing/`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from string import ascii_lowercase, digits

from .words import COUNTER, NAME_PREFIX, NUMBER, Sentences

GAP_S, WIDE_GAP_S = 0.04, 0.12
"""The pause between two words, and the one after a ticket number."""
CALL_LONGEST_S = 6.0
_NUMBER = re.compile(r"[0-9]{1,9}\Z")
_SIGNS = re.compile(r"[A-Za-z0-9]{1,3}\Z")
_COUNTER_WORD = re.compile(r"\A(?:loket|counter)\s+", re.IGNORECASE)


def say_call(
    sentences: Sentences, number: str, counter: str, words: Container[str]
) -> tuple[tuple[str, float], ...]:
    """The words of a call in full, each with the pause after it in seconds. A counter that none of
    `words` stands for is left to the screen.
    """
    said_counter = say_counter(counter, words)
    sentence = sentences["full" if said_counter else "see_screen"]
    parts = {NUMBER: say_signs(number), COUNTER: said_counter}
    said = []
    for word in sentence:
        part = parts.get(word, (word,))
        said += [(each, GAP_S) for each in part[:-1]]
        said += [(each, WIDE_GAP_S if word == NUMBER else GAP_S) for each in part[-1:]]
    return tuple(said)


def say_signs(signs: str) -> tuple[str, ...]:
    """The words of a ticket number, sign by sign: its last digit has a falling tone."""
    heard = [sign for sign in signs.lower() if sign in ascii_lowercase + digits]
    words = [f"{'digit' if sign in digits else 'letter'}_{sign}" for sign in heard]
    return (*words[:-1], words[-1] + "_final" * (heard[-1] in digits)) if words else ()


def say_counter(counter: str, words: Container[str]) -> tuple[str, ...]:
    """The words of a counter: one clip for its number or its name, else its signs one by one; none
    for a name that nobody has recorded.
    """
    bare = _COUNTER_WORD.sub("", counter.strip(), count=1)
    if _NUMBER.match(bare):
        wholes = [f"counter_{int(bare)}"]
    else:
        wholes = [name_key(counter), name_key(bare)]
    for key in wholes:
        if key in words:
            return (key,)
    signs = _NUMBER.match(bare) or _SIGNS.match(bare)
    return ("counter", *say_signs(bare)) if signs else ()


def name_key(name: str) -> str:
    """The key of a recorded name: small letters and digits, joined by `_`."""
    return NAME_PREFIX + "_".join(re.findall(r"[a-z0-9]+", name.lower()))


def longest_call_s(sentence: tuple[str, ...], seconds: Mapping[str, float]) -> float:
    """How long the longest call with a letter, three digits and a counter of a number lasts."""

    def longest(pattern: str) -> float:
        return max((each for key, each in seconds.items() if re.fullmatch(pattern, key)), default=0)

    number = longest(r"letter_.") + 2 * longest(r"digit_.") + longest(r"digit_._final") + 3 * GAP_S
    parts = {NUMBER: number + WIDE_GAP_S - GAP_S, COUNTER: longest(r"counter_\d+")}
    lengths = [parts.get(word, seconds.get(word, 0.0)) for word in sentence]
    return sum(lengths) + GAP_S * (len(lengths) - 1)
