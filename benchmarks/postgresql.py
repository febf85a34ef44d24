"""A throwaway PostgreSQL server on loopback with default durability, if its programs are there."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_programs() -> Path | None:
    """The folder of the newest PostgreSQL server programs; Debian keeps them out of PATH."""
    programs = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda each: float(each.parent.parent.name),
    )
    if programs:
        return programs[-1].parent
    named = shutil.which("initdb")
    return Path(named).parent if named else None


@contextmanager
def postgresql(databases: int) -> Iterator[list[str]]:
    """Urls of so many empty databases on a server that ends with the block. Raises
    `FileNotFoundError` without the programs.
    """
    programs = find_programs()
    if programs is None:
        raise FileNotFoundError("initdb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="antrean-bench-pg-") as name:
        home = Path(name)
        home.chmod(0o755)
        prefix: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(home, "postgres", "postgres")
            prefix = ["runuser", "-u", "postgres", "--"]
        data = home / "data"

        def run(*command: str) -> None:
            subprocess.run(
                [*prefix, *command],
                cwd=home,
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

        run(
            f"{programs}/initdb",
            "-D",
            str(data),
            "-U",
            "antrean",
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8",
        )
        control = (f"{programs}/pg_ctl", "-D", str(data), "-w", "-s")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {home}"
        run(*control, "-l", str(home / "log"), "-o", options, "start")
        try:
            names = [f"bench{number}" for number in range(databases)]
            for each in names:
                run(
                    f"{programs}/createdb",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    str(port),
                    "-U",
                    "antrean",
                    "-T",
                    "template0",
                    each,
                )
            yield [f"postgresql+psycopg://antrean@127.0.0.1:{port}/{each}" for each in names]
        finally:
            run(*control, "-m", "immediate", "stop")
