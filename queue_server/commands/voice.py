"""The command group `antrean voice`: an office's own voice for its screens."""

from __future__ import annotations

import csv
import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from queue_server.progress import show_progress

if TYPE_CHECKING:
    from display.voice.importing import Report

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
_language = click.option(
    "--language",
    default="id",
    show_default=True,
    help="id, en, or a language that has a pack.json of its own, such as jv",
)
_state = click.option(
    "--state", type=_FOLDER, help="the folder of the screen's agent; its clips lie in STATE/voice"
)
_json = click.option("--json", "as_json", is_flag=True)


def _preview(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--counter", default="3", show_default=True, help="of the preview"),
        click.option("--number", default="A012", show_default=True, help="of the preview"),
        click.option(
            "--preview",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE.wav",
            help="write a call as the screen says it now, to listen to",
        ),
    ):
        command = option(command)
    return command


@click.group()
def voice() -> None:
    """The words that screens say aloud, in an office's own voice.

    Example: antrean voice words --language id
    """


@voice.command()
@_language
@_state
@click.option("--csv", "as_csv", is_flag=True, help="as a table for a spreadsheet")
@_json
def words(language: str, state: Path | None, as_csv: bool, as_json: bool) -> None:
    """Print the words to record, with the number and the name of each file.

    Example: antrean voice words --language id --csv
    """
    with _reporting():
        from display.voice.folders import pack_of
        from display.voice.packs import PACKS
        from display.voice.words import list_words

        own = [state / "voice" / language] if state is not None else []
        pack = pack_of(language, [PACKS / language, *own])
        listed = list_words(language, pack.sentences, pack.texts)
    rows = [
        {
            "number": number,
            "file": f"{word.key}.wav",
            "text": word.text,
            "form": word.form,
            "purpose": word.purpose,
            "longest_s": word.longest_s,
        }
        for number, word in enumerate(listed, start=1)
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif as_csv:
        table = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    else:
        for row in rows:
            click.echo(
                f"{row['number']:3}  {row['file']:22}  {row['text']:24}  {row['form']:6}"
                f"  at most {row['longest_s']} s: {row['purpose']}"
            )


@voice.command("import")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option(
    "--language",
    required=True,
    help="id, en, or a language with a pack.json in DIR or in STATE/voice",
)
@click.option(
    "--state",
    type=_FOLDER,
    required=True,
    help="the folder of the screen's agent; its clips lie in STATE/voice",
)
@_preview
@_json
def import_folder(
    folder: Path,
    language: str,
    state: Path,
    preview: Path | None,
    number: str,
    counter: str,
    as_json: bool,
) -> None:
    """Take in an office's own recordings: one file a word, named by its key or its number in the
    word list. Exit code 1 if one was refused, or if a word has no voice.

    Example: antrean voice import recordings --language id --state /var/lib/antrean-display
    --preview call.wav
    """
    with _reporting():
        from display.voice.importing import import_recordings

        with show_progress("Taking in") as progress:
            report = import_recordings(folder, language, state, progress)
        _write_preview(preview, language, state, number, counter)
    _tell(report, "taken", as_json)


@voice.command()
@click.argument("folder", metavar="[DIR]", type=_FOLDER, required=False)
@_language
@_state
@_preview
@_json
def check(
    folder: Path | None,
    language: str,
    state: Path | None,
    preview: Path | None,
    number: str,
    counter: str,
    as_json: bool,
) -> None:
    """Judge a folder of recordings, or what a screen has of them, and change nothing. Exit code 1
    if one is refused, or if a word has no voice.

    Example: antrean voice check recordings --language id
    """
    with _reporting(), show_progress("Checking") as progress:
        from display.voice.importing import judge_recordings, judge_state

        if folder is not None:
            report = judge_recordings(folder, language, state, progress)
        elif state is not None:
            report = judge_state(language, state, progress)
        else:
            raise click.UsageError("Name a folder of recordings, or a screen's with --state.")
        _write_preview(preview, language, state, number, counter)
    _tell(report, "good", as_json)


@contextmanager
def _reporting() -> Iterator[None]:
    """Say in one sentence what is wrong."""
    from display.voice.errors import UnknownLanguage, VoiceError

    try:
        yield
    except ModuleNotFoundError as missing:
        if missing.name not in ("numpy", "soundfile"):
            raise
        raise click.ClickException(
            f'{missing.name} is not installed: pip install "antrean[voice]"'
        ) from None
    except UnknownLanguage as error:
        raise click.UsageError(str(error)) from None
    except (VoiceError, OSError) as error:
        raise click.ClickException(str(error)) from None


def _write_preview(
    file: Path | None, language: str, state: Path | None, number: str, counter: str
) -> None:
    if file is None:
        return
    from display.voice.clip_files import encode_wave
    from display.voice.merged import MergedVoice

    file.write_bytes(encode_wave(MergedVoice(language, state).announce(number, counter)))


def _tell(report: Report, verb: str, as_json: bool) -> None:
    """Print what became of each file and each word, and end with the exit code."""
    from display.voice.saying import CALL_LONGEST_S

    if as_json:
        click.echo(json.dumps({"ok": report.ok, **asdict(report)}, ensure_ascii=False, indent=2))
        sys.exit(0 if report.ok else 1)
    for taken in report.taken:
        notes = f" ({', '.join(taken.notes)})" if taken.notes else ""
        click.echo(
            f"{verb:8} {taken.file}: {taken.word}, {taken.seconds:.2f} s,"
            f" {taken.loudness_dbfs:.0f} dBFS{notes}"
        )
    for refusal in report.refused:
        click.echo(f"refused  {refusal.file}: {refusal.reason}: {refusal.detail}")
    for speaker, keys in (
        ("own voice", report.own),
        ("said by the pack", report.from_pack),
        ("said by nobody", report.unspoken),
    ):
        click.echo(f"{speaker}: {len(keys)}{' words' if len(keys) != 1 else ' word'}")
        if keys and keys is not report.own:
            click.echo(
                textwrap.fill(" ".join(keys), 100, initial_indent="  ", subsequent_indent="  ")
            )
    click.echo(f"longest call: {report.longest_call_s:.1f} s")
    if report.longest_call_s > CALL_LONGEST_S:
        click.echo(f"That is over {CALL_LONGEST_S:.0f} s: speak the long words faster.", err=True)
    sys.exit(0 if report.ok else 1)
