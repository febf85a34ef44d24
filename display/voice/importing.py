"""How an office's own recordings become clips: file by file judged, trimmed, normalised and put in
the place of the pack's word.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from queue_server.protocol.enrolment import write_whole

from .clip_files import encode_mp3, encode_opus
from .errors import (
    Busy,
    NamedTwice,
    NotLevelled,
    NotSound,
    NotWritten,
    TooLong,
    UnknownWord,
    VoiceError,
    reason_of,
)
from .folders import PACK_LARGEST, read_small
from .merged import MergedVoice
from .recordings import Recording, read_recording
from .saying import longest_call_s
from .sound import KEPT_S, LOUDNESS_DBFS, RATE_HZ, Samples, loudness_dbfs, peak_dbfs
from .words import KEY, NAME_LONGEST_S, NAME_PREFIX, Word

LOUDNESS_WITHIN_DB = 1.5
_IGNORED = {"pack.json", "thumbs.db", "desktop.ini"}
"""What stands in a folder without being a recording; so does all whose name begins with a dot."""
_BY_NUMBER = re.compile(r"0*(\d{1,3})(?:[ ._-].*)?\Z")
_PUBLIC = 0o644
"""What is said aloud is no secret, and the screen's agent may run as another user."""


@dataclass(frozen=True)
class Taken:
    """A recording that is a clip now, or would be. Lengths are in seconds; `loudness_dbfs` is that
    of the recording.
    """

    file: str
    word: str
    seconds: float
    loudness_dbfs: float
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """A file that is no clip: the reason, and what was measured."""

    file: str
    reason: str
    detail: str


def refuse(file: str, problem: VoiceError) -> Refusal:
    """The refusal of a file for what is wrong with it."""
    return Refusal(_shown(file), reason_of(problem), str(problem))


