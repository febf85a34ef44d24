"""A printer that stands at another agent of the office network (`antrean printer --listen-lan`).

That agent keeps the job in its own spool under the slip's id and copy number, so asking twice
prints once, and what became of a slip can be asked again after any break.
"""

from __future__ import annotations

import hmac
import http.client
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from printer.device.device import Outcome
from printer.device.status import PrinterState, Reading
from printer.device.transport import DeviceFailed, DeviceUnreachable, TimeLimits
from printer.signing import make_nonce, sign_answer, sign_request
from printer.spool.job import OPEN_STATES, UNTRIED_STATES, JobState, job_id_of
from queue_server.protocol.messages import Slip, to_wire

ASK_EVERY_S = 0.2
_ANSWER_BYTES = 64 * 1024


class RemoteDevice:
    """The printer behind the agent at `host`:`port`. The agent lays out the slip for its paper."""

    remembers = True

    def __init__(
        self,
        host: str,
        port: int,
        secret: bytes,
        limits: TimeLimits,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._host, self._port, self._secret, self._limits = host, port, secret, limits
        self._clock, self._sleep = clock, sleep
        self._ahead_s = 0.0

    def render(self, slip: Slip) -> bytes:
        from printer.slip.layout import lay_out

        lay_out(slip)  # what cannot be printed is refused here, not at the other end
        return json.dumps(to_wire(slip)).encode()

    def measure_mm(self, document: bytes) -> float:
        return 0.0

    def open(self) -> RemoteSession:
        session = RemoteSession(self.call, self._limits, self._sleep)
        try:
            session.read_state()
        except DeviceFailed as problem:
            raise DeviceUnreachable(str(problem)) from problem
        return session

    def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, Mapping[str, Any]]:
        """A signed request. Raises `DeviceFailed`, also for an answer that the agent did not sign.

        A kiosk's clock may be wrong: the agent then names its time in a signed refusal, and the
        request is sent once more by that.
        """
        status, answer = self._call(method, path, body)
        if status == 401 and answer.get("code") == "clock_away":
            self._ahead_s = float(answer["time"]) - self._clock()
            status, answer = self._call(method, path, body)
        if status == 401:
            raise DeviceFailed("token_refused")
        return status, answer

    def _call(self, method: str, path: str, body: bytes) -> tuple[int, Mapping[str, Any]]:
        nonce, sent_at = make_nonce(), self._clock() + self._ahead_s
        headers = {
            "Content-Type": "application/json",
            "Antrean-Time": f"{sent_at:.3f}",
            "Antrean-Nonce": nonce,
            "Antrean-Signature": sign_request(self._secret, method, path, body, sent_at, nonce),
        }
        line = http.client.HTTPConnection(self._host, self._port, timeout=self._limits.connect_s)
        try:
            line.request(method, quote(path, safe="/?="), body, headers)
            answer = line.getresponse()
            said = answer.read(_ANSWER_BYTES)
            signature = answer.headers.get("Antrean-Signature", "")
            if answer.status == 401 and not signature:
                raise DeviceFailed("token_refused")
            wanted = sign_answer(self._secret, nonce, answer.status, said)
            if not hmac.compare_digest(wanted.encode(), signature.encode()):
                raise DeviceFailed("answer_not_signed")
            read = json.loads(said)
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise DeviceFailed("agent_away") from problem
        finally:
            line.close()
        return answer.status, read if isinstance(read, dict) else {}


class RemoteSession:
    """Each request is a connection of its own, so nothing is held open between them."""

    def __init__(
        self,
        call: Callable[..., tuple[int, Mapping[str, Any]]],
        limits: TimeLimits,
        sleep: Callable[[float], None],
    ) -> None:
        self._call, self._limits, self._sleep = call, limits, sleep

    def read_state(self) -> Reading:
        status, answer = self._call("GET", "/status")
        said = answer.get("best")
        if status != 200 or said not in set(PrinterState):
            return Reading(PrinterState.UNKNOWN, "no_answer")
        return Reading(PrinterState(said), str(answer.get("reason", "")))

    def send(self, document: bytes, slip: Slip) -> Outcome:
        path = f"/jobs/{job_id_of(slip)}"
        outcome = Outcome.UNKNOWN
        asked = False
        for _ in range(max(1, round(self._limits.ack_s / ASK_EVERY_S))):
            try:
                if not asked:
                    # The agent may have it from an earlier try that came to nothing there.
                    status, answer = self._call("POST", "/jobs?again=1", document)
                    if status == 422:
                        return Outcome.NOTHING
                    asked = status in (200, 202)
                else:
                    status, answer = self._call("GET", path)
                outcome = _outcome_of(status, answer)
                if outcome is not Outcome.UNKNOWN:
                    return outcome
            except DeviceFailed:
                outcome = Outcome.UNKNOWN  # the same question again does no harm
            self._sleep(ASK_EVERY_S)
        # It still waits there: withdrawn, so that it does not come out when nobody stands here.
        return _outcome_of(*self._call("POST", f"{path}/expire"))

    def settle(self, slip: Slip) -> Outcome:
        return _outcome_of(*self._call("GET", f"/jobs/{job_id_of(slip)}"))

    def close(self) -> None:
        return None


def _outcome_of(status: int, answer: Mapping[str, Any]) -> Outcome:
    if status == 404:
        return Outcome.NOTHING  # the agent has never had it
    state = answer.get("state")
    if status not in (200, 202) or state not in set(JobState) or state in OPEN_STATES:
        return Outcome.UNKNOWN
    if state == JobState.PRINTED:
        return Outcome.PRINTED
    # Cancelled: the staff there have said that it did not come out.
    untried = state in (*UNTRIED_STATES, JobState.CANCELLED)
    return Outcome.NOTHING if untried else Outcome.UNKNOWN
