"""A printer on a USB port, without the kernel's printer driver."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

from printer.device.transport import DeviceFailed, DeviceUnreachable, name_problem


class UsbTransport:
    """A USB printer by vendor and product number, through libusb: for machines without the usblp
    driver.
    """

    can_read = True

    def __init__(self, vendor: int, product: int) -> None:
        core: Any = importlib.import_module("usb.core")
        self._util: Any = importlib.import_module("usb.util")
        self._error: type[Exception] = core.USBError
        self._timeout: type[Exception] = core.USBTimeoutError
        try:
            self._device = core.find(idVendor=vendor, idProduct=product)
            if self._device is None:
                raise DeviceUnreachable("not_plugged_in")
            self._out, self._in = self._claim()
        except core.NoBackendError as problem:
            raise DeviceUnreachable("no_libusb") from problem
        except core.USBError as problem:
            raise DeviceUnreachable(name_problem(problem)) from problem
        self.can_read = self._in is not None

    def _claim(self) -> tuple[Any, Any]:
        """The bulk endpoints of the printer interface (class 7), detached from the kernel's driver
        if necessary.
        """
        interface = self._util.find_descriptor(
            self._device.get_active_configuration(), bInterfaceClass=7
        )
        if interface is None:
            raise DeviceUnreachable("not_a_printer")
        if self._device.is_kernel_driver_active(interface.bInterfaceNumber):
            self._device.detach_kernel_driver(interface.bInterfaceNumber)
        self._util.claim_interface(self._device, interface.bInterfaceNumber)
        ends = {
            self._util.endpoint_direction(each.bEndpointAddress): each
            for each in interface
            if each.bmAttributes & 3 == 2
        }
        if self._util.ENDPOINT_OUT not in ends:
            raise DeviceUnreachable("not_a_printer")
        return ends[self._util.ENDPOINT_OUT], ends.get(self._util.ENDPOINT_IN)

    def write(self, data: bytes, limit_s: float) -> None:
        try:
            written = _apart(lambda: self._out.write(data, timeout=round(limit_s * 1000)))
        except self._error as problem:
            raise DeviceFailed(name_problem(problem)) from problem
        if written != len(data):
            raise DeviceFailed("send_timeout")

    def read(self, limit_s: float) -> bytes:
        if self._in is None:
            return b""
        try:
            return bytes(_apart(lambda: self._in.read(256, timeout=max(1, round(limit_s * 1000)))))
        except self._timeout:
            return b""
        except self._error as problem:
            raise DeviceFailed(name_problem(problem)) from problem

    def check(self) -> str:
        return ""

    def close(self) -> None:
        self._util.dispose_resources(self._device)


def _apart(call: Callable[[], Any]) -> Any:
    """Run a call that blocks its thread in libusb in a thread of its own: under gevent the page
    would otherwise stand still until the printer answers.
    """
    monkey: Any = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("threading"):
        return call()
    hub: Any = importlib.import_module("gevent").get_hub()
    return hub.threadpool.apply(call)
