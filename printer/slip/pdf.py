"""A slip as a PDF: one roll page just as high as its content, with embedded type and a vector QR
code.
"""

from __future__ import annotations

import io

from printer.device.profile import PrinterProfile
from printer.slip.blocks import Block
from printer.slip.cleaning import clean, group_code
from printer.slip.layout import fit_slip
from printer.slip.typefaces import BOLD, REGULAR
from printer.slip.typeset import Box, Glyphs, Picture, Squares, typeset
from queue_server.protocol.messages import Slip

_POINTS_PER_MM = 72 / 25.4
_EDGE_MM = 5
_SHARE_LEFT = {"left": 0.0, "middle": 0.5, "right": 1.0}
_NAMES = {False: "DejaVuSans", True: "DejaVuSans-Bold"}


def render_pdf(slip: Slip, profile: PrinterProfile) -> bytes:
    """The slip as a one-page PDF, `profile.paper_mm` wide. The same slip gives the same bytes.
    Raises `SlipUnprintable`.
    """
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    _register()

    def measure_page(blocks: tuple[Block, ...]) -> float:
        return typeset(blocks, profile.width_mm, _measure).height_mm + 2 * _EDGE_MM

    sheet = typeset(
        fit_slip(slip, measure_page, profile.find_logo(slip.logo)), profile.width_mm, _measure
    )
    left_mm = (profile.paper_mm - profile.width_mm) / 2
    height_mm = sheet.height_mm + 2 * _EDGE_MM
    out = io.BytesIO()
    canvas = Canvas(
        out,
        pagesize=(profile.paper_mm * _POINTS_PER_MM, height_mm * _POINTS_PER_MM),
        invariant=1,
        initialFontName=_NAMES[False],
    )
    canvas.setTitle(clean(slip.number) or group_code(slip.code))
    canvas.setAuthor(clean(slip.office_name))
    canvas.translate(left_mm * _POINTS_PER_MM, (height_mm - _EDGE_MM) * _POINTS_PER_MM)
    canvas.scale(_POINTS_PER_MM, _POINTS_PER_MM)
    for mark in sheet.marks:
        match mark:
            case Box(x, y, width, height):
                canvas.rect(x, -y - height, width, height, stroke=0, fill=1)
            case Glyphs(anchor, x, y, text, size_mm, bold, white):
                canvas.setFillGray(1 if white else 0)
                canvas.setFont(_NAMES[bold], size_mm)
                left = x - _SHARE_LEFT[anchor] * _measure(text, bold) * size_mm
                canvas.drawString(left, -y, text)
                canvas.setFillGray(0)
            case Picture(x, y, width, height, png):
                canvas.drawImage(ImageReader(io.BytesIO(png)), x, -y - height, width, height)
            case Squares(x, y, module_mm, rows):
                path = canvas.beginPath()
                for row, modules in enumerate(rows):
                    for start, end in _runs(modules):
                        path.rect(
                            x + start * module_mm,
                            -y - (row + 1) * module_mm,
                            (end - start) * module_mm,
                            module_mm,
                        )
                canvas.drawPath(path, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _runs(modules: tuple[bool, ...]) -> list[tuple[int, int]]:
    """The dark runs of a row. One rectangle for each run leaves no hairlines between neighbours."""
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(modules):
        if dark and runs and runs[-1][1] == column:
            runs[-1] = (runs[-1][0], column + 1)
        elif dark:
            runs.append((column, column + 1))
    return runs


def _measure(text: str, bold: bool) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, _NAMES[bold], 1000)) / 1000


def _register() -> None:
    from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    known = getRegisteredFontNames()
    for bold, path in ((False, REGULAR), (True, BOLD)):
        if _NAMES[bold] not in known:
            registerFont(TTFont(_NAMES[bold], str(path)))
