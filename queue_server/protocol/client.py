"""The calls of a kiosk, a display or a printer to the queue server: one typed call per endpoint.

Their outcomes are those of `transport`: a message, `Refused` or `ServerUnreachable`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .guide import KioskGuide
from .leases import Lease, SyncAnswer, SyncItem, Withdrawal
from .messages import (
    Board,
    DeviceSelf,
    Heartbeat,
    HeartbeatAnswer,
    HelpCalled,
    OfficeOffer,
    OrderedSlips,
    Pairing,
    Slip,
    SlipDesign,
    SlipReport,
    to_wire,
)
from .transport import Refused, ServerUnreachable, Transport, json_object, segment

__all__ = ["QueueClient", "Refused", "ServerUnreachable"]


class QueueClient(Transport):
    """The queue server as seen by one device; made like a `Transport`."""

    def offer(self, office: str) -> OfficeOffer:
        """What the kiosk of `office` may offer now. Raises `Refused`, `ServerUnreachable`."""
        return self.read(OfficeOffer, self.get(f"/offices/{segment(office)}/offer"))

    def guide(self, office: str) -> KioskGuide:
        """What the kiosk of `office` tells before a number is taken. Raises `Refused`,
        `ServerUnreachable`.
        """
        return self.read(KioskGuide, self.get(f"/offices/{segment(office)}/kiosk-guide"))

    def board(self, office: str, etag: str | None = None) -> Board | None:
        """The office's current board; None if it is still the one known by `etag` (see `etag_of`).

        Raises `Refused`, `ServerUnreachable`.
        """
        answer = self.get(
            f"/offices/{segment(office)}/board", {"If-None-Match": etag} if etag else {}
        )
        if answer.status_code == 304:
            return None
        board = self.read(Board, answer)
        self._etags[office] = answer.headers.get("ETag", "")
        return board

    def etag_of(self, office: str) -> str | None:
        """The entity tag of the board last read for `office`, to ask only for a newer one."""
        return self._etags.get(office) or None

    def issue_walk_in(
        self,
        office: str,
        service: str,
        key: str,
        party_size: int = 1,
        priority: str | None = None,
        language: str = "id",
        urgency: str | None = None,
    ) -> Slip:
        """A number for a visitor at the door. The same `key` always gives the same number.

        Raises `Refused` (nothing was issued) or `ServerUnreachable` (ask again with the same
        `key`).
        """
        body: dict[str, Any] = {"service": service, "party_size": party_size, "language": language}
        if priority is not None:
            body["priority"] = priority
        if urgency is not None:
            body["urgency"] = urgency
        return self.read(Slip, self.post_once(f"/offices/{segment(office)}/tickets", body, key))

    def check_in(self, code: str, key: str) -> Slip:
        """Check a booking in by its code. If another key has done so before, the slip is
        `repeated`.

        Raises `Refused`, `ServerUnreachable`.
        """
        return self.read(Slip, self.post_once(f"/tickets/{segment(code)}/check-in", {}, key))

    def request_pairing(self, kind: str) -> Pairing:
        """Ask for a pairing code as a new `kiosk`, `display` or `printer`. Raises `Refused`,
        `ServerUnreachable`.
        """
        return self.read(Pairing, self.send("POST", "/devices", {}, {"kind": kind}))

    def collect_token(self, pairing_id: str, secret: str) -> str | None:
        """The token of an approved pairing; None while a manager has not approved it yet. The
        server gives it out once.

        Raises `Refused` with status 410 if the pairing has expired or was refused,
        `ServerUnreachable`.
        """
        answer = self.send("POST", f"/devices/{segment(pairing_id)}/token", {}, {"secret": secret})
        if answer.status_code == 202:
            return None
        token = json_object(answer).get("token")
        if not isinstance(token, str) or not token:
            raise ServerUnreachable("the answer to an approved pairing holds no token")
        return token

    def device_self(self) -> DeviceSelf:
        """What the server knows about this device. Raises `Refused` with status 401 once its token
        is revoked, `ServerUnreachable`.
        """
        return self.read(DeviceSelf, self.get("/devices/self"))

    def ask_help(self, language: str, screen: str, reason: str, key: str) -> HelpCalled:
        """Call the staff to this kiosk. While its call goes on, that one is answered.

        Raises `Refused`, `ServerUnreachable`.
        """
        body = {"language": language, "screen": screen, "reason": reason}
        return self.read(HelpCalled, self.post_once("/devices/self/help", body, key))

    def take_help_back(self, key: str) -> None:
        """End this kiosk's call for help: its visitor needs none any more. Raises `Refused`,
        `ServerUnreachable`.
        """
        self.post_once("/devices/self/help/take-back", {}, key)

    def heartbeat(self, heartbeat: Heartbeat) -> HeartbeatAnswer:
        """Report this device's health, and learn what staff want of it. It is never repeated,
        because the next one follows within seconds. Raises `Refused`, `ServerUnreachable`.
        """
        answer = self.send("POST", "/devices/self/heartbeat", {}, to_wire(heartbeat))
        if answer.status_code == 204:
            return HeartbeatAnswer()
        return self.read(HeartbeatAnswer, answer)

    def grant_lease(
        self, installation: str, wanted: Mapping[str, int], key: str, day: str | None = None
    ) -> Lease:
        """The lease of this kiosk for today or for another `day`, filled up to `wanted` unused
        numbers by stream. `installation` is the random name that the device gave itself.

        Raises `Refused`, `ServerUnreachable`.
        """
        body: dict[str, Any] = {"installation": installation, "streams": dict(wanted)}
        if day is not None:
            body["date"] = day
        return self.read(Lease, self.post_once("/leases", body, key))

    def lease(self, lease: str) -> Lease:
        """A lease as it is now, with the settings and bookings of this moment. Raises `Refused`,
        `ServerUnreachable`.
        """
        return self.read(Lease, self.get(f"/leases/{segment(lease)}"))

    def sync_tickets(self, items: Sequence[SyncItem], key: str) -> SyncAnswer:
        """Report what was given without the server, at most `SYNC_ITEMS_MAX` items. Reporting an
        item again gives `duplicate`.

        Raises `Refused`, `ServerUnreachable`.
        """
        body = {"items": [to_wire(item) for item in items]}
        return self.read(SyncAnswer, self.post_once("/sync/tickets", body, key))

    def withdraw_requests(self, keys: Sequence[str]) -> Withdrawal:
        """Take back the walk-ins that were asked for under these keys, at most `SYNC_ITEMS_MAX`,
        because their visitors left before the answer came. May be repeated.

        Raises `Refused`, `ServerUnreachable`.
        """
        return self.read(
            Withdrawal, self.send("POST", "/sync/withdrawals", {}, {"keys": list(keys)})
        )

    def ordered_slips(self) -> tuple[Slip, ...]:
        """The slips that this printer has to print; the same ones again until they lapse. Raises
        `Refused`, `ServerUnreachable`.
        """
        return self.read(OrderedSlips, self.send("GET", "/devices/self/slips", {})).slips

    def report_slip(self, report: SlipReport) -> None:
        """Tell what became of a slip that was ordered. May be repeated. Raises `Refused`,
        `ServerUnreachable`.
        """
        self.send("POST", "/devices/self/slips", {}, to_wire(report))

    def slip_design(self, etag: str | None = None) -> tuple[SlipDesign, str] | None:
        """What the office adds to its slips, and the mark of this version; None if it is still the
        one known by `etag`. Raises `Refused`, `ServerUnreachable`.
        """
        headers = {"If-None-Match": etag} if etag else {}
        answer = self.send("GET", "/devices/self/slip-design", headers)
        if answer.status_code == 304:
            return None
        return self.read(SlipDesign, answer), answer.headers.get("ETag", "")
