"""`/status` of an agent, read-only and on this machine alone: no person, no code, no address of a
visit.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from flask import Blueprint, Response, render_template, request

from printer.printing import Printer
from printer.spool.job import Job

from .words import LANGUAGES, job_state_words, page_words, printer_state_words

JOBS_SHOWN = 50

Section = tuple[str, Sequence[tuple[str, str]]]
"""A heading and its lines of name and value; names are msgids of this page's words."""


def create_status_page(
    title: str,
    read_sections: Callable[[], Sequence[Section]],
    printer: Printer | None,
    folder: Path,
    clock: Callable[[], datetime],
) -> Blueprint:
    """The page as a blueprint. `folder` is the agent's, whose disk matters; `read_sections` tells
    what only the agent knows. What cannot be read is said, and never ends the page.
    """
    status = Blueprint(
        "status", __name__, template_folder=".", root_path=str(Path(__file__).parent)
    )

    @status.get("/status")
    def show_status() -> Response:
        asked = request.args.get("lang", "")
        language = asked if asked in LANGUAGES else LANGUAGES[0]
        words = page_words(language)
        sections = [
            *_guard(read_sections),
            *(_guard(lambda: _printer_sections(printer, language)) if printer else []),
            *_guard(lambda: [_machine_section(folder, clock())]),
        ]
        answer = Response(
            render_template(
                "status.html",
                title=title,
                language=language,
                other=next(each for each in LANGUAGES if each != language),
                words=words,
                sections=[
                    (
                        words.get(name, name),
                        [(words.get(label, label), _say(value, words)) for label, value in lines],
                    )
                    for name, lines in sections
                ],
                jobs=_list_jobs(printer, language) if printer else [],
            )
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @status.get("/status/style.css")
    def style() -> Response:
        return Response((Path(__file__).parent / "status.css").read_text(), mimetype="text/css")

    return status


def _guard(read: Callable[[], Sequence[Section]]) -> Sequence[Section]:
    try:
        return read()
    except Exception as error:  # a broken file is what somebody has come to look at
        return [("cannot be read", [(type(error).__name__, str(error)[:200])])]


def _say(value: str, words: Mapping[str, str]) -> str:
    """A value as a reader knows it: -1 stands for what is not known."""
    return words.get(value, "–" if value == "-1" else value)


def _printer_sections(printer: Printer, language: str) -> list[Section]:
    report = printer.report()
    states = printer_state_words(language)
    lines = [
        ("jobs waiting", str(report.queued)),
        ("oldest waits, seconds", str(report.oldest_s)),
        ("printed in 24 hours", str(report.printed)),
        ("staff have to say", str(report.unconfirmed)),
        ("expired in 24 hours", str(report.expired)),
    ]
    return [
        ("printing", lines),
        *(
            (
                f"Printer {each.label}",
                [
                    ("state", states.get(each.state, each.state.value)),
                    ("reason", each.reason or "–"),
                    ("since", each.since.astimezone().isoformat(sep=" ", timespec="seconds")),
                    ("slips left on the roll", str(each.roll_left) if each.roll_left >= 0 else "?"),
                ],
            )
            for each in report.printers
        ),
    ]


def _machine_section(folder: Path, now: datetime) -> Section:
    free = shutil.disk_usage(folder)
    return (
        "machine",
        [
            ("time here", now.astimezone().isoformat(sep=" ", timespec="seconds")),
            ("disk free", f"{free.free // 1_000_000} MB / {free.total // 1_000_000} MB"),
            ("folder", str(folder)),
        ],
    )


def _list_jobs(printer: Printer, language: str) -> list[tuple[str, ...]]:
    try:
        jobs = printer.recent(JOBS_SHOWN)
    except Exception:
        return []
    states = job_state_words(language)
    return [_show_job(each, states.get(each.state, each.state.value)) for each in jobs]


def _show_job(job: Job, state: str) -> tuple[str, ...]:
    """A job without its code, address and service: number, copy, state, why, attempts, when."""
    return (
        job.slip.number or "–",
        str(job.copy),
        state,
        job.reason or "–",
        str(job.attempts),
        job.created_at.astimezone().strftime("%d.%m. %H:%M:%S"),
    )
