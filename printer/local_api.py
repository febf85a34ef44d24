"""The agent's HTTP interface: for programs on this machine with the token of its folder, and for
kiosks on the office network with signed requests.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, g, jsonify, request

from printer.printing import Printer, UnknownPrinter
from printer.report import PrinterReport
from printer.signing import BadSignature, ClockAway, Gate, sign_answer
from printer.slip.blocks import SlipUnprintable
from printer.spool.job import Job, UnknownJob, WrongJobState
from queue_server.protocol.messages import BadMessage, Slip, from_wire

REQUEST_BYTES = 16 * 1024


def create_app(printer: Printer, token: str) -> Flask:
    """For this machine, by bearer `token`: `POST /jobs` (a Slip; the same Slip again is the same
    job), `GET /jobs`, `/jobs/{id}`, `/jobs/{id}/text`, `POST /jobs/{id}/resolve` `{came_out}`,
    `/jobs/{id}/copy`, `/jobs/{id}/expire`, `POST /roll` `{printer?}` and `GET /status`, whose
    `best` is the state of the best printer, all else that of the worst.
    """
    app = _make_app(printer)

    @app.before_request
    def admit_owner() -> Response | None:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if hmac.compare_digest(sent.encode(), token.encode()):
            return None
        return _problem(401, "unauthorized", "the token in this agent's state directory is needed")

    @app.get("/jobs")
    def list_jobs() -> Response:
        return jsonify({"jobs": [_job_view(job) for job in printer.recent()]})

    @app.get("/jobs/<job_id>/text")
    def show_text(job_id: str) -> Response:
        return Response(printer.dump(job_id), content_type="text/plain; charset=utf-8")

    @app.post("/jobs/<job_id>/resolve")
    def resolve_job(job_id: str) -> Response:
        came_out = _body().get("came_out")
        if not isinstance(came_out, bool):
            return _problem(422, "bad_input", "came_out is true or false")
        return jsonify(_job_view(printer.resolve_unconfirmed(job_id, came_out)))

    @app.post("/jobs/<job_id>/copy")
    def copy_job(job_id: str) -> Response:
        return _accepted(printer.job(printer.copy(printer.job(job_id).slip)))

    @app.post("/roll")
    def change_roll() -> Response:
        label = _body().get("printer", "")
        if not isinstance(label, str):
            return _problem(422, "bad_input", "printer is a label")
        printer.change_roll(label)
        return jsonify(_report_view(printer.report()))

    return app


def create_lan_app(
    printer: Printer, secret: bytes, clock: Callable[[], float] = time.time
) -> Flask:
    """For the kiosks of the office, by `printer.signing`: `POST /jobs` (with `?again=1` a job that
    came to nothing is tried again), `GET /jobs/{id}`, `POST /jobs/{id}/expire` and `GET /status`.
    Every answer to a holder of the secret is signed.
    """
    app, gate = _make_app(printer), Gate(secret)

    @app.before_request
    def admit_kiosk() -> Response | None:
        headers = request.headers
        path = request.full_path.rstrip("?")
        nonce = headers.get("Antrean-Nonce", "")
        try:
            gate.admit(
                request.method,
                path,
                request.get_data(),
                headers.get("Antrean-Time", ""),
                nonce,
                headers.get("Antrean-Signature", ""),
                clock(),
            )
        except ClockAway as away:
            g.nonce = nonce
            return _problem(401, "clock_away", str(away), time=clock())
        except BadSignature as problem:
            return _problem(401, "unauthorized", str(problem))
        g.nonce = nonce
        return None

    @app.after_request
    def sign(answer: Response) -> Response:
        if nonce := g.get("nonce"):
            answer.headers["Antrean-Signature"] = sign_answer(
                secret, nonce, answer.status_code, answer.get_data()
            )
        return answer

    return app


def _make_app(printer: Printer) -> Flask:
    """What both kinds of caller may do."""
    app = Flask("printer", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = REQUEST_BYTES

    @app.post("/jobs")
    def accept_job() -> Response:
        submit = printer.submit_again if request.args.get("again") == "1" else printer.submit
        try:
            return _accepted(printer.job(submit(from_wire(Slip, request.get_json(silent=True)))))
        except (BadMessage, SlipUnprintable) as problem:
            return _problem(422, "bad_input", str(problem))

    @app.get("/jobs/<job_id>")
    def show_job(job_id: str) -> Response:
        return jsonify(_job_view(printer.job(job_id)))

    @app.post("/jobs/<job_id>/expire")
    def expire_job(job_id: str) -> Response:
        return jsonify(_job_view(printer.expire(job_id)))

    @app.get("/status")
    def show_status() -> Response:
        return jsonify({**_report_view(printer.report()), "best": printer.status().value})

    @app.errorhandler(UnknownJob)
    @app.errorhandler(UnknownPrinter)
    @app.errorhandler(404)
    @app.errorhandler(405)
    def say_unknown(_: Exception) -> Response:
        return _problem(404, "not_found", "there is nothing here")

    @app.errorhandler(WrongJobState)
    def say_wrong_state(problem: Exception) -> Response:
        return _problem(409, "wrong_state", str(problem))

    return app


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _accepted(job: Job) -> Response:
    answer = jsonify(_job_view(job))
    answer.status_code = 202
    return answer


def _problem(status: int, code: str, detail: str, **facts: Any) -> Response:
    answer = jsonify(
        {
            "type": "about:blank",
            "title": code,
            "status": status,
            "code": code,
            "detail": detail,
            **facts,
        }
    )
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer


def _job_view(job: Job) -> dict[str, Any]:
    """A job without its ticket's secret code or address."""
    return {
        "id": job.id,
        "number": job.slip.number,
        "copy": job.copy,
        "state": job.state,
        "reason": job.reason,
        "printer": job.printer,
        "attempts": job.attempts,
        "created_at": job.created_at.isoformat(),
        "expires_at": job.expires_at.isoformat(),
        "done_at": None if job.done_at is None else job.done_at.isoformat(),
    }


def _report_view(report: PrinterReport) -> dict[str, Any]:
    printers = [
        {
            **each.__dict__,
            "since": each.since.isoformat(),
            "roll_ends_at": None if each.roll_ends_at is None else each.roll_ends_at.isoformat(),
        }
        for each in report.printers
    ]
    return {**report.__dict__, "since": report.since.isoformat(), "printers": printers}
