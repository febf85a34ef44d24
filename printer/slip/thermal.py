"""A slip as ESC/POS bytes for a thermal printer: a new python-escpos `Dummy` for each job, ASCII
only, with our own width check.

This module does not rely on the library's state, its code-page switching or its picture width
check. Every text passes `to_ascii`, so no control byte of a name or an office can reach the
printer. All commands are written by this module.
"""

from __future__ import annotations

import io
import os
import tempfile
import textwrap
from typing import TYPE_CHECKING, Any

from printer.device.profile import DOTS_PER_MM, PrinterProfile
from printer.slip.blocks import Banner, Block, Cut, Gap, Logo, Number, QrCode, Row, Rule, Size, Text
from printer.slip.layout import fit_slip
from printer.slip.qr import QUIET_MODULES, qr_modules
from printer.slip.transliterate import loses_letters, to_ascii
from queue_server.protocol.messages import Slip

if TYPE_CHECKING:
    from PIL import Image

# ESC @ resets; FS . leaves the Chinese mode clones start in; ESC t 0 is code page 437, whose ASCII
# half is all we use.
_START = b"\x1b@\x1c.\x1bt\x00"
# The printer answers this in order, so the reply proves that it has processed the slip.
ACK_REQUEST = b"\x1dr\x01"
# GS V 65/66 0: feed to the cutter, then cut. Without a cutter: past the tear bar.
_ENDS = {"full": b"\x1dVA\x00", "partial": b"\x1dVB\x00", "none": b"\x1bd\x04"}
_FONT_A_PX, _FONT_B_PX = 12, 9
_FONT_A_HEIGHT_PX = 24
_LINE_PX = 30  # a sixth of an inch, from which printers start after ESC @
_LARGEST = 8
_FRAGMENT_ROWS = 200  # small printers fail on larger pictures
_QR_SHARES = {"small": 0.4, "normal": 0.5, "large": 0.6}
_QR_MODULE_PX = 8
_BLACK_BELOW = 150


def render_thermal(slip: Slip, profile: PrinterProfile) -> bytes:
    """The slip's bytes, without the ack request; a picture if the printer lacks characters of a
    name. Raises `SlipUnprintable`.
    """
    return _make_job(slip, profile).output()


def measure_thermal(slip: Slip, profile: PrinterProfile) -> float:
    """How much paper the slip takes, in mm, up to its last line. Raises `SlipUnprintable`."""
    return _make_job(slip, profile).height_mm


def _make_job(slip: Slip, profile: PrinterProfile) -> _Job:
    if profile.mode == "raster" or loses_letters("".join(_free_texts(slip))):
        from printer.slip.png import draw_strip

        job = _Job(profile)
        strip = draw_strip(slip, profile)
        job.picture(strip.point(lambda grey: 0 if grey < _BLACK_BELOW else 255))
        job.add(Cut())
        return job

    def height_mm(blocks: tuple[Block, ...]) -> float:
        return _Job(profile, blocks).height_mm

    return _Job(profile, fit_slip(slip, height_mm, profile.find_logo(slip.logo)))


def _free_texts(slip: Slip) -> tuple[str, ...]:
    """What people wrote, in whatever script."""
    return (
        slip.office_name,
        slip.service_name,
        slip.stream_name,
        slip.bring,
        slip.urgency,
        slip.evidence,
        slip.header,
        slip.footer,
    )


