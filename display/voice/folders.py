"""What lies in the folders of the voice on this machine. Nothing but a small, regular file that
begins like Opus or MP3 is a clip: everything else is skipped, and counted.
"""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .errors import BadPack, UnknownLanguage
from .packs import KINDS, Pack, VoiceFolder, make_index, merge_packs, read_pack
from .words import KEY, LANGUAGE

CLIP_LARGEST = 400_000
PACK_LARGEST = 100_000
_OWN = (".new", ".lock")
"""What an import leaves behind while it runs."""


class VoiceFolders:
    """Several folders, each with a folder for every language; a later one takes the place of an
    earlier one, word by word. Safe to use from several threads.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._lock = threading.Lock()
        self._marks: dict[Path, tuple[tuple[int, ...], str | None]] = {}

    def index(self) -> dict[str, Any]:
        """The index of everything that can be played now, as `make_index` tells it."""
        return make_index({each: self.list_language(each) for each in self.languages()})

    def languages(self) -> list[str]:
        """The languages that have a folder."""
        return sorted({name for folder in self._folders for name in _names(folder) if _is_id(name)})

    def list_language(self, language: str) -> list[VoiceFolder]:
        """What each folder holds of a language, in their order."""
        return [self._list(folder / language) for folder in self._folders]

    def read(self, language: str, name: str) -> tuple[bytes, str] | None:
        """The content of the last folder's file of this name, and its mark; None if none is a
        clip.
        """
        if not _is_id(language) or not _is_clip_name(name):
            return None
        for folder in reversed(self._folders):
            content = read_clip(folder / language / name)
            if content is not None:
                return content, mark_of(content)
        return None

    def _list(self, folder: Path) -> VoiceFolder:
        marks: dict[str, str] = {}
        skipped: list[str] = []
        for name in _names(folder):
            if name == "pack.json" or name.startswith(".") or name.endswith(_OWN):
                continue
            mark = self._mark(folder / name) if _is_clip_name(name) else None
            if mark is None:
                skipped.append(name)
            else:
                marks[name] = mark
        try:
            pack = read_own_pack(folder)
        except BadPack:
            pack = Pack()
            skipped.append("pack.json")
        return VoiceFolder(pack, marks, tuple(skipped))

    def _mark(self, path: Path) -> str | None:
        """The mark of a clip; read again only after the file has changed."""
        try:
            now = path.lstat()
        except OSError:
            return None
        seen = (now.st_mtime_ns, now.st_size, now.st_ino, now.st_ctime_ns)
        with self._lock:
            before = self._marks.get(path)
        if before is not None and before[0] == seen:
            return before[1]
        content = read_clip(path)
        mark = None if content is None else mark_of(content)
        with self._lock:
            self._marks[path] = (seen, mark)
        return mark


def read_own_pack(folder: Path) -> Pack:
    """The pack of a language's folder; an empty one if there is none. Raises `BadPack`."""
    path = folder / "pack.json"
    if not path.exists():
        return Pack()
    content = read_small(path, PACK_LARGEST)
    if content is None:
        raise BadPack(f"{path} is no readable file of at most {PACK_LARGEST} bytes")
    return read_pack(content)


def pack_of(language: str, folders: Sequence[Path]) -> Pack:
    """The pack of a language out of its folders, the last one first. Raises `BadPack`, and
    `UnknownLanguage` if none says how a call is said.
    """
    if not _is_id(language):
        raise UnknownLanguage(f"{language} is no language code such as id or jv")
    pack = merge_packs([read_own_pack(folder) for folder in folders])
    if not pack.sentences:
        raise UnknownLanguage(
            f"no pack.json says how a call is said in {language}: see docs/voice.md"
        )
    return pack


def read_clip(path: Path) -> bytes | None:
    """The content of a clip; None if this is no sound file of the kind that its name says."""
    content = read_small(path, CLIP_LARGEST)
    return content if content and _looks_like(content, path.suffix) else None


def read_small(path: Path, largest: int) -> bytes | None:
    """The content of a regular file of at most `largest` bytes; None for anything else. Follows no
    link, and waits for no pipe.
    """
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            return None
        with open(opened, "rb", closefd=False) as file:
            content = file.read(largest + 1)
    except OSError:
        return None
    finally:
        os.close(opened)
    return content if len(content) <= largest else None


def mark_of(content: bytes) -> str:
    """A short mark of what a clip holds: another content has another one."""
    return hashlib.sha256(content).hexdigest()[:12]


def _looks_like(content: bytes, suffix: str) -> bool:
    if suffix == ".opus":
        return content.startswith(b"OggS") and content[28:36] == b"OpusHead"
    synchronised = len(content) > 1 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2
    return content.startswith(b"ID3") or synchronised


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _is_id(language: str) -> bool:
    return LANGUAGE.match(language) is not None


def _is_clip_name(name: str) -> bool:
    stem, dot, kind = name.rpartition(".")
    return f"{dot}{kind}" in KINDS and KEY.match(stem) is not None
