"""Which clip is played for each word: packs that come with the software, and an office's own
recordings, which take the place of single words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import BadPack
from .words import COUNTER, KEY, NUMBER, SENTENCES, Sentences

PACKS = Path(__file__).with_name("packs")
"""The packs that come with the software."""
KINDS = (".opus", ".mp3")
"""The kinds of files of a clip, the better one first; what plays the second knows not the first."""
_WORDS_MOST = 40
_NAME_LONGEST = 60


@dataclass(frozen=True)
class Pack:
    """What a `pack.json` says of a language: its sentences by form, and its words' texts by key.
    Every word in `texts` is one that the language should have a clip of.
    """

    name: str = ""
    sentences: Sentences = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class VoiceFolder:
    """What one folder of a language holds: its pack, and a mark of the content of each clip by file
    name. `skipped` names the files that are no clips.
    """

    pack: Pack = field(default_factory=Pack)
    marks: Mapping[str, str] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()


def read_pack(content: bytes) -> Pack:
    """What the bytes of a `pack.json` say. Raises `BadPack`."""
    try:
        said = json.loads(content)
    except ValueError as problem:
        raise BadPack(f"pack.json is no JSON: {problem}") from None
    if not isinstance(said, dict):
        raise BadPack("pack.json is no object")
    name = said.get("name", "")
    if not isinstance(name, str) or len(name) > _NAME_LONGEST:
        raise BadPack(f"name is no text of at most {_NAME_LONGEST} characters")
    sentences = {form: _sentence(form, words) for form, words in _object(said, "sentences")}
    texts = {key: _text(key, word) for key, word in _object(said, "words")}
    return Pack(name, sentences, texts)


def _object(said: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    value = said.get(name, {})
    if not isinstance(value, dict):
        raise BadPack(f"{name} is no object")
    yield from value.items()


def _sentence(form: str, words: Any) -> tuple[str, ...]:
    if form not in SENTENCES:
        raise BadPack(f"there is no sentence {form}: {', '.join(SENTENCES)}")
    if not isinstance(words, list) or not 1 <= len(words) <= _WORDS_MOST:
        raise BadPack(f"the sentence {form} is no list of 1 to {_WORDS_MOST} words")
    for word in words:
        if not isinstance(word, str) or not (word in (NUMBER, COUNTER) or KEY.match(word)):
            raise BadPack(f"the sentence {form} has a word that is no key: {word!r}")
    return tuple(words)


def _text(key: str, word: Any) -> str:
    if not KEY.match(key):
        raise BadPack(f"{key!r} is no key of a word")
    if not isinstance(word, dict) or not isinstance(word.get("text"), str):
        raise BadPack(f"the word {key} has no text")
    text: str = word["text"]
    return text


def merge_packs(packs: Sequence[Pack]) -> Pack:
    """One pack of several of a language: what a later one says holds. Every form has a sentence in
    it if any pack says how a call is said in full; otherwise none has.
    """
    name = next((pack.name for pack in reversed(packs) if pack.name), "")
    said = {form: words for pack in packs for form, words in pack.sentences.items()}
    texts = {key: text for pack in packs for key, text in pack.texts.items()}
    if "full" not in said:
        return Pack(name, {}, texts)
    full = said["full"]
    plain = {
        "full": full,
        "short": (NUMBER, COUNTER),
        "second": full,
        "last": full,
        "see_screen": (NUMBER,),
        "test": tuple(word for word in full if word not in (NUMBER, COUNTER)),
    }
    return Pack(name, {form: said.get(form, plain[form]) for form in SENTENCES}, texts)


def expected_words(pack: Pack) -> tuple[str, ...]:
    """The keys that a language should have clips of: those of its list and of its sentences."""
    spoken = (word for words in pack.sentences.values() for word in words)
    return tuple(
        dict.fromkeys(word for word in (*pack.texts, *spoken) if word not in (NUMBER, COUNTER))
    )


def chosen_clips(folders: Sequence[VoiceFolder]) -> dict[str, tuple[tuple[int, str], ...]]:
    """Which files may be played for each word, the best first: the number of the folder and the
    file's name. A later folder takes the place of an earlier one, but an MP3 of an earlier one
    stays behind a clip that not every browser can play.
    """
    chosen: dict[str, tuple[tuple[int, str], ...]] = {}
    for number, folder in enumerate(folders):
        for name in sorted(folder.marks, key=_rank):
            key, kind = _split(name)
            own = [each for each in chosen.get(key, ()) if each[0] == number]
            others = [each for each in chosen.get(key, ()) if each[0] != number]
            behind = [each for each in others if _split(each[1])[1] == KINDS[1]][:1]
            chosen[key] = (*own, (number, name), *(behind if kind == KINDS[0] else []))
    return chosen


def _rank(name: str) -> tuple[str, int]:
    key, kind = _split(name)
    return key, KINDS.index(kind)


def _split(name: str) -> tuple[str, str]:
    stem, _, kind = name.rpartition(".")
    return stem, f".{kind}"


def make_index(languages: Mapping[str, Sequence[VoiceFolder]]) -> dict[str, Any]:
    """All that a page needs to speak, by language: its sentences, and for each word the addresses
    of its clips, the best first. A word that should be there and is not has no address.

    `skipped` counts the files that are no clips, and those of a language without sentences.
    """
    index: dict[str, Any] = {}
    skipped = 0
    for language, folders in sorted(languages.items()):
        pack = merge_packs([folder.pack for folder in folders])
        skipped += sum(len(folder.skipped) for folder in folders)
        if not pack.sentences:
            skipped += sum(len(folder.marks) for folder in folders)
            continue
        chosen = chosen_clips(folders)
        index[language] = {
            "name": pack.name or language,
            "sentences": {form: list(words) for form, words in pack.sentences.items()},
            "words": {
                key: [
                    f"/voice/{language}/{name}?v={folders[number].marks[name]}"
                    for number, name in chosen.get(key, ())
                ]
                for key in dict.fromkeys((*expected_words(pack), *sorted(chosen)))
            },
        }
    return {"languages": index, "skipped": skipped}
