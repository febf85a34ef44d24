"""The waitlist in the play: who joins, what becomes of offers, and who leaves."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from queue_server.services.booking import waitlist
from queue_server.store import tables
from queue_server.store.writer.transaction import Transaction
from tests.services import stage
from tests.services.playing import Playing, choices, parties, persons, services, some_wait

ranges = st.sampled_from([(0, 0), (0, 1), (0, 1), (1, 1), (1, 0)])
answers = st.sampled_from(["accept", "accept", "decline", "leave"])


class WaitlistRules(Playing):
    """Places given up go to those who wait, for as long as they have to answer."""

    @rule(service=services, party=parties, person=persons, priority=st.booleans(), days=ranges)
    def join(
        self, service: str, party: int, person: int, priority: bool, days: tuple[int, int]
    ) -> None:
        self.wait(service, party, person, priority, days)

    @precondition(some_wait("OFFERED"))
    @rule(choice=choices, answer=answers)
    def answer(self, choice: int, answer: str) -> None:
        """Most often by somebody who has an offer."""
        entries = list(self.model.entries.values())
        offered = [each for each in entries if each.state == "OFFERED"]
        among = offered if offered and choice % 8 else entries
        id = among[choice // 8 % len(among)].id
        with self.database.read() as connection:
            row = connection.execute(
                tables.waitlist.select().where(tables.waitlist.c.id == id)
            ).one()
            standing = waitlist.look(connection, row.code)
        real = {"accept": waitlist.accept, "decline": waitlist.decline, "leave": waitlist.leave}[
            answer
        ]
        model = {
            "accept": self.model.accept,
            "decline": self.model.decline,
            "leave": self.model.leave_list,
        }[answer]

        def do(tx: Transaction) -> None:
            real(tx, standing, stage.at(self.now))

        self.both(do, lambda: model(id, self.now))

    @precondition(lambda machine: machine.model.kept and some_wait("WAITING")(machine))
    @rule(day=st.sampled_from([0, 1]))
    def offer_kept(self, day: int) -> None:
        """What joining does for the days that are waited for."""
        made: list[int] = []
        answer = self.both(
            lambda tx: waitlist.offer_kept(tx, self.code, stage.DAYS[day], stage.at(self.now)),
            lambda: made.append(self.model.offer_kept(day, self.now)),
        )
        assert answer == made[0]
