"""The form of the room's limit and of how its places are shared out."""

from __future__ import annotations

from queue_server.domain.office.changes import LimitChange
from queue_server.domain.office.office import Office
from queue_server.web.edge.bodies.office import LimitBody
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.locale import gettext as _

from .change_forms import Typed, read_percent

SHARES = ("online_share", "urgent_share")


def write_limit(office: Office) -> Typed:
    """The form of the room's limit and the shares as they are."""
    return {
        "people_limit": "" if office.people_limit is None else str(office.people_limit),
        "online_share": f"{round(office.rules.booking.online_share * 100, 1):g}",
        "urgent_share": f"{round(office.rules.booking.urgent_share * 100, 1):g}",
        "release_minutes": str(office.rules.booking.release_minutes),
    }


def read_limit_form(office: Office, typed: Typed) -> tuple[LimitChange | None, Errors]:
    """The change to limit and shares. The body's `limit` is `people_limit` on the page."""
    shares = {field: read_percent(typed.get(field, "")) for field in SHARES}
    # What is no share stays as typed, for the body to refuse.
    given = {
        field: typed.get(field, "") if each is None else each for field, each in shares.items()
    }
    limit = typed.get("people_limit", "").strip() or None
    release = typed.get("release_minutes", "")
    body, wrong = read_form(LimitBody, {"limit": limit, "release_minutes": release, **given}, _say)
    errors = {"people_limit" if field == "limit" else field: text for field, text in wrong.items()}
    online, urgent = (shares[field] for field in SHARES)
    if online is not None and urgent is not None and round((online + urgent) * 1000) > 1000:
        errors["urgent_share"] = _("Both shares together must not be more than 100 percent")
    if errors or body is None or online is None or urgent is None or body.release_minutes is None:
        return None, errors
    return LimitChange(body.limit, online, urgent, body.release_minutes), {}


def _say(field: str, _reason: str) -> str:
    return {
        "limit": _("Enter a whole number from 1 on, or leave it empty for no limit"),
        "release_minutes": _("Enter a number of minutes from 0 to 1440"),
    }.get(field) or _("Enter a share from 0 to 100 percent")
