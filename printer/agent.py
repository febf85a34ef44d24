"""The printer's own agent, on a box beside the printer: takes slips over local HTTP and from the
reception, and reports the printer's health to the server.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import threading
import time
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from gevent import monkey
from gevent.pywsgi import WSGIServer

from printer.device.status import PrinterState
from printer.orders import Orders
from printer.printing import Printer, PrinterReport, open_printer, utc_now
from printer.slip.blocks import SlipUnprintable
from printer.spool import Job, UnknownJob
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.enrolment import TokenFile, enrol, make_private
from queue_server.protocol.local_edge import open_listener, read_listen
from queue_server.protocol.messages import BadMessage, Heartbeat, Pairing, Slip, from_wire

REPORT_SECONDS = 15.0
LOOK_SECONDS = 1.0
REQUEST_BYTES = 16 * 1024

log = logging.getLogger("antrean.printer")


def create_app(printer: Printer, token: str) -> Flask:
    """The local API: `POST /jobs` (a Slip; the same Slip again is the same job), `GET /jobs`,
    `/jobs/{id}`, `/status`. Bearer `token`.
    """
    app = Flask("printer", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = REQUEST_BYTES

    @app.before_request
    def admit_owner() -> Response | None:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if hmac.compare_digest(sent.encode(), token.encode()):
            return None
        return _problem(401, "unauthorized", "the token in this agent's state directory is needed")

    @app.post("/jobs")
    def accept_job() -> Response:
        try:
            job = printer.job(printer.submit(from_wire(Slip, request.get_json(silent=True))))
        except (BadMessage, SlipUnprintable) as problem:
            return _problem(422, "bad_input", str(problem))
        answer = jsonify(_job_view(job))
        answer.status_code = 202
        return answer

    @app.get("/jobs")
    def list_jobs() -> Response:
        return jsonify({"jobs": [_job_view(job) for job in printer.recent()]})

    @app.get("/jobs/<job_id>")
    def show_job(job_id: str) -> Response:
        try:
            return jsonify(_job_view(printer.job(job_id)))
        except UnknownJob:
            abort(404)

    @app.get("/status")
    def show_status() -> Response:
        return jsonify(_report_view(printer.report()))

    @app.errorhandler(404)
    def say_unknown(_: Exception) -> Response:
        return _problem(404, "not_found", "there is nothing here")

    return app


def _problem(status: int, code: str, detail: str) -> Response:
    answer = jsonify(
        {"type": "about:blank", "title": code, "status": status, "code": code, "detail": detail}
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
        "attempts": job.attempts,
        "created_at": job.created_at.isoformat(),
        "expires_at": job.expires_at.isoformat(),
        "done_at": None if job.done_at is None else job.done_at.isoformat(),
    }


def _report_view(report: PrinterReport) -> dict[str, Any]:
    return {**report.__dict__, "since": report.since.isoformat()}


def heartbeat_of(report: PrinterReport) -> Heartbeat:
    """The heartbeat that reports a printer to the server."""
    facts: dict[str, str | int | bool] = {
        "printer": report.state.value,
        "reason": report.reason,
        "since": report.since.isoformat(),
        "queued": report.queued,
        "oldest_s": report.oldest_s,
        "printed": report.printed,
        "unconfirmed": report.unconfirmed,
        "expired": report.expired,
    }
    return Heartbeat(_build(), facts)


def _build() -> str:
    try:
        return version("antrean")
    except PackageNotFoundError:
        return "unpackaged"


class Reporter:
    """Pairs this box with the server and sends reports: every 15 s, and at once when the printer's
    state changes.
    """

    def __init__(
        self,
        client: QueueClient,
        token_file: TokenFile,
        printer: Printer,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client, self._token_file, self._printer, self._sleep = (
            client,
            token_file,
            printer,
            sleep,
        )
        self._quiet_s = REPORT_SECONDS
        self._told: tuple[object, object] | None = None

    def run(self) -> None:
        """Never returns."""
        while True:
            try:
                self._pair()
                self.tell()
            except Exception:  # such as a full disk: printing goes on, and so do reports
                log.exception("the report stumbled")
            self._sleep(LOOK_SECONDS)

    def _pair(self) -> None:
        if self._client.token is None:
            self._client.token = self._token_file.read()
        if self._client.token is None:
            token = enrol(self._client, "printer", _show_pairing, self._sleep)
            self._token_file.write(token)
            self._client.token = token

    def tell(self) -> bool:
        """Send a heartbeat if one is due. Returns True if the server accepted it. A revoked token
        is dropped, and `run` pairs again.
        """
        heartbeat = self._look()
        news = heartbeat.facts["printer"], heartbeat.facts.get("unconfirmed")
        self._quiet_s += LOOK_SECONDS
        if news == self._told and self._quiet_s < REPORT_SECONDS:
            return False
        self._quiet_s = 0.0
        try:
            self._client.heartbeat(heartbeat)
        except ServerUnreachable as problem:
            log.info("the server does not answer: %s", problem)
            return False
        except Refused as refusal:
            log.warning("the server refused the heartbeat: %s", refusal)
            if refusal.status == 401:
                self._token_file.forget()
                self._client.token = None
            return False
        self._told = news
        return True

    def _look(self) -> Heartbeat:
        try:
            return heartbeat_of(self._printer.report())
        except Exception:  # an unreadable spool: silence would look like a broken cable
            log.exception("the printer cannot be asked how it is")
            return Heartbeat(_build(), {"printer": PrinterState.SPOOL_STOPPED.value})


def _show_pairing(pairing: Pairing | None) -> None:
    if pairing is None:
        log.warning("not paired, and the server does not answer")
    else:
        log.warning(
            "pairing code %s: a manager approves it on the devices page", pairing.pairing_code
        )


def run_agent(
    server: str,
    state_dir: Path | str,
    listen: str = "127.0.0.1:8030",
    printer_url: str | None = None,
    profile: str = "tm-t20iii-80",
    clock: Callable[[], datetime] = utc_now,
    *,
    ca_file: str | None = None,
    allow_plain_http: bool = False,
) -> None:
    """Run the printer's agent until interrupted: `server` is the queue server's URL, `listen` a
    loopback ADDR:PORT; `ca_file` and `allow_plain_http` are as for `QueueClient`.

    Without `printer_url` slips go into `state_dir/slips`. The token for the local API is in
    `state_dir/agent-token`. gevent must have patched the standard library already. Raises
    `ValueError` for a bad `server`, and for a `listen` that is bad or taken, `UnknownAddress`,
    `UnknownProfile`, `SpoolInUse`.
    """
    if not monkey.is_module_patched("socket"):
        raise RuntimeError(
            "gevent.monkey.patch_all() must come first in the process that runs the agent"
        )
    address, port = read_listen(listen)
    client = QueueClient(server, ca_file=ca_file, allow_plain_http=allow_plain_http)
    folder = Path(state_dir).resolve()
    make_private(folder)
    local_token = TokenFile(folder / "agent-token")
    if local_token.read() is None:
        local_token.write(secrets.token_urlsafe(32))
    printer = open_printer(printer_url or f"virtual://{folder}/slips", folder, profile, clock)
    try:
        listener = open_listener(address, port)
        reporter = Reporter(client, TokenFile(folder / "token"), printer)
        threading.Thread(target=reporter.run, name="printer-report", daemon=True).start()
        orders = Orders(client, printer)
        threading.Thread(target=orders.run, name="printer-orders", daemon=True).start()
        log.info("the printer's agent is at http://%s:%d/", address, port)
        WSGIServer(
            listener, create_app(printer, local_token.read() or ""), log=None, error_log=log
        ).serve_forever()
    finally:
        printer.close()
