"""Doing what a form asks: once however often it is sent, and then on to another page, or the form
again with what is wrong.

That a form comes from a page of ours is looked at before any page is asked. Its key is drawn with
the page that holds the form, by `command_fields` in `components/forms.html`.
"""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from flask import redirect, request
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput, DomainError
from queue_server.services.bulk import Outcome, Step, take_each
from queue_server.services.idempotency import Answer, do_once
from queue_server.store import idempotency as answer_store
from queue_server.store.writer.transaction import DayKey, Transaction
from queue_server.web.edge.context import context, now

from .errors import Errors

KEY_FIELD = "idempotency_key"
KEY_LENGTH = 80


def draw_key() -> str:
    """A fresh key for a form."""
    return str(uuid.uuid4())


def read_key() -> str | None:
    """The key of the form at hand; None for one that brings none."""
    return request.form.get(KEY_FIELD, "")[:KEY_LENGTH] or None


def run_once(
    name: str,
    by: str,
    asked: Sequence[object],
    days: Iterable[DayKey],
    command: Callable[[Transaction], object],
    *,
    key: str | None = None,
    person: str | None = None,
) -> Answer:
    """Run a form's command, or give the answer that it gave before under the form's key.

    `name` is which command, `by` who sends it: nobody meets another's keys. `asked` is what the
    form asks for; the same key with anything else is refused. A command that gives a dictionary has
    it kept as its answer, any other an empty one. `key` takes the place of the form's own. `person`
    as in `do_once`. Raises what the command raises, and `KeyReused`.
    """
    key, moment = key or read_key(), now()
    scope, mark = f"{name}:{by}", mark_of(name, asked)

    def answer(tx: Transaction) -> Answer:
        given = command(tx)
        return given if isinstance(given, dict) else {}

    return context().database.write(
        days, lambda tx: do_once(tx, scope, key, mark, answer, moment, person=person)
    )


def run_each(name: str, by: str, asked: Sequence[object], steps: Sequence[Step]) -> list[Outcome]:
    """Take the steps of a form about many things as `take_each` does, each once under the form's
    key. The arguments are those of `run_once`. Raises `KeyReused`.
    """
    return take_each(
        context().database, steps, f"{name}:{by}", read_key(), mark_of(name, asked), now()
    )


def was_run(name: str, by: str, asked: Sequence[object]) -> bool:
    """Whether `run_once` has run this very form before. Raises `KeyReused`."""
    key, scope, mark = read_key(), f"{name}:{by}", mark_of(name, asked)
    return (
        key is not None
        and context().database.write([], lambda tx: answer_store.recall(tx, scope, key, mark))
        is not None
    )


def mark_of(name: str, asked: Sequence[object]) -> str:
    """A keyed mark of what a form asks for, to tell a resent form from another one under the same
    key.
    """
    message = f"{name} {json.dumps(asked, default=str)}".encode()
    return hmac.new(context().secret_key, message, sha256).hexdigest()


def answer_form(
    errors: Errors,
    act: Callable[[], ResponseReturnValue],
    show: Callable[[Errors], str],
    refusals: tuple[type[DomainError], ...] = (),
    say: Callable[[DomainError], Errors] | None = None,
) -> ResponseReturnValue:
    """Answer a form: `show` it again with what is wrong, else `act`, which gives the address to go
    on at, or a whole answer.

    Of what `act` raises, `refusals` are shown on the form too, in the words of `say`: 422 where
    something typed is wrong, 409 where it is only not possible now.
    """
    if errors:
        return show(errors), 422
    try:
        done = act()
    except refusals as refused:
        if say is None:
            raise
        wrong = say(refused)
        return show(wrong), 422 if isinstance(refused, BadInput) or any(wrong) else 409
    return redirect(done, 303) if isinstance(done, str) else done
