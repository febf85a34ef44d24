"""A form that could not be taken now, to be sent once more as it was: nobody types twice because
the server was busy.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request

from .access.csrf import CSRF_FIELD, BadCsrf, admit_csrf, is_from_here
from .access.routes import Access
from .forms.booking import mask_nik
from .forms.commands import KEY_FIELD
from .locale import gettext as _

SECRET = ("password",)
"""Parts of the names of fields that no page repeats; a form with such a field is typed anew."""


@dataclass(frozen=True)
class Resend:
    """What was sent: where to, all its fields as they came, the idempotency key among them, and
    those that a person has typed.

    `shown` is name and value for the eyes of the sender.
    """

    action: str
    fields: tuple[tuple[str, str], ...]
    shown: tuple[tuple[str, str], ...]

    @property
    def once(self) -> bool:
        """Whether the form counts once however often it is sent."""
        return any(name == KEY_FIELD and value for name, value in self.fields)


def find_resend(*, is_token_old: bool = False) -> Resend | None:
    """The form of this request, if a page of ours has sent it; None for any other request.

    A stranger's page may send a form too, and would be glad to have our button under it. It cannot
    know the token, so its form is not repeated. With `is_token_old` the token is of no use any
    more, and the browser itself must say that the form comes from a page of ours.
    """
    if (
        request.method != "POST"
        or request.endpoint is None
        or request.mimetype == "application/json"
        or not request.form
    ):
        return None
    fields = tuple(
        (name, value) for name, value in request.form.items(multi=True) if name != CSRF_FIELD
    )
    if any(part in name for name, _value in fields for part in SECRET):
        return None
    access: Access | None = getattr(current_app.view_functions[request.endpoint], "access", None)
    try:
        admit_csrf(of_session=access is None or access.roles is not None)
    except BadCsrf:
        if not (is_token_old and is_from_here()):
            return None
    labels = _labels()
    shown = tuple(
        (labels[name], mask_nik(value) if name == "nik" else value)
        for name, value in fields
        if name in labels and value
    )
    return Resend(request.full_path.rstrip("?"), fields, shown)


def _labels() -> dict[str, str]:
    return {
        "name": _("Name"),
        "nik": "NIK",
        "phone": _("Mobile number"),
        "email": _("E-mail"),
        "party_size": _("People"),
        "reason": _("Why"),
    }
