"""What a kiosk tells a visitor before a number is taken: the questions and the advice of the
citizens' pages, what to bring, and where a service is had without a visit.

It changes rarely, so it is asked for only when its `version` in the offer has changed, and a kiosk
keeps it for the time without the server.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class GuideAnswer:
    """An answer by language, and the id of the question or advice that it leads to."""

    text: dict[str, str]
    to: str


@dataclass(frozen=True)
class GuideQuestion:
    """A question by language. `hint` is empty where the question says enough."""

    text: dict[str, str]
    hint: dict[str, str]
    answers: tuple[GuideAnswer, ...]


@dataclass(frozen=True)
class GuideAdvice:
    """What is advised, by language. `steps` and `bring` hold one thing a line; `steps` are empty
    where a number is the next step.

    `urgency` is the coded reason of an urgent case, `service` the code of another service that is
    the right one, `url` where the visitor goes on by phone.
    """

    outcome: str
    title: dict[str, str]
    reason: dict[str, str]
    steps: dict[str, str]
    bring: dict[str, str]
    urgency: str | None = None
    service: str | None = None
    url: str = ""


@dataclass(frozen=True)
class ServiceGuide:
    """The questions of one service. `first` is the id of the question or advice that comes first,
    `url` the service's page, `online_url` where it is had without a visit, or empty.
    """

    service: str
    first: str
    questions: dict[str, GuideQuestion]
    advice: dict[str, GuideAdvice]
    url: str
    online_url: str = ""
    bring: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class KioskGuide:
    """All that a kiosk tells, in the modes that rule now. `evidence` is what to bring for each
    reason of an urgent case; `public_url` where the pages of the visitors are.
    """

    version: str
    office: str
    phone: str
    public_url: str
    evidence: dict[str, dict[str, str]] = field(default_factory=dict)
    services: tuple[ServiceGuide, ...] = ()
