"""What the layouts of a screen are called."""

from __future__ import annotations

from queue_server.web.edge.locale import gettext as _


def layout_words() -> dict[str, tuple[str, str]]:
    """What each layout is called, and what it is for."""
    return {
        "main": (_("Main hall"), _("The call in large, the calls before it, all queues")),
        "halls": (_("Two halls"), _("Two groups of counters side by side")),
        "counter": (_("One counter"), _("Only the number of one counter, very large")),
        "entry": (_("Entry"), _("Who may come in, for a screen at the door")),
    }
