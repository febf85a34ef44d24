"""What is asked before something is done to an account or a token that cannot be taken back by
itself: one page, which says what happens to whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, url_for

from queue_server.domain.access.accounts import User
from queue_server.domain.office.office import Office
from queue_server.web.edge.locale import gettext as _


@dataclass(frozen=True)
class Question:
    """A question. `about` is whom or what it is about, `happens` what follows one by one, `advice`
    what to think of first; `changes` are label, before and after. The form at `action` carries
    `fields`; who says no goes to `keep`, and one step up by `back`, an address and its name.
    """

    title: str
    about: str
    lead: str
    yes: str
    action: str
    keep: str
    back: tuple[str, str]
    happens: Sequence[str] = ()
    advice: str = ""
    changes: Sequence[tuple[str, str, str]] = ()
    fields: Sequence[tuple[str, str]] = ()
    is_danger: bool = False


def ask(question: Question, office: Office | None = None) -> str:
    """The page."""
    return render_template("account/sure.html", question=question, office=office)


def ask_closing(office: Office, user: User) -> str:
    """Before an account is closed."""
    title, happens = _("Close this account?"), (*_signed_out_and_cut_off(), _counter_stays())
    lead = _("%(name)s (%(username)s) can no longer sign in.", **_names(user))
    return ask(
        Question(
            title,
            user.name,
            lead,
            _("Yes, close it"),
            url_for("accounts.do_close_account", user_id=user.id),
            *_to_list(office),
            happens=happens,
            advice=_("You can open the account again later."),
            fields=[("office", office.code)],
            is_danger=True,
        ),
        office,
    )


def ask_new_password(office: Office, user: User) -> str:
    """Before a new password takes the place of the present one."""
    lead = _(
        "%(name)s (%(username)s) gets a new password, which the next page shows once.",
        **_names(user),
    )
    return ask(
        Question(
            _("Set a new password?"),
            user.name,
            lead,
            _("Yes, set a new one"),
            url_for("accounts.set_new_password", user_id=user.id),
            *_to_list(office),
            advice=_(
                "The present password stops working at once, and this person is signed out "
                "everywhere."
            ),
            fields=[("office", office.code)],
        ),
        office,
    )


def ask_resetting_factor(office: Office, user: User) -> str:
    """Before a second factor is taken away."""
    lead = _("%(name)s (%(username)s) can then sign in with the password alone.", **_names(user))
    return ask(
        Question(
            _("Reset the second factor?"),
            user.name,
            lead,
            _("Yes, reset it"),
            url_for("accounts.do_reset_factor", user_id=user.id),
            *_to_list(office),
            happens=(
                _("The app, the passkeys and the recovery codes stop working at once."),
                _signed_out(),
                _("It stands in the log with your name."),
            ),
            advice=_(
                "Do it only for somebody whom you see or whose voice you know: whoever asks in "
                "their name may have their password already."
            ),
            fields=[("office", office.code)],
            is_danger=True,
        ),
        office,
    )


def ask_moving(
    office: Office,
    user: User,
    changes: Sequence[tuple[str, str, str]],
    fields: Sequence[tuple[str, str]],
) -> str:
    """Before an account gets another role or other offices; `fields` say which."""
    keep, _back = _to_list(office)
    return ask(
        Question(
            _("Change this account?"),
            user.name,
            _("This is the account of %(name)s (%(username)s).", **_names(user)),
            _("Yes, change it"),
            url_for("accounts.change_role", user_id=user.id),
            keep,
            (url_for("accounts.role", user_id=user.id, office=office.code), _("Role and offices")),
            happens=(*_signed_out_and_cut_off(), _counter_stays()),
            changes=changes,
            fields=[("office", office.code), ("sure", "1"), *fields],
        ),
        office,
    )


def ask_revoking(token_id: str, name: str) -> str:
    """Before a token of one's own is revoked."""
    tokens = url_for("tokens.show")
    return ask(
        Question(
            _("Revoke this token?"),
            name,
            _("Programs that use “%(name)s” are refused within two seconds, for good.", name=name),
            _("Yes, revoke it"),
            url_for("tokens.revoke", token_id=token_id),
            tokens,
            (tokens, _("My tokens")),
            is_danger=True,
        )
    )


def _names(user: User) -> dict[str, str]:
    return {"name": user.name, "username": user.username}


def _to_list(office: Office) -> tuple[str, tuple[str, str]]:
    """Where who says no goes, and the step up: the list of accounts."""
    staff = url_for("accounts.staff", office=office.code)
    return staff, (staff, _("Staff accounts"))


def _signed_out() -> str:
    return _("This person is signed out everywhere within two seconds.")


def _signed_out_and_cut_off() -> tuple[str, str]:
    return _signed_out(), _("Programs that act for this person are cut off for good.")


def _counter_stays() -> str:
    return _(
        "A counter that this person has open now is theirs until the end of the day: let them "
        "close it first if others need it."
    )
