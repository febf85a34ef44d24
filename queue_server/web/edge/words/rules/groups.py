"""Every published rule with its name, in the groups of the managers' page."""

from __future__ import annotations

from queue_server.web.edge.locale import gettext as _

from .booking import booking_groups
from .day import day_groups
from .kinds import RuleGroup, RuleWords


def rule_groups() -> list[RuleGroup]:
    """Every rule that the managers' page sets, in the order of the page."""
    return [*booking_groups(), *day_groups(), _message_group()]


def _message_group() -> RuleGroup:
    return RuleGroup(
        "messages",
        _("Messages to visitors"),
        (
            RuleWords(
                "messages.reminder_hours",
                _("The second reminder comes before the visit by"),
                _("The first comes a day before. None comes at night."),
                _("hours"),
            ),
            RuleWords(
                "messages.ahead_parties",
                _("“Your turn is near” is sent when so many are left before"),
                "",
                _("parties"),
            ),
            RuleWords(
                "messages.phone_daily_max",
                _("Messages by telephone in a day, at most"),
                _("They cost money. What is not sent any more is listed for you."),
                _("messages"),
            ),
            RuleWords(
                "messages.urgent_reserve_percent",
                _("Of these, kept for calls and lost times"),
                "",
                _("percent"),
            ),
        ),
    )


def data_group() -> RuleGroup:
    """The rules that the page on personal data sets."""
    return RuleGroup(
        "data",
        _("Visitors' data"),
        (
            RuleWords(
                "privacy.personal_data_days",
                _("Names and contacts are kept after a visit"),
                _("Then they are erased for good."),
                _("days"),
            ),
            RuleWords(
                "privacy.message_days",
                _("Which message went when is kept for"),
                _("Never its words and its address."),
                _("days"),
            ),
            RuleWords(
                "privacy.device_log_days",
                _("Alerts that are over are kept for"),
                _("With who of the staff has seen them."),
                _("days"),
            ),
            RuleWords(
                "privacy.backup_days",
                _("A backup is kept for at most"),
                _("The nightly backup deletes older ones."),
                _("days"),
            ),
        ),
    )


def rule_labels() -> dict[str, str]:
    """What every rule is called that a manager can set, on whichever page."""
    groups = [*rule_groups(), data_group()]
    return {each.name: each.label for group in groups for each in group.rules} | {
        "booking.online_share": _("Places booked ahead"),
        "booking.urgent_share": _("Places for urgent cases"),
        "booking.release_minutes": _("Unused places open to everyone before the time"),
    }
