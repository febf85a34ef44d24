"""The sidebar of the managers' pages: where one is, what else there is, how each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request, url_for

from queue_server.domain.office.office import Office
from queue_server.web.edge.access.principals import current
from queue_server.web.edge.access.staff import may_open
from queue_server.web.edge.context import list_offices

from .pages import ManagersPage, page_groups
from .states import State, find_states


@dataclass(frozen=True)
class SideLink:
    """A way to a page. `is_here`: it is the page at hand, or one above it."""

    page: ManagersPage
    url: str
    is_here: bool
    state: State | None


@dataclass(frozen=True)
class SideGroup:
    """Ways to pages about one matter."""

    title: str
    links: Sequence[SideLink]


@dataclass(frozen=True)
class Sidebar:
    """All groups, the page at hand if it is one of them, and the offices that the reader may switch
    to: none for who works in one only.
    """

    groups: Sequence[SideGroup]
    here: SideLink | None
    offices: Sequence[Office]


def make_sidebar(office: Office) -> Sidebar:
    """The sidebar for who asks now, about one office. Raises `NotSignedIn`."""
    who, states = current(), find_states(office)
    groups = [
        SideGroup(
            group.title,
            [
                SideLink(
                    page,
                    url_for(page.endpoint, office=office.code),
                    _is_at(page),
                    states.get(page.endpoint),
                )
                for page in group.pages
                if may_open(page.endpoint)
            ],
        )
        for group in page_groups()
    ]
    here = next((link for group in groups for link in group.links if link.is_here), None)
    offices = [each for each in list_offices() if who.may_work_in(each.code)]
    return Sidebar(
        [group for group in groups if group.links], here, offices if len(offices) > 1 else ()
    )


def _is_at(page: ManagersPage) -> bool:
    """Whether the page at hand is this one, or one below it."""
    own = urlsplit(url_for(page.endpoint)).path
    if request.path in (own, page.below):
        return True
    return page.endpoint != "changes.overview" and request.path.startswith(f"{own}/")
