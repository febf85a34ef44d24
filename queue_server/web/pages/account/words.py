"""The words of accounts: what a role may do, and what is wrong with a name or a password."""

from __future__ import annotations

from queue_server.domain.access.accounts import PASSWORD_LONGEST, PASSWORD_SHORTEST, Role
from queue_server.domain.access.personal_tokens import TokenScope
from queue_server.domain.errors import BadInput
from queue_server.web.edge.context import context, list_offices
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.locale import gettext as _

FALLBACK_ZONE = "Asia/Jakarta"


def find_zone(office: str | None) -> str:
    """The zone in which somebody reads moments: that of the own office, or of the first one."""
    if office:
        return context().database.find_office(office).zone
    return next((each.zone for each in list_offices()), FALLBACK_ZONE)


def role_hint(role: str) -> str:
    """What a role lets somebody do."""
    return {
        Role.CLERK.value: _("Calls and serves visitors at a counter and at reception."),
        Role.RECEPTION.value: _("Works at reception and at the door, and at no counter."),
        Role.GUARD.value: _("Works at the door, and opens no other page."),
        Role.SUPERVISOR.value: _(
            "As a clerk, and sees the whole office with its waits and alerts."
        ),
        Role.MANAGER.value: _("As a supervisor, and sets hours, limits, rules and these accounts."),
        Role.AUDITOR.value: _(
            "Reads the log, the manual actions and the reports. Changes nothing."
        ),
        Role.PROVINCE.value: _(
            "Watches over offices, and changes their service mode, notices, hours and limits."
        ),
        Role.ADMIN.value: _("Manages everything, with the accounts of all roles."),
    }.get(role, "")


def scope_words(scope: str) -> str:
    """What a personal token may do."""
    return {
        TokenScope.READ.value: _("Read only"),
        TokenScope.ROLE.value: _("Everything that I may do"),
    }.get(scope, scope)


def scope_hint(scope: str) -> str:
    """What that means."""
    return {
        TokenScope.READ.value: _("For lists, figures and reports. Nothing can be changed with it."),
        TokenScope.ROLE.value: _(
            "But no accounts, passwords, tokens or pairing of devices. Only where a program has to "
            "change something."
        ),
    }.get(scope, "")


def account_error_words(refused: BadInput) -> str:
    """A sentence about a name, a role or a password that says what to do."""
    field, reason = str(refused.facts.get("field")), str(refused.facts.get("reason"))
    return {
        ("name", "missing"): _("Enter the name"),
        ("name", "characters"): _("Enter the name in letters"),
        ("username", "missing"): _("Enter a user name"),
        ("username", "characters"): _(
            "Use letters from a to z, digits, dots and hyphens only, without spaces"
        ),
        ("role", "choice"): _("Choose a role"),
        ("password", "too_short"): _(
            "Enter a new password of at least %(num)s characters", num=PASSWORD_SHORTEST
        ),
        ("password", "too_long"): _(
            "Enter a new password of at most %(num)s characters", num=PASSWORD_LONGEST
        ),
        ("password", "common"): _(
            "This password is easily guessed. Please choose another one, such as four unrelated "
            "words"
        ),
        ("password", "user_name"): _(
            "The password must not be your user name. Please choose another one"
        ),
    }.get((field, reason)) or bad_input_words(field, reason)
