"""Why a command was refused. The class name is the reason, `code` its stable name, `facts` what the
edge may say.

No words for people here: pages and the API turn a code and its facts into sentences.
"""

from __future__ import annotations

from typing import ClassVar


class DomainError(Exception):
    """A command refused by a rule. Nothing has changed."""

    code: ClassVar[str] = "refused"

    def __init__(self, **facts: object) -> None:
        super().__init__(", ".join(f"{name}={value}" for name, value in facts.items()))
        self.facts = facts


class BadInput(DomainError):
    """A value that cannot be right. Facts: `field`, `reason`."""

    code = "bad_input"


class Unknown(DomainError):
    """Something that does not exist here."""

    code = "unknown"


class UnknownOffice(Unknown):
    code = "unknown_office"


class UnknownService(Unknown):
    code = "unknown_service"


class UnknownSlot(Unknown):
    code = "unknown_slot"


class UnknownCounter(Unknown):
    code = "unknown_counter"


class UnknownStream(Unknown):
    code = "unknown_stream"


class UnknownCode(Unknown):
    """No ticket has this code. One answer for all codes, so that guessing teaches nothing."""

    code = "unknown_code"


class UnknownLink(UnknownCode):
    """No address is to be proved by this link."""

    code = "unknown_link"


class UnknownTicket(Unknown):
    code = "unknown_ticket"


class UnknownDevice(Unknown):
    code = "unknown_device"


class UnknownZone(Unknown):
    code = "unknown_zone"


class UnknownWebhook(Unknown):
    code = "unknown_webhook"


class UnknownUser(Unknown):
    """Nobody with this id or user name works here, as far as the caller may know."""

    code = "unknown_user"


class UnknownToken(Unknown):
    code = "unknown_token"


class UserNameTaken(DomainError):
    """Somebody else signs in by this name. Facts: `username`."""

    code = "user_name_taken"


class OwnAccount(DomainError):
    """Nobody closes the own account, or sets its password without the present one."""

    code = "own_account"


class SignInPaused(DomainError):
    """There were wrong tries; the next one has to wait. Facts: `seconds`."""

    code = "sign_in_paused"


class LogInNeeded(DomainError):
    """This is done by a person in a browser, never by a program with a token."""

    code = "log_in_needed"


class WrongCode(DomainError):
    """This is no code of the second factor that is good now, or it was used before."""

    code = "wrong_code"


class WrongPasskey(DomainError):
    """This passkey is not known here, or what it has signed is not good (any more)."""

    code = "wrong_passkey"


class IdentityTaken(DomainError):
    """Another account is linked to this person at the sign-in service."""

    code = "identity_taken"


class NoSecondFactor(DomainError):
    """Whoever must have a second factor may not be without one."""

    code = "no_second_factor"


class PasswordDistrusted(DomainError):
    """Somebody else may know this password: it signs nobody in by itself, and its holder has no
    second factor.
    """

    code = "password_distrusted"


class LastAdministrator(DomainError):
    """Nobody would be left who may manage all that this administrator may."""

    code = "last_administrator"


class SlotFull(DomainError):
    """The slot has not enough places left for the party. Facts: `slot`, `free`."""

    code = "slot_full"


class DayFull(DomainError):
    """All places of the day are taken, and the office gives no numbers beyond them. Facts: `date`;
    where a stream has given all numbers of its quota, `stream` and `quota`.
    """

    code = "day_full"


class SlotPassed(DomainError):
    """The slot has begun already. Facts: `slot`."""

    code = "slot_passed"


class SlotTooFar(DomainError):
    """The slot opens for booking later. Facts: `slot`, `opens_at`."""

    code = "slot_too_far"


class LimitReached(DomainError):
    """A limit is reached. Facts: `rule`, and `limit` where whoever asks may know; `rule` "person"
    stands for any limit of a person.
    """

    code = "limit_reached"


class ProofNeeded(DomainError):
    """Many take places now, so work or a pass in line is asked first. Facts: `seconds` of work that
    are missing, `people`.
    """

    code = "proof_needed"


class LineTooLong(DomainError):
    """So many wait in line that no further one is given for now."""

    code = "line_too_long"


class NotInService(DomainError):
    """The office or the service takes nobody now. Facts: `reason`: mode, hours."""

    code = "not_in_service"


class KioskResting(DomainError):
    """This kiosk has given many numbers in a short time. Facts: `retry_after_seconds`."""

    code = "kiosk_resting"


class HelpResting(DomainError):
    """This kiosk has called for help too often in a short time. Facts: `retry_after_seconds`."""

    code = "help_resting"


class HelpOver(DomainError):
    """The call for help has ended."""

    code = "help_over"


class PartyForStaff(DomainError):
    """So large a party gets its number from the staff and not from a kiosk. Facts: `party_size`,
    `limit`.
    """

    code = "party_for_staff"


class NumberUsed(DomainError):
    """A number on paper that somebody has been given today already. Facts: `number`."""

    code = "number_used"


class RoomFull(DomainError):
    """The party does not fit into the room now. Facts: `inside`, `limit`, `party_size`."""

    code = "room_full"


class FewerWithoutTicket(DomainError):
    """Fewer persons without a ticket are inside than are to be taken off the count. Who has a
    ticket leaves by the ticket.

    Facts: `without_ticket`, `ticketed`.
    """

    code = "fewer_without_ticket"


class AdmissionsStopped(DomainError):
    """Somebody has stopped the door: nobody is let in until it is opened again."""

    code = "admissions_stopped"


class Paused(DomainError):
    """Everything in the office stands still, so this must not happen. Facts: `kind`: PAUSE, or
    EVACUATION (everybody is sent out).
    """

    code = "paused"


