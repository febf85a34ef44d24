"""What must hold after every step of the play, read from the database."""

from __future__ import annotations

from typing import Any

from hypothesis.stateful import invariant

from queue_server.domain.counter.call_log import explain_calls
from queue_server.store.visit import events as event_store
from tests.services import ledger, stage
from tests.services.life_cycle.places_model import Claim
from tests.services.log_replay import FROM_LOG, plain, replay_tickets
from tests.services.playing import Playing


def claim_of(row: Any) -> Claim | None:
    """The places that a ticket's row says it holds."""
    if row.claim_at is None:
        return None
    return Claim(
        stage.minutes_at(row.claim_at) or 0,
        row.claim_span,
        row.claim_letter,
        row.pool,
        row.party_size,
    )


class Checks(Playing):
    """Invariants of a play."""

    @invariant()
    def everything_stored_adds_up(self) -> None:
        """Taken equals claimed; events without a gap, one for each change; the day's row as
        counted; numbers and counters once.
        """
        self.ledger.all_is_right()

    @invariant()
    def places_are_as_the_model_has_them(self) -> None:
        slots = {
            (stage.at(start), letter): (*room.offered.values(), *room.taken.values())
            for day in self.model.days.values()
            for start, slot in day.slots.items()
            for letter, room in [(None, slot.people), *slot.streams.items()]
        }
        assert self.ledger.counts == slots
        kept = {row.id: stage.minutes_at(row.public_at) for row in self.ledger.kept_places}
        assert kept == {id: each.public for id, each in self.model.kept.items()}

    @invariant()
    def a_pool_goes_beyond_its_share_only_after_the_release_or_by_planning_anew(self) -> None:
        """By the rows alone: whatever the model thinks of it."""
        beyond = self.ledger.beyond_share
        if self.plans_told() == self.was_planned:
            for ((starts_at, letter), pool), number in beyond.items():
                released = (
                    stage.minutes_at(starts_at) or 0
                ) - self.model.settings.release <= self.now
                assert released or number <= self.was_beyond.get(((starts_at, letter), pool), 0)

    @invariant()
    def tickets_are_as_the_model_has_them(self) -> None:
        found = {row.id: row for row in self.ledger.tickets}
        assert set(found) == set(self.model.visits)
        for id, visit in self.model.visits.items():
            row = found[id]
            real: tuple[object, ...] = (
                row.state,
                row.letter,
                row.service,
                row.party_size,
                row.number,
                row.place,
                row.counter,
                row.clerk,
                row.calls,
                row.wanted_counter,
                row.wanted_clerk,
                *(
                    stage.minutes_at(each)
                    for each in (row.slot, row.turn_time, row.arrived_at, row.expires_at)
                ),
                (row.date - stage.TODAY).days,
                row.extensions,
                row.reschedules,
                row.channel == "URGENT",
                claim_of(row),
            )
            model: tuple[object, ...] = (
                visit.state,
                visit.letter,
                visit.service,
                visit.party,
                visit.number,
                visit.place,
                visit.counter,
                visit.clerk,
                visit.calls,
                visit.wanted_counter,
                visit.wanted_clerk,
                visit.slot,
                visit.turn,
                visit.arrived,
                visit.expires,
                visit.day,
                visit.extended,
                visit.moves,
                visit.urgent,
                visit.claim,
            )
            if visit.state in {
                "SERVED",
                "NO_SHOW",
            }:  # where and who it was is kept on the row for the board; the model forgets it
                real, model = (*real[:6], *real[8:]), (*model[:6], *model[8:])
            assert real == model

    @invariant()
    def the_log_is_as_the_model_tells_it(self) -> None:
        for place, day in enumerate(stage.DAYS):
            assert [
                (row.type, row.ticket) for row in self.ledger.events if row.date == day
            ] == self.model.log[place]

    @invariant()
    def entries_are_as_the_model_has_them(self) -> None:
        found = {row.id: (row.state, row.offers, row.ticket) for row in self.ledger.waitlist}
        assert found == {
            each.id: (each.state, each.lapsed, each.ticket) for each in self.model.entries.values()
        }

    @invariant()
    def the_day_row_is_as_the_model_has_it(self) -> None:
        model, date = self.model, stage.DAYS[self.model.today]
        [today] = [row for row in self.ledger.office_days if row.date == date]
        assert max(today.persons_inside + today.correction, today.sensed or 0) == model.inside()
        assert (today.correction, today.sensed, today.admitting, today.paused, today.drill) == (
            model.correction,
            model.sensed,
            model.admitting,
            model.paused,
            model.drill,
        )
        assert set(today.open_counters) == set(model.clerks) - model.on_break
        assert {
            each: today.own_letters.get(each, usual) for each, usual in model.counters.items()
        } == {each: model.serves_letters(each) for each in model.counters}
        here = [row for row in self.ledger.counter_days if row.date == date and row.clerk]
        assert {row.counter: row.clerk for row in here} == model.clerks
        assert {row.counter for row in here if row.break_since is not None} == model.on_break

    @invariant()
    def the_room_is_never_filled_above_its_limit_by_us(self) -> None:
        """Only a guard's count or a sensor may, and who was finished by mistake and has stayed; and
        nobody more comes in then.
        """
        inside, limit = self.model.inside(), self.model.settings.limit
        assert (
            limit is None
            or inside <= limit
            or self.corrected
            or self.stayed
            or inside <= self.was_inside
        )

    @invariant()
    def no_count_lets_more_ticketed_people_in_than_the_limit(self) -> None:
        """Counted from the tickets alone, whatever guards and sensors have pressed and sensed: they
        never take anybody's place away.
        """
        ticketed = sum(
            row.party_size
            for row in self.ledger.tickets
            if row.place == "INSIDE" and row.date == stage.DAYS[self.model.today]
        )
        limit = self.model.settings.limit
        assert limit is None or ticketed <= limit or self.stayed or ticketed <= self.was_present

    def teardown(self) -> None:
        """What only the whole log can tell: that it alone explains every ticket as it is now, and
        every call.
        """
        if not hasattr(self, "code"):
            return
        whole = ledger.read(self.database, self.code)
        whole.all_is_right()
        assert [tuple(row) for row in whole.events] == [tuple(row) for row in self.ledger.events], (
            "nothing that was told is untold"
        )
        replayed = replay_tickets(whole.events)
        for row in whole.tickets:
            assert {name: plain(getattr(row, name)) for name in FROM_LOG} == replayed[row.id]
        with self.database.read() as connection:
            office = self.database.offices.get(connection, self.code)
            for day in stage.DAYS:
                log = event_store.list_after(connection, self.code, day, 0, 10_000)
                assert all(call.in_order or call.direct for call in explain_calls(log, office))
