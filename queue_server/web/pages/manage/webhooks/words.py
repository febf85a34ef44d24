"""Webhooks in words: how an endpoint is, why something was not taken, what is wrong with a form."""

from __future__ import annotations

from queue_server.domain.errors import DomainError
from queue_server.domain.webhooks.endpoint import Endpoint, OffBecause
from queue_server.domain.webhooks.message import WebhookState
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.refusals import refusal_words


def state_words(endpoint: Endpoint) -> tuple[str, str]:
    """How an endpoint is, and the look of that."""
    match endpoint.off_because:
        case OffBecause.BY_HAND:
            return _("switched off"), "busy"
        case OffBecause.FAILING:
            return _("switched off: took nothing for three days"), "late"
        case OffBecause.GONE:
            return _("switched off: answered that it is gone"), "late"
    return (_("does not answer well"), "warn") if endpoint.failures else (_("on"), "ok")


def message_state_words(state: WebhookState) -> tuple[str, str]:
    """How far a message has come, and the look of that."""
    return {
        WebhookState.QUEUED: (_("waits"), "info"),
        WebhookState.TAKEN: (_("arrived"), "ok"),
        WebhookState.GIVEN_UP: (_("given up"), "late"),
    }[state]


def error_words(error: str | None) -> str:
    """Why something was not taken; "" where nothing went wrong."""
    if not error:
        return ""
    if error.startswith("refused_"):
        return _("answered with status %(status)s", status=error.removeprefix("refused_"))
    return {
        "ForbiddenAddress": _("the address is not public, and not allowed by the settings"),
        "gaierror": _("no machine has this name"),
        "SSLCertVerificationError": _("its certificate is not valid"),
        "TimeoutError": _("did not answer in time"),
        "ConnectionRefusedError": _("nothing answers at this address"),
        "stopped": _("was switched off"),
        "failing": _("was switched off"),
        "gone": _("was switched off"),
    }.get(error) or _("the connection failed")


def refused_words(refused: DomainError) -> Errors:
    """What is wrong with a form, by its field."""
    reason = str(refused.facts.get("reason", ""))
    if refused.facts.get("field") == "types":
        return {"types": _("Choose at least one event")}
    if refused.facts.get("field") == "url":
        return {
            "url": {
                "https": _("Use https: what happens in the office must not travel in the open"),
                "url_parts": _("Leave out the password before @ and what follows #"),
            }.get(reason)
            or _("Write the whole address, for example https://example.org/antrean")
        }
    if refused.code == "changed":
        return {"": _("It is switched off. Switch it on first.")}
    return {"": refusal_words(refused.code, {})}
