"""Whether a visit is needed, question by question: for programs, kiosks and the reception."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Response

from queue_server.domain import errors
from queue_server.domain.triage.counting import Asker, is_counted
from queue_server.domain.triage.script import Question
from queue_server.services.access.sessions import Role
from queue_server.services.triage.advising import Guidance, guide
from queue_server.services.triage.counting import count_advice
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.edge.access.principals import principal
from queue_server.web.edge.access.routes import AT_DOOR
from queue_server.web.edge.bodies.public import TriageBody
from queue_server.web.edge.context import context, find_office, now
from queue_server.web.edge.locale import current_language, in_language
from queue_server.web.edge.triage.advice import (
    AdviceLink,
    AdviceWords,
    Override,
    say_advice,
    say_override,
)


@dataclass(frozen=True)
class AnswerView:
    """An answer that may be given."""

    answer: str
    text: str


@dataclass(frozen=True)
class QuestionView:
    """What is asked now. `number` counts from 1; at most `at_most` questions are asked in all."""

    id: str
    text: str
    hint: str
    answers: tuple[AnswerView, ...]
    number: int
    at_most: int


@dataclass(frozen=True)
class TriageView:
    """What comes next: a question, or an outcome with why, what to bring and the ways on. Texts are
    in `language`.

    `outcome` is VISIT, URGENT, ONLINE, PARTIAL, ELSEWHERE or ASSISTED; `urgency` the coded reason
    with which a booking goes on, given for URGENT alone.
    """

    office: str
    service: str
    mode: str
    language: str
    outcome: str | None
    question: QuestionView | None
    title: str | None
    reasons: tuple[str, ...]
    steps: tuple[str, ...]
    bring: tuple[str, ...]
    urgency: str | None
    links: tuple[AdviceLink, ...]
    override: Override


NOTHING_SAID = AdviceWords("", (), (), (), ())


@operation(
    "POST",
    "/offices/{office}/triage",
    access=None,
    tag="public",
    body=TriageBody,
    answers={200: TriageView},
    once=True,
    refusals=[errors.UnknownOffice, errors.UnknownService, errors.BadInput],
)
def ask_triage(office: str, body: TriageBody) -> Response | TriageView:
    """Ask whether a visit is needed: the next question, or what is advised."""
    the_office, moment = find_office(office), now()
    given = guide(the_office, body.service, body.answers, moment)
    view, asker = _view(given), _find_asker(office)
    advice = given.way.advice
    if not body.advised or asker is None or advice is None or not is_counted(given.way):
        return view
    outcome, code = advice.outcome, given.service.code

    def count(tx: Transaction) -> TriageView:
        count_advice(tx, office, code, outcome, asker, moment)
        return view

    return perform([], count)


def _find_asker(office: str) -> Asker | None:
    """Who asks, where it is somebody whose word counts: anybody else could count what never was."""
    who = principal()
    if who is None or not who.may_work_in(office):
        return None
    if who.role is Role.KIOSK:
        return Asker.DEVICE
    return Asker.STAFF if who.role in AT_DOOR else None


def _view(given: Guidance) -> TriageView:
    advice, public_url = given.way.advice, context().settings.public_url
    said = NOTHING_SAID if advice is None else say_advice(given, advice)
    override = say_override(given)
    return TriageView(
        office=given.office.code,
        service=given.service.code,
        mode=given.mode.value,
        language=current_language(),
        outcome=None if advice is None else advice.outcome.value,
        question=None if given.way.question is None else _view_question(given, given.way.question),
        title=said.title or None,
        reasons=said.reasons,
        steps=said.steps,
        bring=said.bring,
        urgency=None if advice is None else advice.urgency,
        links=tuple(replace(each, url=_whole(each.url, public_url)) for each in said.links),
        override=replace(override, url=_whole(override.url, public_url)),
    )


def _whole(url: str, public_url: str) -> str:
    return f"{public_url.rstrip('/')}{url}" if url.startswith("/") else url


def _view_question(given: Guidance, question: Question) -> QuestionView:
    before = len(given.way.asked)
    return QuestionView(
        question.id,
        in_language(question.text),
        in_language(question.hint),
        tuple(AnswerView(each.code, in_language(each.text)) for each in question.answers),
        before + 1,
        before + given.questions_left,
    )
