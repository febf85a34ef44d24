"""Advice in the words of the request's language, with the ways on from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from flask import url_for

from queue_server.domain.booking.availability import kinds_offered, takes_bookings
from queue_server.domain.errors import UnknownService
from queue_server.domain.office.admission import admits
from queue_server.domain.office.office import Office, Service, ServiceChannel, Words
from queue_server.domain.triage.script import Advice, Outcome
from queue_server.services.triage.advising import Guidance
from queue_server.web.edge.context import now
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import in_language
from queue_server.web.edge.words.urgency import urgency_words

AT_HOME = frozenset({Outcome.ONLINE, Outcome.PARTIAL, Outcome.ASSISTED})
"""The outcomes that begin at home, so that the way online belongs to them."""


@dataclass(frozen=True)
class AdviceLink:
    """A way on. `rel` is online, book, collect, service (another one is right), urgent or phone;
    `url` an address of another site, a path on this one, or a phone number.
    """

    rel: str
    url: str
    text: str


@dataclass(frozen=True)
class AdviceWords:
    """Advice as it is shown. `bring` names what to bring, one thing a line."""

    title: str
    reasons: tuple[str, ...]
    steps: tuple[str, ...]
    bring: tuple[str, ...]
    links: tuple[AdviceLink, ...]


def _say_each(lines: Sequence[Words]) -> tuple[str, ...]:
    return tuple(in_language(each) for each in lines)


def say_advice(given: Guidance, advice: Advice, people: int = 1) -> AdviceWords:
    """Advice in words, for so many people as have been said to come. The steps of the office's own
    way online go before the script's.
    """
    own_way = given.service.online if advice.outcome in AT_HOME else None
    steps = in_language(own_way.steps).strip().splitlines() if own_way else []
    return AdviceWords(
        in_language(advice.title),
        _say_each(advice.reasons),
        tuple(each.strip() for each in steps) or _say_each(advice.steps),
        tuple(_list_bring(given.service, advice)),
        tuple(_list_links(given, advice, people)),
    )


def _list_bring(service: Service, advice: Advice) -> Iterator[str]:
    own = in_language(advice.bring)
    if not own and _needs_papers(service, advice):
        own = in_language(service.requirements)
    if own:
        yield own
    if advice.urgency is not None:
        yield urgency_words()[advice.urgency][1] + "."


def _needs_papers(service: Service, advice: Advice) -> bool:
    """Whether the service's own papers are needed: not where it is not had at all, as a document
    that needs no legalisation is not legalised online.
    """
    if advice.outcome is Outcome.ONLINE:
        return service.channel is not ServiceChannel.MUST_COME
    return advice.outcome not in (Outcome.ELSEWHERE, Outcome.ASSISTED)


def _list_links(given: Guidance, advice: Advice, people: int) -> Iterator[AdviceLink]:
    office, service = given.office, given.service
    if service.online is not None and advice.outcome in AT_HOME:
        text = {
            Outcome.ONLINE: _("Do it online"),
            Outcome.PARTIAL: _("Apply online"),
            Outcome.ASSISTED: _("Ask online"),
        }[advice.outcome]
        yield AdviceLink("online", service.online.url, text)
    if advice.outcome in (Outcome.VISIT, Outcome.URGENT):
        url = booking_path(office, service, advice.urgency, people=people)
        yield AdviceLink("book", url, _("Choose a day and time"))
    if advice.outcome is Outcome.PARTIAL:
        collecting = find_service(office, advice.collect) or service
        url = booking_path(office, collecting, people=people)
        yield AdviceLink("collect", url, _("Choose a time to collect it"))
    other = find_service(office, advice.instead)
    if other is not None:
        url = url_for("public.triage", office_code=office.code, service=other.code)
        text = _("Go to: %(service)s", service=in_language(other.name))
        yield AdviceLink("service", url, text)
    if office.phone:
        dialled = office.phone.replace(" ", "").replace("-", "")
        yield AdviceLink("phone", f"tel:{dialled}", _("Call %(phone)s", phone=office.phone))


def find_service(office: Office, code: str | None) -> Service | None:
    """A service that a script names, where the office has it."""
    try:
        return None if code is None else office.service(code)
    except UnknownService:
        return None


def booking_path(
    office: Office, service: Service, urgency: str | None = None, *, people: int = 1
) -> str:
    """Where a visit for a service is booked, as far as the office takes any: the days, or first the
    reason of an urgent case where no others are taken.
    """
    lead = partial(
        url_for,
        office_code=office.code,
        service=service.code,
        party_size=people if people > 1 else None,
    )
    if urgency is not None and takes_bookings(office, service, now(), urgent=True):
        return lead("public.choose_day", urgency=urgency)
    if kinds_offered(office, service, now(), urgent=False):
        return lead("public.choose_day")
    urgent = 1 if takes_bookings(office, service, now(), urgent=True) else None
    return lead("public.choose_service", urgent=urgent)


@dataclass(frozen=True)
class Override:
    """The way for whoever wants to come all the same: always there. `hint` says what is possible
    in the mode that rules now.
    """

    url: str
    text: str
    hint: str


def say_override(given: Guidance, people: int = 1) -> Override:
    """How somebody comes all the same."""
    office, service = given.office, given.service
    if admits(office, service, urgent=False, at=now()):
        hint = _("You may come all the same. An officer helps you, and it costs nothing.")
    elif takes_bookings(office, service, now(), urgent=False):
        hint = _("Not today, but visits will be possible again. You can choose a time now.")
    elif kinds_offered(office, service, now(), urgent=False):
        hint = _("For now this can be had by phone or video. You choose a time on the next page.")
    elif takes_bookings(office, service, now(), urgent=True):
        hint = _("For now visits are for urgent cases. You choose your reason on the next page.")
    else:
        hint = _("For now nobody can be received. Please call the office.")
    return Override(booking_path(office, service, people=people), _("Still want to come?"), hint)
