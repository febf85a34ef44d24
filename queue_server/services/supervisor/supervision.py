"""What a supervisor does: stop and resume everything, lend counters to other streams, tell the
lobby something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from queue_server.domain.errors import BadInput, LimitReached
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Counter
from queue_server.domain.visit.office_day import OfficeDay, go_on, stop_everything
from queue_server.domain.visit.standstill import Pause
from queue_server.services.door.admission import admit_who_fit
from queue_server.store.supervisor import announcements as announcement_store
from queue_server.store.supervisor.announcements import Announcement
from queue_server.store.writer.transaction import Transaction

ANNOUNCEMENT_LENGTH_MAX = 140
ANNOUNCEMENTS_MAX = 5
ANNOUNCED_AHEAD_MAX = timedelta(days=31)
LANGUAGES = ("id", "en")


def pause(
    tx: Transaction,
    office: str,
    kind: Pause,
    reason: str,
    by: str,
    now: datetime,
    *,
    drill: bool = False,
) -> OfficeDay:
    """Let everything stand still, as `standstill.REFUSED` says for its kind. `drill`: the
    evacuation is only practised.

    The same again changes nothing; a pause may become an evacuation, and a drill a real one. The
    command must declare today. Raises `BadInput` for a pause without a reason (nobody is asked for
    one who sends people out), `Paused` for a pause while people are sent out.
    """
    why = reason.strip() if kind is Pause.EVACUATION else admit_reason(reason)
    today = tx.office(office).date_at(now)
    day = tx.day(office, today)
    stopped = stop_everything(day, kind, drill)
    if stopped is day:
        return day
    tx.put_day(stopped)
    facts = {
        "by": by,
        "reason": why,
        "changed": {"paused": [day.paused and day.paused.value, kind.value]},
    }
    practised = {"drill": True} if stopped.drill else {}
    tx.record(Event(EventType.SERVICE_PAUSED, office, today, now, None, facts | practised))
    return tx.day(office, today)


def resume(
    tx: Transaction, office: str, reason: str, by: str, now: datetime, *, meant: Pause | None = None
) -> OfficeDay:
    """Go on where everything stood still, and let in who may come in. Repeating it changes nothing.
    The command must declare today.

    `meant` is the standstill that shall end; None for whichever there is. A door that was stopped
    by itself stays stopped. Raises `Paused` when another one holds by now.
    """
    today = tx.office(office).date_at(now)
    day = tx.day(office, today)
    going = go_on(day, meant)
    if going is day or day.paused is None:
        return day
    tx.put_day(going)
    facts = {"by": by, "reason": reason.strip(), "changed": {"paused": [day.paused.value, None]}}
    practised = {"drill": True} if day.drill else {}
    tx.record(Event(EventType.SERVICE_RESUMED, office, today, now, None, facts | practised))
    admit_who_fit(tx, office, today, now)
    return tx.day(office, today)


def set_streams(
    tx: Transaction,
    office: str,
    counter: str,
    letters: Sequence[str],
    reason: str,
    by: str,
    now: datetime,
) -> Counter:
    """Let a counter serve these streams for the rest of today; its usual ones, or none given, end
    that.

    Calls, waits and the counters shown as serving a stream follow at once; who is at the counter
    stays. The command must declare today. Raises `UnknownCounter`, `UnknownStream`, `BadInput`
    without a reason, and for a stream of calls at a counter in the office or the other way round.
    """
    settings = tx.office(office)
    today = settings.date_at(now)
    usual = settings.counter(counter)
    day = tx.day(office, today)
    wanted = {settings.stream(each).letter for each in letters} or set(usual.letters)
    if any(settings.stream(each).remote is not usual.remote for each in wanted):
        raise BadInput(field="letters", reason="remote" if usual.remote else "not_remote")
    chosen = "".join(each.letter for each in settings.streams if each.letter in wanted)
    before = day.counter(usual)
    if set(before.letters) == wanted:
        return before
    why = admit_reason(reason)
    others = {id: own for id, own in day.own_letters.items() if id != counter}
    tx.put_day(
        replace(
            day, own_letters=others if wanted == set(usual.letters) else {**others, counter: chosen}
        )
    )
    facts = {
        "counter": counter,
        "by": by,
        "reason": why,
        "changed": {"letters": ["".join(before.letters), chosen]},
    }
    tx.record(Event(EventType.COUNTER_STREAMS_CHANGED, office, today, now, None, facts))
    return tx.day(office, today).counter(usual)


def announce(
    tx: Transaction,
    office: str,
    text: Mapping[str, str],
    starts_at: datetime | None,
    ends_at: datetime,
    id: str,
    by: str,
    now: datetime,
) -> Announcement:
    """Show a text on the screens of an office, in both languages, from a moment (None: now) until
    another.

    The command must declare today. Raises `BadInput` for a text that is missing, long or not one
    plain line, or for times that cannot be; `LimitReached` when as many are kept already as anybody
    would read.
    """
    words = {language: _admit_text(language, text.get(language, "")) for language in LANGUAGES}
    begins = max(starts_at or now, now)
    if ends_at <= begins:
        raise BadInput(field="ends_at", reason="order")
    if ends_at > now + ANNOUNCED_AHEAD_MAX:
        raise BadInput(field="ends_at", reason="range", days=ANNOUNCED_AHEAD_MAX.days)
    if len(announcement_store.list_live(tx, office, now)) >= ANNOUNCEMENTS_MAX:
        raise LimitReached(rule="announcements", limit=ANNOUNCEMENTS_MAX)
    made = Announcement(id, office, words, begins, ends_at, now, by)
    announcement_store.add(tx, made)
    facts = {
        "announcement": id,
        "by": by,
        "text": words,
        "starts_at": begins.isoformat(),
        "ends_at": ends_at.isoformat(),
    }
    tx.record(Event(EventType.ANNOUNCED, office, tx.office(office).date_at(now), now, None, facts))
    return made


def end_announcement(
    tx: Transaction, office: str, announcement: str, by: str, now: datetime
) -> Announcement:
    """Take an announcement off the screens; one that is over already stays as it is. The command
    must declare today.

    Raises `UnknownAnnouncement`.
    """
    shown = announcement_store.find(tx, office, announcement)
    if shown.ends_at <= now:
        return shown
    announcement_store.end(tx, shown, now)
    facts = {"announcement": shown.id, "by": by, "text": dict(shown.text)}
    tx.record(
        Event(
            EventType.ANNOUNCEMENT_ENDED, office, tx.office(office).date_at(now), now, None, facts
        )
    )
    return replace(shown, ends_at=now, starts_at=min(shown.starts_at, now))


def admit_reason(reason: str) -> str:
    """A reason without the space around it. Raises `BadInput` for none."""
    stripped = reason.strip()
    if not stripped:
        raise BadInput(field="reason", reason="missing")
    return stripped


def _admit_text(language: str, text: str) -> str:
    stripped = text.strip()
    if not stripped:
        raise BadInput(field=f"text_{language}", reason="missing")
    if len(stripped) > ANNOUNCEMENT_LENGTH_MAX:
        raise BadInput(field=f"text_{language}", reason="length", high=ANNOUNCEMENT_LENGTH_MAX)
    if not stripped.isprintable():
        raise BadInput(field=f"text_{language}", reason="format")
    return stripped
