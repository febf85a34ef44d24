"""The rules of a day at the office, in groups as managers set them."""

from __future__ import annotations

from queue_server.web.edge.locale import gettext as _

from .kinds import RuleGroup, RuleWords


def day_groups() -> list[RuleGroup]:
    """The door, the call order, calls, and targets, in the order of the page."""
    minutes, seconds = _("minutes"), _("seconds")
    return [
        RuleGroup(
            "door",
            _("At the door"),
            (
                RuleWords(
                    "door.check_in_early_minutes", _("Check-in opens before the time"), "", minutes
                ),
                RuleWords(
                    "door.delay_minutes_max",
                    _("Booked visitors may say that they come later by"),
                    _("The staff see it; nobody gains a place by it. 0: not at all."),
                    minutes,
                ),
                RuleWords(
                    "door.kiosk_party_max",
                    _("Largest party at the kiosk"),
                    _("Larger ones get their number from the staff."),
                    _("people"),
                ),
                RuleWords(
                    "door.kiosk_pace_seconds",
                    _("A kiosk gives one number every"),
                    _(
                        "For good; several at once are given all the same. Empty: as fast as it "
                        "can."
                    ),
                    seconds,
                ),
                RuleWords(
                    "door.kiosk_burst_numbers",
                    _("Numbers that a kiosk gives at once"),
                    _("Then it asks for a short pause."),
                    "",
                ),
                RuleWords(
                    "door.walk_in_ahead_minutes",
                    _("Places at the door, ahead"),
                    _(
                        "So that the first hour's crowd does not take the afternoon's. Empty: the "
                        "whole day."
                    ),
                    minutes,
                ),
                RuleWords(
                    "door.walk_ins_beyond_places",
                    _("Give numbers at the door even when no place is left"),
                ),
                RuleWords(
                    "door.pass_over_minutes",
                    _("A party that does not fit may be passed over for"),
                    _("After that nobody outside goes before it."),
                    minutes,
                ),
            ),
        ),
        RuleGroup(
            "order",
            _("Who is called next"),
            (
                RuleWords("calling.policy", _("Call order")),
                RuleWords(
                    "calling.grace_minutes",
                    _("Grace after the booked time"),
                    _("Who checks in by then keeps the booked time."),
                    minutes,
                ),
                RuleWords(
                    "calling.late_minutes",
                    _("Forgiven to those who come later"),
                    _("So much of the delay after the grace."),
                    minutes,
                ),
                RuleWords(
                    "calling.priority_credit_minutes",
                    _("Credit for priority"),
                    _("Elderly, disabled, pregnant and their companions count as so much earlier."),
                    minutes,
                ),
                RuleWords(
                    "calling.walk_in_offset_minutes",
                    _("Without a booking, counted later by"),
                    _("Protects those who booked."),
                    minutes,
                ),
                RuleWords(
                    "calling.ratio",
                    _("Favoured visitors for each other one"),
                    _("Counts for the order “In a ratio” alone."),
                    "",
                ),
            ),
        ),
        RuleGroup(
            "calls",
            _("Calls, missed calls and undo"),
            (
                RuleWords(
                    "calling.calls_max", _("Calls"), _("How often a visitor is called."), _("times")
                ),
                RuleWords(
                    "calling.recall_seconds",
                    _("When each call may be made"),
                    _("Counted from the first, for example 0, 60, 120."),
                    seconds,
                ),
                RuleWords(
                    "calling.missed_after_seconds",
                    _("Missed after the last call"),
                    _("Then the clerk is asked if nobody came."),
                    seconds,
                ),
                RuleWords(
                    "calling.return_minutes", _("Missed visitors may come back within"), "", minutes
                ),
                RuleWords(
                    "calling.away_minutes",
                    _("Who waits may step away once for"),
                    _("They are not called meanwhile and keep their turn. 0: not at all."),
                    minutes,
                ),
                RuleWords("calling.resume_keeps_turn", _("Visitors put on hold keep their turn")),
                RuleWords(
                    "calling.undo_minutes",
                    _("Clerks can take back their last actions for"),
                    "",
                    minutes,
                ),
            ),
        ),
        RuleGroup(
            "alerts",
            _("Targets and alerts"),
            (
                RuleWords(
                    "alerts.target_minutes",
                    _("Target wait"),
                    _("From then on the console says “Late”, from 70 percent of it on “Watch”."),
                    minutes,
                ),
                RuleWords("alerts.longest_wait_minutes", _("Alert: longest wait"), "", minutes),
                RuleWords(
                    "alerts.outside_parties",
                    _("Alert: more parties outside a full room than"),
                    "",
                    _("parties"),
                ),
                RuleWords(
                    "alerts.uncalled_minutes",
                    _("Alert: nobody called though people wait"),
                    "",
                    minutes,
                ),
                RuleWords(
                    "alerts.silent_device_minutes", _("Alert: a device is not heard"), "", minutes
                ),
                RuleWords(
                    "alerts.email",
                    _("E-mail for alerts"),
                    _(
                        "Told at once when more people are inside than the limit allows. An "
                        "address of the office; leave empty for none."
                    ),
                ),
                RuleWords(
                    "alerts.escalate_minutes",
                    _("Alerts that nobody has seen are passed on after"),
                    _("Leave empty to pass nothing on."),
                    minutes,
                ),
                RuleWords(
                    "alerts.escalate_email",
                    _("They are passed on to"),
                    _("An address of the province. Leave it empty to tell only webhooks."),
                ),
                RuleWords(
                    "alerts.quiet_from_hour",
                    _("Quiet from this hour on"),
                    _(
                        "0 to 23. Until it ends only an evacuation and too many people inside are "
                        "told by mail; leave both empty for none."
                    ),
                    _("o’clock"),
                ),
                RuleWords("alerts.quiet_until_hour", _("Quiet until this hour"), "", _("o’clock")),
                RuleWords(
                    "alerts.kiosk_numbers_per_minute",
                    _("Alert: numbers a minute, of each kiosk, more than"),
                    "",
                    "",
                ),
            ),
        ),
    ]
