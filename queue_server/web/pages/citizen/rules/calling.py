"""What visitors are told of the rules of calling: whose turn it is, and missed calls."""

from __future__ import annotations

from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import CallPolicy, Rules
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext
from queue_server.web.edge.words.units import minutes_words, seconds_words


def tell_order(office: Office) -> list[str]:
    """When one may check in, and in which order visitors are called."""
    rules = office.rules
    sentences = [
        _(
            "You can check in from %(minutes)s before your time, once the doors are open.",
            minutes=minutes_words(rules.door.check_in_early_minutes),
        )
    ]
    if rules.calling.policy is CallPolicy.FIFO:
        sentences.append(
            _(
                "Visitors are called in the order in which they came. Bookings and priority make "
                "no difference."
            )
        )
    else:
        sentences += _tell_turn_times(rules)
    sentences.append(_("Whoever comes late is never turned away."))
    if office.people_limit is not None:
        sentences.append(
            _(
                "If your party is first at the door and too large for the room just then, smaller "
                "ones may go in before it for at most "
                "%(minutes)s.",
                minutes=minutes_words(rules.door.pass_over_minutes),
            )
        )
    sentences.append(
        _(
            "The office aims to call everybody within %(minutes)s.",
            minutes=minutes_words(rules.alerts.target_minutes),
        )
    )
    return sentences


def _tell_turn_times(rules: Rules) -> list[str]:
    grace = minutes_words(rules.calling.grace_minutes)
    sentences = [
        _("With a booking, your turn is the booked time if you check in by then.")
        if rules.calling.grace_minutes == 0
        else _(
            "With a booking, your turn is the booked time if you check in at most %(grace)s after "
            "it.",
            grace=grace,
        ),
        _("If you come later than that, your turn is the time when you check in.")
        if rules.calling.late_minutes == 0
        else _(
            "If you come later than that, your turn is %(minutes)s before the time when you check "
            "in, and at the earliest %(grace)s after"
            " the booked time.",
            minutes=minutes_words(rules.calling.late_minutes),
            grace=grace,
        ),
        _("Without a booking, your turn is the time when you take your number.")
        if rules.calling.walk_in_offset_minutes == 0
        else _(
            "Without a booking, your turn is %(minutes)s after you take your number.",
            minutes=minutes_words(rules.calling.walk_in_offset_minutes),
        ),
    ]
    if rules.calling.policy is CallPolicy.STRICT:
        sentences.append(
            _(
                "Elderly, disabled and pregnant visitors, and who comes with them, are called "
                "before all others."
            )
        )
    elif rules.calling.policy is CallPolicy.RATIO:
        sentences.append(
            ngettext(
                "After each visitor with priority (elderly, disabled, pregnant, and who comes with "
                "them) or with a booking kept on time, one"
                " other visitor is called.",
                "After every %(num)s visitors with priority (elderly, disabled, pregnant, and who "
                "comes with them) or with a booking kept on"
                " time, one other visitor is called.",
                rules.calling.ratio,
            )
        )
    elif rules.calling.priority_credit_minutes:
        sentences.append(
            _(
                "For elderly, disabled and pregnant visitors, and who comes with them, the turn is "
                "%(minutes)s earlier.",
                minutes=minutes_words(rules.calling.priority_credit_minutes),
            )
        )
    sentences.append(
        _("The earliest turn is called first. Only you can move your turn, by when you come.")
    )
    return sentences


def tell_missed(rules: Rules) -> list[str]:
    """How often one is called, and what whoever missed it may do."""
    again = rules.calling.recall_seconds[1 : rules.calling.calls_max]
    sentences = [
        ngettext(
            "You are called once.", "You are called up to %(num)s times.", rules.calling.calls_max
        )
    ]
    if again:
        times = ", ".join(seconds_words(each) for each in again)
        sentences.append(
            _(
                "Repeat calls come no earlier than this long after the first: %(times)s.",
                times=times,
            )
        )
    if rules.calling.return_minutes:
        sentences.append(
            _(
                "If you have missed your calls, come to the desk within %(minutes)s: your turn is "
                "then the time of your return.",
                minutes=minutes_words(rules.calling.return_minutes),
            )
        )
    else:
        sentences.append(_("If you have missed your calls, please take a new number."))
    if rules.calling.away_minutes:
        sentences.append(
            _(
                "While you wait you may step away once, for %(minutes)s: you are not called then "
                "and keep your turn.",
                minutes=minutes_words(rules.calling.away_minutes),
            )
        )
    sentences.append(
        _(
            "If your visit is put on hold, for example because a paper is missing, you keep your "
            "turn."
        )
        if rules.calling.resume_keeps_turn
        else _(
            "If your visit is put on hold, for example because a paper is missing, your turn is "
            "when you are back."
        )
    )
    return sentences
