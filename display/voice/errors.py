"""What can be wrong with a clip, a recording or a pack. Each error's name is the reason."""

from __future__ import annotations


class VoiceError(Exception):
    """Something of the voice is not as it has to be; the message says what."""


class UnknownLanguage(VoiceError):
    """No pack stands for this language."""


class NotSound(VoiceError):
    """A file that holds no sound which can be read here."""


class Silent(VoiceError):
    """A recording in which nobody speaks."""


class BadPack(VoiceError):
    """A `pack.json` that does not say how a language is spoken."""
