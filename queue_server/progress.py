"""The bar of a command that takes a while."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

_STEPS = 1000


@contextmanager
def show_progress(label: str) -> Iterator[Callable[[float], None]]:
    """A bar on the error output, moved to a share of 1; none where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _share: None
        return
    with click.progressbar(length=_STEPS, label=label, file=sys.stderr) as bar:
        bar.render_progress()

        def move(share: float) -> None:
            bar.update(max(0, int(share * _STEPS) - bar.pos))

        yield move
        bar.update(_STEPS - bar.pos)
