"""The triage scripts that this release brings: text files beside this module, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from queue_server.domain.triage.checks import check_script, check_scripts
from queue_server.domain.triage.faults import ScriptFault
from queue_server.domain.triage.reading import read_script
from queue_server.domain.triage.script import Script
from queue_server.protocol.codes import URGENCIES

FOLDER = Path(__file__).parent / "scripts"


class BrokenFile(ScriptFault):
    """A file that is no TOML."""


def read_scripts(files: Iterable[Path]) -> tuple[Script, ...]:
    """Read scripts and check them, each by itself and all together. Raises a `ScriptFault`."""
    scripts = []
    for file in sorted(files):
        try:
            values = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BrokenFile(file.stem, str(error)) from None
        script = read_script(file.stem, values)
        check_script(script, URGENCIES)
        scripts.append(script)
    check_scripts(scripts)
    return tuple(scripts)


@cache
def load_scripts() -> tuple[Script, ...]:
    """The scripts of this release. Raises a `ScriptFault`, so a server with a bad one does not
    start.
    """
    return read_scripts(FOLDER.glob("*.toml"))
