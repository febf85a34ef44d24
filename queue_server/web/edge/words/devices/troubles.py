"""How the devices of an office are, in words: what is wrong, and what to do next."""

from __future__ import annotations

from queue_server.domain.office.devices.health import Hearing, PrinterCode
from queue_server.domain.office.devices.troubles import Trouble, TroubleCode
from queue_server.web.edge.locale import gettext as _


def hearing_words(hearing: Hearing) -> tuple[str, str]:
    """Whether a device is heard, and how its badge looks."""
    return {
        Hearing.NEVER: (_("Never connected"), "warn"),
        Hearing.SILENT: (_("Not connected"), "late"),
        Hearing.HEARD: (_("Working"), "ok"),
    }[hearing]


def printer_words(code: PrinterCode | None) -> tuple[str, str]:
    """How a device's printer is, and how its badge looks; nothing is said where there is none."""
    return {
        PrinterCode.READY: (_("Printer ready"), "ok"),
        PrinterCode.PAPER_LOW: (_("Little paper left"), "warn"),
        PrinterCode.PAPER_OUT: (_("No paper"), "late"),
        PrinterCode.COVER_OPEN: (_("Printer cover open"), "late"),
        PrinterCode.OFFLINE: (_("Printer off"), "late"),
        PrinterCode.UNKNOWN: (_("Printer does not answer"), "late"),
        PrinterCode.UNCONFIRMED: (_("Did a slip come out?"), "late"),
        PrinterCode.SPOOL_STOPPED: (_("Printing has stopped"), "late"),
    }.get(code or PrinterCode.NONE, ("", ""))


def trouble_names() -> dict[str, str]:
    """Each trouble in two or three words, by code."""
    return {
        TroubleCode.SILENT: _("Not heard"),
        TroubleCode.TWO_INSTALLATIONS: _("Two machines, one identity"),
        TroubleCode.DISK_FULL: _("Disk full"),
        TroubleCode.LINK_LOST: _("Connection was lost"),
        TroubleCode.CLOCK_UNSURE: _("Clock not sure"),
        TroubleCode.PAGE_DEAD: _("Screen does not answer"),
        TroubleCode.PAPER_OUT: _("No paper"),
        TroubleCode.COVER_OPEN: _("Printer cover open"),
        TroubleCode.PRINTER_OFF: _("Printer off"),
        TroubleCode.PRINTER_MUTE: _("Printer does not answer"),
        TroubleCode.SPOOL_STOPPED: _("Printing has stopped"),
        TroubleCode.UNCONFIRMED: _("Did a slip come out?"),
        TroubleCode.STOPPED: _("Stopped by staff"),
        TroubleCode.HELP_MISSED: _("Call for help did not arrive"),
        TroubleCode.NUMBERS_LOW: _("Few numbers in store"),
        TroubleCode.PAPER_LOW: _("Little paper left"),
        TroubleCode.BOARD_BEHIND: _("Shows an old state"),
        TroubleCode.SOUND_BLOCKED: _("Sound is blocked"),
        TroubleCode.SOUND_MISSING: _("No sound"),
        TroubleCode.VOICE_INCOMPLETE: _("Words missing in the voice"),
        TroubleCode.CLOCK_WRONG: _("Clock is wrong"),
    }


def trouble_sentences() -> dict[str, str]:
    """What is wrong with the device `{name}` and what to do next, by code."""
    return {
        TroubleCode.SILENT: _(
            "{name} is not heard. See that it is switched on and that its network cable is plugged "
            "in."
        ),
        TroubleCode.TWO_INSTALLATIONS: _(
            "Two machines call themselves {name}. Revoke this device and pair the right machine "
            "anew."
        ),
        TroubleCode.DISK_FULL: _(
            "{name}: the disk is full, so it gives no numbers. Free some space or call the "
            "technician."
        ),
        TroubleCode.LINK_LOST: _(
            "{name} had no connection to the server and gave numbers by itself. Look at its "
            "network cable or Wi-Fi."
        ),
        TroubleCode.CLOCK_UNSURE: _(
            "{name}: its clock cannot be trusted, so it gives no numbers without the server. Set "
            "its time."
        ),
        TroubleCode.PAGE_DEAD: _(
            "{name}: the screen does not answer. If it is not back in two minutes, switch the "
            "machine off and on."
        ),
        TroubleCode.PAPER_OUT: _("{name}: the printer is out of paper. Put in a new roll."),
        TroubleCode.COVER_OPEN: _(
            "{name}: the printer\u2019s cover is open. Close it until it clicks."
        ),
        TroubleCode.PRINTER_OFF: _(
            "{name}: the printer is off or unplugged. Check its switch and cables."
        ),
        TroubleCode.PRINTER_MUTE: _(
            "{name}: the printer does not answer. Switch it off and on again."
        ),
        TroubleCode.SPOOL_STOPPED: _(
            "{name}: slips are no longer passed to the printer. Restart this device."
        ),
        TroubleCode.UNCONFIRMED: _(
            "{name}: nobody knows whether a slip came out. Look at the printer and answer under "
            "Devices."
        ),
        TroubleCode.STOPPED: _(
            "{name} gives no numbers: staff have stopped it. To resume, choose “Need help?” on its "
            "screen, then “For staff”."
        ),
        TroubleCode.HELP_MISSED: _(
            "{name}: visitors asked for help in the last hour and the call did not arrive "
            "({left} times). See whether somebody waits there, and look at its network."
        ),
        TroubleCode.NUMBERS_LOW: _(
            "{name} has only {left} numbers left for a time without the server. See that it is "
            "connected."
        ),
        TroubleCode.PAPER_LOW: _("{name}: the roll is nearly used up. Have a new roll ready."),
        TroubleCode.BOARD_BEHIND: _(
            "{name} shows an old state of the queue. Call numbers aloud, and switch the screen’s "
            "computer off and on."
        ),
        TroubleCode.SOUND_BLOCKED: _(
            "{name}: the browser blocks the sound, so no call is heard. Touch the screen once, or "
            "click on it with a mouse."
        ),
        TroubleCode.SOUND_MISSING: _(
            "{name}: no sound comes out, so no call is heard. Check the loudspeaker’s cable and "
            "its switch, then restart the screen’s computer."
        ),
        TroubleCode.VOICE_INCOMPLETE: _(
            "{name}: {left} words of the voice cannot be played. Import the voice of your office "
            "anew, or have the technician look at it."
        ),
        TroubleCode.CLOCK_WRONG: _(
            "{name}: the clock of the screen’s computer is wrong. Have the technician set it, and "
            "let it get the time over the network."
        ),
    }


def trouble_words(trouble: Trouble, name: str) -> str:
    """A trouble of a device as a sentence that says what to do next."""
    words = trouble_sentences()[trouble.code].format(name=name, left=trouble.left)
    if trouble.code is TroubleCode.PAPER_LOW and trouble.left:
        words += " " + _("About {n} slips are left.").format(n=trouble.left)
    return words
