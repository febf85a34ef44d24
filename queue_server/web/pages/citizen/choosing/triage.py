"""Whether a visit is needed, one question at a time, before anybody chooses a day.

The answers stand in the address, so that back, reload and a shared link work without a script. They
are codes about a case and say nothing of a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from queue_server.domain.errors import UnknownService
from queue_server.domain.office.office import Office, Words
from queue_server.domain.triage.counting import Asker, Mark, is_counted
from queue_server.domain.triage.script import Advice, Outcome, Question
from queue_server.services.triage.advising import Guidance, guide
from queue_server.services.triage.counting import count_advice, count_override
from queue_server.web.edge.access.csrf import browser_mark
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, find_office, now
from queue_server.web.edge.forms.booking import read_people
from queue_server.web.edge.forms.commands import run_once
from queue_server.web.edge.triage.advice import booking_path, say_advice, say_override
from queue_server.web.edge.triage.marks import read_marks, remember_mark
from queue_server.web.pages.citizen.blueprint import pages

from .services import visit_url

COMING = frozenset({Outcome.VISIT, Outcome.URGENT})
"""The outcomes that are themselves the way to a visit."""


@pages.get("/o/<office_code>/triage")
@public
def triage(office_code: str) -> ResponseReturnValue:
    """The next question about a service, or what is advised. A visit goes straight on to its
    day.
    """
    office = find_office(office_code)
    given = _read(office, request.args)
    if given is None:
        return redirect(url_for("public.choose_service", office_code=office.code), 303)
    people = _read_people(office, request.args)
    if isinstance(given.way.at, Question):
        return _show_question(given, given.way.at, people)
    advice = given.way.at
    if advice.outcome is Outcome.VISIT:
        response: Response = redirect(booking_path(office, given.service, people=people), 303)
    else:
        response = make_response(_show_advice(given, advice, people))
    return _count(response, given, advice)


def _read(office: Office, values: MultiDict[str, str]) -> Guidance | None:
    """How far the address leads; None for a service that the office does not have. Whatever else
    stands in it is left out.
    """
    answers = {
        name: values[name] for name in list(values)[:20] if name not in ("service", "party_size")
    }
    try:
        return guide(office, values.get("service", ""), answers, now(), all_fit=False)
    except UnknownService:
        return None


def _read_people(office: Office, values: MultiDict[str, str]) -> int:
    """How many come, where it was said before the questions."""
    people = read_people(values.get("party_size", "1"))
    return people if 1 <= people <= office.largest_party else 1


def _url(given: Guidance, answers: Mapping[str, str], people: int) -> str:
    url = visit_url(given.office, given.service.code, people)
    return f"{url}&{urlencode(answers)}" if answers else url


def _show_question(given: Guidance, question: Question, people: int) -> str:
    before = len(given.way.asked)
    return render_template(
        "citizen/choosing/triage_question.html",
        office=given.office,
        service=given.service,
        question=question,
        choices=[
            (each.text, _url(given, {**given.way.answers, question.id: each.code}, people))
            for each in question.answers
        ],
        asked=_list_asked(given, people),
        number=before + 1,
        at_most=before + given.questions_left,
        skip_url=booking_path(given.office, given.service, people=people),
    )


def _list_asked(given: Guidance, people: int) -> list[tuple[Words, Words, str]]:
    """Each question with the answer that was given, and the address at which it is asked again."""
    asked: list[tuple[Words, Words, str]] = []
    answers: dict[str, str] = {}
    for each in given.way.asked:
        asked.append((each.question.text, each.answer.text, _url(given, answers, people)))
        answers = {**answers, each.question.id: each.answer.code}
    return asked


def _show_advice(given: Guidance, advice: Advice, people: int) -> str:
    said = say_advice(given, advice, people)
    links = {each.rel: each for each in said.links}
    return render_template(
        "citizen/choosing/triage_advice.html",
        office=given.office,
        service=given.service,
        advice=advice,
        said=said,
        links=links,
        asked=_list_asked(given, people),
        fields={
            "service": given.service.code,
            "party_size": people if people > 1 else None,
            **given.way.answers,
        },
        anyway=None if advice.outcome in COMING else say_override(given, people),
        urgent_url=url_for(
            "public.choose_service",
            office_code=given.office.code,
            service=given.service.code,
            urgent=1,
            party_size=people if people > 1 else None,
        ),
    )


def _is_fetched_ahead() -> bool:
    """Whether the page is fetched before anybody has asked for it, or only looked for."""
    why = (request.headers.get(each, "") for each in ("Sec-Purpose", "Purpose", "X-Moz"))
    return request.method != "GET" or any("prefetch" in each for each in why)


def _count(response: Response, given: Guidance, advice: Advice) -> Response:
    """Count advice once a day for each browser, and let the browser remember it. What a browser
    fetches before anybody has asked for it is not counted.
    """
    office, service = given.office, given.service.code
    mark = Mark(advice.outcome, office.date_at(now()))
    if _is_fetched_ahead() or not is_counted(given.way) or mark in read_marks(office, service):
        return response
    command = partial(
        count_advice,
        office=office.code,
        service=service,
        outcome=advice.outcome,
        asker=Asker.VISITOR,
        now=now(),
    )
    context().database.write([], command)
    return remember_mark(response, office, service, mark)


@pages.post("/o/<office_code>/triage/anyway")
@public
def come_anyway(office_code: str) -> ResponseReturnValue:
    """On to a visit although something else was advised. Pressed twice, it is counted once."""
    office = find_office(office_code)
    given = _read(office, request.form)
    if given is None:
        return redirect(url_for("public.choose_service", office_code=office.code), 303)
    advice = given.way.advice
    if advice is not None and advice.outcome not in COMING:
        service, outcome, moment = given.service.code, advice.outcome, now()
        run_once(
            "come_anyway",
            f"{office.code}:{browser_mark()}",
            [service, given.way.answers],
            [],
            lambda tx: count_override(tx, office.code, service, outcome, moment),
        )
    people = _read_people(office, request.form)
    return redirect(booking_path(office, given.service, people=people), 303)


@pages.get("/o/<office_code>/triage/anyway")
@public
def ask_again(office_code: str) -> ResponseReturnValue:
    """The address of a form alone says nothing: ask what somebody comes for."""
    return redirect(url_for("public.choose_service", office_code=office_code), 303)
