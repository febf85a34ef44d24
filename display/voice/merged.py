"""What a screen can say in one language, with the office's own recordings in place."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np

from .clip_files import decode
from .errors import NotSound
from .folders import VoiceFolders, pack_of
from .packs import PACKS, chosen_clips
from .saying import say_call
from .sound import RATE_HZ, Samples, convert
from .words import list_words

CLIP_LONGEST_S = 10.0


class MergedVoice:
    """The packs that come with the software and what `state`, an agent's folder, holds of a
    language. A folder of recordings, `source`, may bring a `pack.json` of its own.

    Raises `UnknownLanguage` if nothing says how a call is said in it, and `BadPack`.
    """

    def __init__(self, language: str, state: Path | None, source: Path | None = None) -> None:
        own = [state / "voice"] if state is not None else []
        self.language = language
        self._places = [folder / language for folder in (PACKS, *own)]
        self.pack = pack_of(language, [*self._places, *([source] if source is not None else [])])
        self.words = list_words(language, self.pack.sentences, self.pack.texts)
        self.folders = VoiceFolders([PACKS, *own]).list_language(language)
        self._chosen = chosen_clips(self.folders)

    def own_words(self) -> list[str]:
        """The words that the office's own voice says."""
        return [key for key, files in self._chosen.items() if files[0][0] > 0]

    def load(self, key: str) -> Samples:
        """The clip that is played for a word. Raises `NotSound`, and `KeyError` if none is."""
        number, name = self._chosen[key][0]
        return _load(self._places[number] / name)

    def load_file(self, name: str) -> Samples:
        """A clip of the last folder by its file's name. Raises `NotSound`."""
        return _load(self._places[-1] / name)

    def seconds(self) -> dict[str, float]:
        """How long each word lasts that can be played."""
        lengths = {}
        for key in self._chosen:
            try:
                lengths[key] = len(self.load(key)) / RATE_HZ
            except NotSound:
                continue  # what does not play is not spoken
        return lengths

    def announce(self, number: str, counter: str) -> Samples:
        """A call in full, as a screen says it. A word without a clip is left out. Raises
        `NotSound`.
        """
        said = []
        for key, gap_s in say_call(self.pack.sentences, number, counter, self._chosen):
            if key in self._chosen:
                said += [self.load(key), np.zeros(int(gap_s * RATE_HZ))]
        return np.concatenate(said) if said else np.zeros(0)


def _load(path: Path) -> Samples:
    channels, rate_hz = decode(BytesIO(path.read_bytes()), CLIP_LONGEST_S)
    return channels[0] if rate_hz == RATE_HZ else convert(channels[0], rate_hz)
