"""The triage of the citizens' pages as a kiosk shows it: the same scripts, the same words, without
what only a browser at home can do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from flask import url_for

from queue_server.domain.office.office import Office, ServiceChannel
from queue_server.domain.triage.asking import Way
from queue_server.domain.triage.script import Advice, Outcome, Question
from queue_server.protocol.guide import (
    GuideAdvice,
    GuideAnswer,
    GuideQuestion,
    KioskGuide,
    ServiceGuide,
)
from queue_server.services.triage.advising import Guidance, guide, guide_version
from queue_server.web.edge.locale import LANGUAGES, speaking
from queue_server.web.edge.words.urgency import urgency_words

from .advice import AdviceWords, find_service, say_advice

SERVED_HERE = frozenset({Outcome.VISIT, Outcome.URGENT})
"""Whoever stands at the kiosk goes on to a number, so the steps of the page do not apply."""


def view_guide(office: Office, public_url: str, now: datetime) -> KioskGuide:
    """What a kiosk of an office tells in the modes that rule now."""
    root = public_url.rstrip("/")
    return KioskGuide(
        version=guide_version(office, now),
        office=office.code,
        phone=office.phone,
        public_url=root,
        evidence=_in_each(lambda: {code: words[1] for code, words in urgency_words().items()}),
        services=tuple(_view_service(office, each.code, root, now) for each in office.services),
    )


def _view_service(office: Office, code: str, root: str, now: datetime) -> ServiceGuide:
    given = guide(office, code, {}, now)
    service, script = given.service, given.script
    url = root + url_for("public.triage", office_code=office.code, service=code)
    online = service.online is not None and service.channel is not ServiceChannel.MUST_COME
    return ServiceGuide(
        service=code,
        first=script.first,
        questions={id: _view_question(each) for id, each in script.questions.items()},
        advice={id: _view_advice(given, each, url) for id, each in script.advice.items()},
        url=url,
        online_url=service.online.url if service.online is not None and online else "",
        bring=dict(service.requirements),
    )


def _view_question(question: Question) -> GuideQuestion:
    answers = tuple(GuideAnswer(dict(each.text), each.to) for each in question.answers)
    return GuideQuestion(dict(question.text), dict(question.hint), answers)


def _view_advice(given: Guidance, advice: Advice, url: str) -> GuideAdvice:
    at_end = Guidance(given.office, given.service, given.mode, given.script, Way((), advice))
    said: dict[str, AdviceWords] = {}
    for language in LANGUAGES:
        with speaking(language):
            said[language] = say_advice(at_end, advice)
    links = said[LANGUAGES[0]].links
    other = find_service(given.office, advice.instead)
    here = advice.outcome in SERVED_HERE
    return GuideAdvice(
        outcome=advice.outcome.value,
        title=dict(advice.title),
        reason=dict(advice.reasons[0]),
        steps={} if here else _lines({name: each.steps for name, each in said.items()}),
        bring=_lines({name: each.bring for name, each in said.items()}),
        urgency=advice.urgency,
        service=None if other is None else other.code,
        url="" if here else next((each.url for each in links if each.rel == "online"), url),
    )


def _lines(texts: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {language: "\n".join(each) for language, each in texts.items()}


def _in_each(say: Callable[[], Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Texts by their name, each in every language."""
    said: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        with speaking(language):
            for name, text in say().items():
                said.setdefault(name, {})[language] = text
    return said
