"""What the pages of the staff say of calls for help at the kiosks."""

from __future__ import annotations

from typing import Any

from queue_server.domain.office.office import Office
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.staff import staff_names
from queue_server.web.edge.locale import current_language
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.refusals import refusal_words


def help_words(office: Office, who: Principal) -> dict[str, Any]:
    """Everything `help_calls.js` says, and who goes by which name."""
    return {
        "clockMark": "." if current_language() == "id" else ":",
        "staff": staff_names(office, who),
        "colleague": _("a colleague"),
        "me": who.id,
        "asks": {
            "VISITOR": _("{name}: a visitor needs help"),
            "PAPER": _("{name}: the slip does not come out"),
        },
        "since": _("since {time}"),
        "late": _("since {time}, nobody has answered"),
        "speaks": {"id": "", "en": _("speaks English")},
        "going": _("{by} is on the way, since {time}"),
        "iAmGoing": _("You are on the way. The kiosk says so."),
        "otherGoes": _("{by} is already on the way."),
        "ended": _("The call for help is over."),
        "offline": _("No connection. Nothing was done; please try again when it is back."),
        "problem": _("This did not work. Please try again."),
        "problems": {
            code: refusal_words(code, {}) for code in ("help_over", "forbidden", "unknown_help")
        },
    }
