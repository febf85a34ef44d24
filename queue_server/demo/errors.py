"""What keeps the demonstration from starting as asked."""


class StageError(Exception):
    """The demonstration cannot be set up as asked; the message says why."""
