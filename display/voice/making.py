"""How the packs that come with the software are made: espeak-ng speaks each word of the list.

espeak-ng runs as a program of its own. Its licence (GPL-3) covers the program and not what it says.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .clip_files import decode, encode_mp3, encode_opus
from .errors import NotSound, VoiceError
from .packs import PACKS
from .sound import RATE_HZ, Samples, prepare
from .words import MEDIAL, SENTENCES, Word, name_of, words_of

LICENCE = (
    "Apache-2.0, as the rest of Antrean. Made with espeak-ng, a GPL-3 program whose licence does"
    " not cover what it says."
)
_TIMEOUT_S = 30
_LONGEST_S = 10.0


@dataclass(frozen=True)
class Speaker:
    """A voice of espeak-ng, and how fast it says letters, digits and all else, in its own words a
    minute.
    """

    voice: str
    letters: int
    digits: int
    phrases: int


SPEAKERS = {"id": Speaker("id", 130, 170, 195), "en": Speaker("en-us", 125, 145, 160)}
"""The voices that a recogniser of speech understands best and that sound the same each time; see
docs/adr/0035-voice-packs.md. What differs from call to call is said slower.
"""


class NoSpeaker(VoiceError):
    """espeak-ng is not installed, or does not do what it is asked."""


def find_speaker() -> str | None:
    """The version of espeak-ng on this machine."""
    program = shutil.which("espeak-ng")
    if program is None:
        return None
    said = subprocess.run(
        [program, "--version"], capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
    )
    match = re.search(r"\d+\.\d+(\.\d+)?", said.stdout)
    return match[0] if match else None


def speak(word: Word, speaker: Speaker) -> Samples:
    """A word as a clip. Raises `NoSpeaker`, and `Silent` if nothing is heard."""
    speeds = {"letter": speaker.letters, "digit": speaker.digits}
    speed = speeds.get(word.key.partition("_")[0], speaker.phrases)
    # A comma lets the tone rise at the end of the word, a full stop lets it fall.
    text = word.spelling + ("," if word.form == MEDIAL else ".")
    command = ["espeak-ng", "-v", speaker.voice, "-s", str(speed), "--stdout", text]
    try:
        said = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=True).stdout
        channels, rate_hz = decode(io.BytesIO(said), _LONGEST_S)
    except (OSError, subprocess.SubprocessError, NotSound) as problem:
        raise NoSpeaker(f"espeak-ng did not say {word.key}: {problem}") from None
    return prepare(channels[0], rate_hz)


def make_pack(language: str, folder: Path) -> int:
    """Make a language's pack in its folder of `folder`. Returns how many files have changed; one
    that would sound the same stays as it is. Raises `NoSpeaker`, `UnknownLanguage`, `OSError`.
    """
    version = find_speaker()
    if version is None:
        raise NoSpeaker("espeak-ng is not installed (Debian: apt-get install espeak-ng)")
    target, speaker = folder / language, SPEAKERS[language]
    target.mkdir(parents=True, exist_ok=True)
    contents: dict[str, bytes] = {}
    words: dict[str, dict[str, str | float]] = {}
    for word in words_of(language):
        clip = speak(word, speaker)
        contents[f"{word.key}.opus"], contents[f"{word.key}.mp3"] = (
            encode_opus(clip),
            encode_mp3(clip),
        )
        words[word.key] = {"text": word.text, "seconds": round(len(clip) / RATE_HZ, 3)}
    pack = {
        "language": language,
        "name": name_of(language),
        "source": f"espeak-ng {version}, voice {speaker.voice}, letters {speaker.letters}, digits"
        f" {speaker.digits}, all else {speaker.phrases} words a minute; made by script/make_voice",
        "licence": LICENCE,
        "sentences": {form: list(words) for form, words in SENTENCES.items()},
        "words": words,
    }
    contents["pack.json"] = (json.dumps(pack, ensure_ascii=False, indent=1) + "\n").encode()
    for left in target.iterdir():
        if left.name not in contents:
            left.unlink()
    return sum(_renew(target / name, content) for name, content in contents.items())


def _renew(path: Path, content: bytes) -> bool:
    """Write a file unless it says the same already: an encoder may mark each of its files."""
    before = path.read_bytes() if path.exists() else b""
    if before == content or (path.suffix != ".json" and _sounds_the_same(before, content)):
        return False
    path.write_bytes(content)
    return True


def _sounds_the_same(one: bytes, other: bytes) -> bool:
    try:
        (first, *_), rate_hz = decode(io.BytesIO(one), _LONGEST_S)
        (second, *_), other_rate_hz = decode(io.BytesIO(other), _LONGEST_S)
    except NotSound:
        return False
    return rate_hz == other_rate_hz and np.array_equal(first, second)


def main() -> None:
    """Make every pack that comes with the software."""
    try:
        for language in SPEAKERS:
            changed = make_pack(language, PACKS)
            print(f"{language}: {changed} files have changed")
    except VoiceError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
