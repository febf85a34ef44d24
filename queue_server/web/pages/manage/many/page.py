"""The page of one change for many offices: the form, one dry run for all, one confirmation, and
what became of it in each.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import Office
from queue_server.services.province.many import change_many, days_of, keep_outcomes, recall_outcomes
from queue_server.web.edge.access.principals import Principal, admit_office
from queue_server.web.edge.access.routes import OVERSEERS
from queue_server.web.edge.access.staff_pages import offices_page
from queue_server.web.edge.bodies.bulk import OFFICES_MOST
from queue_server.web.edge.context import now
from queue_server.web.edge.forms.commands import mark_of, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.managing.many import offices_of, plan_changed, try_in_each
from queue_server.web.edge.words.codes import mode_name_words
from queue_server.web.pages.manage.change_forms import Typed
from queue_server.web.pages.manage.dry_run import read_typed

from .asking import PARTS, Asked, Kind, kind_words, read_change
from .showing import TrialRow, show_outcome, show_trial, write_examples

many = Blueprint("many", __name__, url_prefix="/province/change")

_NOT_TYPED = frozenset({"kind", "office", "revisions"})


@many.get("")
@offices_page(OVERSEERS)
def form(who: Principal) -> ResponseReturnValue:
    """The form of a kind of change, and the offices to choose from."""
    return _show(who, _read_kind(request.args.get("kind")), {}, frozenset(), {})


@many.post("")
@offices_page(OVERSEERS)
def change(who: Principal) -> ResponseReturnValue:
    """Back to the form with what is wrong, the dry run of all offices, or the change itself once
    just this dry run was seen.
    """
    kind = _read_kind(request.form.get("kind"))
    typed = {name: text for name, text in read_typed().items() if name not in _NOT_TYPED}
    wanted = frozenset(request.form.getlist("office")[:OFFICES_MOST])
    mine = offices_of(who)
    chosen = (
        mine if typed.pop("every", "") == "yes" else [each for each in mine if each.code in wanted]
    )
    # Whoever names an office of others is refused, whatever else the form says.
    for code in sorted(wanted - {each.code for each in mine}):
        admit_office(code)
    wanted = frozenset(each.code for each in chosen)
    step = request.form.get("step") or ("edit" if _changes_language() else "preview")
    if step == "edit":
        return _show(who, kind, typed, wanted, {})
    if not chosen:
        return _show(who, kind, typed, wanted, {"office": _("Choose at least one office")}), 422
    asked = read_change(kind, chosen, typed, now())
    seen = _seen_revisions(kind, typed, chosen) if step == "apply" else None
    if seen is not None:
        return _apply(who, kind, typed, chosen, asked, seen)
    if not asked.changes:
        return _show(who, kind, typed, wanted, next(iter(asked.errors.values()))), 422
    return _review(kind, typed, chosen, asked)


def _read_kind(text: str | None) -> Kind:
    return Kind(text) if text in set(Kind) else Kind.MODE


def _changes_language() -> bool:
    return "lang" in request.args and "mark" not in request.form


def _show(who: Principal, kind: Kind, typed: Typed, wanted: frozenset[str], errors: Errors) -> str:
    return render_template(
        "manage/many/form.html",
        kind=kind,
        kinds=kind_words(),
        parts={each: kind_words()[each] for each in PARTS},
        offices=offices_of(who),
        wanted=wanted,
        values=typed,
        errors=errors,
        modes=[(each.value, mode_name_words(each.value)) for each in ServiceMode],
    )


def _sealed(kind: Kind, typed: Typed, revisions: str) -> list[object]:
    """What a dry run was about: this very change, in these offices as they were."""
    return [kind.value, revisions, sorted(typed.items())]


def _write_revisions(revisions: Mapping[str, int]) -> str:
    return " ".join(f"{code}:{revision}" for code, revision in sorted(revisions.items()))


def _seen_revisions(kind: Kind, typed: Typed, chosen: Sequence[Office]) -> Mapping[str, int] | None:
    """The revision of each office whose dry run of just this form its sender has seen; None if they
    have not.
    """
    text = request.form.get("revisions", "")
    mark = mark_of("many", _sealed(kind, typed, text))
    if not hmac.compare_digest(request.form.get("mark", "").encode(), mark.encode()):
        return None
    pairs = [each.rpartition(":") for each in text.split()]
    seen = {code: int(revision) for code, _colon, revision in pairs}
    return seen if seen.keys() <= {each.code for each in chosen} else None


def _review(kind: Kind, typed: Typed, chosen: Sequence[Office], asked: Asked) -> str:
    trials = try_in_each(asked.changes)
    rows = [show_trial(kind, each) for each in trials] + [
        TrialRow(office, "", 0, 0, 0, 0, next(iter(asked.errors[office.code].values())))
        for office in chosen
        if office.code in asked.errors
    ]
    changing = [each for each in trials if each.refused is None and not each.is_same]
    revisions = _write_revisions({each.office.code: each.office.revision for each in changing})
    stranded = sum(each.stranded for each in changing)
    return render_template(
        "manage/many/review.html",
        kind=kind,
        title=kind_words()[kind],
        fields={"kind": kind.value, **typed},
        rows=sorted(rows, key=lambda row: row.office.code),
        changing=len(changing),
        codes=[each.code for each in chosen],
        stranded=stranded,
        told={
            "EMAIL": sum(each.told.by_mail for each in changing),
            "PHONE": sum(each.told.by_phone for each in changing),
            "NONE": sum(each.told.nobody_can for each in changing),
        },
        revisions=revisions,
        seal=mark_of("many", _sealed(kind, typed, revisions)),
        letters=write_examples(changing),
    )


def _apply(
    who: Principal,
    kind: Kind,
    typed: Typed,
    chosen: Sequence[Office],
    asked: Asked,
    seen: Mapping[str, int],
) -> ResponseReturnValue:
    moment = now()
    offices = [each for each in chosen if each.code in seen and each.code in asked.changes]
    wanted = {each.code: asked.changes[each.code] for each in offices}
    kept = run_once(
        "many",
        who.id,
        _sealed(kind, typed, _write_revisions(seen)),
        days_of(offices, moment),
        lambda tx: keep_outcomes(change_many(tx, wanted, seen, who.id, moment)),
    )
    outcomes = recall_outcomes(kept)
    plan_changed(outcomes)
    # Sent again much later, a date may lie in the past: such an office is named, never left out.
    wrong = {
        code: next(iter(errors.values())) for code, errors in asked.errors.items() if code in seen
    }
    rows = [
        show_outcome(each, outcomes[each.code] if each.code in outcomes else wrong[each.code])
        for each in chosen
        if each.code in seen
    ]
    failed = [each.office.code for each in rows if each.failed]
    return render_template(
        "manage/many/done.html",
        title=kind_words()[kind],
        rows=rows,
        done=sum(not each.failed for each in rows),
        failed=failed,
        fields={"kind": kind.value, **typed},
    ), 409 if failed else 200
