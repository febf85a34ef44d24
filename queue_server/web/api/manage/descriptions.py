"""What managers tell the public of their office and its services."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response

from queue_server.domain import errors
from queue_server.domain.office.changes import DetailsChange, ServiceTold
from queue_server.domain.office.descriptions import (
    OfficeDescription,
    ServiceDescription,
    description_of,
    office_description_of,
)
from queue_server.domain.office.location import Coordinates, Location, WheelchairAccess
from queue_server.domain.office.office import OnlineWay, ServiceChannel
from queue_server.services import upkeep
from queue_server.services.office import offices
from queue_server.services.office.changes import apply_change
from queue_server.services.office.offices import OfficeView, ServiceView
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.bodies.kinds import Language
from queue_server.web.edge.bodies.office import DescribeOfficeBody, DescribeServiceBody, OnlineBody
from queue_server.web.edge.context import context, find_office, now, today_at


@operation(
    "PUT",
    "/offices/{office}/services/{service}",
    access=MANAGERS,
    tag="staff",
    body=DescribeServiceBody,
    answers={200: ServiceView},
    refusals=[errors.UnknownOffice, errors.UnknownService, errors.BadInput, errors.Changed],
)
def set_service_description(office: str, service: str, body: DescribeServiceBody) -> Response:
    """Set what the public is told of a service: what it is and needs, its channel, its way online,
    and the words by which it is found.
    """
    who, moment = admit_office(office), now()

    def describe(tx: Transaction) -> ServiceView:
        told = _read_service(body, description_of(tx.office(office).service(service)))
        change = ServiceTold(service, told)
        after = apply_change(tx, office, change, who.id, moment, body.revision)
        return offices.view_service(after, after.service(service), moment)

    return _perform(office, describe)


def _read_service(body: DescribeServiceBody, before: ServiceDescription) -> ServiceDescription:
    online = before.online
    if "online" in body.model_fields_set:
        online = None if body.online is None else _read_online(body.online)
    return ServiceDescription(
        _or(body.summary, before.summary),
        _or(body.requirements, before.requirements),
        before.channel if body.channel is None else ServiceChannel(body.channel),
        online,
        before.search_words if body.search_words is None else tuple(body.search_words),
    )


@operation(
    "PUT",
    "/offices/{office}/description",
    access=MANAGERS,
    tag="staff",
    body=DescribeOfficeBody,
    answers={200: OfficeView},
    refusals=[errors.UnknownOffice, errors.BadInput, errors.Changed],
)
def set_office_description(office: str, body: DescribeOfficeBody) -> Response:
    """Set what the public is told of an office: address, phone, where it is on the map, wheelchair
    access, parking and how to get there.
    """
    who, moment = admit_office(office), now()

    def describe(tx: Transaction) -> OfficeView:
        told = _read_office(body, office_description_of(tx.office(office)))
        change = DetailsChange(told=told)
        after = apply_change(tx, office, change, who.id, moment, body.revision)
        return offices.view_office(after, moment)

    return _perform(office, describe)


def _read_office(body: DescribeOfficeBody, before: OfficeDescription) -> OfficeDescription:
    point, wheelchair = before.location.coordinates, before.location.wheelchair
    if "coordinates" in body.model_fields_set:
        given = body.coordinates
        point = None if given is None else Coordinates(given.latitude, given.longitude)
    if "wheelchair" in body.model_fields_set:
        wheelchair = None if body.wheelchair is None else WheelchairAccess(body.wheelchair)
    return OfficeDescription(
        before.address if body.address is None else body.address,
        before.phone if body.phone is None else body.phone,
        Location(
            point,
            wheelchair,
            _or(body.parking, before.location.parking),
            _or(body.directions, before.location.directions),
        ),
    )


def _read_online(body: OnlineBody) -> OnlineWay:
    steps = {str(language): "\n".join(lines) for language, lines in body.steps.items()}
    return OnlineWay(body.url, steps)


def _perform(office: str, command: Callable[[Transaction], object]) -> Response:
    response = perform([today_at(find_office(office))], command)
    upkeep.plan_office(context().database, office, now())
    return response


def _or(given: Mapping[Language, str] | None, before: Mapping[str, str]) -> Mapping[str, str]:
    """The words given by language, plain strings as JSON keeps them; those of before if none."""
    return before if given is None else {str(language): text for language, text in given.items()}
