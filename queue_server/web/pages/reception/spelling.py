"""How the letters of a code are said on the telephone."""

from __future__ import annotations

from queue_server.web.edge.locale import gettext as _


def spelling_words() -> dict[str, str]:
    """What is said for each letter that a code may have; its digits are said as they are."""
    said = (
        _("A for Alfa"), _("B for Bravo"), _("C for Charlie"), _("D for Delta"), _("E for Echo"),
        _("F for Foxtrot"), _("G for Golf"), _("H for Hotel"), _("J for Juliett"),
        _("K for Kilo"), _("M for Mike"), _("N for November"), _("P for Papa"),
        _("Q for Quebec"), _("R for Romeo"), _("S for Sierra"), _("T for Tango"),
        _("V for Victor"), _("W for Whiskey"), _("X for X-ray"), _("Y for Yankee"),
        _("Z for Zulu"),
    )  # fmt: skip
    return dict(zip("ABCDEFGHJKMNPQRSTVWXYZ", said, strict=True))
