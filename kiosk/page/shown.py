"""What the page is sent of the server's messages: as they came, with each wait as it is said."""

from __future__ import annotations

from typing import Any

from queue_server.protocol.guide import KioskGuide
from queue_server.protocol.messages import OfficeOffer, Slip, WaitRange, to_wire
from queue_server.protocol.spoken_waits import speak_wait

from .qr import draw_qr


def show_offer(offer: OfficeOffer) -> dict[str, Any]:
    """The offer as the page draws it."""
    shown = to_wire(offer)
    shown["outside_wait"] = _show_wait(offer.outside_wait)
    for each, service in zip(shown["services"], offer.services, strict=True):
        each["wait"] = _show_wait(service.wait)
    return shown


def show_slip(slip: Slip) -> dict[str, Any]:
    """A number as the page draws it."""
    return {**to_wire(slip), "wait": _show_wait(slip.wait)}


def show_guide(guide: KioskGuide | None) -> dict[str, Any]:
    """The guide as the page draws it, with a QR code for each address in it."""
    if guide is None:
        return {"version": "", "services": [], "evidence": {}, "qr": {}}
    addresses = {
        address
        for service in guide.services
        for address in (service.url, *(each.url for each in service.advice.values()))
        if address
    }
    return {**to_wire(guide), "qr": {each: draw_qr(each) for each in sorted(addresses)}}


def _show_wait(wait: WaitRange | None) -> dict[str, Any] | None:
    return None if wait is None else to_wire(speak_wait(wait))