class _Job:
    """The bytes of one slip. `height_px` is the paper that they feed, in dots."""

    def __init__(self, profile: PrinterProfile, blocks: tuple[Block, ...] = ()) -> None:
        _keep_capabilities_private()
        from escpos.printer import Dummy

        self.profile = profile
        self.device: Any = Dummy(
            profile=profile.profile, magic_encode_args={"disabled": True, "encoding": "CP437"}
        )
        self.device._raw(_START)
        self.small_columns = profile.width_px // _FONT_B_PX
        self.height_px, self._line_px = 0, _LINE_PX
        for block in blocks:
            self.add(block)

    @property
    def height_mm(self) -> float:
        return self.height_px / DOTS_PER_MM

    def output(self) -> bytes:
        return bytes(self.device.output)

    def add(self, block: Block) -> None:
        match block:
            case Text(text, size, bold):
                self._text(to_ascii(text), size, bold)
            case Banner(text):
                self._banner(to_ascii(text))
            case Number(text):
                self._number(to_ascii(text))
            case Row(label, value):
                self._row(to_ascii(label), to_ascii(value))
            case QrCode(content, size):
                self._qr(to_ascii(content), size)
            case Rule():
                self._style()
                self._line("-" * self.profile.columns)
            case Logo(png):
                self._logo(png)
            case Gap(half_lines):
                self._feed(half_lines * _LINE_PX // 2)
            case Cut():
                self._feed(24)
                self.device._raw(_ENDS[self.profile.cut])

    def _feed(self, dots: int) -> None:
        self.device._raw(b"\x1bJ" + bytes([min(255, dots)]))
        self.height_px += min(255, dots)

    def _style(
        self,
        width: int = 1,
        height: int = 1,
        bold: bool = False,
        font: str = "a",
        align: str = "left",
        invert: bool = False,
    ) -> None:
        self._line_px = max(_LINE_PX, height * _FONT_A_HEIGHT_PX)
        # Everything is set at every change, so that no line depends on the state left by the one
        # before.
        self.device.set(
            custom_size=True,
            width=width,
            height=height,
            bold=bold,
            font=font,
            align=align,
            invert=invert,
        )

    def _line(self, text: str) -> None:
        self.device.text(text + "\n")
        self.height_px += self._line_px

    def _text(self, text: str, size: str, bold: bool) -> None:
        columns, width, height, font = self.profile.columns, 1, 1, "a"
        if size == "small" and len(text) > columns:
            # The small face is hard to read for many: only where the paper leaves no choice.
            columns, font = self.small_columns, "b"
        elif size == "large":
            # Always double height; double width only if it stays within two lines.
            height = 2
            if len(_wrap(text, columns // 2)) <= 2:
                columns, width = columns // 2, 2
        self._style(width, height, bold, font, "center")
        for line in _wrap(text, columns):
            self._line(line)

    def _banner(self, text: str) -> None:
        columns = self.profile.columns
        self._style(height=2, bold=True, align="center", invert=True)
        for line in _wrap(text, columns - 2):
            self._line(line.center(columns))
        self._style()

    def _number(self, text: str) -> None:
        # One character's width stays white, or the number would touch the paper's edge.
        times = max(
            1, min(_LARGEST, (self.profile.width_px - 2 * _FONT_A_PX) // (len(text) * _FONT_A_PX))
        )
        self._feed(12)
        self._style(times, times, bold=True, align="center")
        for line in _wrap(text, self.profile.columns // times):
            self._line(line)
        self._style()

    def _row(self, label: str, value: str) -> None:
        room = self.profile.columns - len(label)
        if len(value) + 2 <= room:
            self._style()
            self.device.text(label + " " * (room - len(value)))
            self._style(bold=True)
            self._line(value)
            return
        self._text(label, "small", bold=False)
        self._text(value, "normal", bold=True)

    def _qr(self, content: str, size: Size) -> None:
        rows = qr_modules(content)
        module_px = max(
            2, min(_QR_MODULE_PX, int(self.profile.width_px * _QR_SHARES[size] / len(rows)))
        )
        if self.profile.qr == "native":
            self._style(align="center")
            self.device.qr(content, native=True, ec=1, size=min(16, module_px))
            self._style()
            self.height_px += len(rows) * module_px
            return
        self.picture(_draw_qr(rows, module_px, self.profile.width_px))

    def _logo(self, png: bytes) -> None:
        self.picture(_centre(png, self.profile.width_px))

    def picture(self, image: Image.Image) -> None:
        """Print a picture as wide as the paper at most."""
        if image.width > self.profile.width_px:
            raise ValueError(
                f"a picture of {image.width} dots does not fit {self.profile.width_px}"
            )
        self._style()
        self.height_px += image.height
        for top in range(0, image.height, _FRAGMENT_ROWS):
            self.device._raw(
                _raster(image.crop((0, top, image.width, min(image.height, top + _FRAGMENT_ROWS))))
            )


def _centre(png: bytes, width_px: int) -> Image.Image:
    """A picture with white on its left, so that it is centred on every printer."""
    from PIL import Image

    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        left = max(0, (width_px - picture.width) // 2)
        image = Image.new("L", (min(width_px, left + picture.width), picture.height), 255)
        image.paste(picture.convert("L"), (left, 0))
    return image


def _raster(image: Image.Image) -> bytes:
    """`GS v 0`: one bit a dot, black is 1, rows padded to whole bytes."""
    # 0 is Dither.NONE
    white_on_black = image.convert("L").point(lambda grey: 255 - grey).convert("1", dither=0)  # type: ignore[arg-type]
    width_bytes = (image.width + 7) // 8
    return (
        b"\x1dv0\x00"
        + width_bytes.to_bytes(2, "little")
        + image.height.to_bytes(2, "little")
        + white_on_black.tobytes()
    )


def _draw_qr(rows: tuple[tuple[bool, ...], ...], module_px: int, width_px: int) -> Image.Image:
    """The code with white on its left, so that it is centred whether or not the printer supports
    `ESC a`.
    """
    from PIL import Image, ImageDraw

    side, quiet = len(rows) * module_px, QUIET_MODULES * module_px // 2
    left = (width_px - side) // 2
    image = Image.new("L", (left + side, side + 2 * quiet), 255)
    draw = ImageDraw.Draw(image)
    for row, modules in enumerate(rows):
        for column, dark in enumerate(modules):
            if dark:
                at = (left + column * module_px, quiet + row * module_px)
                draw.rectangle((*at, at[0] + module_px - 1, at[1] + module_px - 1), fill=0)
    return image


def _wrap(text: str, columns: int) -> list[str]:
    """The fewest lines of at most `columns`, as even in length as possible; a longer word is
    broken, never clipped.
    """
    lines = textwrap.wrap(text, columns)
    for narrower in range(columns - 1, columns // 3, -1):
        even = textwrap.wrap(text, narrower, break_long_words=False)
        if len(even) > len(lines) or any(len(line) > narrower for line in even):
            break
        lines = even
    return lines


def _keep_capabilities_private() -> None:
    # python-escpos pickles its printer list at import, by default into a new public temporary
    # directory each time.
    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = _private_directory()


def _private_directory() -> str:
    path = os.path.join(tempfile.gettempdir(), f"antrean-printer-{os.getuid()}")
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        owner = os.lstat(path)
        if owner.st_uid != os.getuid() or owner.st_mode & 0o077:
            return tempfile.mkdtemp(prefix="antrean-printer-")
    return path
