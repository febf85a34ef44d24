"""A logo for printed slips, made of a file that somebody has sent: in the worker process, because a
picture may take long to read, and read by nothing but the readers of PNG and JPEG.
"""

from __future__ import annotations

from io import BytesIO
from typing import cast

from queue_server.domain.errors import BadInput
from queue_server.domain.office.slip_design import (
    LOGO_HEIGHT_MAX_PX,
    LOGO_WIDTH_MAX_PX,
    UPLOAD_BYTES_MAX,
)
from queue_server.web.edge.context import context

PIXELS_MAX = 12_000_000
"""Of the picture that is sent. A small file may unpack to a picture that fills the memory."""


def make_logo(file: bytes) -> bytes:
    """The logo of a PNG or JPEG file: black and white, at most 384 × 160 dots, as a PNG.

    Raises `BadInput` (logo: "length", "picture"), `Overloaded`.
    """
    if len(file) > UPLOAD_BYTES_MAX:
        raise BadInput(field="logo", reason="length", high=UPLOAD_BYTES_MAX)
    made = cast(bytes | None, context().beside.compute(_JOB, file))
    if made is None:
        raise BadInput(field="logo", reason="picture")
    return made


def convert_logo(file: bytes) -> bytes | None:
    """`make_logo` in the worker process; None for what is no picture of these kinds, is broken or
    too large.
    """
    from PIL import Image

    try:
        # Opening reads the head alone, so the size is known before anything is unpacked.
        with Image.open(BytesIO(file), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > PIXELS_MAX or 0 in picture.size:
                return None
            picture.draft("L", (LOGO_WIDTH_MAX_PX * 2, LOGO_HEIGHT_MAX_PX * 2))
            seen = picture.convert("RGBA")
    except Exception:  # whatever a broken file makes a reader raise
        return None
    paper = Image.new("RGBA", seen.size, "white")
    grey = Image.alpha_composite(paper, seen).convert("L")
    scale = min(LOGO_WIDTH_MAX_PX / grey.width, LOGO_HEIGHT_MAX_PX / grey.height, 1.0)
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    dots = grey.resize(size, Image.Resampling.LANCZOS).convert("1")
    out = BytesIO()
    dots.save(out, "PNG")
    return out.getvalue()


_JOB = f"{convert_logo.__module__}:{convert_logo.__name__}"
