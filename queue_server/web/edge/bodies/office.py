"""What managers send to change an office: hours, limit, mode, and what the public is told."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, Base64Bytes, Field, StringConstraints, model_validator

from queue_server.domain.office.descriptions import SEARCH_WORDS_MAX, STEP_MAX, STEPS_MAX, URL_MAX
from queue_server.domain.office.settings.quotas import QUOTA_MAX
from queue_server.domain.office.settings.structure import COUNTERS_MAX, SERVICES_MAX, STREAMS_MAX
from queue_server.domain.office.slip_design import LINES_MAX, UPLOAD_BYTES_MAX

from .base import Body, Query
from .kinds import PRINTABLE, Day, Language, Line, Moment, Text, Word

WEEK_MOST, SEASONS_MOST, DAYS_MOST, STRETCHES_MOST = 42, 20, 400, 6


def _plain_minutes(clock: time) -> time:
    if clock.tzinfo is not None or clock.second or clock.microsecond:
        raise ValueError("a local time in whole minutes, such as 08:00")
    return clock


Clock = Annotated[time, AfterValidator(_plain_minutes)]
Share = Annotated[float, Field(ge=0, le=1)]


class ModeBody(Body):
    """The new service mode of the office or of one service: from when, until when, and a public
    notice by language.

    Without a start it begins at once, without an end it holds until it is decided anew.
    """

    mode: Literal["NORMAL", "ONLINE_FIRST", "URGENT_ONLY", "CLOSED"]
    service: Word | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    review_on: Day | None = None
    notice: dict[Language, Text] = Field(default_factory=dict)


class ChangeBody(Body):
    """A change: with `dry_run` it is only shown; with `revision` it is refused if the office has
    changed since that dry run.
    """

    dry_run: bool = False
    revision: Annotated[int, Field(ge=1, le=2**31, strict=True)] | None = None


class ModeChangeBody(ModeBody, ChangeBody):
    """The new service mode of the office or of one service: from when, until when, and a public
    notice by language.

    Without a start it begins at once, without an end it holds until it is decided anew.
    """


class StretchBody(Body):
    """One stretch of opening time on a date, local wall clock."""

    opens: Clock
    closes: Clock


class OpeningBody(StretchBody):
    """One stretch of opening time on a weekday, 0 (Monday) to 6."""

    weekday: Annotated[int, Field(ge=0, le=6, strict=True)]


class SeasonBody(Body):
    """Other weekly hours from a first to a last date."""

    name: Annotated[Line, Field(min_length=1)]
    first: Day
    last: Day
    openings: Annotated[list[OpeningBody], Field(max_length=WEEK_MOST)]


class DayBody(Body):
    """The hours of one date: no openings mean closed, null that the date has no hours of its own
    any more.
    """

    date: Day
    openings: Annotated[list[StretchBody], Field(max_length=STRETCHES_MOST)] | None
    reason: dict[Language, Line] = Field(default_factory=dict)


class HoursBody(ChangeBody):
    """New hours. A layer that is left out stays; of `days` only the dates that are named change."""

    week: Annotated[list[OpeningBody], Field(max_length=WEEK_MOST)] | None = None
    seasons: Annotated[list[SeasonBody], Field(max_length=SEASONS_MOST)] | None = None
    days: Annotated[list[DayBody], Field(max_length=DAYS_MOST)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_of_each_date(self) -> HoursBody:
        dates: list[date] = [each.date for each in self.days]
        if len(set(dates)) != len(dates):
            raise ValueError("a date is given twice")
        return self


class HolidaysBody(ChangeBody):
    """The year whose public holidays become days of the office."""

    year: Annotated[int, Field(ge=2000, le=2099, strict=True)]


class LimitBody(ChangeBody):
    """The most persons inside, null for no limit, and how places are shared out; a share that is
    left out stays.
    """

    limit: Annotated[int, Field(ge=1, le=9_999, strict=True)] | None
    online_share: Share | None = None
    urgent_share: Share | None = None
    release_minutes: Annotated[int, Field(ge=0, le=1_440, strict=True)] | None = None


class TriageFiguresQuery(Query):
    """How many days up to today."""

    days: Annotated[int, Field(ge=1, le=750)] = 28


class OnlineBody(Body):
    """Where a service is had, or applied for, without a visit, and its steps in order."""

    url: Annotated[str, StringConstraints(max_length=URL_MAX, pattern=PRINTABLE)]
    steps: dict[
        Language,
        Annotated[
            list[Annotated[str, StringConstraints(max_length=STEP_MAX, pattern=PRINTABLE)]],
            Field(max_length=STEPS_MAX),
        ],
    ]


class DescribeServiceBody(Body):
    """What the public is told of a service. What is left out stays; `online` null takes its way
    online away. With `revision` it is refused if the office has changed since.
    """

    summary: dict[Language, Line] | None = None
    requirements: dict[Language, Text] | None = None
    channel: Literal["MUST_COME", "HYBRID", "EITHER", "ONLINE"] | None = None
    online: OnlineBody | None = None
    search_words: Annotated[list[Line], Field(max_length=SEARCH_WORDS_MAX)] | None = None
    revision: Annotated[int, Field(ge=1, le=2**31, strict=True)] | None = None


SlipLines = Annotated[str, StringConstraints(max_length=LINES_MAX, pattern=PRINTABLE)]


class SlipDesignBody(Body):
    """What the office adds to its slips. What is left out stays; `logo` is a PNG or JPEG file in
    base64, null takes it away. With `revision` it is refused if the office has changed since.
    """

    header: dict[Language, SlipLines] | None = None
    footer: dict[Language, SlipLines] | None = None
    logo: Annotated[Base64Bytes, Field(max_length=UPLOAD_BYTES_MAX)] | None = None
    revision: Annotated[int, Field(ge=1, le=2**31, strict=True)] | None = None


class CoordinatesBody(Body):
    """A point on the map, in degrees north and east (WGS 84)."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class DescribeOfficeBody(Body):
    """What the public is told of an office. What is left out stays; `coordinates` or `wheelchair`
    null takes it away. With `revision` it is refused if the office has changed since.
    """

    address: Annotated[Line, Field(min_length=1)] | None = None
    phone: Line | None = None
    coordinates: CoordinatesBody | None = None
    wheelchair: Literal["FULL", "WITH_HELP", "NONE"] | None = None
    parking: dict[Language, Text] | None = None
    directions: dict[Language, Text] | None = None
    revision: Annotated[int, Field(ge=1, le=2**31, strict=True)] | None = None


