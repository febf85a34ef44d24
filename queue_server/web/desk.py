"""Staff pages: signing in and out, and the clerk's console."""
from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.access.accounts import User
from queue_server.domain.errors import SignInPaused
from queue_server.domain.office.office import Office
from queue_server.store.access import staff as staff_store

from . import auth, known_browser, password_check
from .auth import MANAGERS, STAFF, SUPERVISORS, Principal, allow, public
from .beside import Overloaded
from .call_words import key_actions
from .characters import CONTROL
from .console_words import console_script_words
from .context import context, find_office
from .errors import overloaded_words
from .locale import gettext as _
from .public import list_offices
from .wording import bad_input_words, refusal_words

desk = Blueprint("desk", __name__)


def safe_next(target: str, role: str) -> str:
    """An address inside this site to go to after signing in; anything else becomes the console, or for a guard the door."""
    home = url_for("desk.console" if role in STAFF else "door.show")
    # Browsers and libraries drop tabs and line breaks: what follows one would become the first thing after the slash.
    is_local = target.startswith("/") and not target.startswith(("//", "/\\")) and not CONTROL.search(target)
    return target if is_local and (role in STAFF or target != url_for("desk.console")) else home


def staff_bar(principal: Principal) -> dict[str, object]:
    """What the staff header shows."""
    return {
        "staff_name": principal.name, "is_manager": principal.role in MANAGERS, "at_desk": principal.role in STAFF,
        "is_supervisor": principal.role in SUPERVISORS,
    }


def staff_names(office: Office) -> dict[str, str]:
    """The names of all who may act in an office, by the id that stands at counters and in the log; the caller's own with them."""
    who = auth.current()
    with context().database.read() as connection:
        known = staff_store.list_users(connection, None)
    return {each.id: each.name for each in known if each.office in (None, office.code)} | {who.id: who.name}


@desk.get("/desk")
@allow(STAFF)
def console() -> ResponseReturnValue:
    """The console of the clerk's own office; who works for all offices chooses one first."""
    principal = auth.current()
    code = principal.office or request.args.get("office")
    if code is None:
        return render_template("desk_offices.html", offices=list_offices(), **staff_bar(principal))
    auth.admit_office(code)
    office = find_office(code)
    script_words = console_script_words(office.rules) | {"staff": staff_names(office)}
    return render_template(
        "desk.html", office=office, staff_id=principal.id, script_words=script_words,
        key_actions=key_actions(), **staff_bar(principal),
    )


@desk.get("/login")
@public
def login() -> ResponseReturnValue:
    """The sign-in form; who is signed in already goes on."""
    target = request.args.get("next", "")
    known = auth.principal()
    if known is not None:
        return redirect(safe_next(target, known.role))
    return render_login({}, target, "")


def render_login(errors: dict[str, str], target: str, username: str, password: str = "") -> str:
    """The form; in the demo it says where the passwords stand."""
    demo = context().settings.demo_access_file is not None
    return render_template("login.html", errors=errors, next_url=target, username=username, password=password, demo=demo)


@desk.post("/login")
@public
def do_login() -> ResponseReturnValue:
    """Sign in. A wrong name and a wrong password get the same answer after the same time."""
    username, password = request.form.get("username", ""), request.form.get("password", "")
    target = request.form.get("next", "")
    errors = {name: bad_input_words(name, "missing") for name, value in (("username", username), ("password", password)) if not value}
    if not errors:
        try:
            user = password_check.check(username, password)
        except SignInPaused as refused:
            page = render_login({"username": refusal_words(refused.code, refused.facts)}, target, username[:80])
            return password_check.paused(page, refused)
        except Overloaded:
            return password_check.overloaded(render_login({"": overloaded_words()}, target, username[:80], password))
        if user is not None:
            response = make_response(redirect(_first_page(target, user), 303))
            auth.start_session(user, response)
            known_browser.remember(response, user.username)
            return response
        errors["username"] = _("User name or password is not right. Please check both")
    return render_login(errors, target, username[:80]), 422


def _first_page(target: str, user: User) -> str:
    """Where somebody goes who has signed in: to the page asked for, but first to a password of one's own."""
    page = safe_next(target, user.role)
    return url_for("desk.password", next=page) if user.must_change else page


@desk.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """Sign out on this computer."""
    response = make_response(redirect(url_for("desk.login"), 303))
    auth.end_session(response)
    return response
