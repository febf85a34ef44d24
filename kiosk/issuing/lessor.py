"""Gives numbers from the lease on disk: guarded, written down whole, then shown and printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from kiosk.link.clock import OfficeClock
from kiosk.records.journal import Entry, Journal, RequestState, Wish
from kiosk.records.leases import LeaseBook
from queue_server.protocol.leases import Lease, LeasedBooking, LeasedService, digest_code
from queue_server.protocol.messages import OfficeOffer, Slip

from .leased_offer import offer_from_lease
from .leased_slip import write_report, write_slip
from .rules import LeaseRefused, Standing, admit_booking, admit_kiosk, admit_walk_in, find_service
from .stop import Stop, StopAnswer

PACED_NUMBERS = 100
"""How many of the last numbers are looked at for the pace: many times what may be given at once."""


class Lessor:
    """The lease as the issuer and the screen use it."""

    def __init__(self, book: LeaseBook, journal: Journal, clock: OfficeClock, stop: Stop) -> None:
        self._book, self._journal, self._clock, self._stop = book, journal, clock, stop

    def give(self, key: str, superseded_key: str | None) -> None:
        """Answer the pending request `key` from the lease. What an online request may have done
        under `superseded_key` is replaced by it.

        Nothing happens to a request that has been answered or given up. Raises `LeaseRefused`,
        `JournalUnwritable`.
        """
        with self._book.records.transaction():
            entry = self._journal.entry(key)
            if entry is None or entry.state is not RequestState.PENDING:
                return
            lease, standing = self._look()
            slip = self._repeat(entry.wish, lease, standing)
            if slip is None:
                slip = self._issue(entry, lease, standing, superseded_key)
            self._journal.issue(key, slip)

    def offer(self) -> OfficeOffer:
        """What can be given from the lease now. Raises `LeaseRefused`."""
        return offer_from_lease(*self._look())

    def count_left(self, of_streams: Callable[[Iterable[int]], int] = min) -> int:
        """How many numbers the stream with the fewest has left, or with `max` the one with the
        most; -1 without a lease for today.
        """
        lease, standing = self._look()
        try:
            admitted, _ = admit_kiosk(lease, replace(standing, stopped=False))
        except LeaseRefused:
            return -1
        streams = {each.stream for each in admitted.services} | {
            each.urgent_stream for each in admitted.services
        }
        return of_streams([standing.free.get(each, 0) for each in streams] or [0])

    def is_stopped(self) -> bool:
        """Whether staff have stopped this kiosk for today."""
        return self._stop.is_on(self._clock.guess().date().isoformat())

    def notice(self, offer: OfficeOffer) -> None:
        """The server has told how the office stands. Raises `JournalUnwritable`."""
        self._stop.note_pause(offer.now[:10], paused=offer.paused is not None)

    def set_stop(self, pin: str, *, on: bool) -> StopAnswer:
        """Stop this kiosk by the staff's PIN, or lift the stop; see `Stop.set`."""
        return self._stop.set(self.lease(), pin, on=on)

    def lease(self) -> Lease | None:
        """The lease of today, by the best guess at the time."""
        return self._look()[0]

    def _look(self) -> tuple[Lease | None, Standing]:
        sure = self._clock.now()
        date = (sure or self._clock.guess()).date().isoformat()
        lease = self._book.lease_of(date)
        free = {} if lease is None else self._book.count_free(lease.lease)
        persons = {} if lease is None else self._book.count_persons(lease.lease)
        return lease, Standing(
            sure,
            free,
            persons,
            self._journal.list_given(PACED_NUMBERS),
            self._stop.is_on(date),
            self._stop.is_paused(date),
        )

    def _repeat(self, wish: Wish, lease: Lease | None, standing: Standing) -> Slip | None:
        """The slip of a booking that was checked in here before, today."""
        if wish.code is None:
            return None
        admitted, now = admit_kiosk(lease, standing)
        known = self._journal.given_for(wish.code)
        if known is None:
            return None
        checked_in_at = datetime.fromisoformat(known.checked_in_at or known.issued_at)
        return replace(known, repeated=True) if checked_in_at.date() == now.date() else None

    def _issue(
        self, entry: Entry, lease: Lease | None, standing: Standing, superseded_key: str | None
    ) -> Slip:
        wish = entry.wish
        booking: LeasedBooking | None = None
        service: LeasedService
        if wish.code is not None:
            admitted, booking = admit_booking(lease, standing, wish.code)
            service, stream = find_service(admitted, booking.service), booking.stream
        else:
            admitted, service, stream = admit_walk_in(
                lease,
                standing,
                wish.service or "",
                wish.party_size,
                urgent=wish.urgency is not None,
            )
        number = self._book.next_free(admitted.lease, stream)
        if number is None or standing.now is None:
            raise LeaseRefused("lease_used_up")
        slip = write_slip(admitted, number, service, wish, standing.now, booking)
        digest = None if wish.code is None else digest_code(admitted.key, wish.code)
        self._book.use(write_report(admitted, slip, wish, superseded_key), slip.party_size, digest)
        return slip
