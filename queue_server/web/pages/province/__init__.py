"""The province board: all offices somebody may see, the one that needs a hand first on top."""

from .page import province

__all__ = ["BLUEPRINTS"]

BLUEPRINTS = (province,)
