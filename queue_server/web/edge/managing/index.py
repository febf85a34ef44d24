"""Where each setting is set, with its present value, to be found by words in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from flask import url_for

from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import value_of
from queue_server.domain.office.settings.finding import Findable, find_settings, index_setting
from queue_server.web.edge.access.staff import may_open
from queue_server.web.edge.locale import LANGUAGES, speaking
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.rules.groups import rule_groups, rule_labels
from queue_server.web.edge.words.rules.values import value_words

from .pages import page_groups
from .synonyms import RULES

_ON_LIMIT = {
    "booking.online_share": "online_share",
    "booking.urgent_share": "urgent_share",
    "booking.release_minutes": "release_minutes",
}


@dataclass(frozen=True)
class Found:
    """A setting or a page that was looked for. `value` is the present one; pages have none."""

    title: str
    about: str
    url: str
    where: str
    value: str = ""


def search_office(office: Office, query: str) -> list[Found]:
    """What fits a query among the settings and pages that who asks may open, the best first."""
    entries = dict([*_rules(office), *_pages(office), *_structure(office)])
    settings = [each for each in _standing_index() if each.id in entries]
    settings += [
        index_setting(id, (entry.title, entry.where), (entry.about,))
        for id, entry in entries.items()
        if " " in id
    ]
    return [entries[id] for id in find_settings(settings, query)]


@cache
def _standing_index() -> tuple[Findable, ...]:
    """Rules and pages by their words in all languages: the same in every office."""
    texts: dict[str, tuple[list[str], list[str]]] = {}
    for language in LANGUAGES:
        with speaking(language):
            for id, name, about in _standing_texts():
                names, beside = texts.setdefault(id, ([], []))
                names.append(name)
                beside.append(about)
    also = {page.endpoint: page.also for group in page_groups() for page in group.pages}
    also.update(RULES)
    return tuple(
        index_setting(id, (*names, *also.get(id, ()), _name_in_code(id)), beside)
        for id, (names, beside) in texts.items()
    )


def _standing_texts() -> Iterator[tuple[str, str, str]]:
    """The id of every rule and page, what it is called, and what is said about it."""
    for rules in rule_groups():
        for rule in rules.rules:
            yield rule.name, rule.label, f"{rule.hint} {rules.title}"
    for name in _ON_LIMIT:
        yield name, rule_labels()[name], ""
    for group in page_groups():
        for page in group.pages:
            yield page.endpoint, page.title, f"{page.about} {group.title}"


def _name_in_code(id: str) -> str:
    """The English name by which the documents call it."""
    return id.rpartition(".")[2].replace("_", " ")


def _rules(office: Office) -> Iterator[tuple[str, Found]]:
    if not may_open("changes.rules"):
        return
    at = url_for("changes.rules", office=office.code)
    for group in rule_groups():
        for rule in group.rules:
            value = value_words(rule.name, value_of(office.rules, rule.name))
            where = f"{_('Queue rules')} › {group.title}"
            yield rule.name, Found(rule.label, rule.hint, f"{at}#f-{rule.name}", where, value)
    labels, at = rule_labels(), url_for("changes.limit", office=office.code)
    for name, field in _ON_LIMIT.items():
        value = value_words(name, value_of(office.rules, name))
        yield name, Found(labels[name], "", f"{at}#f-{field}", _("Limit and shares"), value)


def _pages(office: Office) -> Iterator[tuple[str, Found]]:
    for group in page_groups():
        for page in group.pages:
            if may_open(page.endpoint):
                url = url_for(page.endpoint, office=office.code)
                yield page.endpoint, Found(page.title, page.about, url, group.title)


def _structure(office: Office) -> Iterator[tuple[str, Found]]:
    """What this office alone has. A blank is in each id, and in no other."""
    if not may_open("settings.counters"):
        return
    for service in office.services:
        url = url_for("descriptions.service", office=office.code, service=service.code)
        name = " / ".join(dict.fromkeys(service.name.values()))
        yield f"service {service.code}", Found(name, service.code, url, _("Services"))
    for stream in office.streams:
        url = url_for("settings.stream", office=office.code, stream=stream.letter)
        name = " / ".join(dict.fromkeys(stream.name.values()))
        yield f"stream {stream.letter}", Found(f"{stream.letter} – {name}", "", url, _("Queues"))
    for counter in office.counters:
        url = url_for("settings.counter", office=office.code, counter=counter.id)
        title = _("Counter %(name)s", name=counter.name)
        value = ", ".join(counter.letters)
        yield f"counter {counter.id}", Found(title, "", url, _("Counters"), value)
