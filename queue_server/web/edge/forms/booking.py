"""A booking as visitors type it: values kept as typed, errors by field, and the checked result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Strict, StringConstraints

from queue_server.domain.booking.slots import parse_slot_id
from queue_server.domain.errors import BadInput, DomainError
from queue_server.domain.office.office import Office, Service, VisitKind
from queue_server.domain.visit.identity import Identity, Need, Visitor, parse_identity
from queue_server.domain.visit.occupancy import admit_party_size
from queue_server.protocol.codes import Urgency
from queue_server.web.edge.context import now
from queue_server.web.edge.words.refusals import refusal_words

from .errors import Errors
from .field_words import bad_input_words
from .reading import admitted_by, read_form
from .visitor import check_visitor

FormSlot = Annotated[str, admitted_by(parse_slot_id)]
"""A time's name."""

LENGTH_MAX = 300
"""Characters that are kept of one answer: more than any answer may have, so that it is refused with
a sentence and never cut without a word.
"""

CHOICES = ("service", "slot", "urgency", "party_size", "kind")
"""What is chosen before the person is asked for, in the order of the steps."""


class ChosenForm(BaseModel):
    """What is chosen in a booking, as far as it goes."""

    slot: FormSlot = ""
    urgency: Urgency | None = None
    visit: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]+$")] = ""
    kind: Literal["", "OFFICE", "PHONE", "VIDEO"] = ""


class PartyForm(BaseModel):
    """How many come."""

    party_size: Annotated[int, Strict()]


@dataclass(frozen=True)
class BookingForm:
    """A booking as typed. Every page of the flow carries all of it, so nothing is lost on an error
    or a change.
    """

    service: str = ""
    slot: str = ""
    name: str = ""
    nik: str = ""
    phone: str = ""
    email: str = ""
    party_size: str = "1"
    priority: str = ""
    represented: str = ""
    wheelchair: str = ""
    hearing: str = ""
    seeing: str = ""
    companion: str = ""
    notify: str = ""
    urgency: str = ""
    hold: str = ""
    visit: str = ""
    kind: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> BookingForm:
        """Take the known fields from a query or a form body. What has been chosen and cannot be is
        left out: then the page asks for it again and keeps the rest. Nothing else is checked yet.
        """
        typed = {
            name: str(values[name])[:LENGTH_MAX]
            for name in cls.__dataclass_fields__
            if name in values
        }
        chosen = {name: typed[name] for name in ChosenForm.model_fields if typed.get(name)}
        _chosen, wrong = read_form(ChosenForm, chosen, bad_input_words)
        return cls(**{name: value for name, value in typed.items() if name not in wrong})

    @property
    def fields(self) -> dict[str, str]:
        """The fields to send along, hidden."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def choice(self) -> dict[str, Any]:
        """What has been chosen so far and may stand in an address: nothing of the person."""
        names = (
            "service",
            "slot",
            "urgency",
            "hold",
            "visit",
            "kind",
            *(["party_size"] if self.people > 1 else []),
        )
        return {name: value for name, value in self.fields.items() if name in names}

    @property
    def needs(self) -> tuple[Need, ...]:
        """The help that is asked for on the spot."""
        return tuple(each for each in Need if getattr(self, each.value.lower()))

    def choosing(self, other: BookingForm) -> BookingForm:
        """This form with what `other` has chosen in the place of its own choices."""
        return replace(self, **{name: getattr(other, name) for name in CHOICES})

    @property
    def visit_kind(self) -> VisitKind:
        """The kind of visit that is asked for; one in the office where nothing is said."""
        return VisitKind(self.kind or VisitKind.OFFICE)

    @property
    def people(self) -> int:
        """The party size; 0, which no office allows, for what is no number."""
        return read_people(self.party_size)


def read_people(typed: str) -> int:
    """How many come; 0, which no office allows, for what is no number."""
    form, _wrong = read_form(PartyForm, {"party_size": typed}, bad_input_words)
    return form.party_size if form else 0


def party_of(office: Office, form: BookingForm) -> int:
    """How many come, as far as it is said and the office takes so many at once."""
    return form.people if 1 <= form.people <= _largest_party(office, form) else 1


def _largest_party(office: Office, form: BookingForm) -> int:
    """A call is with one person."""
    return 1 if form.visit_kind.is_remote else office.largest_party


def check_booking(
    form: BookingForm, office: Office, service: Service
) -> tuple[Visitor | None, dict[str, str]]:
    """The visitor a form describes, or for each field that cannot be the reason."""
    phone, email = form.phone.strip() and form.phone, form.email.strip() and form.email
    visitor, faults = check_visitor(
        lambda: _identify(form.nik, office, service),
        form.name,
        phone,
        email,
        form.needs,
        represented=bool(form.represented),
        reminders=bool(form.notify),
    )
    try:
        admit_party_size(form.people, _largest_party(office, form))
    except BadInput as refused:
        faults["party_size"] = refused
    if form.visit_kind is VisitKind.PHONE and not phone:
        faults["phone"] = BadInput(field="phone", reason="needed_for_call")
    reasons = {name: str(fault.facts.get("reason")) for name, fault in faults.items()}
    return None if reasons else visitor, reasons


def _identify(typed: str, office: Office, service: Service) -> Identity:
    """The number in the one field for it. Raises `BadInput` of that field."""
    kind = service.identity
    if not typed.strip():
        either = "either_missing" if kind.takes_nik else "passport_missing"
        raise BadInput(field="nik", reason=either if kind.takes_passport else "missing")
    synthetic = office.rules.booking.synthetic_niks
    try:
        return parse_identity(typed, kind, office.date_at(now()), synthetic=synthetic)
    except BadInput as refused:
        if refused.facts["field"] == "nik":
            raise
        either = "either_format" if kind.takes_nik else "passport_format"
        raise BadInput(field="nik", reason=either) from None


def say_faults(faults: Mapping[str, str]) -> Errors:
    """A sentence for each field that cannot be, by its reason."""
    return {name: bad_input_words(name, reason) for name, reason in faults.items()}


def mask_nik(typed: str) -> str:
    """A NIK or passport number for the eyes of whoever has just typed it: its last four only."""
    marks = "".join(each for each in typed if each.isalnum())
    hidden = "•••• •••• ••••" if marks.isdigit() and len(marks) > 9 else "••••"
    return f"{hidden} {marks[-4:].upper()}"


def refused_answers(refused: DomainError) -> Errors:
    """What is wrong with a form that a command has refused, at its field if it is about one."""
    if isinstance(refused, BadInput):
        return {str(refused.facts.get("field")): _sentence(refused)}
    return {"": refusal_words(refused.code, refused.facts)}


def _sentence(refused: BadInput) -> str:
    return bad_input_words(str(refused.facts.get("field")), str(refused.facts.get("reason")))