Names = dict[Language, Line]
Quota = Annotated[int, Field(ge=0, le=QUOTA_MAX, strict=True)] | None


class StreamBody(Body):
    """A queue: how many visits may have a place in one slot, and how many numbers it gives on one
    day to those without a booking; null: as many as there is room for.
    """

    letter: Line
    name: Names
    slot_quota: Quota = None
    walk_in_quota: Quota = None


class ServiceBody(Body):
    """A service: its queue, its planned minutes, and the number that whoever books must give. What
    the public reads of a known one stays; a new one needs a `summary`.
    """

    code: Line
    letter: Line
    name: Names
    minutes: Annotated[int, Field(strict=True)]
    identity: Literal["NIK", "PASSPORT", "NIK_OR_PASSPORT"] = "NIK"
    summary: Names = Field(default_factory=dict)


class CounterBody(Body):
    """A counter and the queues that it serves; one without an `id` is new."""

    id: Line | None = None
    name: Line
    letters: Annotated[list[Line], Field(max_length=STREAMS_MAX)]


class StructureBody(ChangeBody):
    """Whole layers of an office, in their order; one that is left out stays. What is missing in a
    layer is taken away, unless it is in use.
    """

    streams: Annotated[list[StreamBody], Field(max_length=STREAMS_MAX)] | None = None
    services: Annotated[list[ServiceBody], Field(max_length=SERVICES_MAX)] | None = None
    counters: Annotated[list[CounterBody], Field(max_length=COUNTERS_MAX)] | None = None


class HistoryQuery(Query):
    """The changes before a revision, the newest first, at most `limit`."""

    before: Annotated[int, Field(ge=1, le=2**31)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