class UnknownAnnouncement(Unknown):
    code = "unknown_announcement"


class UnknownAlert(Unknown):
    code = "unknown_alert"


class UnknownHelp(Unknown):
    code = "unknown_help"


class UnknownLease(Unknown):
    """This device has no such lease."""

    code = "unknown_lease"


class UnknownConflict(Unknown):
    code = "unknown_conflict"


class LeaseOver(DomainError):
    """The lease has ended before. Facts: `lease`, `state`."""

    code = "lease_over"


class LeaseElsewhere(DomainError):
    """Another installation of this device holds a live lease, as a copied disk would. Facts:
    `lease`.
    """

    code = "lease_elsewhere"


class Superseded(DomainError):
    """The kiosk has given another number in place of what this request asked for."""

    code = "superseded"


class BadReading(DomainError):
    """A sensor's reading that cannot be right; it is ignored. Facts: `reason`: backwards, jump,
    future, older, day.
    """

    code = "bad_reading"


class WrongState(DomainError):
    """The ticket is not in a state from which this action starts. Facts: `action`, `state`,
    `allowed`.
    """

    code = "wrong_state"


class AlreadyCheckedIn(DomainError):
    """The visitor had checked in before. Facts: `checked_in_at`, `number`, and `state` once the
    visitor no longer waits.
    """

    code = "already_checked_in"


class WrongOffice(DomainError):
    """The booking is for another office. Whoever has its secret code may know for which. Facts:
    `office_name`, `date`.
    """

    code = "wrong_office"


class NoPrinter(DomainError):
    """No printer of the office answers and is ready. Facts: `office`."""

    code = "no_printer"


class RemoteVisit(DomainError):
    """The visit is a call or a meeting by video: nobody comes, so nothing of the door or the room
    can be done with it. Facts: `visit`.
    """

    code = "remote_visit"


class NoBooking(DomainError):
    """The number was taken without a booking: there is nothing that a card could be compared with.
    Facts: `number`.
    """

    code = "no_booking"


class NotForThisCounter(DomainError):
    """A counter in the office serves who has come, one at home those it rings; never the other.
    Facts: `counter`, `visit`.
    """

    code = "not_for_this_counter"


class WrongDay(DomainError):
    """The ticket is for another day. Facts: `date`."""

    code = "wrong_day"


class TooEarly(DomainError):
    """The time for this action has not come yet. Facts: `action`, `opens_at`."""

    code = "too_early"


class TooLate(DomainError):
    """The time for this action has passed. Facts: `until`."""

    code = "too_late"


class RecallsUsedUp(DomainError):
    """The visitor has been called as often as the office's rule says. Facts: `limit`."""

    code = "recalls_used_up"


class CounterClosed(DomainError):
    """The counter is not open. Facts: `counter`."""

    code = "counter_closed"


class CounterTaken(DomainError):
    """Another clerk works at this counter. Facts: `counter`."""

    code = "counter_taken"


class ClerkAway(DomainError):
    """The clerk works at no counter. Facts: `clerk`."""

    code = "clerk_away"


class CounterBusy(DomainError):
    """The counter still has a visitor. Facts: `counter`, `number`."""

    code = "counter_busy"


class NotYourTicket(DomainError):
    """The ticket is at another counter. Facts: `counter`."""

    code = "not_your_ticket"


class TooManyWebhooks(DomainError):
    """The office has as many endpoints as it may have. Facts: `limit`."""

    code = "too_many_webhooks"


class TooManyTokens(DomainError):
    """Somebody has as many tokens of their own as may be. Facts: `limit`."""

    code = "too_many_tokens"


class Changed(DomainError):
    """The row was changed by somebody else since it was read."""

    code = "changed"


class SetUpOver(DomainError):
    """There is an administrator already: the first one is made once."""

    code = "set_up_over"


class OfficeCodeTaken(DomainError):
    """An office has this code, or had it: its log goes on under no other. Facts: `office`."""

    code = "office_code_taken"


class CounterIdTaken(DomainError):
    """Another office has a counter of this id. Facts: `counter`."""

    code = "counter_id_taken"


class OfficeInUse(DomainError):
    """Somebody still has something to do with an office. Facts: `visits` that are not over."""

    code = "office_in_use"


class StillInUse(DomainError):
    """What is to be taken away from an office is in use. Facts: `kind`: service, stream, zone,
    counter, or lease (a kiosk holds numbers of the stream); `name`; and for the first three `here`,
    `booked`, `wishes`: how many visits are not over.
    """

    code = "still_in_use"


class CannotUndo(DomainError):
    """A change of settings that cannot be taken back. Facts: `part`, `reason`: changed (it has been
    changed again since), over (what it was about has passed), picture (which is no longer kept).
    """

    code = "cannot_undo"


class WrongProof(DomainError):
    """The digits that prove a booking are not given, or do not match. Facts: `field`, `reason`
    (`missing` or `mismatch`), and `left`, how many more guesses the ticket bears.
    """

    code = "wrong_proof"


class ContactUnproved(DomainError):
    """So many persons can be booked for only with an e-mail address that has answered a letter.
    Facts: `party_size`, `without_proof`.
    """

    code = "contact_unproved"


class ChangesLocked(DomainError):
    """Wrong digits were given too often: this ticket is changed at the reception only."""

    code = "changes_locked"


class PairingExpired(DomainError):
    """The pairing code is too old, or was used or refused."""

    code = "pairing_expired"


class NothingToUndo(DomainError):
    """The last action cannot be taken back. Facts: `reason`: none, too_late, not_yours, no_place,
    counter_busy, booked_again.
    """

    code = "nothing_to_undo"


class KeyReused(DomainError):
    """An Idempotency-Key came again with a different request."""

    code = "key_reused"