def _shown(file: str) -> str:
    """A file's name as it can be printed: it may hold anything."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in file)


@dataclass
class Report:
    """What became of a folder of recordings. `own` are the words of the office's own voice,
    `from_pack` those that the pack says in their place, `unspoken` those that nobody says.
    """

    language: str
    taken: list[Taken] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    from_pack: list[str] = field(default_factory=list)
    unspoken: list[str] = field(default_factory=list)
    longest_call_s: float = 0.0

    @property
    def ok(self) -> bool:
        """Nothing was refused, and every word is spoken by somebody."""
        return not self.refused and not self.unspoken


def import_recordings(
    source: Path, language: str, state: Path, progress: Callable[[float], None]
) -> Report:
    """Take the recordings of a folder into `state`, file by file: each is there as a whole or as
    it was before. Raises `UnknownLanguage`, `BadPack`, `Busy`, and `OSError` if `source` cannot be
    listed or `state` not be written at all.
    """
    voice = MergedVoice(language, state, source)
    target = state / "voice" / language
    with _alone(state / "voice"):
        if (source / "pack.json").exists():
            content = read_small(source / "pack.json", PACK_LARGEST) or b""
            _write(target / "pack.json", content)
        return _take(source, voice, lambda key, made: _put(target, key, made), progress)


def judge_recordings(
    source: Path, language: str, state: Path | None, progress: Callable[[float], None]
) -> Report:
    """What `import_recordings` would do, with nothing written. Raises the same."""
    voice = MergedVoice(language, state, source)
    return _take(source, voice, lambda _key, _made: None, progress)


def judge_state(language: str, state: Path, progress: Callable[[float], None]) -> Report:
    """Whether the clips that `state` holds of a language are as an import leaves them. Raises
    `UnknownLanguage`, `BadPack`.
    """
    voice = MergedVoice(language, state)
    report = Report(language)
    own = voice.folders[-1]
    report.refused += [refuse(name, NotSound("it is never played")) for name in own.skipped]
    for done, name in enumerate(own.marks):
        progress(done / len(own.marks))
        key = name.rpartition(".")[0]
        try:
            taken = _judge_clip(name, voice.load_file(name), _longest_s(key, voice.words))
            report.taken.append(taken)
        except VoiceError as problem:
            report.refused.append(refuse(name, problem))
    _sum_up(report, voice, {})
    return report


def _judge_clip(name: str, clip: Samples, longest_s: float) -> Taken:
    seconds, loudness = len(clip) / RATE_HZ, loudness_dbfs(clip)
    if seconds > longest_s + 2 * KEPT_S:
        raise TooLong(f"it lasts {seconds:.1f} s; at most {longest_s:.1f} s")
    if abs(loudness - LOUDNESS_DBFS) > LOUDNESS_WITHIN_DB or peak_dbfs(clip) > 0:
        raise NotLevelled(f"{loudness:.1f} dBFS instead of {LOUDNESS_DBFS:.0f}: import it")
    return Taken(name, name.rpartition(".")[0], round(seconds, 3), round(loudness, 1), ())


def assign(
    names: Iterable[str], words: Sequence[Word]
) -> tuple[dict[str, str], tuple[Refusal, ...]]:
    """Which file is the recording of which word, by key in the order of the list, and which files
    are of none. A file is named by its word's key, or begins with its number in the list.
    """
    files: dict[str, list[str]] = {word.key: [] for word in words}
    refused = []
    for name in sorted(names):
        if name.startswith(".") or name.lower() in _IGNORED:
            continue
        key = _key_of(name.rpartition(".")[0].lower(), words)
        if key is None:
            problem = UnknownWord("no word of the list has this key or number")
            refused.append(refuse(name, problem))
        else:
            files.setdefault(key, []).append(name)
    for key, several in files.items():
        if len(several) > 1:
            twice = NamedTwice(f"{len(several)} files are named for {key}: keep one")
            refused += [refuse(name, twice) for name in several]
    return {key: each[0] for key, each in files.items() if len(each) == 1}, tuple(refused)


def _key_of(stem: str, words: Sequence[Word]) -> str | None:
    if any(word.key == stem for word in words):
        return stem
    if stem.startswith(NAME_PREFIX) and KEY.match(stem):
        return stem
    match = _BY_NUMBER.match(stem)
    number = int(match[1]) if match else 0
    return words[number - 1].key if 1 <= number <= len(words) else None


def _longest_s(key: str, words: Sequence[Word]) -> float:
    return next((word.longest_s for word in words if word.key == key), NAME_LONGEST_S)


def _take(
    source: Path,
    voice: MergedVoice,
    put: Callable[[str, Recording], None],
    progress: Callable[[float], None],
) -> Report:
    files, refused = assign(os.listdir(source), voice.words)
    report = Report(voice.language, refused=list(refused))
    for done, (key, name) in enumerate(files.items()):
        progress(done / len(files))
        try:
            made = read_recording(source / name, _longest_s(key, voice.words))
            put(key, made)
        except VoiceError as problem:
            report.refused.append(refuse(name, problem))
            continue
        loudness = round(made.loudness_dbfs, 1)
        report.taken.append(Taken(_shown(name), key, round(made.seconds, 3), loudness, made.notes))
    _sum_up(report, voice, {taken.word: taken.seconds for taken in report.taken})
    return report


def _sum_up(report: Report, voice: MergedVoice, taken: Mapping[str, float]) -> None:
    """Who says each word, and how long the longest call is with it."""
    seconds = {**voice.seconds(), **taken}
    own = {*voice.own_words(), *taken}
    for key in dict.fromkeys((*(word.key for word in voice.words), *sorted(own))):
        speakers = (report.own, report.from_pack, report.unspoken)
        speakers[0 if key in own else 1 if key in seconds else 2].append(key)
    report.longest_call_s = round(longest_call_s(voice.pack.sentences["full"], seconds), 1)


def _put(folder: Path, key: str, made: Recording) -> None:
    """Write both files of a clip. Raises `NotWritten`."""
    contents = {".opus": encode_opus(made.clip), ".mp3": encode_mp3(made.clip)}
    try:
        for kind, content in contents.items():
            _write(folder / f"{key}{kind}", content)
    except OSError as problem:
        raise NotWritten(problem.strerror or "the disk refused it") from None


def _write(path: Path, content: bytes) -> None:
    write_whole(path, content)
    path.chmod(_PUBLIC)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Raises `Busy` while another import into the same folder runs."""
    folder.mkdir(exist_ok=True)
    with open(folder / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy(f"another import into {folder} is running") from None
        yield
