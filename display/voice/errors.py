"""What can be wrong with a clip, a recording or a pack. Each error's name is the reason."""

from __future__ import annotations

import re


class VoiceError(Exception):
    """Something of the voice is not as it has to be; the message says what."""


class UnknownLanguage(VoiceError):
    """No pack stands for this language."""


class NotSound(VoiceError):
    """A file that holds no sound which can be read here."""


class Silent(VoiceError):
    """A recording in which nobody speaks."""


class TooLarge(VoiceError):
    """A file with more bytes than a recording of one word can have."""


class NotAFile(VoiceError):
    """A link, a folder or a pipe instead of a file, or one that may not be read."""


class UnknownWord(VoiceError):
    """A file whose name is no key and no number of the word list."""


class NamedTwice(VoiceError):
    """Several files for one word."""


class TooShort(VoiceError):
    """A recording too short for any word."""


class TooLong(VoiceError):
    """A recording that holds more than its word, or is spoken too slowly."""


class TooQuiet(VoiceError):
    """A recording so quiet that its noise would be heard with it."""


class Clipped(VoiceError):
    """A recording that was too loud for the microphone's input."""


class Noisy(VoiceError):
    """A recording in which the room is heard nearly as loud as the word."""


class NotLevelled(VoiceError):
    """A clip that was put into its place by hand, louder or quieter than the others."""


class NotWritten(VoiceError):
    """A clip that could not be written to its place."""


class Busy(VoiceError):
    """Another import into the same folder is running."""


class BadPack(VoiceError):
    """A `pack.json` that does not say how a language is spoken."""


def reason_of(problem: VoiceError) -> str:
    """The name of an error as the reason in a report: `TooLong` is `too_long`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(problem).__name__).lower()
